import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const ROOT = path.resolve(__dirname, '../..');

/** Stands in for the command: what it does is written in the assembly's manifest. */
const FAKE_SLUICE = `
const { readFileSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const path = require('node:path');
const argument = (name) => { const at = process.argv.indexOf(name); return at === -1 ? undefined : process.argv[at + 1]; };
const folder = argument('--assembly');
const { does } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
const result = { stacks: [{}, {}], inputs: [{}], executions: [], functions: [{ invocations: 3 }], expectations: [{ held: true }], checks: [] };
const broken = {
  ...result,
  expectations: [{ where: 'expect.items[0]', text: 'an item', held: false, seen: 'none' }],
  checks: [{ name: 'dead-letters', held: false, violations: ['a message in Shop/DeadLetters at 3m'] }],
};
const acts = {
  run: () => console.log(JSON.stringify({ ...result, inputs: argument('--scenario') === undefined ? [] : [{}] })),
  break: () => { console.log(JSON.stringify(broken)); process.exitCode = 1; },
  refuse: () => {
    console.error('not all that this assembly needs:\\n  the resource type AWS::ECS::Cluster: Shop/Cluster\\n  the runtime python3.12: Shop/Fn');
    process.exitCode = 3;
  },
  'refuse late': () => { console.error('not supported: lambda does not have the operation CreateAlias'); process.exitCode = 3; },
  mislead: () => { console.error('expect.itmes: unknown key'); process.exitCode = 2; },
  hang: () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync(path.join(folder, 'child.pid'), String(child.pid));
    setInterval(() => {}, 1000);
  },
  crash: () => { throw new Error('cannot read properties of undefined'); },
  abort: () => process.kill(process.pid, 'SIGKILL'),
  'end in silence': () => undefined,
  'refuse in silence': () => { process.exitCode = 3; },
};
acts[does]();
`;

interface Row {
  name: string;
  verdict: string;
  detail: string;
  missing?: string[];
  scenario?: string;
  seconds: number;
}

function folderOf(assemblies: Record<string, { does: string; inside?: string; scenario?: boolean }>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'assemblies-'));
  for (const [name, { does, inside = '', scenario = false }] of Object.entries(assemblies)) {
    mkdirSync(path.join(folder, name, inside), { recursive: true });
    writeFileSync(path.join(folder, name, inside, 'manifest.json'), JSON.stringify({ does }));
    if (scenario) writeFileSync(path.join(folder, name, 'scenario.yaml'), 'title: x\nduration: 1h\n');
  }
  return folder;
}

/** Assemblies that the CDK writes, for the command as it is built. */
function realAssemblies(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'real-'));
  const synthesize = (name: string, build: (stack: Stack) => void): void => {
    const app = new App({ outdir: path.join(folder, name, 'cdk.out'), analyticsReporting: false });
    build(new Stack(app, 'Shop'));
    app.synth();
  };
  synthesize('letters', (stack) => void new Queue(stack, 'Letters'));
  synthesize('containers', (stack) => void new CfnResource(stack, 'Cluster', { type: 'AWS::ECS::Cluster' }));
  return folder;
}

const REAL_SLUICE = process.env['SLUICE_COMMAND'] ?? path.join(ROOT, 'dist/bin/sluice.js');

function runner(args: string[]): { status: number | null; stdout: string; stderr: string } {
  const fake = path.join(mkdtempSync(path.join(tmpdir(), 'fake-')), 'sluice.js');
  writeFileSync(fake, FAKE_SLUICE);
  return spawnSync(process.execPath, [path.join(ROOT, 'scripts/rehearse-assemblies.mjs'), '--sluice', fake, ...args], { encoding: 'utf8' });
}

function rowsOf(folder: string, more: string[] = []): { status: number | null; rows: Record<string, Row> } {
  const { status, stdout, stderr } = runner([folder, '--json', ...more]);
  expect(stderr).toBe('');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  return { status, rows: Object.fromEntries(rows.map((row) => [row.name, row])) };
}

