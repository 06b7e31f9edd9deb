import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatProblem, parseCharter } from '../../core/charter';
import { loadScenarios } from '../../rehearsal/world/load-scenario';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/flight-delay/watched');

/** The example's modules are ES modules, as a user's are: they run in a process of their own. */
function inNode<T>(script: string): T {
  const prelude = 'let state = 7; const random = () => (state = (state * 48271) % 2147483647) / 2147483647;';
  const run = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', prelude + script], {
    cwd: EXAMPLE,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

test('the charter is valid, and nothing of what it watches is without effect', () => {
  const file = path.join(EXAMPLE, 'usecase.yaml');
  const exists = (relative: string): boolean => existsSync(path.join(EXAMPLE, relative));
  const result = parseCharter(readFileSync(file, 'utf8'), file, { exists });
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  expect(result.ok && result.effectless.map((setting) => setting.path).filter((at) => /drift|retraining/.test(at))).toEqual([]);
});

test('data sets are what the flights make of them', () => {
  const run = spawnSync(process.execPath, [path.join(EXAMPLE, 'build-data.mjs'), '--check'], { encoding: 'utf8' });
  expect(run.stdout).toBe('data/flights.csv is up to date\ndata/golden.jsonl is up to date\n');
  expect(run.status).toBe(0);
});

test('every scenario names files that are there', () => {
  const scenarios = loadScenarios(EXAMPLE, undefined);
  expect(scenarios.map(({ name }) => name)).toEqual([
    'capture-stops',
    'corrupted-labels',
    'drift-retrain-worse',
    'drift-retrain',
    'gradual-drift',
    'renamed-column',
    'seasonal',
    'sudden-drift',
    'upstream-null',
  ]);
  for (const { scenario } of scenarios) {
    const models = Object.values(scenario.arms).flatMap(({ model }) => (model === undefined ? [] : [String(model)]));
    const { training, outcomes, traffic } = scenario;
    for (const file of [...models, training, outcomes, traffic.source]) {
      if (file === undefined) continue;
      expect(existsSync(path.join(EXAMPLE, file))).toBe(true);
    }
  }
});

describe('traffic', () => {
  interface Drawn {
    requests: Record<string, unknown>[];
    delays: number[];
  }
  /** 400 flights at this hour of a scenario that starts at six. */
  const drawn = (options: object, hour: number): Drawn =>
    inNode<Drawn>(`
      import traffic from './traffic.mjs';
      const source = traffic({ random, options: ${JSON.stringify(options)} });
      const items = Array.from({ length: 400 }, () => source.next({ atMinutes: ${hour * 60}, atMillis: Date.UTC(2026, 2, 2, ${6 + hour}) }));
      console.log(JSON.stringify({ requests: items.map(({ request }) => request), delays: items.map(({ truth }) => truth.delay) }));`);
  const shareOf = <Item>(items: Item[], is: (item: Item) => boolean): number => items.filter(is).length / items.length;
  const isLate = (delay: number): boolean => delay >= 15 && delay <= 60;
  const isFar = ({ distanceMiles }: Record<string, unknown>): boolean => Number(distanceMiles) >= 1000;

  test('draws of all flights without options', () => {
    const { requests, delays } = drawn({}, 0);
    expect(shareOf(delays, isLate)).toBeLessThan(0.25);
    expect(shareOf(requests, isFar)).toBeLessThan(0.32);
  });

  test('draws some flights more often from an hour to another', () => {
    const options = { which: 'late', share: 0.7, fromHour: 2, untilHour: 4 };
    expect(shareOf(drawn(options, 1).delays, isLate)).toBeLessThan(0.25);
    expect(shareOf(drawn(options, 3).delays, isLate)).toBeGreaterThan(0.68);
    expect(shareOf(drawn(options, 4).delays, isLate)).toBeLessThan(0.25);
  });

  test('changes little by little', () => {
    const options = { which: 'far', share: 0.8, fromHour: 2, overHours: 12 };
    const shares = [2, 8, 14, 20].map((hour) => shareOf(drawn(options, hour).requests, isFar));
    expect(shares[0]).toBeLessThan(0.32);
    expect(shares[1]).toBeGreaterThan(0.45);
    expect(shares[2]).toBeGreaterThan(0.75);
    expect(shares[3]! - shares[2]!).toBeLessThan(0.1);
  });

  test('follows the clock', () => {
    expect(new Set(drawn({ byClock: true }, 3).requests.map(({ scheduledHour }) => scheduledHour))).toEqual(new Set([9]));
  });

  test('loses a field, or names it otherwise', () => {
    const lost = drawn({ nulls: 'distanceMiles', share: 0.3 }, 0).requests;
    const nulls = shareOf(lost, ({ distanceMiles }) => distanceMiles === null);
    expect(nulls).toBeGreaterThan(0.2);
    expect(nulls).toBeLessThan(0.4);
    const renamed = drawn({ renamed: { distanceMiles: 'distance' } }, 0).requests;
    expect(renamed.every((request) => Object.keys(request).join() === 'scheduledHour,distance')).toBe(true);
  });

  test('a kind of flights that is not there', () => {
    expect(() => drawn({ which: 'cheap' }, 0)).toThrow(/which is cheap; allowed: late, far/);
  });
});

describe('training', () => {
  interface Made {
    files: string[];
    metrics: Record<string, number>;
    off: { stable: number; retrained: number; unlearned: number };
  }
  const made = inNode<Made>(`
    import traffic from './traffic.mjs';
    import { load, train } from './training.mjs';
    import { predict } from '../models/candidate-good.mjs';
    const source = traffic({ random, options: { which: 'late', share: 0.7 } });
    const items = Array.from({ length: 3000 }, () => source.next({ atMinutes: 0, atMillis: 0 }));
    const lines = items.slice(0, 1500).map(({ unit, request, truth }) => ({ id: unit, request, answer: {}, truth: String(truth.delay) }));
    const hyperParameters = { quantile: '0.5', fewestFlights: '20' };
    const trained = train({ channels: { train: [...lines, { id: 'bad', request: null, truth: '5' }, { id: 'worse', request: {}, truth: 'late' }] }, hyperParameters, random });
    const scrambled = train({ channels: { train: lines.map((line) => ({ ...line, truth: '600' })) }, hyperParameters, random });
    const off = (answer) => items.slice(1500).reduce((sum, { request, truth }) => sum + Math.abs(answer(request).delayMinutes - truth.delay), 0) / 1500;
    const model = load(Object.fromEntries(Object.entries(trained.files).map(([name, text]) => [name, Buffer.from(text)])));
    const other = load(Object.fromEntries(Object.entries(scrambled.files).map(([name, text]) => [name, Buffer.from(text)])));
    console.log(JSON.stringify({ files: Object.keys(trained.files), metrics: trained.metrics, off: { stable: off(predict), retrained: off(model.predict), unlearned: off(other.predict) } }));`);

  test('learns from the rows that it is given, and from nothing else', () => {
    expect(made.metrics['train:rows']).toBe(1500);
    expect(made.off.retrained).toBeLessThan(made.off.stable - 5);
    expect(made.off.unlearned).toBeGreaterThan(500);
  });

  test('writes what the inference script reads', () => {
    expect(made.files).toEqual(['table.json', 'code/inference.py']);
  });

  test('says what is wrong where there is nothing to learn', () => {
    const script = `import { train } from './training.mjs'; train({ channels: { train: [] }, hyperParameters: {} });`;
    expect(() => inNode(script)).toThrow(/nothing to learn/);
  });
});

test('the delay itself comes with its KPI; of the other outcomes, in seconds', () => {
  const told = inNode<{ kpi: string; value: number; truth?: number }[][]>(`
    import outcomes from './outcomes.mjs';
    import inSeconds from './outcomes-in-seconds.mjs';
    const input = { truth: { delay: 40 }, response: { delayMinutes: 5 }, random };
    console.log(JSON.stringify([outcomes(input), inSeconds(input)]));`);
  expect(told.map((outcomes) => outcomes.map(({ kpi, value, truth }) => [kpi, value, truth]))).toEqual([
    [
      ['off-by-half-hour', 1, undefined],
      ['error-minutes', 35, 40],
    ],
    [
      ['off-by-half-hour', 1, undefined],
      ['error-minutes', 35, 2400],
    ],
  ]);
});
