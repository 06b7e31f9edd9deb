import { judge } from '../../../core/verdict';
import type { MinuteCounts } from '../../../core/verdict';
import { healthy, inputOf, minutes, missedSpam, rollout, steady, step } from './fixtures';

const bad = (until: number): MinuteCounts[] => steady(0, until, { candidate: [10, 5], control: [10, 1] });
const same = (until: number): MinuteCounts[] => steady(0, until, { candidate: [10, 1], control: [10, 1] });
const better = (until: number): MinuteCounts[] => steady(0, until, { candidate: [10, 1], control: [10, 4] });
const kpis = (...changes: Partial<typeof missedSpam>[]) => ({ rollout, kpis: changes.map((change) => ({ ...missedSpam, ...change })) });

describe('roll back', () => {
  test('when a KPI is worse: names the culprit and says why', () => {
    const verdict = judge(inputOf(90, { 'missed-spam': bad(90) }));
    expect(verdict.decision).toBe('roll-back');
    expect(verdict.culprit).toBe('missed-spam');
    expect(verdict.threshold).toBe(20);
    expect(verdict.combinedRollbackEvidence).toBeGreaterThan(20);
    expect(verdict.reason).toMatch(
      /^missed-spam of the candidate is 5 times that of stable \(50 % against 10 %\), evidence .* against a threshold of 20, 250 candidate cases; error-rate fine$/,
    );
  });

  test('not when it is better, and not when it is the same', () => {
    expect(judge(inputOf(90, { 'missed-spam': better(90) })).decision).not.toBe('roll-back');
    expect(judge(inputOf(90, { 'missed-spam': same(90) })).decision).not.toBe('roll-back');
  });

  test('respects the direction: few where many are good', () => {
    const spec = kpis({ better: 'higher' });
    expect(judge(inputOf(90, { 'missed-spam': bad(90) }, { spec })).decision).not.toBe('roll-back');
    expect(judge(inputOf(90, { 'missed-spam': better(90) }, { spec })).decision).toBe('roll-back');
  });

  test('at any step, not only at the last', () => {
    expect(judge(inputOf(90, { 'missed-spam': bad(90) }, { step: { ...step, last: false } })).decision).toBe('roll-back');
  });

  test('errors count at once and without a window', () => {
    const errors = steady(0, 3, { candidate: [10, 5], control: [10, 0] });
    const verdict = judge(inputOf(3, { 'error-rate': errors }));
    expect(verdict).toMatchObject({ decision: 'roll-back', culprit: 'error-rate' });
  });

  test('evidence of the whole release counts: an earlier step is not forgotten', () => {
    const counters = { 'missed-spam': bad(40) };
    const opened = { ...step, index: 1, openedAt: new Date(minutes(100)).toISOString() };
    expect(judge(inputOf(110, counters, { step: opened })).decision).toBe('roll-back');
  });

  test('the evidence is the weighted mean over KPIs and the error rate', () => {
    const spec = kpis({ name: 'a', weight: 3 }, { name: 'b', weight: 1 });
    const verdict = judge(inputOf(90, { a: same(90), b: steady(0, 90, { candidate: [10, 2], control: [10, 1] }) }, { spec }));
    const [a, b, errors] = verdict.kpis.map((kpi) => kpi.rollbackEvidence);
    expect(errors).toBe(1);
    expect(verdict.combinedRollbackEvidence).toBeCloseTo((3 * (a ?? 0) + (b ?? 0) + 1) / 5, 10);
  });

  test('the culprit is the largest weighted evidence, not the largest evidence', () => {
    const counters = { a: bad(90), b: bad(95) };
    const culprit = (weightOfA: number) =>
      judge(inputOf(100, counters, { spec: kpis({ name: 'a', weight: weightOfA }, { name: 'b', delayDependsOnArm: false }) })).culprit;
    expect(culprit(1)).toBe('b');
    expect(culprit(1e200)).toBe('a');
  });
});

