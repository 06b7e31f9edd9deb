// Synth time of the example with validation on, through the CDK command, beside an empty app in the same run. Limit: 3 s.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const RUNS = 5;
const LIMIT_SECONDS = 3;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
const emptyApp = path.join(directory, 'empty.js');
writeFileSync(
  emptyApp,
  `const { App, CfnResource, Stack } = require(${JSON.stringify(path.join(root, 'node_modules/aws-cdk-lib'))});
new CfnResource(new Stack(new App(), 'Empty'), 'Handle', { type: 'AWS::CloudFormation::WaitConditionHandle' });`,
);
const cdk = path.join(root, 'node_modules/aws-cdk/bin/cdk');

function secondsOf(args) {
  const start = performance.now();
  execFileSync(process.execPath, [cdk, 'synth', '-q', '-o', path.join(directory, 'out'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return (performance.now() - start) / 1000;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const cases = {
  'empty app': ['--app', `${process.execPath} ${emptyApp}`],
  'examples/support-triage': ['-c', 'useCase=examples/support-triage'],
};
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
try {
  Object.values(cases).forEach(secondsOf);
  for (let run = 0; run < RUNS; run += 1) for (const [name, args] of Object.entries(cases)) times[name].push(secondsOf(args));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const floor = median(times['empty app']);
for (const [name, values] of Object.entries(times)) {
  console.log(
    `${name.padEnd(26)} median ${median(values).toFixed(2)} s   min ${Math.min(...values).toFixed(2)}   max ${Math.max(...values).toFixed(2)}   × empty ${(median(values) / floor).toFixed(2)}`,
  );
}
console.log(`limit ${LIMIT_SECONDS} s: ${median(times['examples/support-triage']) <= LIMIT_SECONDS ? 'within' : 'over'}`);
