import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { synthesize } from '../../bin/synthesize';

jest.setTimeout(120_000);

const ROOT = path.resolve(__dirname, '../..');
const TOY = path.join(ROOT, 'test/rehearsal/use-case');

/** The command as it is built, in a process of its own. */
function sluice(args: string[], cwd = ROOT): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'dist/bin/sluice.js'), ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A copy of the toy use case with one file changed. */
function toyWith(file: string, edit: (text: string) => string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-bad-'));
  cpSync(TOY, directory, { recursive: true });
  const target = path.join(directory, file);
  const before = readFileSync(target, 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`the edit changed nothing in ${file}`);
  writeFileSync(target, after);
  return directory;
}

describe('bad input ends with exit code 2 and a message to act on', () => {
  const cases: [string, () => string[], RegExp][] = [
    ['a misspelt key', () => [toyWith('usecase.yaml', (text) => text.replace('rollout:', 'rolout:'))], /rolout[\s\S]*rollout/],
    [
      'a KPI without direction',
      () => [toyWith('usecase.yaml', (text) => text.replace(/better: lower,\s*/, ''))],
      /kpis\[0\]\.better[\s\S]*allowed/,
    ],
    [
      'a canary step of 120 %',
      () => [toyWith('usecase.yaml', (text) => text.replace('weight: 0.5', 'weight: 1.2'))],
      /weight[\s\S]*1\.2[\s\S]*allowed/,
    ],
    ['an unknown scenario', () => [TOY, '--scenario', 'nowhere'], /nowhere[\s\S]*Known: bad, good/],
    [
      'a fault on an operation that does not exist',
      () => [
        toyWith('scenarios/good.yaml', (text) => `${text}faults: [{ at: 1m, service: sagemaker, operation: UpdateEndpoints, error: X }]\n`),
        '--scenario',
        'good',
      ],
      /UpdateEndpoints[\s\S]*UpdateEndpoint/,
    ],
    [
      'a fault on a function that does not exist',
      () => [
        toyWith(
          'scenarios/good.yaml',
          (text) => `${text}faults: [{ at: 1m, service: lambda, function: Verdikt/Handler, error: crash, for: 1m }]\n`,
        ),
        '--scenario',
        'good',
      ],
      /Verdikt\/Handler[\s\S]*Verdict\/Handler/,
    ],
    [
      'a model file that throws',
      () => [toyWith('models/good.mjs', () => "throw new Error('no weights');"), '--scenario', 'good'],
      /models\/good\.mjs[\s\S]*no weights/,
    ],
    [
      'a model file that is missing',
      () => [toyWith('scenarios/good.yaml', (text) => text.replace('models/good.mjs', 'models/none.mjs')), '--scenario', 'good'],
      /models\/none\.mjs/,
    ],
    [
      'recorded answers',
      () => [toyWith('scenarios/good.yaml', (text) => text.replace('models/good.mjs', 'answers.jsonl')), '--scenario', 'good'],
      /answers\.jsonl[\s\S]*not available yet/,
    ],
    ['a model without predict', () => [toyWith('models/good.mjs', () => 'export const x = 1;'), '--scenario', 'good'], /predict/],
    [
      'an arm that is not described',
      () => [toyWith('scenarios/good.yaml', (text) => text.replace('release: candidate', 'release: other')), '--scenario', 'good'],
      /other[\s\S]*candidate/,
    ],
    [
      'outcomes that throw',
      () => [toyWith('outcomes.mjs', () => "export const outcomes = () => { throw new Error('no label'); };"), '--scenario', 'good'],
      /^scenario good: outcomes: outcomes\.mjs failed: no label/,
    ],
    [
      'outcomes that are no list',
      () => [toyWith('outcomes.mjs', () => 'export const outcomes = async () => [];'), '--scenario', 'good'],
      /outcomes\.mjs returned a promise[\s\S]*allowed: a list/,
    ],
    [
      'traffic that throws',
      () => [
        toyWith('traffic.mjs', () => "export const traffic = () => ({ next() { throw new Error('no more cases'); } });"),
        '--scenario',
        'good',
      ],
      /^scenario good: traffic: next\(\) of traffic\.mjs failed: no more cases/,
    ],
    [
      'a misspelt key of a scenario',
      () => [toyWith('scenarios/good.yaml', (text) => text.replace('perMinute:', 'perMinut:')), '--scenario', 'good'],
      /good\.yaml:3 {2}traffic\.perMinut: is no setting here\n {2}given: {3}"perMinut"\n {2}allowed: perMinute, daily, source, options, quiet, bursts\n {2}Did you mean "perMinute"\?\n$/,
    ],
    [
      'a misspelt key of a fault',
      () => [
        toyWith('scenarios/good.yaml', (text) => `${text}faults: [{ at: 1m, service: sqs, operatoin: SendMessage, error: X }]\n`),
        '--scenario',
        'good',
      ],
      /faults\[0\]\.operatoin: is no setting here[\s\S]*Did you mean "operation"\?\n$/,
    ],
    ['a report in a folder that is not there', () => [TOY, '--report', 'no/such/folder/r.html'], /--report[\s\S]*no\/such\/folder/],
    [
      'a culprit that nothing can be',
      () => [toyWith('scenarios/bad.yaml', (text) => text.replace('culprit: mistakes', 'culprit: mistake'))],
      /expect\.culprit[\s\S]*allowed: mistakes, error-rate[\s\S]*Did you mean "mistakes"/,
    ],
    ['a seed that is no number', () => [TOY, '--seed', 'x'], /--seed/],
    ['a folder without a charter', () => [tmpdir()], /usecase\.yaml/],
  ];

  test.each(cases)('%s', (_name, args, message) => {
    const { status, stderr, stdout } = sluice(['rehearse', ...args()]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

test('--json prints one object per scenario and nothing else', () => {
  const { status, stdout } = sluice(['rehearse', TOY, '--scenario', 'bad', '--json']);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ useCase: 'toy', scenario: 'bad', seed: 1, outcome: 'rolled-back' });
  expect(status).toBe(0);
});

test('--evidence writes what sluice audit verifies; a byte of it changed is found', () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-evidence-')), 'bad');
  expect(sluice(['rehearse', TOY, '--scenario', 'bad', '--json', '--evidence', folder])).toMatchObject({ status: 0 });
  const audited = sluice(['audit', '--folder', folder]);
  expect(audited).toMatchObject({ status: 0, stdout: expect.stringContaining('toy: 2 bundles, verified') as string });
  const [last] = readdirSync(path.join(folder, 'bundles')).toReversed();
  const file = path.join(folder, 'bundles', last!);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"rolled-back"', '"outcome":"rolled-forth"'));
  const tampered = sluice(['audit', '--folder', folder]);
  expect(tampered).toMatchObject({ status: 1, stdout: expect.stringContaining(`bundle-changed  bundles/${last}`) as string });
  // Evidence is never written over.
  expect(sluice(['rehearse', TOY, '--scenario', 'bad', '--evidence', folder])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('a folder that is not empty') as string,
  });
});

test('an expectation that does not hold ends with exit code 1 and says what was seen', () => {
  const directory = toyWith('scenarios/bad.yaml', (text) => text.replace('outcome: rolled-back', 'outcome: promoted'));
  const { status, stdout } = sluice(['rehearse', directory, '--scenario', 'bad']);
  expect(stdout).toMatch(/outcome is promoted/);
  expect(stdout).toMatch(/rolled-back/);
  expect(status).toBe(1);
});

const templateIn = (outdir: string): unknown => JSON.parse(readFileSync(path.join(outdir, 'first-case.template.json'), 'utf8'));

/** What `npm install` would have put there, with the package as it is built. */
function linkPackages(directory: string): void {
  mkdirSync(path.join(directory, 'node_modules'));
  symlinkSync(ROOT, path.join(directory, 'node_modules', 'cdk-sluice'));
  for (const name of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(directory, 'node_modules', name));
  }
}

/** Runs the app as its cdk.json says, through the CDK command line. */
function cdkSynth(directory: string, outdir: string): { status: number | null; stderr: string } {
  const cdk = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH']}` };
  return spawnSync(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', outdir], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...env, CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  });
}

test('what init writes validates, rehearses and synthesises', () => {
  const directory = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-init-')), 'first-case');
  expect(sluice(['init', directory]).status).toBe(0);
  expect(sluice(['validate', directory]).status).toBe(0);
  const rehearsal = sluice(['rehearse', directory]);
  expect(rehearsal.stdout).toMatch(/scenarios as expected/);
  expect(rehearsal.status).toBe(0);

  linkPackages(directory);
  const deployed = mkdtempSync(path.join(tmpdir(), 'sluice-deployed-'));
  expect(cdkSynth(directory, deployed)).toMatchObject({ status: 0 });
  const rehearsed = mkdtempSync(path.join(tmpdir(), 'sluice-rehearsed-'));
  synthesize({ charterPath: directory, outdir: rehearsed });
  expect(templateIn(deployed)).toEqual(templateIn(rehearsed));
});