describe('maturity', () => {
  test('minutes younger than the window do not count, their stratum as a whole', () => {
    const units = (now: number) => judge(inputOf(now, { 'missed-spam': bad(now) })).kpis[0]?.candidateUnits;
    expect(units(66)).toBe(0);
    expect(units(67)).toBe(50);
    expect(units(71)).toBe(50);
    expect(units(72)).toBe(100);
  });

  test('they count towards a rollback where the delay does not depend on the arm', () => {
    const spec = kpis({ delayDependsOnArm: false });
    expect(judge(inputOf(30, { 'missed-spam': bad(30) }, { spec })).decision).toBe('roll-back');
    expect(judge(inputOf(30, { 'missed-spam': bad(30) })).decision).toBe('continue');
  });

  test('never against a baseline', () => {
    const spec = kpis({ delayDependsOnArm: false });
    const counters = {
      'error-rate': healthy(30, 'baseline'),
      'missed-spam': steady(0, 30, { candidate: [10, 5], control: [10, 1] }, 'baseline'),
    };
    expect(judge(inputOf(30, counters, { spec, control: 'baseline' })).decision).toBe('continue');
    expect(judge(inputOf(100, counters, { spec, control: 'baseline' })).decision).toBe('roll-back');
  });

  test('never towards a promotion', () => {
    const spec = kpis({ delayDependsOnArm: false });
    const verdict = judge(inputOf(60, { 'missed-spam': better(60) }, { spec }));
    expect(verdict.decision).toBe('continue');
    expect(verdict.kpis[0]?.promotionEvidence).toBe(1);
  });
});

describe('advance and promote', () => {
  const early = { ...step, index: 0, weight: 0.5, last: false };

  test('a step that is not the last advances after its bake, not before', () => {
    expect(judge(inputOf(59, {}, { step: early })).decision).toBe('continue');
    expect(judge(inputOf(60, {}, { step: early })).decision).toBe('advance');
  });

  test('the last step promotes when every KPI is no worse', () => {
    const verdict = judge(inputOf(200, { 'missed-spam': better(200) }));
    expect(verdict.decision).toBe('promote');
    expect(verdict.reason).toContain('missed-spam evidence');
  });

  test('not before its bake', () => {
    const longBake = { ...step, bakeMinutes: 300 };
    expect(judge(inputOf(299, { 'missed-spam': better(299) }, { step: longBake })).decision).toBe('continue');
    expect(judge(inputOf(300, { 'missed-spam': better(300) }, { step: longBake })).decision).toBe('promote');
  });

  test('one KPI without evidence holds the promotion back', () => {
    const spec = kpis({}, { name: 'wrongly-blocked' });
    const verdict = judge(inputOf(200, { 'missed-spam': better(200) }, { spec }));
    expect(verdict.decision).toBe('continue');
    expect(verdict.reason).toContain('waiting for the promotion evidence');
  });

  test('no data is no verdict: neither advance nor promote', () => {
    for (const last of [true, false]) {
      const verdict = judge(inputOf(200, { 'error-rate': [] }, { step: { ...step, last } }));
      expect(verdict).toMatchObject({ decision: 'continue', combinedRollbackEvidence: 1 });
      expect(verdict.reason).toContain('no data');
    }
  });

  test('traffic before the step opened is no traffic in the step', () => {
    const opened = { ...early, openedAt: new Date(minutes(100)).toISOString() };
    expect(judge(inputOf(200, { 'error-rate': healthy(100) }, { step: opened })).decision).toBe('continue');
  });
});

describe('inconclusive', () => {
  test.each(['hold', 'roll-back'] as const)('after the longest duration: %s, as the charter says', (inconclusive) => {
    const spec = { rollout: { ...rollout, inconclusive }, kpis: [missedSpam] };
    expect(judge(inputOf(599, { 'missed-spam': same(599) }, { spec, step: { ...step, bakeMinutes: 10_000 } })).decision).toBe('continue');
    const verdict = judge(inputOf(600, { 'missed-spam': steady(0, 3, { candidate: [10, 1], control: [10, 1] }) }, { spec }));
    expect(verdict.decision).toBe(inconclusive);
    expect(verdict.culprit).toBeUndefined();
    expect(verdict.reason).toMatch(/^no verdict within 600 minutes: .*missed-spam .* of 20/);
  });

  test('a promotion that is due goes first', () => {
    expect(judge(inputOf(600, { 'missed-spam': better(600) })).decision).toBe('promote');
  });

  test('the duration counts from the start of the canary, not of the step', () => {
    const opened = { ...step, openedAt: new Date(minutes(590)).toISOString() };
    expect(judge(inputOf(600, {}, { step: opened })).decision).toBe('hold');
  });
});

