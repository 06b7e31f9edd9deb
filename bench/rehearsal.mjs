// Speed of a rehearsal: the example's bad-candidate (24 virtual hours), beside as many bare SDK calls through the same sandbox and
// transport, each in a process of its own. Usage: node bench/rehearsal.mjs [runs]; build first. Limits: 10 s of wall time, 450 MB.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const LIMIT_WALL_SECONDS = 10;
const LIMIT_MEGABYTES = 450;
/** What the handlers of the example send per request of a caller, all functions together. */
const SDK_CALLS_PER_REQUEST = 4;
const runs = Number(process.argv[2] ?? 3);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`'${process.argv[2]}' is no number of runs: node bench/rehearsal.mjs [runs], a whole number from 1`);
  process.exit(2);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
const usageFile = path.join(directory, 'usage.json');
const preload = path.join(directory, 'preload.cjs');
// Written by the measured process itself: only it knows the CPU time of all its threads.
writeFileSync(
  preload,
  `if (require('node:worker_threads').isMainThread) process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(usageFile)}, JSON.stringify({ user: process.cpuUsage().user, maxRSS: process.resourceUsage().maxRSS })));`,
);

const handlerSource = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const table = new DynamoDBClient({ cacheMiddleware: true });
const model = new SageMakerRuntimeClient({ cacheMiddleware: true });
const queue = new SQSClient({ cacheMiddleware: true, md5: false });
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/queue';
const calls = [
  () => table.send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: 'a' }, sk: { S: 'b' } } })),
  () => model.send(new InvokeEndpointCommand({ EndpointName: 'endpoint', Body: Buffer.from('{}') })),
  () => queue.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
];
export const handler = (index) => calls[index % calls.length]();
`;
const floorSource = `
import { VirtualClock } from './rehearsal/kernel/clock';
import { createRandom } from './rehearsal/kernel/random';
import { Sandbox } from './rehearsal/kernel/sandbox/sandbox';
const clock = new VirtualClock({ startMillis: 0 });
const bodies = { dynamodb: '{"Item":{"pk":{"S":"a"}}}', runtime: '{}', sqs: '{"MessageId":"m"}' };
const raise = (error) => { throw error; };
const sandbox = new Sandbox({
  name: 'floor', assetDirectory: process.env.ASSET, clock, random: createRandom(1), print: () => {}, crash: raise, unsupported: (what) => new Error(what),
  env: { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'ASIAFLOOR', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' },
  transport: async ({ url }) => ({
    status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from(bodies[new URL(url).host.split('.')[0]]),
  }),
});
const { handler } = sandbox.load('index');
void (async () => {
  for (let index = 0; index < Number(process.env.CALLS); index += 1) await clock.complete(handler(index));
})();
`;

function bundle(contents, outfile) {
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  buildSync({
    stdin,
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
  });
}

/** Wall and user CPU seconds of one fresh process. */
function measured(args, env = {}) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}:\n${stdout}\n${stderr}`);
  const { user, maxRSS } = JSON.parse(readFileSync(usageFile, 'utf8'));
  return { stdout, wall: (performance.now() - start) / 1000, cpu: user / 1e6, megabytes: maxRSS / 1024 };
}

function requestsOf({ stdout }) {
  return JSON.parse(stdout).requests.total;
}

function print(requests, rehearsals, floors) {
  const of = (measurements, what) => median(measurements.map((one) => one[what]));
  const line = (name, measurements) => {
    const walls = measurements.map(({ wall }) => wall);
    const figures = [
      `${(requests / of(measurements, 'wall')).toFixed(0).padStart(6)} requests/s`,
      `wall ${of(measurements, 'wall').toFixed(1)} s (${Math.min(...walls).toFixed(1)} to ${Math.max(...walls).toFixed(1)})`,
      `user CPU ${of(measurements, 'cpu').toFixed(1)} s`,
      `peak memory ${of(measurements, 'megabytes').toFixed(0)} MB`,
    ];
    console.log(`${name.padEnd(16)} ${figures.join('   ')}`);
  };
  console.log(`${requests} requests, median of ${rehearsals.length}; floor: ${requests * SDK_CALLS_PER_REQUEST} bare SDK calls`);
  line('rehearsal', rehearsals);
  line('bare SDK calls', floors);
  const ratio = (what) => (of(rehearsals, what) / of(floors, what)).toFixed(1);
  console.log(`rehearsal is × ${ratio('wall')} of the floor in wall time, × ${ratio('cpu')} in user CPU`);
  const judged = (what, limit) => (of(rehearsals, what) <= limit ? 'within' : 'over');
  console.log(`limit ${LIMIT_WALL_SECONDS} s of wall time: ${judged('wall', LIMIT_WALL_SECONDS)}`);
  console.log(`limit ${LIMIT_MEGABYTES} MB of memory: ${judged('megabytes', LIMIT_MEGABYTES)}`);
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const asset = path.join(directory, 'asset');
  const floorFile = path.join(directory, 'floor.cjs');
  mkdirSync(asset);
  bundle(handlerSource, path.join(asset, 'index.js'));
  bundle(floorSource, floorFile);
  const command = ['dist/bin/sluice.js', 'rehearse', 'examples/support-triage', '--scenario', 'bad-candidate', '--json'];
  const rehearsals = [];
  const floors = [];
  let requests = 0;
  for (let run = 0; run < runs; run += 1) {
    const rehearsal = measured(command);
    rehearsals.push(rehearsal);
    requests = requestsOf(rehearsal);
    // In turn, so that a change of the machine's speed meets both alike.
    floors.push(measured([floorFile], { ASSET: asset, CALLS: String(requests * SDK_CALLS_PER_REQUEST) }));
  }
  print(requests, rehearsals, floors);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
