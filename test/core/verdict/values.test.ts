import type { KpiPolicy } from '../../../core/contracts';
import type { MinuteCounts } from '../../../core/verdict';
import {
  BURN_IN_OBSERVATIONS,
  countValue,
  groupValueStrata,
  judge,
  logMean,
  logValuePromotionEvidence,
  logValueRollbackEvidence,
  measureKpi,
  RatioSums,
  unobservedOf,
  valueScaleOf,
  valueStratumLogs,
} from '../../../core/verdict';
import { inputOf, minutes, rollout } from './fixtures';
import { complaints, countsOf, handlingTime, valueMinutes } from './values-fixtures';

const scale = valueScaleOf(handlingTime);
const spec = { rollout, kpis: [handlingTime] };
const judgeMeans = (means: [number, number], kpi: KpiPolicy = handlingTime, count = 200) =>
  judge(
    inputOf(
      count,
      { [kpi.name]: valueMinutes(kpi, { seed: 11, count, perMinute: [10, 10], means }) },
      {
        spec: { rollout, kpis: [kpi] },
      },
    ),
  );

describe('a mean', () => {
  test('that is worse rolls back, and the sentence gives the means', () => {
    const verdict = judgeMeans([14, 10]);
    expect(verdict).toMatchObject({ decision: 'roll-back', culprit: 'handling-time' });
    expect(verdict.reason).toMatch(
      /^handling-time of the candidate is 1\.\d times that of stable \(1[345][.\d]* against (9|10)[.\d]*\), evidence .* against a threshold of 20, \d+ candidate cases; error-rate fine$/,
    );
  });

  test('that is the same, or better, promotes', () => {
    expect(judgeMeans([10, 10]).decision).toBe('promote');
    expect(judgeMeans([7, 10]).decision).toBe('promote');
  });

  test('respects the direction: where more is better, less is harm', () => {
    const revenue: KpiPolicy = { ...handlingTime, name: 'revenue', better: 'higher' };
    expect(judgeMeans([6, 10], revenue)).toMatchObject({ decision: 'roll-back', culprit: 'revenue' });
    expect(judgeMeans([14, 10], revenue).decision).toBe('promote');
  });

  test('exactly at its margin is proven to be neither', () => {
    expect(judgeMeans([12, 10], { ...handlingTime, weight: 1e-9 }).decision).toBe('continue');
  });

  test('has evidence, means and ratio in its record, and stays JSON at the extremes', () => {
    const verdict = judgeMeans([60, 1], handlingTime, 500);
    const [evidence] = verdict.kpis;
    expect(evidence).toMatchObject({ kpi: 'handling-time', type: 'mean', unit: 'case', control: 'stable' });
    expect(evidence?.ratio).toBeCloseTo((evidence?.candidateMean ?? 0) / (evidence?.controlMean ?? 1), 6);
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  test('without data there is no evidence', () => {
    const [evidence] = judge(inputOf(90, {}, { spec })).kpis;
    expect(evidence).toMatchObject({ rollbackEvidence: 1, promotionEvidence: 1, burnIn: { observed: 0, needed: 200 } });
    expect(evidence).not.toHaveProperty('ratio');
  });

  test('a candidate alone shows nothing, though its values are the worst', () => {
    const alone = [{ minuteMillis: minutes(0), arms: { candidate: countsOf(scale, [60, 60, 60]) } }];
    const [stratum] = groupValueStrata(alone, 5, 'stable', scale, 'left-out');
    expect(stratum && valueStratumLogs(stratum, scale)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('burn-in', () => {
  const evidenceAfter = (values: number) => {
    // Every value the same and the candidate's the better ones: all that is missing is their number.
    const arms = { candidate: countsOf(scale, Array(values).fill(5)), stable: countsOf(scale, [...Array(200).fill(9), 11]) };
    return measureKpi(handlingTime, {
      spec,
      counters: { 'handling-time': [{ minuteMillis: minutes(0), arms }] },
      control: 'stable',
      nowMillis: minutes(100),
    }).evidence;
  };

  test(`nothing is proven before ${BURN_IN_OBSERVATIONS} values of the candidate`, () => {
    expect(evidenceAfter(199)).toMatchObject({ promotionEvidence: 1, burnIn: { observed: 199, needed: 200 } });
    expect(evidenceAfter(200).promotionEvidence).toBeGreaterThan(20);
    expect(evidenceAfter(200)).not.toHaveProperty('burnIn');
  });

  test('what is missing is said', () => {
    const few = { 'handling-time': valueMinutes(handlingTime, { seed: 3, count: 10, perMinute: [5, 5], means: [10, 10] }) };
    expect(judge(inputOf(600, few, { spec })).reason).toContain('handling-time 50 of the 200 candidate values that a mean needs');
    expect(judge(inputOf(100, few, { spec })).reason).toContain(
      'waiting for the promotion evidence (handling-time 50 of the 200 candidate values that a mean needs)',
    );
  });

  test('harm needs none', () => {
    const harmful = { 'handling-time': valueMinutes(handlingTime, { seed: 3, count: 5, perMinute: [20, 20], means: [40, 5] }) };
    expect(judge(inputOf(100, harmful, { spec })).decision).toBe('roll-back');
  });
});

describe('units without an outcome', () => {
  const arms = {
    candidate: countsOf(valueScaleOf(complaints), [2, 3], 40),
    stable: countsOf(valueScaleOf(complaints), [1], 60),
  };
  const groupedAs = (kpi: KpiPolicy) => groupValueStrata([{ minuteMillis: 0, arms }], 1, 'stable', valueScaleOf(kpi), unobservedOf(kpi))[0];

  test('count as 0 for a count, and are left out for a mean, unless the charter says otherwise', () => {
    expect([unobservedOf({ type: 'count' }), unobservedOf({ type: 'mean' })]).toEqual(['zero', 'left-out']);
    expect(unobservedOf({ type: 'mean', unobserved: 'zero' })).toBe('zero');
    expect(groupedAs(complaints)).toMatchObject({ nC: 40, nB: 60, sumC: 5, sumB: 1, observedC: 2, observedB: 1 });
    expect(groupedAs({ ...complaints, unobserved: 'left-out' })).toMatchObject({ nC: 2, nB: 1 });
  });

  test.each(['lower', 'higher'] as const)('as 0 they count just like sent zeros, %s is better', (better) => {
    const kpi: KpiPolicy = { ...complaints, better };
    const own = valueScaleOf(kpi);
    const silent = { candidate: countsOf(own, [2, 3], 40), stable: countsOf(own, [1], 60) };
    const sent = { candidate: countsOf(own, [2, 3, ...Array(38).fill(0)]), stable: countsOf(own, [1, ...Array(59).fill(0)]) };
    const logOf = (one: MinuteCounts['arms']) =>
      logValueRollbackEvidence(groupValueStrata([{ minuteMillis: 0, arms: one }], 1, 'stable', own, 'zero'), own);
    expect(logOf(silent)).toBeCloseTo(logOf(sent), 12);
    expect(logOf(silent)).not.toBe(0);
  });

  test('left out they hide what zeros would show', () => {
    const count = 200;
    const own = valueScaleOf(complaints);
    // As often a complaint of size 1, but of every unit in one arm and of one in five in the other.
    const stream = Array.from({ length: count }, (_, index) => ({
      minuteMillis: minutes(index),
      arms: { candidate: countsOf(own, Array(10).fill(1), 10), stable: countsOf(own, [1, 1], 10) },
    }));
    const decisionOf = (kpi: KpiPolicy) => judge(inputOf(count, { complaints: stream }, { spec: { rollout, kpis: [kpi] } })).decision;
    expect(decisionOf(complaints)).toBe('roll-back');
    expect(decisionOf({ ...complaints, unobserved: 'left-out' })).not.toBe('roll-back');
  });
});

describe('the value scale', () => {
  test('counts are never less than the values say, and values above the cap are the cap', () => {
    const [first = 0] = scale.lambdas;
    expect(countValue(scale, 1e9)).toEqual(countValue(scale, 60));
    expect(countValue(scale, 30).tilts[0]).toBeGreaterThanOrEqual(Math.exp(first * 30) * 1e6);
  });

  test('counted too low, harmless candidates would gain evidence', () => {
    // All values alike: the exact evidence is 1.
    const arms = { candidate: countsOf(scale, Array(500).fill(7.3)), stable: countsOf(scale, Array(500).fill(7.3)) };
    const [stratum] = groupValueStrata([{ minuteMillis: 0, arms }], 1, 'stable', scale, 'left-out');
    const logOf = (change: number) =>
      stratum && logMean(valueStratumLogs({ ...stratum, tilts: stratum.tilts.map((tilt) => tilt * change) }, scale));
    expect(logOf(1)).toBeLessThanOrEqual(0);
    expect(logOf(0.99)).toBeGreaterThan(0);
  });
});

describe('counters of values that contradict themselves are refused', () => {
  const good = countsOf(scale, [1, 2, 3]);
  test.each([
    ['a sum above the cap', { ...good, sum: 30_001 }, 'a sum of 30001 for 3 values'],
    ['a sum that is no number', { ...good, sum: Number.NaN }, 'a sum of NaN'],
    ['a negative sum', { ...good, sum: -1 }, 'a sum of -1'],
    ['squares below what the sum implies', { ...good, squares: 1 }, 'a sum of squares of 1'],
    ['squares above', { ...good, squares: 1e12 }, 'a sum of squares of 1000000000000'],
    ['another number of bets', { ...good, tilts: [3e6] }, '1 sums of e^(λ·harm) where there are 5 λ'],
    ['tilts below 1 each', { ...good, tilts: good.tilts.map(() => 2e6) }, 'of 2000000 millionths for 3 values'],
    ['more values than units', { ...good, n: 2 }, '3 of 2 units'],
  ])('%s', (_, candidate, message) => {
    const counters = { 'handling-time': [{ minuteMillis: minutes(0), arms: { candidate } }] };
    expect(() => judge(inputOf(90, counters, { spec }))).toThrow(message);
    expect(() => judge(inputOf(90, counters, { spec }))).toThrow('arm candidate, minute 2026-03-02T09:00:00.000Z');
  });
});

test('sums beyond what doubles count one by one are no contradiction', () => {
  const bold: KpiPolicy = { ...handlingTime, cap: 1000, typical: { mean: 10, standardDeviation: 0.01 } };
  const own = valueScaleOf(bold);
  const arms = { candidate: countsOf(own, Array(100).fill(1000)), stable: countsOf(own, Array(100).fill(1000)) };
  const counters = { 'handling-time': [{ minuteMillis: minutes(0), arms }] };
  expect(Number.isSafeInteger(arms.candidate.tilts.at(-1))).toBe(false);
  expect(judge(inputOf(90, counters, { spec: { rollout, kpis: [bold] } })).kpis[0]?.rollbackEvidence).toBeLessThanOrEqual(1);
});

describe('strata', () => {
  // The base level grows eightfold while the candidate's share does.
  const ramp = Array.from({ length: 120 }, (_, index) => {
    const level = index < 60 ? 1 : 8;
    const [few, many] = index < 60 ? [2, 38] : [20, 20];
    const values = (count: number, shift: number) => Array.from({ length: count }, (_value, unit) => level * (1 + ((unit + shift) % 5)));
    return {
      minuteMillis: minutes(index),
      arms: { candidate: countsOf(scale, values(few, index)), stable: countsOf(scale, values(many, index)) },
    };
  });
  const logOf = (stratumMinutes: number) =>
    logValueRollbackEvidence(groupValueStrata(ramp, stratumMinutes, 'stable', scale, 'left-out'), scale);

  test('keep a ramp over a moving base level apart from harm', () => {
    expect(logOf(5)).toBeLessThan(Math.log(20));
  });

  test('pooled over time, the same stream would be called harmful', () => {
    expect(logOf(1440)).toBeGreaterThan(Math.log(20));
  });

  test('a ratio is adjusted for when units were exposed', () => {
    const ratioOf = (stratumMinutes: number) => RatioSums.of(groupValueStrata(ramp, stratumMinutes, 'stable', scale, 'left-out')).ratio;
    expect(ratioOf(5)).toBeCloseTo(1, 1);
    expect(ratioOf(1440)).toBeGreaterThan(1.5);
  });
});

test('single values per arm and stratum still prove something', () => {
  const stream = valueMinutes(handlingTime, { seed: 5, count: 2500, perMinute: [1, 1], means: [8, 10] });
  const sums = RatioSums.of(groupValueStrata(stream, 1, 'stable', scale, 'left-out'));
  expect(sums.observed).toBe(2500);
  expect(logValuePromotionEvidence(sums, handlingTime)).toBeGreaterThan(Math.log(20));
});
