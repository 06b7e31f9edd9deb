import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatProblem, parseCharter } from '../../core/charter';
import { loadScenarios } from '../../rehearsal/world/load-scenario';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLE = path.join(ROOT, 'examples/claims-summary');

/** The example's modules are ES modules, as a user's are: they run in a process of their own. */
function inNode<T>(script: string): T {
  const run = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], { cwd: EXAMPLE, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as T;
}

test.each([
  ['.', 'real-time', true],
  ['overflow', 'async', undefined],
])('the charter in %s is valid', (folder, mode, streaming) => {
  const directory = path.join(EXAMPLE, folder);
  const file = path.join(directory, 'usecase.yaml');
  const exists = (relative: string): boolean => existsSync(path.join(directory, relative));
  const result = parseCharter(readFileSync(file, 'utf8'), file, { exists });
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  expect(result.ok && [result.charter.serving.mode, result.charter.serving.streaming]).toEqual([mode, streaming]);
});

test('both charters name the same image, weights and prompt', () => {
  const modelOf = (folder: string): unknown => {
    const file = path.join(EXAMPLE, folder, 'usecase.yaml');
    const result = parseCharter(readFileSync(file, 'utf8'), file);
    if (!result.ok) throw new Error('invalid');
    const { image, artefact, environment } = result.charter.release.model;
    return { image, artefact, prompt: environment['SM_VLLM_CHAT_TEMPLATE'] };
  };
  expect(modelOf('overflow')).toEqual(modelOf('.'));
});

test.each([
  ['.', ['better-prompt', 'breaking-off', 'hallucinating', 'slow-first-token']],
  ['overflow', ['first-release']],
])('every scenario in %s expects an outcome, and names files that are there', (folder, names) => {
  const directory = path.join(EXAMPLE, folder);
  const scenarios = loadScenarios(directory, undefined);
  expect(scenarios.map(({ name }) => name)).toEqual(names);
  for (const { scenario } of scenarios) {
    expect(scenario.expect.outcome).toBeDefined();
    const models = Object.values(scenario.arms).map(({ model }) => String(model));
    for (const file of [...models, String(scenario.outcomes), String(scenario.traffic.source)]) {
      expect(existsSync(path.join(directory, file))).toBe(true);
    }
  }
});

describe('the stand-ins, asked for the same claims', () => {
  const shares = inNode<Record<string, { missing: number; invented: number }>>(
    "const { measure } = await import('./measure.mjs'); console.log(JSON.stringify(await measure()));",
  );

  test('are as the page says', () => {
    const page = readFileSync(path.join(EXAMPLE, 'README.md'), 'utf8');
    for (const [name, { missing, invented }] of Object.entries(shares)) {
      const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;
      expect(page).toContain(`${name.padEnd(25)} something missing ${percent(missing)}   something invented ${percent(invented)}`);
    }
  });

  test('the better prompt forgets less, the hallucinating one makes things up', () => {
    expect(shares['stable']!.missing).toBeLessThan(shares['baseline']!.missing);
    expect(shares['candidate-better-prompt']!.missing).toBeLessThan(shares['stable']!.missing / 4);
    expect(shares['candidate-hallucinating']!.invented).toBeGreaterThan(0.4);
    expect(shares['stable']!.invented).toBe(0);
  });
});

test('an answer is read alike, streamed or whole', () => {
  const texts = inNode<string[]>(`
    import { summaryOf } from './answer-text.mjs';
    import { stream } from './models/stable.mjs';
    const request = { messages: [{ content: 'It happened on 3 May 2026. It is storm damage. The estimate comes to EUR 900.' }] };
    const { parts, contentType } = stream(request, { random: () => 0.99 });
    const streamed = parts.map(({ text }) => text).join('');
    const whole = { choices: [{ message: { content: summaryOf(streamed) } }] };
    console.log(JSON.stringify([contentType, summaryOf(streamed), summaryOf(whole), String(parts.length > 2)]));`);
  const summary = 'On 3 May 2026 a loss occurred; the cause is storm damage; the estimate is EUR 900.';
  expect(texts).toEqual(['text/event-stream', summary, summary, 'true']);
});

test('a stand-in that breaks off says why, and never ends its stream', () => {
  const broken = inNode<{ brokenBy: string; parts: { text: string }[] }>(`
    import { streamed } from './models/summariser.mjs';
    const request = { messages: [{ content: 'It happened on 3 May 2026. It is theft. The estimate comes to EUR 900.' }] };
    console.log(JSON.stringify(streamed(request, { forgets: 0, breaksOff: 1 }, () => 0.5)));`);
  expect(broken.brokenBy).toMatch(/memory/);
  expect(broken.parts.map(({ text }) => text).join('')).not.toContain('[DONE]');
});

describe('traffic and outcomes', () => {
  interface Drawn {
    units: string[];
    outcomes: { kpi: string; value: number; delayMinutes: number }[][];
  }
  const draw = (summary: string): Drawn =>
    inNode<Drawn>(`
      import traffic from './traffic.mjs';
      import outcomes from './outcomes.mjs';
      let state = 7;
      const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
      const source = traffic({ random });
      const items = Array.from({ length: 300 }, () => source.next());
      const response = { choices: [{ message: { content: ${JSON.stringify(summary)} } }] };
      console.log(JSON.stringify({
        units: items.map(({ unit }) => unit),
        outcomes: items.map(({ request, truth }) => outcomes({ request, truth, response, random })),
      }));`);
  const drawn = draw('nothing');

  test('every claim is a case of its own, and the same each time', () => {
    expect(new Set(drawn.units).size).toBe(300);
    expect(draw('nothing')).toEqual(drawn);
  });

  test('both KPIs arrive within the window of an hour; an empty summary is corrected and takes longer', () => {
    const share = drawn.outcomes.filter(([corrected]) => corrected?.value === 1).length / 300;
    expect(share).toBeGreaterThan(0.85);
    const minutes = drawn.outcomes.map(([, handling]) => handling?.value ?? Number.NaN);
    expect(minutes.reduce((sum, value) => sum + value, 0) / 300).toBeGreaterThan(30);
    for (const [corrected, handling] of drawn.outcomes) {
      expect([corrected?.kpi, handling?.kpi]).toEqual(['corrected-summary', 'handling-minutes']);
      expect(Math.max(corrected!.delayMinutes, handling!.delayMinutes)).toBeLessThan(60);
    }
  });
});
