import type { KpiPolicy } from '../../../core/contracts';
import type { JudgeInput } from '../../../core/verdict';
import { describeKpi, judge, logAboveTolerance, logWithinTolerance, measureKpi, passesPromotion } from '../../../core/verdict';
import { healthy, inputOf, minutes, missedSpam, rollout, steady, step } from './fixtures';
import { handlingTime, valueMinutes } from './values-fixtures';

const latency: KpiPolicy = { ...missedSpam, name: 'latency', type: 'latency', role: 'guard', aboveMillis: 800, windowMinutes: 1440 };
const specOf = (...kpis: KpiPolicy[]) => ({ rollout, kpis });
const same = (until: number) => steady(0, until, { candidate: [10, 1], control: [10, 1] });
const better = (until: number) => steady(0, until, { candidate: [10, 1], control: [10, 4] });

describe('latency', () => {
  const slow = (until: number, x: number) => steady(0, until, { candidate: [10, x], control: [10, 1] });

  test('is known with the answer: its minutes count at once, for and against, whatever its window', () => {
    expect(judge(inputOf(5, { latency: slow(5, 6) }, { spec: specOf(latency) }))).toMatchObject({
      decision: 'roll-back',
      culprit: 'latency',
    });
    const quick = steady(0, 70, { candidate: [20, 1], control: [20, 4] });
    expect(judge(inputOf(70, { latency: quick }, { spec: specOf(latency) })).decision).toBe('promote');
    expect(judge(inputOf(70, { latency: quick }, { spec: specOf({ ...latency, type: 'binary' }) })).decision).toBe('continue');
  });

  test('against a baseline, which answers at once, a fixed rate is tolerated', () => {
    const beside = (x: number) => ({
      'error-rate': healthy(120, 'baseline'),
      latency: steady(0, 120, { candidate: [100, x], control: [100, 0] }, 'baseline'),
    });
    const judged = (x: number) => judge(inputOf(120, beside(x), { spec: specOf(latency), control: 'baseline' }));
    expect(judged(4).decision).toBe('promote');
    expect(judged(9)).toMatchObject({ decision: 'roll-back', culprit: 'latency' });
    expect(judged(9).reason).toContain('latency of the candidate is 9 % (1080 of 12000) where 5 % is tolerated');
    // Compared with the rule's own speed, even 4 % would have been harm.
    expect(judge(inputOf(120, { latency: slow(120, 4) }, { spec: specOf(latency) })).decision).toBe('roll-back');
  });
});

describe('tolerance', () => {
  test('its mean under the tolerated rate is 1: an e-value', () => {
    const units = 40;
    for (const [rate, logOf] of [
      [0.05, (events: number) => logAboveTolerance(units, events, 0.05)],
      [0.06, (events: number) => logWithinTolerance(units, events, 0.05, 0.2)],
    ] as const) {
      let mean = 0;
      let probability = (1 - rate) ** units;
      for (let events = 0; events <= units; events++) {
        mean += probability * Math.exp(logOf(events));
        probability *= ((units - events) / (events + 1)) * (rate / (1 - rate));
      }
      expect(mean).toBeCloseTo(1, 9);
    }
  });
});

describe('a goal that must improve', () => {
  const mustImprove: KpiPolicy = { ...missedSpam, mustImprove: true };

  test('is not promoted for being no worse', () => {
    const counters = { 'missed-spam': steady(0, 400, { candidate: [20, 2], control: [20, 2] }) };
    expect(judge(inputOf(400, counters)).decision).toBe('promote');
    const verdict = judge(inputOf(400, counters, { spec: specOf(mustImprove) }));
    expect(verdict.decision).toBe('continue');
    expect(verdict.reason).toContain('waiting for the promotion evidence (missed-spam to be better)');
    expect(judge(inputOf(600, counters, { spec: specOf(mustImprove) })).reason).toMatch(
      /^no verdict within 600 minutes: evidence that it is better than stable is missing \(missed-spam [\de.-]+ of 20\)$/,
    );
  });

  test('is promoted once it is proven better, and the sentence says so', () => {
    const verdict = judge(inputOf(200, { 'missed-spam': better(200) }, { spec: specOf(mustImprove) }));
    expect(verdict.decision).toBe('promote');
    expect(verdict.reason).toMatch(/; missed-spam is better: evidence .* against 20$/);
    expect(verdict.kpis[0]).toMatchObject({ improvementThreshold: 20 });
  });

  test('a mean likewise', () => {
    const judged = (means: [number, number], kpi: KpiPolicy) =>
      judge(
        inputOf(
          300,
          { 'handling-time': valueMinutes(kpi, { seed: 4, count: 300, perMinute: [10, 10], means }) },
          { spec: { rollout, kpis: [kpi] } },
        ),
      );
    expect(judged([10, 10], handlingTime).decision).toBe('promote');
    expect(judged([10, 10], { ...handlingTime, mustImprove: true }).decision).toBe('continue');
    expect(judged([8, 10], { ...handlingTime, mustImprove: true }).decision).toBe('promote');
  });

  test('young minutes prove nothing', () => {
    const kpi: KpiPolicy = { ...mustImprove, delayDependsOnArm: false };
    expect(judge(inputOf(60, { 'missed-spam': better(60) }, { spec: specOf(kpi) })).kpis[0]?.improvementEvidence).toBe(1);
  });
});

