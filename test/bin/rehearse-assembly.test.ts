import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ApplicationResult } from '../../rehearsal/application/result';
import { buildShop } from '../rehearsal/application/shop';
import { run } from '../../bin/commands/rehearse';
import { captured } from './capture';
import { synthesize } from '../rehearsal/assembly/synthesized';

jest.setTimeout(120_000);

const ROOT = path.resolve(__dirname, '../..');
const DIRECTORY = mkdtempSync(path.join(tmpdir(), 'sluice-assembly-'));

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The command as it is built, in a process of its own. */
function sluice(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/sluice.js'), 'rehearse', ...args], {
    cwd: DIRECTORY,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function scenario(name: string, text: string): string {
  writeFileSync(path.join(DIRECTORY, `${name}.yaml`), text);
  return `${name}.yaml`;
}

const GOOD = `
title: An order is sorted
duration: 30m
inputs:
  - { at: 0s, every: 1m, times: 3, execution: { stateMachine: Shop/Sort, name: 'order-{{n}}', input: { total: 5 } } }
expect:
  executions:
    - { stateMachine: Shop/Sort, status: SUCCEEDED, count: 3 }
`;
const BAD = GOOD.replace('total: 5', 'total: 500');

let shop: string;
let python: string;
beforeAll(() => {
  shop = synthesize(buildShop);
  python = synthesize((app) => {
    const stack = new Stack(app, 'Snake');
    new lambda.Function(stack, 'Python', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(event, context):\n  return event\n'),
    });
  });
});

test('a scenario that goes as expected ends with 0, the same text each time', () => {
  const good = scenario('good', GOOD);
  const ran = sluice('--assembly', shop, '--scenario', good);
  expect(ran.stderr).not.toMatch(/warning|error/i);
  expect(ran.stdout).toContain('✓ Shop · good  An order is sorted');
  expect(ran.stdout).toContain('1 of 1 scenarios as expected');
  expect(ran.status).toBe(0);
});

test('--json prints the result and nothing else, byte for byte the same; another seed is told', () => {
  const good = scenario('good', GOOD);
  const [one, again] = [sluice('--assembly', shop, '--scenario', good, '--json'), sluice('--assembly', shop, '--scenario', good, '--json')];
  expect(one.stdout).toBe(again.stdout);
  const result = JSON.parse(one.stdout) as ApplicationResult;
  expect(result).toMatchObject({ application: 'Shop', scenario: 'good', seed: 1, virtualSeconds: 1800, drainedAtSeconds: 1800 });
  expect(result.executions.map(({ name }) => name)).toEqual(['order-1', 'order-2', 'order-3']);
  const other = sluice('--assembly', shop, '--scenario', good, '--json', '--seed', '7');
  expect((JSON.parse(other.stdout) as ApplicationResult).seed).toBe(7);
});

