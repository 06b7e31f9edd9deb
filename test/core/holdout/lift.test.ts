import { type HoldoutReview, reviewHoldout } from '../../../core/holdout';
import type { KpiPolicy } from '../../../core/contracts';
import { createRandom } from '../../../rehearsal/kernel/random';
import { DAY, handlingTime, inputOf, live, LIVE, missedSpam, simulated, steady } from './fixtures';

const kpiOf = (review: HoldoutReview) => review.kpis[0]!;

describe('lift', () => {
  const better = steady(240, { stable: { n: 100, x: 4 }, baseline: { n: 50, x: 5 } });

  test('is the ratio of rates, within its interval, and worth money', () => {
    const { lift, money, words } = kpiOf(reviewHoldout(inputOf(missedSpam, better, 10)));
    expect(lift.stable).toEqual({ units: 24_000, observed: 960, value: 0.04 });
    expect(lift.baseline).toEqual({ units: 12_000, observed: 1_200, value: 0.1 });
    expect(lift.ratio?.estimate).toBeCloseTo(0.4, 2);
    expect(lift.ratio?.low).toBeGreaterThan(0.33);
    expect(lift.ratio?.high).toBeLessThan(0.48);
    expect(lift.difference?.estimate).toBeCloseTo(-0.06, 3);
    // 100 units an hour, 6 of which no longer cost 2.50.
    expect(money).toMatchObject({ currency: 'USD', unitsPerMonth: (100 * 24 * 365.25) / 12 });
    expect(money?.amount.estimate).toBeCloseTo(0.06 * 2.5 * 73_050, -3);
    expect(money?.amount.low).toBeLessThan(money?.amount.estimate ?? 0);
    expect(money?.amount.high).toBeGreaterThan(money?.amount.estimate ?? 0);
    expect(words).toMatch(/^missed-spam: 4 % with the stable release, 10 % with the baseline in 10 days: 60(\.\d)? % lower \(95 % sure: /);
    expect(words).toMatch(/better than the baseline, earns USD 1[01],\d{3} a month beside the baseline/);
  });

  test.each<[KpiPolicy['better'], string]>([
    ['lower', 'better than the baseline'],
    ['higher', 'worse than the baseline'],
  ])('says what that means where %s is better', (direction, expected) => {
    expect(kpiOf(reviewHoldout(inputOf({ ...missedSpam, better: direction }, better, 12))).words).toContain(expected);
  });

  test('of a mean is the ratio of means', () => {
    const exponential = { n: 0, x: 0, sum: 0, squares: 0 };
    // Values 5 and 15 per cent of the cap, as often as each other, against twice that.
    const stable = { ...exponential, n: 40, x: 40, sum: 20 * 500 + 20 * 1_500, squares: 20 * 500 ** 2 + 20 * 1_500 ** 2, tilts: [] };
    const baseline = { ...exponential, n: 20, x: 20, sum: 10 * 1_000 + 10 * 3_000, squares: 10 * 1_000 ** 2 + 10 * 3_000 ** 2, tilts: [] };
    const { lift, money, words } = kpiOf(reviewHoldout(inputOf(handlingTime, steady(120, { stable, baseline }), 5)));
    expect(lift.stable.value).toBeCloseTo(10, 9);
    expect(lift.ratio?.estimate).toBeCloseTo(0.5, 9);
    expect(lift.difference?.estimate).toBeCloseTo(-10, 9);
    expect(money?.amount.estimate).toBeCloseTo(0.5 * 10 * 40 * 24 * (365.25 / 12), 3);
    expect(words).toMatch(/^handling-time: 10 with the stable release, 20 with the baseline/);
  });

  test('counts units without a value as 0 where the charter says so', () => {
    const kpi: KpiPolicy = { ...handlingTime, type: 'count', unobserved: 'zero' };
    const arm = { n: 100, x: 50, sum: 50 * 1_000, squares: 50 * 1_000 ** 2, tilts: [] };
    const { lift, money } = kpiOf(reviewHoldout(inputOf(kpi, steady(120, { stable: arm, baseline: arm }), 5)));
    expect(lift.stable.value).toBeCloseTo(5, 9);
    expect(money?.unitsPerMonth).toBeCloseTo(100 * 24 * (365.25 / 12), 6);
  });

  test('is not bounded, and has no estimate, while the baseline has no outcome; money is bounded all the same', () => {
    const { lift, money, words } = kpiOf(
      reviewHoldout(inputOf(missedSpam, steady(48, { stable: { n: 90, x: 9 }, baseline: { n: 10, x: 0 } }), 3)),
    );
    expect(lift.ratio).toEqual({ low: expect.any(Number) as number });
    expect(lift.ratio?.low).toBeGreaterThan(1);
    expect(money?.amount).toEqual({ low: expect.any(Number), estimate: expect.any(Number), high: expect.any(Number) });
    expect(words).toMatch(/no ratio yet \(95 % sure: at least .* higher\), worse than the baseline, costs USD/);
    expect(JSON.parse(JSON.stringify(lift))).toEqual(lift);
  });

  test.each([
    ['nobody is held out', { stable: { n: 100, x: 4 } }, 0, /no unit is held out \(rollout\.holdout is 0\)/],
    ['the holdout had no traffic', { stable: { n: 100, x: 4 } }, 0.1, /the baseline has no settled units yet/],
    ['stable had no traffic', { baseline: { n: 100, x: 4 } }, 0.1, /the stable release has no settled units yet/],
    ['nothing ever happened', { stable: { n: 9, x: 0 }, baseline: { n: 9, x: 0 } }, 0.1, /too little was observed/],
  ])('is missing where %s', (_why, arms, holdout, words) => {
    const review = kpiOf(reviewHoldout(inputOf(missedSpam, steady(24, arms), 3, { holdout })));
    expect(review.lift.ratio).toBeUndefined();
    expect(review.money).toBeUndefined();
    expect(review.words).toMatch(words);
  });

  test('of a mean is missing before 200 observations of the baseline', () => {
    const arm = (n: number) => ({ n, x: n, sum: n * 1_000, squares: n * 2_000 ** 2, tilts: [] });
    const of = (baseline: number) =>
      kpiOf(reviewHoldout(inputOf(handlingTime, steady(1, { stable: arm(5_000), baseline: arm(baseline) }), 3))).lift.ratio;
    expect(of(199)).toBeUndefined();
    expect(of(200)).toBeDefined();
  });

  test('says nothing of a month from less than a day', () => {
    const review = kpiOf(reviewHoldout(inputOf(missedSpam, better, 0.8)));
    expect(review.lift.ratio).toBeDefined();
    expect(review.money).toBeUndefined();
  });

  test('counts days without traffic as such', () => {
    expect(kpiOf(reviewHoldout(inputOf(missedSpam, better, 20))).money?.unitsPerMonth).toBeCloseTo((100 * 12 * 365.25) / 12, 6);
  });

  test('leaves out hours whose outcomes may still come', () => {
    const hours = steady(72, { stable: { n: 10, x: 1 }, baseline: { n: 10, x: 1 } });
    const unsettled = kpiOf(reviewHoldout(inputOf({ ...missedSpam, windowMinutes: 24 * 60 }, hours, 3)));
    expect(unsettled.lift.stable.units).toBe(49 * 10);
    expect(unsettled.trend.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03']);
  });

  test('begins with the stable release; users only count in its own comparison', () => {
    const arms = { stable: { n: 10, x: 1 }, baseline: { n: 5, x: 1 } };
    const hours = [
      ...steady(24, arms, LIVE, 'r0-00000000'),
      ...steady(24, arms, LIVE + DAY, undefined, true),
      ...steady(24, arms, LIVE + 2 * DAY, undefined, false),
    ];
    const of = (kpi: KpiPolicy) => kpiOf(reviewHoldout(inputOf(kpi, hours, 5, { stable: live(undefined, LIVE + DAY) }))).lift.stable.units;
    expect(of(missedSpam)).toBe(480);
    expect(of({ ...missedSpam, unit: 'user' })).toBe(240);
  });

  test('the trend tells each whole day by arm', () => {
    const hours = [
      ...steady(24, { stable: { n: 10, x: 1 }, candidate: { n: 10, x: 5 } }),
      ...steady(12, { stable: { n: 10, x: 2 } }, LIVE + DAY),
    ];
    expect(kpiOf(reviewHoldout(inputOf(missedSpam, hours, 1.5))).trend).toEqual([
      {
        day: '2026-03-02',
        arms: { stable: { units: 240, observed: 24, value: 0.1 }, candidate: { units: 240, observed: 120, value: 0.5 } },
      },
    ]);
  });
});

describe('over simulated horizons with a daily rhythm and a ramp', () => {
  const SIMULATIONS = 40;
  const DAYS = 8;
  const looks = [1, 3, 8];

  const missed = (kpi: KpiPolicy, perHour: number, level: number): number =>
    Array.from({ length: SIMULATIONS }, (_, seed) => simulated(createRandom(seed), kpi, DAYS, perHour, () => level)).filter((hours) =>
      looks.some((days) => {
        const { low = 0, high = Number.POSITIVE_INFINITY } = kpiOf(reviewHoldout(inputOf(kpi, hours, days))).lift.ratio ?? {};
        return low > 1 || high < 1;
      }),
    ).length;

  // At 5 % more than 6 of 40 happen with a probability below 0.4 %.
  test.each<[string, KpiPolicy, number, number]>([
    ['rates', missedSpam, 60, 0.1],
    ['means', handlingTime, 60, 10],
  ])('without a lift the interval of %s covers 1 at every look in at least 95 %%', (_name, kpi, perHour, level) => {
    expect(missed(kpi, perHour, level)).toBeLessThanOrEqual(6);
  });

  test('a lift is found, and covered', () => {
    const levels = { stable: 0.05, baseline: 0.1, candidate: 0 };
    const covered = Array.from({ length: 20 }, (_, seed) =>
      simulated(createRandom(`lift ${seed}`), missedSpam, DAYS, 200, (arm) => levels[arm]),
    ).map((hours) => kpiOf(reviewHoldout(inputOf(missedSpam, hours, DAYS))).lift.ratio ?? {});
    expect(covered.filter(({ high = 9 }) => high < 1).length).toBe(20);
    expect(covered.filter(({ low = 9, high = 0 }) => low <= 0.5 && high >= 0.5).length).toBeGreaterThanOrEqual(18);
  });
});

test('90 days of different hours', () => {
  const hours = steady(90 * 24, {}).map((hour, index) => ({
    ...hour,
    arms: { stable: { n: 58_800 + index, x: 5_880 + (index % 50) }, baseline: { n: 1_200 + index, x: 130 + (index % 20) } },
  }));
  expect(kpiOf(reviewHoldout(inputOf(missedSpam, hours, 89.9))).lift.ratio?.low).toBeGreaterThan(1);
});
