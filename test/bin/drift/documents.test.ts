import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createSampler } from '../../../core/drift/count';
import { fitBaseline } from '../../../core/drift/fit';
import type { DriftPolicy } from '../../../core/contracts';
import { newFolder, removeFolders, sluice } from '../capture';
import { csvText, drift, folderWith, sampleRows } from './rows';

afterAll(removeFolders);

const BASE = sampleRows(2000, { seed: 1 });
const rows = csvText(sampleRows(800, { seed: 2 }));
const moved = csvText(sampleRows(800, { seed: 3, shift: 8 }));

const carriers = ['AA', 'UA', 'DL'].map((value) => ({ value, count: BASE.filter(({ carrier }) => carrier === value).length }));

/** As SageMaker Model Monitor's baseline job writes it, with a sketch of level 0 alone. */
const STATISTICS = {
  version: 0,
  dataset: { item_count: BASE.length },
  features: [
    {
      name: 'value',
      inferred_type: 'Fractional',
      numerical_statistics: {
        common: { num_present: BASE.length, num_missing: 0 },
        distribution: { kll: { buckets: [], sketch: { parameters: { c: 0.64, k: 2048 }, data: [BASE.map(({ value }) => value)] } } },
      },
    },
    {
      name: 'carrier',
      inferred_type: 'String',
      string_statistics: {
        common: { num_present: BASE.length, num_missing: 0 },
        distinct_count: 3,
        distribution: { categorical: { buckets: carriers } },
      },
    },
  ],
};

const at = folderWith({ 'statistics.json': JSON.stringify(STATISTICS), 'same.csv': rows, 'moved.csv': moved });