/** A process that has ended may still be listed, as Z, until its parent has heard. */
const isAlive = (pid: number): boolean => {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

describe('a folder of assemblies', () => {
  it('is sound when each ran or was refused by name', () => {
    const folder = folderOf({
      shop: { does: 'run', inside: 'cdk.out', scenario: true },
      bare: { does: 'run' },
      containers: { does: 'refuse' },
      late: { does: 'refuse late' },
    });
    const { status, rows } = rowsOf(folder);
    expect(status).toBe(0);
    expect(rows).toMatchObject({
      shop: { verdict: 'ran', scenario: 'scenario.yaml', detail: '2 stacks, 1 input, 3 invocations, 1 expectation' },
      bare: { verdict: 'ran', detail: '2 stacks, 3 invocations, 1 expectation' },
      containers: { verdict: 'refused', missing: ['the resource type AWS::ECS::Cluster: Shop/Cluster', 'the runtime python3.12: Shop/Fn'] },
      late: { verdict: 'refused', missing: ['not supported: lambda does not have the operation CreateAlias'] },
    });
    expect(rows['bare']).not.toHaveProperty('scenario');
  });

  it('takes scenarios from a folder of their own, by name', () => {
    const scenarios = mkdtempSync(path.join(tmpdir(), 'scenarios-'));
    writeFileSync(path.join(scenarios, 'bare.yaml'), 'title: x\nduration: 1h\n');
    const { rows } = rowsOf(folderOf({ bare: { does: 'run' }, other: { does: 'run' } }), ['--scenarios', scenarios]);
    expect(rows['bare']?.scenario).toBe('bare.yaml');
    expect(rows['other']).not.toHaveProperty('scenario');
  });

  it.each([
    ['break', 'not as expected', /expect\.items\[0\]: an item; seen: none\ndead-letters: a message in Shop\/DeadLetters at 3m/],
    ['mislead', 'bad input', /expect\.itmes: unknown key/],
    ['crash', 'crashed', /exit code 1: [^]*cannot read properties of undefined/],
    ['abort', 'crashed', /signal SIGKILL, without a word/],
    ['end in silence', 'crashed', /exit code 0, without a word/],
    ['refuse in silence', 'crashed', /exit code 3, without a word/],
  ])('is not sound when one does this: %s', (does, verdict, detail) => {
    const { status, rows } = rowsOf(folderOf({ one: { does }, two: { does: 'run' } }));
    expect(status).toBe(1);
    expect(rows['one']).toMatchObject({ verdict, detail: expect.stringMatching(detail) });
    expect(rows['two']?.verdict).toBe('ran');
  });

  it('kills one that hangs with all that it started, and goes on', () => {
    const folder = folderOf({ endless: { does: 'hang' }, other: { does: 'run' } });
    const { status, rows } = rowsOf(folder, ['--timeout', '2']);
    expect(status).toBe(1);
    expect(rows['endless']).toMatchObject({ verdict: 'hung', detail: 'killed after 2 s' });
    expect(rows['other']?.verdict).toBe('ran');
    expect(isAlive(Number(readFileSync(path.join(folder, 'endless', 'child.pid'), 'utf8')))).toBe(false);
  });

  it('says of a folder without an assembly that it has none', () => {
    const folder = folderOf({ shop: { does: 'run' } });
    mkdirSync(path.join(folder, 'empty'));
    const { status, rows } = rowsOf(folder);
    expect(status).toBe(1);
    expect(rows['empty']).toMatchObject({ verdict: 'no assembly' });
  });

  it('prints a row each and a summary for people', () => {
    const { status, stdout } = runner([folderOf({ shop: { does: 'run' }, broken: { does: 'break' }, containers: { does: 'refuse' } })]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^broken +not as expected .*expect\.items\[0\]/m);
    expect(stdout).toMatch(/^containers +refused .*AWS::ECS::Cluster/m);
    expect(stdout).toMatch(/\n3 assemblies: 1 not as expected, 1 refused, 1 ran\n$/);
  });
});

it('runs the real command: a queue runs, a container is refused by its type and its construct', () => {
  const { status, rows } = rowsOf(realAssemblies(), ['--sluice', REAL_SLUICE]);
  expect(status).toBe(0);
  expect(rows).toMatchObject({
    letters: { verdict: 'ran', detail: '1 stack' },
    containers: { verdict: 'refused', missing: [expect.stringMatching(/AWS::ECS::Cluster.*Shop\/Cluster/)] },
  });
});

describe('bad input', () => {
  it.each<[string, () => string[], RegExp]>([
    ['no folder', () => [], /one FOLDER; given: none/],
    ['a folder that is none', () => ['/nowhere/at/all'], /FOLDER is no folder: \/nowhere\/at\/all/],
    ['a time that is none', () => [tmpdir(), '--timeout', 'soon'], /--timeout is a number of seconds above 0; given: soon/],
    ['an empty folder', () => [mkdtempSync(path.join(tmpdir(), 'empty-'))], /has no sub-folder/],
    ['an unknown option', () => [tmpdir(), '--fast'], /--fast/],
  ])('%s: exit code 2, and what is allowed', (_what, args, message) => {
    const { status, stderr } = runner(args());
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('--timeout SECONDS');
  });
});
