import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatProblem, parseCharter } from '../../core/charter';
import { loadScenarios } from '../../rehearsal/world/load-scenario';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/flight-delay');

/** The example's modules are ES modules, as a user's are: they run in a process of their own. */
function inNode<T>(script: string): T {
  const run = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { cwd: EXAMPLE, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

test.each([
  [undefined, 'real-time', 'canary'],
  ['dev', 'serverless', 'all-at-once'],
])('the charter is valid, profile %p', (profile, mode, strategy) => {
  const file = path.join(EXAMPLE, 'usecase.yaml');
  const exists = (relative: string): boolean => existsSync(path.join(EXAMPLE, relative));
  const result = parseCharter(readFileSync(file, 'utf8'), file, { ...(profile === undefined ? {} : { profile }), exists });
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  expect(result.ok && result.charter.serving.mode).toBe(mode);
  expect(result.ok && result.charter.rollout.strategies).toEqual([strategy]);
  // Nothing of the GPU is left where there is none.
  expect(result.ok && result.charter.serving.instance).toBe(profile === undefined ? 'ml.g6.xlarge' : undefined);
});

test('every scenario expects an outcome, and names files that are there', () => {
  const scenarios = loadScenarios(EXAMPLE, undefined);
  expect(scenarios.map(({ name }) => name)).toEqual(['first-release', 'quiet-night', 'wrong-time-zone']);
  for (const { scenario } of scenarios) {
    const models = Object.values(scenario.arms).map(({ model }) => String(model));
    for (const file of [...models, String(scenario.outcomes), String(scenario.traffic.source)]) {
      expect(existsSync(path.join(EXAMPLE, file))).toBe(true);
    }
  }
});

describe('the models, asked for every flight of the traffic half', () => {
  const rates = inNode<Record<string, { offByHalfHour: number; errorMinutes: number }>>(
    "const { measure } = await import('./measure.mjs'); console.log(JSON.stringify(await measure()));",
  );
  const wrong = (name: string): number => rates[name]?.offByHalfHour ?? Number.NaN;

  test('stable beats what the desk says by heart', () => {
    expect(wrong('baseline')).toBeCloseTo(0.16, 2);
    expect(wrong('stable')).toBeCloseTo(0.131, 2);
  });

  test('the good candidate is no worse, the bad one is wrong three times as often', () => {
    expect(wrong('candidate-good')).toBeLessThanOrEqual(wrong('stable'));
    expect(wrong('candidate-bad')).toBeGreaterThanOrEqual(wrong('stable') * 3);
  });
});

describe('traffic and outcomes', () => {
  interface Drawn {
    units: string[];
    leaked: number;
    outcomes: { kpi: string; value: number; delayMinutes: number }[][];
  }
  const draw = (delayMinutes: number): Drawn =>
    inNode<Drawn>(`
      import traffic from './traffic.mjs';
      import outcomes from './outcomes.mjs';
      import { flights } from './flights.mjs';
      let state = 7;
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
      const source = traffic({ random });
      const items = Array.from({ length: 300 }, () => source.next());
      const training = new Set(flights().training.map(({ request }) => request));
      console.log(JSON.stringify({
        units: items.map(({ unit }) => unit),
        leaked: items.filter(({ request }) => training.has(request)).length,
        outcomes: items.map(({ request, truth }) => outcomes({ request, truth, response: { delayMinutes: ${delayMinutes} }, random })),
      }));`);
  const drawn = draw(0);

  test('every flight is a case of its own, from the traffic half, and the same each time', () => {
    expect(new Set(drawn.units).size).toBe(300);
    expect(drawn.leaked).toBe(0);
    expect(draw(0)).toEqual(drawn);
  });

  test('both KPIs arrive within the window of three hours, whatever was answered', () => {
    const far = draw(1000);
    for (const [index, [half, error]] of drawn.outcomes.entries()) {
      expect([half?.kpi, error?.kpi]).toEqual(['off-by-half-hour', 'error-minutes']);
      expect(half?.value).toBe((error?.value ?? Number.NaN) > 30 ? 1 : 0);
      expect(half?.delayMinutes).toBeLessThan(180);
      expect(far.outcomes[index]?.[0]?.delayMinutes).toBe(half?.delayMinutes);
      expect(far.outcomes[index]?.[0]?.value).toBe(1);
    }
  });
});

describe('the model artefact', () => {
  test('is what the build script writes', () => {
    const run = spawnSync(process.execPath, ['--no-warnings', 'build-model.mjs', '--check'], { cwd: EXAMPLE, encoding: 'utf8' });
    expect(run.stdout).toContain('is up to date');
    expect(run.status).toBe(0);
  });

  test('its Python script answers like the JavaScript table', () => {
    const requests = Array.from({ length: 24 }, (_, scheduledHour) => ({ scheduledHour, distanceMiles: scheduledHour * 150 }));
    const expected = inNode<unknown>(
      `const { predict } = await import('./models/candidate-good.mjs'); console.log(JSON.stringify(${JSON.stringify(requests)}.map(predict)));`,
    );
    const script = [
      'import sys, json',
      'sys.dont_write_bytecode = True',
      'sys.path.insert(0, "model/code")',
      'import inference',
      'model = inference.model_fn("model")',
      'requests = json.loads(sys.argv[1])',
      'answers = [inference.predict_fn(inference.input_fn(json.dumps(one)), model) for one in requests]',
      'print(json.dumps([json.loads(inference.output_fn(answer)[0]) for answer in answers]))',
    ].join('\n');
    const run = spawnSync('python3', ['-c', script, JSON.stringify(requests)], { cwd: EXAMPLE, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual(expected);
  });
});
