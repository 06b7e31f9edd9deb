import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timelineText } from '../../rehearsal/report/terminal';
import { scenarioSchema } from '../../rehearsal/world/scenario-schema';
import { run, TOY, toyJob } from './toy';

jest.setTimeout(240_000);

/** The toy use case with a large holdout, money and a kill criterion. */
function toyWithCriterion(after: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'sluice-holdout-'));
  cpSync(TOY, directory, { recursive: true });
  const file = path.join(directory, 'usecase.yaml');
  const charter = readFileSync(file, 'utf8');
  const edited = charter
    .replace('reviewBy: 2099-12-31', `reviewBy: 2099-12-31\n  killCriteria: [{ kpi: mistakes, noBetterThanBaselineAfter: ${after} }]`)
    .replace('window: 30m,', 'window: 30m,\n      money: { perUnit: -2, currency: EUR },')
    .replace('holdout: 0.02', 'holdout: 0.4');
  expect(edited.match(/killCriteria|money|0\.4/g)).toHaveLength(3);
  writeFileSync(file, edited);
  return directory;
}

async function daysOf(model: string) {
  const scenario = scenarioSchema.parse({
    title: 'nothing but days',
    duration: '42h',
    traffic: { perMinute: 0.8, source: 'traffic.mjs' },
    given: { stable: 'promoted' },
    arms: { stable: { model }, candidate: { model } },
    outcomes: 'outcomes.mjs',
    people: [{ role: 'quality', after: '10m', decision: 'approve' }],
  });
  return run(await toyJob({ name: 'days', file: 'days.yaml', scenario }, 1, toyWithCriterion('12h')));
}

test('a stable release that is better than its baseline: the lift shows, with what it is worth', async () => {
  const result = await daysOf('models/good.mjs');
  const { holdout } = result;
  expect(holdout).toMatchObject({ reviews: 2, day: '2026-03-04', told: 0 });
  const [mistakes] = holdout?.kpis ?? [];
  // 8 % with the model, 30 % with the rule of thumb.
  expect(mistakes?.lift.ratio?.low).toBeLessThan(0.08 / 0.3);
  expect(mistakes?.lift.ratio?.high).toBeGreaterThan(0.08 / 0.3);
  expect(mistakes?.lift.ratio?.high).toBeLessThan(1);
  expect(mistakes?.money?.amount.low).toBeGreaterThan(0);
  expect(holdout?.criteria).toMatchObject([{ criterion: 'mistakes-720', state: 'better' }]);
  expect(timelineText(result, { colours: false })).toMatch(
    /Beside the baseline, on 2026-03-04\n {2}mistakes: .* better than the baseline, earns EUR/,
  );
  expect(result.iam.denied).toEqual([]);
  expect(result.invariants.filter(({ held }) => !held)).toEqual([]);
});

test('a stable release that is no better: the kill criterion is met, and told once', async () => {
  const result = await daysOf('models/bad.mjs');
  expect(result.holdout).toMatchObject({ reviews: 2, told: 1 });
  expect(result.holdout?.criteria).toMatchObject([{ criterion: 'mistakes-720', state: 'met' }]);
  expect(result.holdout?.criteria[0]?.words).toMatch(/^mistakes is not shown to be better than the baseline 12 hours after going live/);
  expect(result.iam.denied).toEqual([]);
  // It tells, it does not kill.
  expect(result.requests.byArm.stable).toBeGreaterThan(0);
  const unused = result.iam.unused.filter(({ role }) => role.includes('Holdout'));
  expect(unused.map(({ action }) => action)).toEqual([]);
  expect(result.invariants.filter(({ held }) => !held)).toEqual([]);
});
