import { powerOf, powerReport } from '../../../core/charter/power';
import { unitsForMeanVerdict } from '../../../core/verdict';
import { accepted, changed, SAMPLE } from './sample';

const NEEDED = 6 / (Math.log(1.2) ** 2 * 0.03 * 0.97);

test('units needed follow from margin and target', () => {
  expect(powerOf(accepted(SAMPLE))[0]).toMatchObject({ kpi: 'missed-spam', rate: 0.03, unitsNeeded: Math.ceil(NEEDED) });
});

test('a KPI without target gets advice instead of a number', () => {
  expect(powerOf(accepted(SAMPLE))[1]).toEqual({ kpi: 'wrongly-blocked', margin: 0.2 });
  expect(powerReport(accepted(SAMPLE))[1]).toMatch(/give a target/);
});

test('hours are those in which the steps gather what is needed, plus the window', () => {
  const charter = accepted(SAMPLE);
  const perMinute = 100;
  // Two hours at 5 %, four at 25 %, then 50 %, each against what the holdout leaves to stable.
  const early = 120 * ((0.05 * 0.93) / 0.98) + 240 * ((0.25 * 0.73) / 0.98);
  const late = (NEEDED / perMinute - early) / ((0.5 * 0.48) / 0.98);
  expect(late).toBeGreaterThan(0);
  expect(powerOf(charter, { unitsPerMinute: perMinute })[0]!.hours).toBeCloseTo((360 + late + 360) / 60, 0);
});

test('too little traffic is said, with how much is needed, and that much is enough', () => {
  const charter = accepted(SAMPLE);
  const [tooLittle] = powerOf(charter, { unitsPerMinute: 1 });
  expect(tooLittle!.hours).toBeUndefined();
  expect(powerReport(charter, { unitsPerMinute: 1 })[0]).toMatch(/give none within 24 h .* at least [\d.]+ units a minute/);
  expect(powerOf(charter, { unitsPerMinute: tooLittle!.unitsPerMinuteNeeded! })[0]!.hours).toBeLessThanOrEqual(24.1);
});

test('a window longer than the rollout never matures', () => {
  const charter = accepted(changed('window: 6h', 'window: 29d'));
  expect(powerReport(charter)[0]).toMatch(/never mature/);
});

test('all at once waits for no verdict', () => {
  const atOnce = accepted(changed('strategy: canary', 'strategy: all-at-once', changed(/ {2}steps:.*\n/, '')));
  expect(powerReport(atOnce)).toEqual(['all-at-once: no verdict is waited for']);
});

describe('means and counts', () => {
  const withMean = (typical: string, margin = 0.2): string =>
    changed(
      /- \{ name: wrongly-blocked.*\}/,
      `- { name: seconds, type: mean, better: lower, unit: case, role: guard, margin: ${margin}, window: 1h, cap: 3600, typical: ${typical} }`,
    );

  test('need what margin and typical say, without a target', () => {
    const [, power] = powerOf(accepted(withMean('{ mean: 300, deviation: 540 }')), { unitsPerMinute: 10 });
    expect(power).toMatchObject({ kpi: 'seconds', mean: 300, standardDeviation: 540, margin: 0.2 });
    expect(power!.unitsNeeded).toBe(Math.ceil(unitsForMeanVerdict(0.2, 300, 540)));
    expect(power!.unitsNeeded).toBeGreaterThan(200);
    expect(power!.hours).toBeGreaterThan(1);
    expect(power!).not.toHaveProperty('rate');
  });

  test('need four times as much for half the margin', () => {
    const unitsAt = (margin: number): number => powerOf(accepted(withMean('{ mean: 300, deviation: 900 }', margin)))[1]!.unitsNeeded!;
    expect(unitsAt(0.1) / unitsAt(0.2)).toBeCloseTo(4, 1);
  });

  test('are not promoted before the first values are known, however steady they are', () => {
    expect(powerOf(accepted(withMean('{ mean: 300, deviation: 30 }')))[1]!.unitsNeeded).toBe(200);
  });

  test('are spoken of by their mean', () => {
    const charter = accepted(withMean('{ mean: 300, deviation: 540 }'));
    expect(powerReport(charter)[1]).toMatch(
      /^seconds: at a mean of 300 ± 540 and a margin of 20 %, for a verdict within 24 h .* at least [\d.]+ units/,
    );
    expect(powerReport(charter, { unitsPerMinute: 100 })[1]).toMatch(/, 100 units a minute give a verdict after about [\d.]+ h$/);
  });
});
