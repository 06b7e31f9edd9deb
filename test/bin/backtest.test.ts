import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { renderBacktest } from '../../bin/backtest/page';
import { ReadingProgress } from '../../bin/backtest/progress';
import type { BacktestResult } from '../../core/backtest';
import { csvOf, supportAnswers } from '../core/backtest/histories';
import { captured, newFolder, removeFolders, sluice } from './capture';

const ROOT = path.join(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/backtest/support-answers.csv');
const COLUMNS = ['--arm-column', 'model', '--time-column', 'answered_at', '--candidate', 'v2', '--control', 'v1'];
const KPIS = ['--kpi', 'escalated:binary:lower:window=1h:weight=2', '--kpi', 'handling:mean:lower:column=handling_seconds:window=1h'];
const OBSERVED = ['--observed-column', 'closed_at'];

/** Rows of the example that are enough where the decision does not matter. */
const FEW = 300;
const short = (): string => firstRows(FEW);
/** … and rows up to a little after the decision. */
const DECIDED = 700;
const firstRows = (count: number): string => fileOf('short.csv', csvOf(supportAnswers().slice(0, count)));

afterAll(removeFolders);

function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(newFolder(), name);
  writeFileSync(file, content);
  return file;
}

const jsonOf = async (...args: string[]): Promise<BacktestResult & { file: string }> => {
  const { code, out, err } = await sluice('backtest', ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as BacktestResult & { file: string };
};

test('the example is what its generator writes, and small', () => {
  const content = readFileSync(EXAMPLE, 'utf8');
  expect(content).toBe(csvOf(supportAnswers()));
  expect(content.length).toBeLessThan(100_000);
});

test('the example for people: what, when, how many, other margins, what to declare', async () => {
  const { code, out, err } = await sluice(
    'backtest',
    firstRows(DECIDED),
    ...COLUMNS,
    ...OBSERVED,
    ...KPIS,
    '--bake',
    '2h',
    '--max-duration',
    '24h',
  );
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^history {4}2026-03-02 06:00 UTC to 2026-03-02 17:39 UTC \(11 h 40 min\), .* looks$/m);
  expect(out).toMatch(
    /^verdict {4}rolled back at 2026-03-02 16:07 UTC, after 10 h 7 min and 318 candidate units\n.*escalated of the candidate is 1\.7 times/m,
  );
  expect(out).toMatch(/^escalated ← .* never$/m);
  expect(out).toMatch(/^30 % +never +7 h 12 min, 227 units +rolled back: 10 h 7 min, 318 units$/m);
  expect(out).toMatch(/declare cap: 1110 and typical: \{ mean: 224, deviation: 169 \}/);
  expect(out).not.toMatch(/NaN|undefined|Infinity/);
});

test('the shape of the JSON is a contract', async () => {
  const file = firstRows(DECIDED);
  const result = await jsonOf(file, ...COLUMNS, ...OBSERVED, ...KPIS);
  expect(Object.keys(result)).toEqual(['schema', 'history', 'policy', 'verdict', 'kpis', 'margins', 'series', 'file']);
  expect(result.schema).toBe('sluice.backtest/v1');
  expect(result.file).toBe(file);
  expect(result.verdict).toEqual({
    decision: 'roll-back',
    at: '2026-03-02T16:07:00.000Z',
    minutes: 607,
    candidateUnits: 318,
    controlUnits: expect.any(Number),
    reason: expect.stringMatching(/^escalated of the candidate/),
    culprit: 'escalated',
  });
  expect(Object.keys(result.kpis[0]!)).toEqual(['policy', 'fromHistory', 'evidence', 'interval', 'harmfulAt', 'suggestion']);
  expect(result.policy).toEqual({ rollbackAlpha: 0.05, promotionAlpha: 0.05, stratumMinutes: 5, bakeMinutes: 0, inconclusive: 'hold' });
  const { series } = result;
  const lengths = [series.minutes, series.combined, series.candidateUnits, series.kpis[0]!.rollback, series.kpis[1]!.promotion].map(
    ({ length }) => length,
  );
  expect(new Set(lengths).size).toBe(1);
  const crossed = series.minutes[series.combined.findIndex((log10) => log10 >= series.log10Threshold)];
  expect(crossed).toBe(607);
});

test('margin and alpha of the command line hold for all KPIs', async () => {
  const strict = await jsonOf(firstRows(DECIDED), ...COLUMNS, ...OBSERVED, ...KPIS, '--alpha', '0.001', '--margin', '0.1');
  expect(strict.kpis.map(({ policy }) => policy.margin)).toEqual([0.1, 0.1]);
  expect(strict.policy).toMatchObject({ rollbackAlpha: 0.001, promotionAlpha: 0.001 });
  expect(strict.verdict.decision).toBe('continue');
});