describe('early promotion', () => {
  const first = { ...step, index: 0, last: false };
  const judged = (count: number, change: Partial<JudgeInput>, counters = { 'missed-spam': better(count) }) =>
    judge(inputOf(count, counters, { step: first, ...change }));
  const early = { spec: { rollout: { ...rollout, promoteEarly: true }, kpis: [missedSpam] } };

  test('from any step, where the charter allows it', () => {
    expect(judged(200, {}).decision).toBe('advance');
    expect(judged(200, early).decision).toBe('promote');
  });

  test('never before the bake', () => {
    expect(judged(200, { ...early, step: { ...first, bakeMinutes: 201 } }).decision).toBe('continue');
  });

  test('not while one gate lacks its proof', () => {
    const kpis = [missedSpam, { ...missedSpam, name: 'wrongly-blocked' }];
    expect(judged(200, { spec: { ...early.spec, kpis } }).decision).toBe('advance');
  });

  test('not where nothing could have been proven', () => {
    expect(judged(200, { spec: { ...early.spec, kpis: [] } }).decision).toBe('advance');
  });

  test('a wrong split still holds', () => {
    const skewed = { 'missed-spam': better(200), 'error-rate': steady(0, 200, { candidate: [5, 0], control: [10, 0] }) };
    expect(judged(200, early, skewed).decision).toBe('hold');
  });
});

describe('callers without the gateway', () => {
  const direct: KpiPolicy = { ...missedSpam, attribution: 'variant' };

  test('their outcomes are the traffic', () => {
    const counters = { 'error-rate': [], 'missed-spam': better(200) };
    expect(judge(inputOf(200, counters, { spec: specOf(direct) })).decision).toBe('promote');
    expect(judge(inputOf(200, counters)).decision).toBe('continue');
  });

  test('their split is not judged by outcomes, which may be late on one arm', () => {
    const counters = { 'error-rate': [], 'missed-spam': steady(0, 60, { candidate: [5, 0], control: [50, 0] }) };
    expect(judge(inputOf(60, counters, { spec: specOf(direct) })).decision).toBe('continue');
  });
});

describe('words', () => {
  test('other KPIs are listed as fine, or as harmed too', () => {
    const kpis = [missedSpam, { ...missedSpam, name: 'wrongly-blocked' }, latency];
    const bad = steady(0, 90, { candidate: [10, 5], control: [10, 1] });
    const counters = { 'missed-spam': bad, 'wrongly-blocked': same(90), latency: same(90) };
    expect(judge(inputOf(90, counters, { spec: specOf(...kpis) })).reason).toMatch(/; wrongly-blocked, latency and error-rate fine$/);
    expect(judge(inputOf(90, { ...counters, latency: bad }, { spec: specOf(...kpis) })).reason).toMatch(
      /; missed-spam harmed too; wrongly-blocked and error-rate fine$/,
    );
  });

  test('a KPI in a line', () => {
    const one = (kpi: KpiPolicy, counters: JudgeInput['counters']) => {
      const input = { spec: specOf(kpi), counters, control: 'stable' as const, nowMillis: minutes(90) };
      return describeKpi(measureKpi(kpi, input).evidence);
    };
    expect(one(latency, { latency: steady(0, 1, { candidate: [10, 5], control: [50, 5] }) })).toMatch(
      /^latency 50 % \(5 of 10\) against 10 % \(5 of 50\) of stable, 5 times; evidence [\d.]+ of 20$/,
    );
    const values = valueMinutes(handlingTime, { seed: 1, count: 10, perMinute: [5, 5], means: [10, 10] });
    expect(one(handlingTime, { 'handling-time': values })).toMatch(
      /^handling-time [\d.]+ against [\d.]+ of stable, [\d.]+ times; evidence [\d.]+ of 20$/,
    );
    expect(one(handlingTime, {})).toBe('handling-time no mean against no mean of stable; evidence 1 of 20');
  });

  test('where the control has no outcome there is no ratio to give', () => {
    const bad = steady(0, 20, { candidate: [10, 8], control: [10, 0] });
    expect(judge(inputOf(20, { latency: bad }, { spec: specOf(latency) })).reason).toContain(
      'latency of the candidate is 80 % (160 of 200) where stable has 0 % (0 of 200), evidence',
    );
  });
});

test('every gate counts: the error rate never stands in the way', () => {
  const measured = { logRollback: 0, unit: 'case' as const, weight: 1, gatesPromotion: true };
  const evidence = measureKpi(latency, { spec: specOf(latency), counters: {}, control: 'stable', nowMillis: 0 }).evidence;
  const passing = { ...evidence, promotionEvidence: 20, promotionThreshold: 20 };
  expect(passesPromotion([{ ...measured, evidence: passing }])).toBe(true);
  expect(passesPromotion([{ ...measured, evidence: { ...passing, promotionEvidence: 19.99 } }])).toBe(false);
  expect(passesPromotion([{ ...measured, evidence: { ...passing, improvementEvidence: 19, improvementThreshold: 20 } }])).toBe(false);
});