describe('sample ratio', () => {
  const skewed = steady(0, 60, { candidate: [5, 0], control: [10, 0] });

  test('a wrong split holds the release and says so', () => {
    const verdict = judge(inputOf(60, { 'error-rate': skewed }));
    expect(verdict.decision).toBe('hold');
    expect(verdict.reason).toMatch(/33\.[0-9] % .* instead of 50 %/);
  });

  test('starts anew with each step', () => {
    const opened = { ...step, openedAt: new Date(minutes(60)).toISOString() };
    const counters = { 'error-rate': [...skewed, ...steady(60, 90, { candidate: [10, 0], control: [10, 0] })] };
    expect(judge(inputOf(90, counters, { step: opened })).decision).toBe('continue');
  });

  test('the holdout is no part of the split against stable, and part of the baseline', () => {
    const spec = { rollout: { ...rollout, holdout: 0.5 }, kpis: [missedSpam] };
    const half = { ...step, weight: 0.25 };
    expect(judge(inputOf(60, {}, { spec, step: half })).decision).toBe('continue');
    const againstBaseline = { 'error-rate': steady(0, 60, { candidate: [10, 0], control: [30, 0] }, 'baseline') };
    expect(judge(inputOf(60, againstBaseline, { spec, step: half, control: 'baseline' })).decision).toBe('continue');
  });

  test('harm goes before a mismatch', () => {
    expect(judge(inputOf(90, { 'error-rate': skewed, 'missed-spam': bad(90) })).decision).toBe('roll-back');
  });
});

describe('errors beside a baseline, which has none', () => {
  const errors = (x: number) => ({ 'error-rate': steady(0, 20, { candidate: [100, x], control: [100, 0] }, 'baseline') });

  test('a rate below the tolerance is no harm, though the baseline has no error at all', () => {
    const few = errors(0)['error-rate'];
    few.slice(0, 15).forEach((minute) => (minute.arms.candidate = { n: 100, x: 1 }));
    expect(judge(inputOf(20, { 'error-rate': few }, { control: 'baseline' })).decision).toBe('continue');
  });

  test('a rate above it is', () => {
    expect(judge(inputOf(20, errors(5), { control: 'baseline' }))).toMatchObject({ decision: 'roll-back', culprit: 'error-rate' });
  });
});

describe('numbers', () => {
  test('overwhelming evidence stays finite and JSON', () => {
    const verdict = judge(inputOf(500, { 'missed-spam': steady(0, 500, { candidate: [200, 200], control: [200, 0] }) }));
    expect(verdict.combinedRollbackEvidence).toBeGreaterThan(1e200);
    expect(JSON.stringify(verdict)).not.toContain('null');
    for (const kpi of verdict.kpis) {
      expect(Number.isFinite(kpi.rollbackEvidence)).toBe(true);
      expect(kpi.promotionEvidence).toBeGreaterThan(0);
    }
  });

  test.each([
    [{ n: 3, x: 4 }, '4 of 3'],
    [{ n: -1, x: 0 }, '0 of -1'],
    [{ n: Number.NaN, x: 0 }, '0 of NaN'],
    [{ n: 2.5, x: 1 }, '1 of 2.5'],
  ])('counters that contradict themselves are refused: %p', (candidate, message) => {
    expect(() => judge(inputOf(90, { 'missed-spam': [{ minuteMillis: minutes(7), arms: { candidate } }] }))).toThrow(
      `Counters of 'missed-spam', arm candidate, minute 2026-03-02T09:07:00.000Z say ${message}`,
    );
  });

  test('the same input gives the same verdict, whatever was judged before', () => {
    const input = inputOf(90, { 'missed-spam': bad(90) });
    const before = judge(input);
    judge(inputOf(77, { 'missed-spam': same(77) }));
    expect(judge(input)).toEqual(before);
  });
});