test('compressed, as JSONL and as Parquet the example says the same', async () => {
  const rows = supportAnswers().slice(0, FEW) as {
    model: string;
    answered_at: string;
    closed_at: string;
    escalated: number;
    handling_seconds: number;
  }[];
  const csv = await jsonOf(short(), ...COLUMNS, ...OBSERVED, ...KPIS);
  const column = (name: keyof (typeof rows)[number], of = (value: unknown): unknown => value) => ({
    name,
    data: rows.map((row) => of(row[name])),
  });
  const parquet = parquetWriteBuffer({
    columnData: [
      column('model'),
      column('answered_at', (text) => new Date(text as string)),
      column('closed_at', (text) => new Date(text as string)),
      column('escalated'),
      column('handling_seconds'),
    ] as never,
    rowGroupSize: 500,
  });
  const others = [
    fileOf('a.csv.gz', gzipSync(csvOf(rows))),
    fileOf('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    fileOf('a.jsonl.gz', gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'))),
    fileOf('a.parquet', new Uint8Array(parquet)),
  ];
  for (const file of others) expect(await jsonOf(file, ...COLUMNS, ...OBSERVED, ...KPIS)).toEqual({ ...csv, file });
});

describe('with a charter', () => {
  function useCase(): string {
    const folder = newFolder();
    copyFileSync(path.join(ROOT, 'test/core/charter/sample.yaml'), path.join(folder, 'usecase.yaml'));
    writeFileSync(path.join(folder, 'baseline.ts'), 'export const answer = () => ({});\n');
    return folder;
  }

  test("its KPIs, margins, windows, bake and duration are the policy's", async () => {
    const folder = useCase();
    const file = short();
    const args = ['--kpi', 'missed-spam', '--value-column', 'missed-spam=escalated', ...COLUMNS, ...OBSERVED];
    const result = await jsonOf(file, '--charter', folder, ...args);
    expect(result.policy).toMatchObject({ bakeMinutes: 600, maxDurationMinutes: 1440, inconclusive: 'hold' });
    expect(result.kpis.map(({ policy }) => policy)).toMatchObject([
      { name: 'missed-spam', windowMinutes: 360, weight: 2, delayDependsOnArm: true },
    ]);
    expect((await jsonOf(file, '--charter', path.join(folder, 'usecase.yaml'), ...args)).verdict).toEqual(result.verdict);
    const { out } = await sluice('backtest', file, '--charter', folder, ...args);
    expect(out).toMatch(/each row is taken for a case of its own: --unit-column says otherwise/);
  });

  test('KPIs without a column, or unknown to it', async () => {
    const missing = await sluice('backtest', EXAMPLE, '--charter', useCase(), ...COLUMNS);
    expect(missing.code).toBe(2);
    expect(missing.err).toMatch(
      /KPI missed-spam: there is no column "missed-spam"[\s\S]*columns: model, answered_at[\s\S]*--value-column KPI=COLUMN/,
    );
    const unknown = await sluice('backtest', EXAMPLE, '--charter', useCase(), '--kpi', 'mised-spam', ...COLUMNS);
    expect(unknown.err).toMatch(/the charter has no such KPI\n {2}allowed: missed-spam, wrongly-blocked\n {2}Did you mean "missed-spam"/);
  });
});