test('several scenarios run side by side; one that breaks ends with 1', () => {
  const ran = sluice(
    '--assembly',
    shop,
    '--scenario',
    scenario('good', GOOD),
    '--scenario',
    scenario('bad', BAD),
    '--report',
    'report.html',
  );
  expect(ran.stdout).toMatch(/✓ good .*3 inputs, 3 executions/);
  expect(ran.stdout).toMatch(
    /✗ bad .*\n.*did not hold: executions of Shop\/Sort, status SUCCEEDED: 3, but: 0, but 3 others: order-1 FAILED/,
  );
  expect(ran.stdout).toContain('1 of 2 scenarios as expected');
  expect(ran.status).toBe(1);
  const page = readFileSync(path.join(DIRECTORY, 'report.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>/i);
  expect(page).toContain('order-1');
});

test('without a scenario it is deployed, left alone for an hour, and deleted', () => {
  const ran = sluice('--assembly', shop);
  expect(ran.stdout).toContain('✓ Shop · deployment');
  expect(ran.stdout).toContain('all 8 checks held');
  expect(ran.status).toBe(0);
});

test('a stand-in is an ECMAScript module beside the scenario', () => {
  mkdirSync(path.join(DIRECTORY, 'snake'), { recursive: true });
  writeFileSync(path.join(DIRECTORY, 'snake/plays.mjs'), 'export const handler = async ({ value }) => ({ doubled: value * 2 });\n');
  const text = `
title: A stand-in answers
duration: 5m
functions: { Snake/Python: plays.mjs }
inputs: [{ at: 0s, invoke: { function: Python, payload: { value: 4 } } }]
`;
  const ran = sluice('--assembly', python, '--scenario', scenario('snake/stand-in', text), '--json');
  expect(ran.status).toBe(0);
  expect((JSON.parse(ran.stdout) as ApplicationResult).inputs[0]?.words).toBe('{"doubled":8}');
});

test('what is not supported ends with 3 and is named', () => {
  const ran = sluice('--assembly', python);
  expect(ran).toMatchObject({ status: 3, stdout: '' });
  expect(ran.stderr).toMatch(/python3\.13: Snake\/Python/);
});

test('what is wrong with a scenario is found before anything runs, against the assembly as well', () => {
  const ran = sluice('--assembly', shop, '--scenario', scenario('path', GOOD.replaceAll('Shop/Sort', 'Shop/Srot')));
  expect(ran.stderr).toMatch(/^path\.yaml: inputs\[0\]\.execution\.stateMachine[\s\S]*Did you mean "Shop\/Sort"/);
  expect(ran).toMatchObject({ status: 2, stdout: '' });
});

const absolute = (name: string, text: string): string => path.join(DIRECTORY, scenario(name, text));

test.each<[string, () => string[], RegExp]>([
  ['nothing to rehearse', () => [], /say what to rehearse[\s\S]*--assembly cdk\.out/],
  ['a use case and an assembly', () => ['somewhere', '--assembly', shop], /--assembly and somewhere exclude each other/],
  ['an option of use cases', () => ['--assembly', shop, '--evidence', 'e'], /--assembly and --evidence exclude each other/],
  ['no assembly', () => ['--assembly', DIRECTORY], /is no cloud assembly: it has no manifest\.json[\s\S]*cdk synth/],
  [
    'the project in the place of its assembly',
    () => {
      mkdirSync(path.join(DIRECTORY, 'project/cdk.out'), { recursive: true });
      writeFileSync(path.join(DIRECTORY, 'project/cdk.out/manifest.json'), '{}');
      return ['--assembly', path.join(DIRECTORY, 'project')];
    },
    /Did you mean .*project\/cdk\.out\?/,
  ],
  [
    'no scenario',
    () => ['--assembly', shop, '--scenario', '/nowhere/none.yaml'],
    /there is no such file\n {2}given: {3}\/nowhere\/none\.yaml/,
  ],
  [
    'a scenario twice',
    () => ['--assembly', shop, '--scenario', absolute('good', GOOD), '--scenario', absolute('good', GOOD)],
    /two scenarios have the name good/,
  ],
  [
    'a misspelt key',
    () => ['--assembly', shop, '--scenario', absolute('key', GOOD.replace('inputs:', 'input:'))],
    /key\.yaml:4 {2}input: is no setting here/,
  ],
  ['a report into nowhere', () => ['--assembly', shop, '--report', 'nowhere/report.html'], /--report goes to a folder that does not exist/],
  ['a seed that is none', () => ['--assembly', shop, '--seed', 'x'], /--seed is a whole number/],
  ['two scenarios of a use case', () => ['.', '--scenario', 'a', '--scenario', 'b'], /--scenario is given 2 times/],
])('%s ends with 2 and a message to act on', async (_what, args, message) => {
  const io = captured();
  const refused: unknown = await run(args(), io).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'BadInputError', message: expect.stringMatching(message) as string });
  expect(io.out()).toBe('');
});
