import type { CharterData } from '../../../core/charter';
import { driftPolicyOf, effectlessSettings } from '../../../core/charter';
import type { DataSet, DriftPolicy } from '../../../core/contracts';
import { WATCHED, watched } from './drift-sample';
import { accepted, refused } from './sample';

const place = (data: CharterData): DataSet => ('file' in data ? { bucket: 'assets', key: data.file } : data);
const policyOf = (text: string): DriftPolicy => driftPolicyOf(accepted(text), place)!;

describe('the drift section as the handler reads it', () => {
  test('is filled in', () => {
    expect(policyOf(WATCHED)).toEqual({
      features: [
        { name: 'subject', side: 'input', path: 'subject', kind: 'text', derive: ['length', 'language'] },
        { name: 'amount', side: 'input', path: 'order.amount', kind: 'numeric', completenessAtLeast: 0.99, atLeast: 0 },
        { name: 'language', side: 'input', path: 'language', kind: 'categorical', oneOf: ['en', 'de'] },
        { name: 'label', side: 'output', path: 'label', kind: 'categorical', threshold: 0.05 },
        { name: 'confidence', side: 'output', path: 'confidence', kind: 'numeric', atLeast: 0, atMost: 1 },
      ],
      baseline: { kind: 'training-data', data: { bucket: 'assets', key: 'data/train.csv' }, format: 'csv' },
      rhythm: 'none',
      windowsHours: [1, 6, 24, 168],
      falseAlarmsPerYear: 1,
      minimumRows: 200,
      joint: true,
      groups: { by: 'language', outcome: 'label', favourable: 'ham' },
      truth: {
        prediction: 'label',
        kind: 'classification',
        confidence: 'confidence',
        positive: 'spam',
        windowMinutes: 360,
        minimumLabels: 200,
        recallAtLeast: 0.9,
      },
      kpiMovement: true,
      brokenShareAbove: 0.01,
      owner: 'quality',
    });
  });

  test.each<[string, string, Partial<DriftPolicy>]>([
    ['{ trainingData: data/train.csv }', '{ firstDays: 7d }', { baseline: { kind: 'first-days', days: 7 } }],
    [
      '{ trainingData: data/train.csv }',
      '{ trainingData: s3://some-bucket/rows, format: parquet, timeColumn: at }',
      { baseline: { kind: 'training-data', data: { bucket: 'some-bucket', key: 'rows' }, format: 'parquet', timeColumn: 'at' } },
    ],
    ['  baseline: { tr', '  windows: [1d, 1h]\n  baseline: { tr', { windowsHours: [1, 24] }],
    ['  baseline: { tr', '  owner: platform\n  baseline: { tr', { owner: 'platform' }],
    ['  baseline: { tr', '  joint: false\n  kpiMovement: false\n  baseline: { tr', { joint: false, kpiMovement: false }],
    ['  baseline: { trainingData: data/train.csv }', '  rhythm: weekly\n  baseline: { firstDays: 7d }', { rhythm: 'weekly' }],
  ])('%s → %s', (from, to, expected) => {
    expect(policyOf(watched(from, to))).toMatchObject(expected);
  });

  const STATISTICS = watched(
    /trainingData: data\/train.csv/,
    'statistics: s.json, constraints: c.json',
    watched(/ {4}- \{ name: subject.*\n/, '', watched(/ {2}groups:.*\n/, '')),
  );

  test("SageMaker's statistics: of single columns alone", () => {
    expect(policyOf(STATISTICS)).toMatchObject({
      baseline: {
        kind: 'statistics',
        statistics: { bucket: 'assets', key: 's.json' },
        constraints: { bucket: 'assets', key: 'c.json' },
      },
      joint: false,
    });
    const problems = refused(watched('trainingData: data/train.csv', 'statistics: s.json }\n  joint: true #'));
    expect(problems.map(({ path, message }) => [path, message])).toEqual(
      ['drift.features[0].type', 'drift.groups', 'drift.joint'].map((path) => [path, 'is not in statistics']),
    );
  });

  test('without a role quality the process owner is told', () => {
    const text = watched(/^ {2}quality:.*\n/m, '', watched('requiredRoles: [quality, risk]', 'requiredRoles: [risk]'));
    expect(policyOf(text).owner).toBe('process');
  });

  test('KPIs and numbers are looked at together only where there is something to look at', () => {
    const alone = watched(/ {4}- \{ name: amount.*\n/, '');
    expect(policyOf(alone).joint).toBe(false);
    const unheld = watched('holdout: 0.02', 'holdout: 0', watched(/ {4}- \{ kpi: missed-spam.*\n/, ''));
    expect(policyOf(unheld).kpiMovement).toBe(false);
  });

  test('columns of CSV are named, or numbered', () => {
    const text = watched(
      /(features:\n)( {4}- .*\n)+/,
      '$1    - { name: hour, input: 0, type: numeric }\n    - { name: label, output: label, type: categorical }\n  csv: { input: [hour, language], output: [label] }\n',
    );
    const whole = watched(/ {2}(groups|truth):.*\n/g, '', watched(/\nretraining:\n(?: {2}.*\n)*/, '\n', text));
    expect(policyOf(whole)).toMatchObject({ csv: { input: ['hour', 'language'], output: ['label'] }, features: [{ path: '0' }, {}] });
  });
});

describe('what does not fit is refused, with what to do', () => {
  test.each<[string | RegExp, string, string, RegExp]>([
    [', capture: {}', '', 'serving.capture', /such as capture: \{\}/],
    ['  baseline: { trainingData: data/train.csv }', '  owner: qualty\n  baseline: { firstDays: 7d }', 'drift.owner', /process, quality/],
    ['  baseline: { tr', '  ownr: quality\n  baseline: { tr', 'drift.ownr', /^owner, baseline/],
    [/( {2}features:\n) {4}- \{ name: subject/, '$1    - { name: amount', 'drift.features[1].name', /each name once/],
    ['name: subject', 'name: joint', 'drift.features[0].name', /another name/],
    ['name: subject', 'name: constructor', 'drift.features[0].name', /no name that every object has/],
    ['name: subject', 'name: the subject', 'drift.features[0].name', /a-z, A-Z, 0-9/],
    ['input: subject, type: text', 'input: subject, output: label, type: text', 'drift.features[0]', /exactly one of input, output/],
    ['input: subject', 'input: $.subject', 'drift.features[0].input', /JMESPath/],
    ['input: subject', "input: 'items[0.price'", 'drift.features[0].input', /JMESPath/],
    ['input: subject', `input: '"sub'`, 'drift.features[0].input', /JMESPath/],
    ['order.amount', 'order-amount', 'drift.features[1].input', /in double quotes/],
    ['order.amount', 'order..amount', 'drift.features[1].input', /JMESPath/],
    ['order.amount', 'lenght(order)', 'drift.features[1].input', /JMESPath/],
    ['order.amount', 'order amount', 'drift.features[1].input', /JMESPath/],
    ['type: text', 'type: txt', 'drift.features[0].type', /one of numeric, categorical, text/],
    ['derive: [length, language]', 'derive: [length, refusal]', 'drift.features[0].derive', /outputs only/],
    ['derive: [length, language]', 'range: [0, 1]', 'drift.features[0].range', /no range where the type is text/],
    ['range: [0, null]', 'oneOf: [a]', 'drift.features[1].oneOf', /no oneOf where the type is numeric/],
    ['range: [0, null]', 'derive: [length]', 'drift.features[1].derive', /no derive where the type is numeric/],
    ['range: [0, null]', 'range: [3, 2]', 'drift.features[1].range', /smallest, largest/],
    ['range: [0, null]', 'range: [null, null]', 'drift.features[1].range', /smallest, largest/],
    ['completeness: 0.99', 'completeness: 99', 'drift.features[1].completeness', /fraction/],
    ['oneOf: [en, de]', `oneOf: [${'a'.repeat(257)}]`, 'drift.features[2].oneOf[0]', /256 characters/],
    ['oneOf: [en, de]', 'oneOf: [en, en]', 'drift.features[2].oneOf', /each value once/],
    ['threshold: 0.05', 'threshold: 5', 'drift.features[3].threshold', /0\.01 to 1/],
    ['trainingData: data/train.csv', 'trainingData: data/train.csv, firstDays: 7d', 'drift.baseline', /exactly one/],
    ['trainingData: data/train.csv', 'trainingData: data/train.txt', 'drift.baseline.format', /csv, jsonl or parquet/],
    ['trainingData: data/train.csv', 'firstDays: 36h', 'drift.baseline.firstDays', /whole days/],
    ['trainingData: data/train.csv', 'firstDays: 7d, format: csv', 'drift.baseline.format', /only beside trainingData/],
    ['trainingData: data/train.csv', 'firstDays: 7d, timeColumn: at', 'drift.baseline.timeColumn', /only beside trainingData/],
    ['trainingData: data/train.csv', 'firstDays: 7d, constraints: c.json', 'drift.baseline.constraints', /only beside statistics/],
    ['  baseline: { tr', '  rhythm: daily\n  baseline: { tr', 'drift.rhythm', /with timeColumn/],
    ['  baseline: { trainingData: data/train.csv }', '  rhythm: weekly\n  baseline: { firstDays: 3d }', 'drift.rhythm', /at least 7d/],
    ['  baseline: { tr', '  windows: [2h]\n  baseline: { tr', 'drift.windows[0]', /1h, 6h, 24h, 7d/],
    ['  baseline: { tr', '  windows: [24h, 1d]\n  baseline: { tr', 'drift.windows', /each once/],
    ['  baseline: { tr', '  falseAlarmsPerYear: 0\n  baseline: { tr', 'drift.falseAlarmsPerYear', /0\.01 to 52/],
    ['by: language', 'by: langage', 'drift.groups.by', /categorical feature: language, label/],
    ['by: language', 'by: amount', 'drift.groups.by', /categorical/],
    ['outcome: label', 'outcome: language', 'drift.groups.outcome', /another feature/],
    ['prediction: label', 'prediction: language', 'drift.truth.prediction', /output feature: label/],
    ['kind: classification', 'kind: regression', 'drift.truth.positive', /no positive where the kind is regression/],
    ['confidence: confidence, positive', 'confidence: label, positive', 'drift.truth.confidence', /numeric output feature: confidence/],
    ['positive: spam, ', '', 'drift.truth.positive', /precision and recall/],
    ['confidence: confidence, positive: spam', 'calibrationErrorAtMost: 0.1, positive: spam', 'drift.truth.confidence', /how sure/],
    ['recallAtLeast: 0.9', 'maeAtMost: 3, recallAtLeast: 0.9', 'drift.truth.maeAtMost', /no maeAtMost/],
    [', window: 6h, recall', ', recall', 'drift.truth.window', /duration/],
    ['window: 6h, recall', 'window: 400d, recall', 'drift.truth.window', /at most 365d/],
  ])('%s → %s: %s', (from, to, path, allowed) => {
    const problems = refused(watched(from, to));
    expect(problems.find((problem) => problem.path === path)?.allowed).toMatch(allowed);
  });

  test('what is asked for and impossible', () => {
    const together = watched('  baseline: { tr', '  joint: true\n  baseline: { tr', watched(/ {4}- \{ name: amount.*\n/, ''));
    expect(refused(together)[0]).toMatchObject({ path: 'drift.joint', given: 'true' });
    const moved = watched('  baseline: { tr', '  kpiMovement: true\n  baseline: { tr', watched('holdout: 0.02', 'holdout: 0'));
    expect(refused(moved).map(({ path }) => path)).toContain('drift.kpiMovement');
  });

  test('what is longer than anything is kept', () => {
    const short = watched('retention: 365d', 'retention: 3d', watched('noBetterThanBaselineAfter: 30d', 'noBetterThanBaselineAfter: 2d'));
    const paths = refused(watched('trainingData: data/train.csv', 'firstDays: 7d', short)).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['drift.baseline.firstDays', 'drift.windows']));
  });

  test('columns that CSV does not have', () => {
    const csv = (columns: string): string => watched('  groups:', `  csv: { input: [${columns}] }\n  groups:`);
    const problem = refused(csv('subjct, order.amount, language'))[0];
    expect(problem).toMatchObject({ path: 'drift.features[0].input', suggestion: 'Did you mean "subjct"?' });
    expect(refused(csv('subject, subject, order.amount, language'))[0]).toMatchObject({ path: 'drift.csv.input' });
  });

  test('a name that must be quoted, and is told how', () => {
    expect(refused(watched('order.amount', 'order-no.amount'))[0]).toMatchObject({ suggestion: 'Did you mean "order-no".amount?' });
    expect(policyOf(watched('order.amount', `'"order-no".amount'`)).features[1]?.path).toBe('"order-no".amount');
  });

  test('a misspelt key and a misspelt role are told what is meant', () => {
    expect(refused(watched('  groups:', '  groop:'))[0]).toMatchObject({ suggestion: 'Did you mean "groups"?' });
    expect(refused(watched('  baseline: { tr', '  owner: qualty\n  baseline: { tr'))[0]).toMatchObject({
      suggestion: 'Did you mean "quality"?',
    });
  });

  test('files that are not there', () => {
    const problems = refused(WATCHED, { exists: () => false });
    expect(problems.map(({ path }) => path)).toContain('drift.baseline.trainingData');
    const statistics = watched(
      'trainingData: data/train.csv',
      'statistics: s.json, constraints: c.json',
      watched(/ {4}- \{ name: subject.*\n/, '', watched(/ {2}groups:.*\n/, '')),
    );
    expect(refused(statistics, { exists: (file) => file !== 'c.json' }).map(({ path }) => path)).toEqual(['drift.baseline.constraints']);
  });
});

describe('where nothing is captured', () => {
  const text = `${watched(/ {2}existingEndpoint:.*\n/, '')}\nprofiles: { dev: { serving: { mode: serverless } } }\n`;
  const serverless = accepted(text, { profile: 'dev' });

  test('the sections are settings without effect', () => {
    expect(driftPolicyOf(serverless, place)).toBeUndefined();
    expect(effectlessSettings(serverless).filter(({ path }) => path === 'drift' || path === 'retraining')).toEqual([
      { path: 'drift', why: 'no requests are captured where the mode is serverless' },
      { path: 'retraining', why: 'no requests are captured where the mode is serverless, so there is nothing to learn from' },
    ]);
  });

  test('and have an effect where it is', () => {
    const paths = effectlessSettings(accepted(text)).map(({ path }) => path);
    expect(paths).not.toContain('drift');
    expect(paths).not.toContain('retraining');
  });
});