describe('what is refused, with exit code 2 and without a trace', () => {
  const good = [...COLUMNS, ...KPIS];
  const cases: [string, () => string[], RegExp][] = [
    ['no policy', () => [EXAMPLE, ...COLUMNS], /which policy\?\n {2}allowed: --charter/],
    ['no arm column', () => [EXAMPLE, ...KPIS], /--arm-column NAME is missing/],
    ['no file', () => good, /<events\.csv\|jsonl\|parquet> is missing/],
    ['a file that is not there', () => ['nope.csv', ...good], /nope\.csv: there is no such file/],
    ['a folder', () => [newFolder(), ...good], /is no file/],
    ['an unknown extension', () => [fileOf('a.xls', 'x'), ...good], /the name does not say what is in it\n {2}allowed: \.csv/],
    ['an empty file', () => [fileOf('a.csv', ''), ...good], /a\.csv: is empty/],
    ['only a header', () => [fileOf('a.csv', 'model,answered_at\n'), ...good], /a\.csv: the history has no rows/],
    [
      'a column that is not there',
      () => [EXAMPLE, ...good, '--unit-column', 'sesion'],
      /support-answers\.csv: --unit-column: there is no column "sesion"/,
    ],
    [
      'no Parquet',
      () => [fileOf('a.parquet', 'PAR1 but no more'), ...good],
      /a\.parquet: none of the 1 rows can be used\n {2}line 1: the file is no complete Parquet file/,
    ],
    [
      'a Parquet file without the column',
      () => [parquetFile(), ...good],
      /KPI escalated: there is no column "escalated"[\s\S]*columns: model, answered_at, other/,
    ],
    ['a broken gzip file', () => [fileOf('a.csv.gz', 'no gzip'), ...good], /a\.csv\.gz: cannot be unzipped/],
    ['the same KPI twice', () => [EXAMPLE, ...COLUMNS, '--kpi', 'a:binary:lower', '--kpi', 'a:binary:lower'], /KPI a is given twice/],
    ['a value column for nobody', () => [EXAMPLE, ...good, '--value-column', 'handlin=x'], /for which KPI\?[\s\S]*Did you mean "handling"/],
    ['no margin', () => [EXAMPLE, ...good, '--margin', '20%'], /--margin is a number above 0/],
    ['no alpha', () => [EXAMPLE, ...good, '--alpha', '1'], /--alpha is a number above 0 and below 1/],
    ['no duration', () => [EXAMPLE, ...good, '--bake', 'long'], /--bake is a duration such as 30m/],
    [
      'a page in a folder that is not there',
      () => [EXAMPLE, ...good, '--html', 'no/such/folder/b.html'],
      /--html goes to a folder that does not exist/,
    ],
    ['a page that is a folder', () => [EXAMPLE, ...good, '--html', newFolder()], /--html is a folder/],
  ];

  test.each(cases)('%s', async (_, args, message) => {
    const { code, out, err } = await sluice('backtest', ...args());
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  function parquetFile(): string {
    const columnData = ['model', 'answered_at', 'other'].map((name) => ({ name, data: ['v1', 'v2'] }));
    return fileOf('b.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  }
});

test('reading a large file is told in quarters, a small one not at all', () => {
  const io = captured();
  const progress = new ReadingProgress(io, 100 * 2 ** 20);
  for (const reading of [1, 2] as const) for (let part = 0; part <= 100; part++) progress.show(reading, part * 2 ** 20);
  progress.close();
  expect(io.err()).toBe('reading: 25 %\nreading: 50 %\nreading: 75 %\nreading: 100 %\n');
  const quiet = captured();
  new ReadingProgress(quiet, 1000).show(1, 1000);
  expect(quiet.err()).toBe('');
});

describe('the page', () => {
  const bare = { script: '', style: '' };

  test('says what was decided, and lets no text of the file out', async () => {
    const nasty = csvOf(supportAnswers().slice(0, FEW)).replaceAll('v2', '</script><b>v2');
    const file = fileOf('nasty.csv', nasty);
    const args = ['--arm-column', 'model', '--time-column', 'answered_at', '--candidate', '</script><b>v2', ...KPIS];
    const html = renderBacktest(await jsonOf(file, ...args), '<i>nasty.csv', bare);
    expect(html).toContain('The history ends before a decision');
    expect(html).not.toContain('<b>');
    expect(html).not.toContain('<i>');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    const data = JSON.parse(/id="backtest">(.*?)<\/script>/s.exec(html)![1]!) as { arms: string[]; series: { minutes: number[] } };
    expect(data.arms[0]).toBe('</script><b>v2');
  });

  test('carries its chart library and needs nothing else', async () => {
    const outdir = path.join(newFolder(), 'page');
    mkdirSync(outdir);
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'report-page.mjs'), outdir]);
    const read = (name: string): string => readFileSync(path.join(outdir, name), 'utf8');
    expect(existsSync(path.join(outdir, 'report-page.js'))).toBe(true);
    const html = renderBacktest(await jsonOf(short(), ...COLUMNS, ...KPIS), 'a.csv', {
      script: read('backtest-page.js'),
      style: read('backtest-page.css'),
    });
    expect(html).toContain('Leon Sorokin');
    expect(html).toContain('prefers-color-scheme');
    expect(html).not.toMatch(/(src|href)=/);
    expect(html.length).toBeLessThan(400_000);
  });
});

describe('the command as it is bundled', () => {
  const DOCUMENTED = readFileSync(path.join(ROOT, 'constructs-docs/backtest.md'), 'utf8');

  test('prints the session of its documentation, and writes the page', () => {
    const outdir = newFolder();
    buildSync({
      entryPoints: [path.join(ROOT, 'bin/sluice.ts')],
      outfile: path.join(outdir, 'sluice.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['aws-cdk-lib', 'constructs', '../lib/index.js'],
      logLevel: 'error',
    });
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'report-page.mjs'), outdir]);
    const [command = '', ...printed] = /```console\n\$ npx cdk-sluice ((?:.*\\\n)*.*)\n([\s\S]*?)\n```/.exec(DOCUMENTED)!.slice(1);
    const html = path.join(outdir, 'backtest.html');
    const args = command.replaceAll('\\\n', ' ').replace('backtest.html', html).split(/\s+/);
    const out = execFileSync(process.execPath, [path.join(outdir, 'sluice.js'), ...args], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
    expect(out.trimEnd()).toBe(printed.join('\n'));
    expect(readFileSync(html, 'utf8')).toContain('It would have been rolled back');
  });
});