describe("SageMaker's figures as baseline", () => {
  test('features and kinds are those of statistics.json', async () => {
    const { code, json } = await drift(at('statistics.json'), at('same.csv'));
    expect(code).toBe(0);
    expect(json.features.map(({ name, kind }) => [name, kind])).toEqual([
      ['value', 'numeric'],
      ['carrier', 'categorical'],
    ]);
    expect((await drift(at('statistics.json'), at('moved.csv'))).code).toBe(1);
  });

  test('constraints.json beside it is read, and said', async () => {
    const constraints = {
      version: 0,
      features: [
        { name: 'value', inferred_type: 'Fractional', completeness: 1, num_constraints: { is_non_negative: true } },
        { name: 'carrier', inferred_type: 'String', completeness: 1, string_constraints: { domains: ['AA', 'UA'] } },
      ],
    };
    const both = folderWith({
      'statistics.json': JSON.stringify(STATISTICS),
      'constraints.json': JSON.stringify(constraints),
      'same.csv': rows,
    });
    const { code, json } = await drift(both('statistics.json'), both('same.csv'));
    expect(code).toBe(5);
    expect(json.windows[0]!.findings.map(({ check, feature }) => [check, feature])).toEqual([['out-of-range', 'carrier']]);
    expect(json.notes.join()).toContain('constraints.json');
  });

  test.each([
    ['{"version": 0', 'is no JSON'],
    ['{}', 'names no features'],
    ['[1]', 'names no features'],
    ['{"features": [{"name": "value", "inferred_type": "Fractional"}]}', 'value'],
  ])('%s is refused', async (text, words) => {
    const bad = folderWith({ 'statistics.json': text, 'same.csv': rows });
    const { code, err } = await sluice('drift', bad('statistics.json'), bad('same.csv'));
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('a baseline of Sluice', () => {
  const feature = (name: string, kind: 'numeric' | 'text') => ({ name, side: 'input', path: name, kind }) as const;

  function baselineFile(): string {
    const policy: DriftPolicy = {
      features: [feature('value', 'numeric'), feature('colour', 'text')],
      baseline: { kind: 'first-days', days: 7 },
      rhythm: 'none',
      windowsHours: [24],
      falseAlarmsPerYear: 1,
      minimumRows: 200,
      joint: false,
      kpiMovement: false,
      brokenShareAbove: 0.01,
      owner: 'quality',
    };
    const sampler = createSampler(policy);
    for (const { id, value, colour } of BASE) sampler.add({ id: String(id), atMillis: undefined, cells: [value, colour] });
    const file = path.join(newFolder(), 'r6.json');
    writeFileSync(file, JSON.stringify(fitBaseline(sampler.sample(), policy, { kind: 'first-days', releaseId: 'r6' })));
    return file;
  }

  test('is taken as it is', async () => {
    const file = baselineFile();
    const { code, json } = await drift(file, at('moved.csv'));
    expect(code).toBe(1);
    expect(json.features.map(({ name, kind }) => [name, kind])).toEqual([
      ['value', 'numeric'],
      ['colour', 'text'],
    ]);
    expect(json.notes[0]).toContain('is a baseline of Sluice');
  });

  test('does not fit other features', async () => {
    const { code, err } = await sluice('drift', baselineFile(), at('same.csv'), '--features', 'value');
    expect(code).toBe(2);
    expect(err).toContain('is fitted for other features');
  });
});

describe('the charter as policy', () => {
  const folder = path.resolve('examples/flight-delay/watched');
  const flights = readFileSync(path.join(folder, 'data', 'flights.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  const [header, ...lines] = flights;
  const half = (which: number): string[] => lines.filter((_, index) => index % 2 === which);
  const later = half(1).map((line) => line.replace(/,(-?\d+)$/, (_, delay: string) => `,${Number(delay) + 30}`));
  const files = folderWith({
    'train.csv': [header, ...half(0)].join('\n'),
    'same.csv': [header, ...half(1)].join('\n'),
    'late.csv': [header, ...later].join('\n'),
    'odd.csv': [header, ...half(1).map((line, index) => (index % 10 === 0 ? line.replace(/Z,\d+,/, 'Z,99,') : line))].join('\n'),
  });

  test('its features, limits and smallest numbers hold', async () => {
    const { code, json } = await drift(files('train.csv'), files('same.csv'), '--charter', folder);
    expect(code).toBe(0);
    expect(json.features.map(({ name }) => name)).toEqual(['scheduledHour', 'distanceMiles', 'delayMinutes']);
    expect((await drift(files('train.csv'), files('late.csv'), '--charter', path.join(folder, 'usecase.yaml'))).code).toBe(1);
    expect(await drift(files('train.csv'), files('odd.csv'), '--charter', folder)).toMatchObject({
      code: 5,
      json: { state: 'broken-input' },
    });
  });

  test('answers that the training data lacks are said to be not compared', async () => {
    const inputs = folderWith({ 'train.csv': [header, ...half(0)].map((line = '') => line.split(',').slice(0, 3).join(',')).join('\n') });
    const { code, json } = await drift(inputs('train.csv'), files('late.csv'), '--charter', folder);
    expect(code).toBe(0);
    expect(json.reason).toBe('Nothing drifted. Not compared, because one side has no value of them: delayMinutes.');
    expect(json.notes).toContain('The baseline has no value of delayMinutes: it is not compared.');
  });

  test('--features chooses among its own', async () => {
    const { json } = await drift(files('train.csv'), files('late.csv'), '--charter', folder, '--features', 'delayMinutes');
    expect(json.features.map(({ name }) => name)).toEqual(['delayMinutes']);
    const { code, err } = await sluice('drift', files('train.csv'), files('late.csv'), '--charter', folder, '--features', 'delay');
    expect(code).toBe(2);
    expect(err).toContain('the charter has no such feature');
  });

  test('a charter without the section is refused', async () => {
    const { code, err } = await sluice('drift', files('train.csv'), files('same.csv'), '--charter', path.resolve('examples/flight-delay'));
    expect(code).toBe(2);
    expect(err).toContain('has no section drift');
  });
});
