// Synth time and resources of 1, 10 and 100 use cases, without validation, beside an empty app and beside the same endpoint built with
// aws-solutions-constructs and generative-ai-cdk-constructs, in one run. Limit: 45 ms for a further use case.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = Number(process.argv[2] ?? 5);
const COUNTS = [1, 10, 100];
const LIMIT_MILLIS = 45;
const PEERS = { '@aws-solutions-constructs/core': '2.104.0', '@cdklabs/generative-ai-cdk-constructs': '0.1.318' };
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const app = path.join(root, 'bench/synth/app.mjs');

/** The peers in a folder of their own, with this repository's CDK: none of them becomes a dependency. */
function installPeers(directory) {
  writeFileSync(path.join(directory, 'package.json'), '{"private":true}');
  const packages = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const name of ['aws-cdk-lib', 'constructs']) {
    const link = path.join(directory, 'node_modules', name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(path.join(root, 'node_modules', name), link);
  }
}

function measure(kind, count, directory) {
  const out = path.join(directory, 'out');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const said = execFileSync(process.execPath, [app, kind, String(count), out], {
    cwd: root,
    env: { ...process.env, CDK_VALIDATION: 'false', PEERS: path.join(directory, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(said.toString().trim().split('\n').at(-1));
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
const kinds = ['empty', 'use-case', 'model-endpoint', 'aws-solutions-constructs', 'generative-ai-cdk-constructs'];
const found = new Map();
try {
  installPeers(directory);
  for (let run = 0; run < RUNS; run += 1) {
    for (const kind of kinds) {
      for (const count of COUNTS) {
        const key = `${kind} ${count}`;
        const { millis, resources } = measure(kind, count, directory);
        const so = found.get(key) ?? { millis: [], resources };
        so.millis.push(millis);
        found.set(key, so);
      }
    }
    process.stderr.write(`run ${run + 1} of ${RUNS}\n`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

const at = (kind, count) => found.get(`${kind} ${count}`);
const millisOf = (kind, count) => median(at(kind, count).millis);
console.log(
  `| in stacks of their own | ${COUNTS.map((count) => `${count}, ms`).join(' | ')} | a further one, ms | 10 → 100 over 1 → 10 | resources each | ms per resource |`,
);
console.log(`|---|${'---|'.repeat(COUNTS.length + 4)}`);
for (const kind of kinds) {
  const [one, ten, hundred] = COUNTS.map((count) => millisOf(kind, count));
  const further = (hundred - ten) / 90;
  const resources = at(kind, 100).resources / 100;
  const row = [one, ten, hundred].map((value) => value.toFixed(0));
  console.log(
    `| ${[kind, ...row, further.toFixed(1), (further / ((ten - one) / 9)).toFixed(2), resources.toFixed(1), (further / resources).toFixed(2)].join(' | ')} |`,
  );
}
const further = (millisOf('use-case', 100) - millisOf('use-case', 10)) / 90;
console.log(`limit ${LIMIT_MILLIS} ms for a further use case: ${further <= LIMIT_MILLIS ? 'within' : 'over'}`);
