// Size and init time of each bundled handler, beside an empty handler, each in a fresh process. Limits: 600 KB, 75 ms.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 11;
const LIMIT_KILOBYTES = 600;
const LIMIT_INIT_MILLIS = 75;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bundles = path.join(root, 'dist', 'lambdas');
const ARN = 'arn:aws:x:eu-west-1:111122223333:y';
/** What the handlers' environments must hold to load. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  USE_CASE: 'bench',
  LEDGER_TABLE: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
  POWERTOOLS_SERVICE_NAME: 'bench',
  OWNERS: '{}',
  KPIS: '[]',
  TAGS: '{}',
  EVENT_BUS_NAME: 'default',
  EVIDENCE_BUCKET: 'b',
  KILL_CRITERIA: '[]',
  CAPACITY_POLICY: '{"availability":{}}',
  CRITERIA: '[]',
  GOALS: '[]',
  PACKAGE_GROUPS: '[]',
  WORK_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/w',
  KEYRING_SECRET_ARN: ARN,
  ASYNC_BUCKET: 'bench',
  DATA_BUCKET: 'bench',
  DRIFT_BUCKET: 'bench',
  DRIFT_MACHINE_ARN: ARN,
  DRIFT_POLICY: 's3://bench/policy.json',
  MODEL_ROLE_ARN: ARN,
  NOTIFICATION_TOPIC_ARN: ARN,
  OBSERVATION_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/q',
  RELEASE_STATE_MACHINE_ARN: ARN,
  TEARDOWN_STATE_MACHINE_ARN: ARN,
  RESOURCE_PREFIX: 'bench',
  ALARM_PREFIX: 'bench-',
  ROLLBACK_FUNCTION: 'bench',
  RUNBOOKS_URL: 'https://example.com',
  SIGNING_KEY_ARN: ARN,
  MODEL_CARD_NAME: 'bench',
  CHAT_WEBHOOK_SECRET: 'bench',
  COUNTER_SHARDS: '4',
  INVOKE_TIMEOUT_MILLIS: '5000',
  RETENTION_DAYS: '30',
  RETRAINING_POLICY: '{}',
  RETRAINING_STATE_MACHINE_ARN: ARN,
  EVALUATION_ROLE_ARN: ARN,
  CAPTURE_BUCKET: 'bench',
};

/** Wall milliseconds that `require` takes in a fresh process, as Lambda's init does it. */
function initMillis(file) {
  const script =
    'const t = performance.now(); require(process.argv[1]); process.stdout.write(String(performance.now() - t)); process.exit(0);';
  const env = { ...process.env, ...ENVIRONMENT };
  return Number(execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8', env }));
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
const empty = path.join(directory, 'index.js');
writeFileSync(empty, 'exports.handler = async () => {};');
// What stands beside some handlers is put there at synth.
const copies = path.join(directory, 'lambdas');
cpSync(bundles, copies, { recursive: true });
for (const gateway of ['gateway', 'async-gateway']) writeFileSync(path.join(copies, gateway, 'baseline.js'), 'exports.answer = () => 1;');
writeFileSync(path.join(copies, 'model-card', 'facts.json'), '{}');
const files = [
  ['(empty)', empty],
  ...readdirSync(bundles, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .map((name) => [name, path.join(copies, name, 'index.js')]),
];
const times = new Map(files.map(([name]) => [name, []]));
// In turn, so that a change of the machine's speed meets all alike.
for (let run = 0; run < RUNS; run += 1) for (const [name, file] of files) times.get(name).push(initMillis(file));

const floor = median(times.get('(empty)'));
let tooMuch = 0;
console.log('handler           size KB   init ms (median of 11)   × empty');
for (const [name, file] of files) {
  const kilobytes = name === '(empty)' ? 0 : statSync(file).size / 1024;
  const init = median(times.get(name));
  if (kilobytes > LIMIT_KILOBYTES || init > LIMIT_INIT_MILLIS) tooMuch += 1;
  console.log(
    `${name.padEnd(16)} ${kilobytes.toFixed(0).padStart(8)} ${init.toFixed(1).padStart(10)} ${(init / floor).toFixed(1).padStart(20)}`,
  );
}
console.log(
  tooMuch === 0
    ? `all within ${LIMIT_KILOBYTES} KB and ${LIMIT_INIT_MILLIS} ms`
    : `${tooMuch} over ${LIMIT_KILOBYTES} KB or ${LIMIT_INIT_MILLIS} ms`,
);
rmSync(directory, { recursive: true, force: true });
