import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatProblem, parseCharter } from '../../core/charter';
import { loadScenarios } from '../../rehearsal/world/load-scenario';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/support-triage');

/** The example's modules are ES modules, as a user's are: they run in a process of their own. */
function inNode<T>(script: string): T {
  const run = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { cwd: EXAMPLE, encoding: 'utf8' });
  if (run.status !== 0) {
    throw new Error(run.stderr);
  }
  return JSON.parse(run.stdout) as T;
}

describe('the charter', () => {
  test.each([undefined, 'cpu'])('is valid, profile %p', (profile) => {
    const file = path.join(EXAMPLE, 'usecase.yaml');
    const exists = (relative: string): boolean => existsSync(path.join(EXAMPLE, relative));
    const result = parseCharter(readFileSync(file, 'utf8'), file, { ...(profile === undefined ? {} : { profile }), exists });
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
    expect(result.ok && result.charter.serving.instance).toBe(profile === 'cpu' ? 'ml.m5.large' : 'ml.g5.xlarge');
  });
});

test('every scenario loads, expects an outcome, and names files that are there', () => {
  const scenarios = loadScenarios(EXAMPLE, undefined);
  expect(scenarios.map(({ name }) => name)).toEqual([
    'bad-candidate',
    'cdk-deploy-mid-canary',
    'crashing-candidate',
    'first-release',
    'good-candidate',
    'operator-kills',
    'release-control',
  ]);
  for (const { scenario } of scenarios) {
    expect(scenario.expect.outcome).toBeDefined();
    const models = Object.values(scenario.arms).map(({ model }) => String(model));
    for (const file of [...models, String(scenario.outcomes), String(scenario.traffic.source)]) {
      expect(existsSync(path.join(EXAMPLE, file))).toBe(true);
    }
  }
});

describe('the models', () => {
  interface Rates {
    missedSpam: number;
    wronglyBlocked: number;
  }
  const rates = inNode<Record<string, Rates>>(
    "const { measure } = await import('./measure.mjs'); console.log(JSON.stringify(await measure()));",
  );
  const of = (name: string): Rates => rates[name] ?? { missedSpam: Number.NaN, wronglyBlocked: Number.NaN };

  test('stable misses about 10 % of spam and blocks about 5 % of customers', () => {
    expect(of('stable').missedSpam).toBeCloseTo(0.1, 1.7);
    expect(of('stable').wronglyBlocked).toBeCloseTo(0.05, 1.7);
  });

  test('the good candidate at least halves both', () => {
    expect(of('candidate-good').missedSpam).toBeLessThanOrEqual(of('stable').missedSpam / 2);
    expect(of('candidate-good').wronglyBlocked).toBeLessThanOrEqual(of('stable').wronglyBlocked / 2);
  });

  test('the bad candidate at least triples missed spam, and nothing else tells', () => {
    expect(of('candidate-bad').missedSpam).toBeGreaterThanOrEqual(of('stable').missedSpam * 3);
    expect(of('candidate-bad').wronglyBlocked).toBeLessThanOrEqual(of('stable').wronglyBlocked);
  });

  test('the keyword rule is worse than any promoted model', () => {
    expect(of('baseline').missedSpam).toBeGreaterThan(of('stable').missedSpam * 2);
    expect(of('baseline').wronglyBlocked).toBeGreaterThan(of('stable').wronglyBlocked * 2);
  });

  test('the crashing candidate throws at every request', () => {
    const message = inNode<string>(
      "const { predict } = await import('./models/candidate-crashing.mjs');" +
        "try { predict({ subject: 'a', text: 'b' }); console.log('null'); } catch (error) { console.log(JSON.stringify(error.message)); }",
    );
    expect(message).toContain("'body'");
  });
});

describe('traffic and outcomes', () => {
  interface Drawn {
    units: string[];
    outcomes: { kpi: string; value: number; delayMinutes: number }[][];
    spam: boolean[];
    leaked: number;
  }
  const draw = (label: string): Drawn =>
    inNode<Drawn>(`
      import traffic from './traffic.mjs';
      import outcomes from './outcomes.mjs';
      import { mails } from './mail.mjs';
      let state = 7;
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
      const source = traffic({ random });
      const items = Array.from({ length: 400 }, () => source.next());
      const training = new Set(mails().training.map(({ request }) => request));
      console.log(JSON.stringify({
        units: items.map(({ unit }) => unit),
        spam: items.map(({ truth }) => truth.spam),
        leaked: items.filter(({ request }) => training.has(request)).length,
        outcomes: items.map(({ request, truth }) => outcomes({ request, truth, response: { label: '${label}' }, random })),
      }));`);
  const drawn = draw('spam');

  test('every request is a case of its own, from the traffic half', () => {
    expect(new Set(drawn.units).size).toBe(400);
    expect(drawn.leaked).toBe(0);
  });

  test('the same random numbers give the same traffic', () => {
    expect(draw('spam')).toEqual(drawn);
  });

  test('one outcome per case, within the charter’s window of an hour', () => {
    for (const [index, one] of drawn.outcomes.entries()) {
      expect(one).toHaveLength(1);
      expect(one[0]?.kpi).toBe(drawn.spam[index] ? 'missed-spam' : 'wrongly-blocked');
      expect(one[0]?.value).toBe(drawn.spam[index] ? 0 : 1);
      expect(one[0]?.delayMinutes).toBeGreaterThan(0);
      expect(one[0]?.delayMinutes).toBeLessThan(60);
    }
  });

  test('the delay is the same whatever was answered', () => {
    const ham = draw('ham');
    expect(ham.outcomes.map(([one]) => one?.delayMinutes)).toEqual(drawn.outcomes.map(([one]) => one?.delayMinutes));
    expect(ham.outcomes.map(([one]) => one?.value)).toEqual(drawn.outcomes.map(([one]) => 1 - (one?.value ?? 0)));
  });
});

describe('the model artefact', () => {
  test('is what the build script writes', () => {
    const run = spawnSync(process.execPath, ['build-model.mjs', '--check'], { cwd: EXAMPLE, encoding: 'utf8' });
    expect(run.stdout).toContain('is up to date');
    expect(run.status).toBe(0);
  });

  test('the committed samples are what the JavaScript classifier answers', () => {
    const samples = path.join(__dirname, 'sample-mails.json');
    const { expected, actual } = inNode<{ expected: unknown[]; actual: unknown[] }>(`
      import { readFileSync } from 'node:fs';
      import { answerOf } from './models/classifier.mjs';
      const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
      const samples = read(${JSON.stringify(samples)});
      const model = read('model/weights.json');
      console.log(JSON.stringify({ expected: samples.map(({ answer }) => answer), actual: samples.map(({ request }) => answerOf(model, request)) }));`);
    expect(actual).toEqual(expected);
  });

  test('its Python script answers like the JavaScript classifier', () => {
    const run = spawnSync('python3', [path.join(__dirname, 'inference_test.py')], { encoding: 'utf8' });
    expect(run.stderr).toContain('OK');
    expect(run.status).toBe(0);
  });
});
