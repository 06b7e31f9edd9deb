import { type CriterionReview, type HourCounts, type ReviewInput, reviewHoldout } from '../../../core/holdout';
import { DAY, handlingTime, inputOf, live, LIVE, missedSpam, steady } from './fixtures';

const DAYS_30 = 30 * 1440;
const criterion = { kpi: 'missed-spam', noBetterThanBaselineAfterMinutes: DAYS_30 };
const same = { stable: { n: 100, x: 10 }, baseline: { n: 10, x: 1 } };
const better = { stable: { n: 100, x: 5 }, baseline: { n: 20, x: 2 } };

function reviewed(hours: HourCounts[], days: number, changes: Partial<ReviewInput> = {}): CriterionReview {
  const [first] = reviewHoldout(inputOf(missedSpam, hours, days, { criteria: [criterion], ...changes })).criteria;
  return first!;
}

const before = (state: CriterionReview['state'], horizon = '2026-03-02'): CriterionReview[] => [
  { criterion: `missed-spam-${DAYS_30}`, kpi: 'missed-spam', state, horizon, words: 'as before' },
];

describe('noBetterThanBaselineAfter', () => {
  test.each<[string, CriterionReview['state'], HourCounts[], number, RegExp]>([
    ['before its time', 'waiting', steady(480, same), 20, /has until 2026-04-01T00:00 UTC to be better than the baseline/],
    [
      'at its time without proof',
      'met',
      steady(720, same),
      30,
      /not shown to be better than the baseline 30 days after going live: evidence .* decide whether to kill it/,
    ],
    ['with proof, in time', 'better', steady(480, better), 20, /is better than the baseline: evidence/],
    ['with proof, later', 'better', steady(960, better), 40, /is better than the baseline/],
    ['with nobody held out', 'no-data', steady(720, { stable: { n: 100, x: 10 } }), 30, /cannot be compared .* Hold units out/],
    ['without any traffic', 'no-data', [], 30, /cannot be compared/],
  ])('%s: %s', (_when, state, hours, days, words) => {
    const review = reviewed(hours, days);
    expect(review.state).toBe(state);
    expect(review.words).toMatch(words);
    expect(review).toMatchObject({
      criterion: `missed-spam-${DAYS_30}`,
      horizon: '2026-03-02',
      dueAt: '2026-04-01T00:00:00.000Z',
      threshold: 20,
    });
    expect((review.evidence ?? 0) >= 20).toBe(state === 'better');
  });

  test('worse is no proof of better', () => {
    expect(reviewed(steady(720, { stable: { n: 100, x: 20 }, baseline: { n: 20, x: 2 } }), 30).state).toBe('met');
  });

  test('a new release does not set its clock back; a revival does', () => {
    const second = live('r2-bbbbbbbb', LIVE + 25 * DAY);
    const hours = [...steady(600, same), ...steady(120, same, LIVE + 25 * DAY, 'r2-bbbbbbbb')];
    expect(reviewed(hours, 30, { stable: second, course: [live(), second] }).state).toBe('met');
    expect(reviewed(hours, 30, { stable: second, course: [second] }).state).toBe('waiting');
  });

  test('evidence is gathered over all releases of the course', () => {
    const second = live('r2-bbbbbbbb', LIVE + 25 * DAY);
    const hours = [...steady(600, better), ...steady(120, better, LIVE + 25 * DAY, 'r2-bbbbbbbb')];
    const course = { stable: second, course: [live(), second] };
    expect(reviewed(hours, 30, course).evidence).toBeGreaterThan(reviewed(hours, 30, { stable: second, course: [second] }).evidence ?? 0);
  });

  test('for users the clock is the release: every release counts them anew', () => {
    const second = live('r2-bbbbbbbb', LIVE + 25 * DAY);
    const hours = [...steady(600, same), ...steady(120, same, LIVE + 25 * DAY, 'r2-bbbbbbbb')];
    const review = reviewed(hours, 30, { kpis: [{ ...missedSpam, unit: 'user' }], stable: second, course: [live(), second] });
    expect(review).toMatchObject({ state: 'waiting', horizon: '2026-03-27' });
  });

  test('a new horizon starts without evidence: the last word stands until it is old enough', () => {
    const hours = steady(24 * 125, same);
    for (const state of ['met', 'better', 'no-data'] as const) {
      expect(reviewed(hours, 100, { before: before(state) })).toEqual(before(state)[0]);
    }
    expect(reviewed(hours, 120.2, { before: before('met') })).toMatchObject({ state: 'met', horizon: '2026-05-31' });
    expect(reviewed(steady(24 * 125, better), 100, { before: before('met') })).toMatchObject({ state: 'better', horizon: '2026-05-31' });
  });

  test('what a course before said does not count', () => {
    expect(reviewed(steady(480, same), 20, { before: before('met', '2025-12-01') }).state).toBe('waiting');
  });

  test('of a mean: proof of a lower one', () => {
    const arm = (n: number, sum: number) => ({ n, x: n, sum: n * sum, squares: n * (1.4 * sum) ** 2, tilts: [] });
    const of = (stable: number) =>
      reviewHoldout(
        inputOf(handlingTime, steady(200, { stable: arm(50, stable), baseline: arm(10, 1_000) }), 10, {
          criteria: [{ kpi: 'handling-time', noBetterThanBaselineAfterMinutes: 1440 }],
        }),
      ).criteria[0]?.state;
    expect(of(500)).toBe('better');
    expect(of(1_000)).toBe('met');
    expect(of(1_500)).toBe('met');
  });
});

test('costs are said to be watched by the cost meter', () => {
  const { criteria } = reviewHoldout(inputOf(missedSpam, [], 3, { criteria: [{ costPerDecisionAbove: 0.02, forMinutes: 10_080 }] }));
  expect(criteria).toEqual([
    {
      criterion: 'cost-per-decision-0.02-10080',
      state: 'not-evaluated',
      horizon: '2026-03-02',
      words: expect.stringContaining('watched by the cost meter') as string,
    },
  ]);
});

test('a criterion about a KPI that is not there is an error that names both', () => {
  expect(() => reviewed([], 3, { criteria: [{ ...criterion, kpi: 'spam' }] })).toThrow(/names the KPI 'spam'; the charter has missed-spam/);
});
