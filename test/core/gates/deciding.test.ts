import type { GoldenSetGate, LoadGate } from '../../../core/contracts';
import { readCustomAnswer } from '../../../core/gates/custom';
import { decideGolden } from '../../../core/gates/decide-golden';
import { decideLoad, type LoadLevel } from '../../../core/gates/decide-load';
import { decideSmoke } from '../../../core/gates/decide-smoke';
import { type GoldenTally, mergeGolden, noGoldenTally, type ScoredLine, tallyOf } from '../../../core/gates/golden-tally';
import { addLatency } from '../../../core/gates/histogram';
import { levelNearestOne, loadPlan } from '../../../core/gates/load-plan';
import { noLoadTally } from '../../../core/gates/load-tally';

const golden = (demands: Partial<GoldenSetGate>): GoldenSetGate => ({
  kind: 'golden-set',
  name: 'labels',
  data: { bucket: 'b', key: 'k' },
  scorer: { kind: 'exact-match' },
  ...demands,
});

const tally = (lines: Omit<ScoredLine, 'line'>[]): GoldenTally =>
  lines.map((line, index) => tallyOf({ ...line, line: index + 1 })).reduce(mergeGolden, noGoldenTally());

/** So many right, and so many wrong. */
const lines = (right: number, wrong: number, more: Partial<ScoredLine> = {}): Omit<ScoredLine, 'line'>[] => [
  ...Array.from({ length: right }, () => ({ candidate: { score: 1 }, ...more })),
  ...Array.from({ length: wrong }, () => ({ candidate: { score: 0 }, ...more })),
];

const decide = (demands: Partial<GoldenSetGate>, all: Omit<ScoredLine, 'line'>[], hasStable = true) =>
  decideGolden(golden(demands), tally(all), { hasStable });

describe('a golden set', () => {
  test('passes at its threshold and not below it', () => {
    expect(decide({ atLeast: 0.9 }, lines(90, 10)).passed).toBe(true);
    const { passed, reason, measured, worstLines } = decide({ atLeast: 0.9 }, lines(89, 11));
    expect(passed).toBe(false);
    expect(reason).toMatch(/^mean score 0\.89 of 100 lines, at least 0\.9 demanded/);
    expect(measured.find(({ name }) => name === 'mean score')).toEqual({
      name: 'mean score',
      value: 0.89,
      demanded: 'at least 0.9',
      passed: false,
      count: 100,
    });
    expect(worstLines).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  });

  test('says where its lines are too few to tell the score from the threshold', () => {
    expect(decide({ atLeast: 0.9 }, lines(19, 1)).reason).toContain('20 lines cannot tell it from the threshold: 95 % interval 0.76');
    expect(decide({ atLeast: 0.9 }, lines(1990, 10)).reason).not.toContain('cannot tell');
  });

  test('without a line, or with a line without a score, never passes', () => {
    expect(decide({ atLeast: 0 }, [])).toMatchObject({ passed: false, reason: 'no line of the data set was scored' });
    const { passed, reason } = decide({ atLeast: 0 }, [...lines(99, 0), { candidate: { why: 'the answer is no JSON' } }]);
    expect(passed).toBe(false);
    expect(reason).toBe('1 of 100 lines without a score (the answer is no JSON: 1, first at line 100)');
  });

  test('compares with the rival on the same lines', () => {
    const notWorse = { than: 'stable', by: 0.02 } as const;
    const beside = (right: number, wrong: number, rival: number) =>
      lines(right, wrong).map((line, index) => ({ ...line, rival: { score: index < rival ? 1 : 0 } }));
    expect(decide({ notWorse }, beside(90, 10, 92)).passed).toBe(true);
    const behind = decide({ notWorse }, beside(90, 10, 93));
    expect(behind.passed).toBe(false);
    expect(behind.reason).toBe("mean score 0.9, stable's 0.93 on the same 100 lines, at most 0.02 below stable demanded");
    expect(behind.measured.at(-1)?.rival).toEqual({ arm: 'stable', value: 0.93 });
  });

  test('does not pass where the rival has no score, and does where there is no stable release yet', () => {
    const notWorse = { than: 'stable', by: 0 } as const;
    const rival = { why: 'no answer (ModelError)' };
    expect(decide({ notWorse }, lines(10, 0, { rival }))).toMatchObject({ passed: false });
    expect(decide({ notWorse }, [...lines(9, 0, { rival: { score: 0 } }), ...lines(1, 0, { rival })]).reason).toBe(
      '1 of 10 lines without a score of stable (no answer (ModelError): 1, first at line 10)',
    );
    expect(decide({ notWorse }, lines(10, 0), false)).toMatchObject({
      passed: true,
      reason: expect.stringContaining('no stable release yet to compare with') as string,
    });
  });

  test('is judged by its worst slice of those that are large enough', () => {
    const slices = { by: 'segment', atLeast: 0.8, minimumLines: 10 };
    const all = [...lines(80, 0, { slice: 'gold' }), ...lines(7, 3, { slice: 'silver' }), ...lines(0, 9, { slice: 'tin' })];
    const { passed, reason, measured } = decide({ slices }, all);
    expect(passed).toBe(false);
    expect(reason).toBe(
      'worst slice (segment = silver) scores 0.7 on 10 lines, at least 0.8 demanded (1 slice of fewer than 10 lines left out)',
    );
    expect(measured.at(-1)).toMatchObject({ name: 'worst slice (segment = silver)', value: 0.7, count: 10 });
    expect(decide({ slices }, lines(9, 0, { slice: 'gold' }))).toMatchObject({
      passed: false,
      reason: 'no slice by segment has 10 lines: the worst slice is not known',
    });
    const many = Array.from({ length: 201 }, (_, index) => ({ candidate: { score: 1 }, slice: `s${index}` }));
    expect(decide({ slices }, many).reason).toContain('more than 200 values');
  });

  test('is judged by the ratio of favourable answers between groups', () => {
    const bias = { by: 'region', favourable: 'yes', ratioAtLeast: 0.8, minimumLines: 10 };
    const group = (name: string, favourable: number, n: number) =>
      Array.from({ length: n }, (_, index) => ({ candidate: { score: 1 }, group: { name, favourable: index < favourable } }));
    expect(decide({ bias }, [...group('north', 10, 20), ...group('south', 8, 20)]).passed).toBe(true);
    const unfair = decide({ bias }, [...group('north', 10, 20), ...group('south', 7, 20), ...group('west', 0, 9)]);
    expect(unfair.passed).toBe(false);
    expect(unfair.reason).toBe(
      'ratio of favourable answers (region = south over north): 0.35 over 0.5 is 0.7, at least 0.8 demanded (1 group of fewer than 10 lines left out)',
    );
    expect(decide({ bias }, group('north', 10, 20))).toMatchObject({
      passed: false,
      reason: expect.stringContaining('two are needed') as string,
    });
    expect(decide({ bias }, [...group('north', 0, 20), ...group('south', 0, 20)]).reason).toContain('no answer is favourable');
  });
});

describe('load', () => {
  const gate = (demands: Partial<LoadGate> = {}): LoadGate => ({
    kind: 'load',
    name: 'load',
    data: { bucket: 'b', key: 'k' },
    requestsPerMinute: 60,
    multiples: [1, 2],
    secondsPerLevel: 60,
    errorRateAtMost: 0.01,
    ...demands,
  });
  const answered = (n: number, millis: number, failed = 0) => {
    const seen = noLoadTally();
    for (let index = 0; index < n; index += 1) addLatency(seen.latencies, millis);
    return { ...seen, sent: n + failed, failures: (failed === 0 ? {} : { ModelError: failed }) as Record<string, number> };
  };
  const level = (multiple: number, n: number, millis: number, failed = 0): LoadLevel => ({
    multiple,
    seconds: 60,
    tally: answered(n, millis, failed),
    planned: n + failed,
  });
  const whole = { instances: 2, share: 1 };
  const decideLevels = (demands: Partial<LoadGate>, levels: LoadLevel[], rival = answered(100, 90), fleet = whole, hasStable = true) =>
    decideLoad(gate(demands), levels, rival, fleet, { hasStable });

  test('is judged by latency at every level', () => {
    const latency = { percentile: 95, belowMillis: 200 };
    expect(decideLevels({ latency }, [level(1, 60, 100), level(2, 120, 190)]).passed).toBe(true);
    const { passed, reason } = decideLevels({ latency }, [level(1, 60, 100), level(2, 120, 210)]);
    expect(passed).toBe(false);
    expect(reason).toMatch(/^p95 at 2 × load 21\d(\.\d)? ms of 120 answers, below 200 ms demanded$/);
    expect(decideLevels({ latency }, [level(1, 19, 100)]).reason).toContain('19 answers at 1 × load, at least 20 are needed for p95');
  });

  test('is judged by errors, and by requests that could not be sent', () => {
    expect(decideLevels({}, [level(1, 99, 100, 1)]).passed).toBe(true);
    expect(decideLevels({}, [level(1, 98, 100, 2)]).reason).toBe(
      'error rate at 1 × load 0.02 of 100 requests (ModelError: 2), at most 0.01 demanded',
    );
    expect(decideLevels({}, [{ ...level(1, 60, 100), planned: 61 }]).reason).toBe('only 60 of 61 requests were sent at 1 × load');
    expect(decideLevels({}, [{ ...level(1, 0, 100), planned: 60 }]).passed).toBe(false);
    expect(decideLevels({}, [])).toMatchObject({ passed: false, reason: 'no level of the load was measured' });
  });

  test('is judged by the cost of an answer: instances over what they answered', () => {
    const price = { pricePerInstanceHour: 3, costPerAnswerAtMost: 0.001 };
    const { passed, measured } = decideLevels(price, [level(1, 60, 100), level(2, 120, 100)]);
    expect(passed).toBe(false);
    const costs = measured.filter(({ name }) => name.startsWith('cost per answer'));
    // Two instances for a minute at 3 an hour are 0.1; for 60 and for 120 answers.
    expect(costs.map(({ value }) => value)).toEqual([expect.closeTo(0.1 / 60, 9), expect.closeTo(0.1 / 120, 9)]);
    expect(costs.map((cost) => cost.passed)).toEqual([false, true]);
  });

  test("is compared with stable's latency at the expected load", () => {
    const notSlower = { than: 'stable', percentile: 95, ratioAtMost: 1.2 } as const;
    const levels = [level(1, 60, 100), level(2, 120, 500)];
    expect(decideLevels({ notSlower }, levels).passed).toBe(true);
    expect(decideLevels({ notSlower }, levels, answered(100, 70)).reason).toMatch(
      /p95 100\.9 ms, stable's 70\.64 ms, at most 1\.2 × stable's demanded/,
    );
    expect(decideLevels({ notSlower }, levels, answered(3, 70))).toMatchObject({ passed: false });
    expect(decideLevels({ notSlower }, levels, answered(0, 70), whole, false).passed).toBe(true);
  });

  test('is scaled to the share of the fleet that stands, and says so', () => {
    const { reason, passed } = decideLevels({}, [level(1, 60, 100)], answered(100, 90), { instances: 1, share: 0.25 });
    expect(passed).toBe(true);
    expect(reason).toContain('load scaled to 25 % of the fleet');
    const [first, second] = loadPlan(gate({ requestsPerMinute: 1200, multiples: [1, 10] }), 0.5, true);
    expect(first?.drivers).toEqual([{ level: 0, driver: 0, arm: 'candidate', requests: 600, perSecond: 10, delayMillis: 0 }]);
    expect(second?.drivers).toHaveLength(1);
    const slow = loadPlan(gate({ requestsPerMinute: 60, multiples: [1], latency: { percentile: 95, belowMillis: 9 } }), 0.1, true);
    expect(slow[0]).toMatchObject({ seconds: 200, drivers: [{ requests: 20, perSecond: 0.1 }] });
  });

  test('is shared by drivers that together send all of it; stable gets a tenth, once', () => {
    const plan = loadPlan(
      gate({ requestsPerMinute: 60_000, multiples: [0.5, 1, 4], notSlower: { than: 'stable', percentile: 99, ratioAtMost: 1 } }),
      1,
      true,
    );
    const sent = plan.map(({ drivers }) =>
      drivers.filter(({ arm }) => arm === 'candidate').reduce((sum, { requests }) => sum + requests, 0),
    );
    expect(sent).toEqual([30_000, 60_000, 240_000]);
    expect(plan.map(({ drivers }) => drivers.length)).toEqual([5, 11, 39]);
    expect(plan.flatMap(({ drivers }) => drivers).filter(({ arm }) => arm === 'stable')).toEqual([
      { level: 1, driver: 10, arm: 'stable', requests: 6000, perSecond: 100, delayMillis: 0 },
    ]);
    expect(levelNearestOne([0.2, 3, 1.5])).toBe(2);
  });
});

test('the smoke test is one answer', () => {
  expect(decideSmoke(tally(lines(1, 0)))).toMatchObject({ passed: true });
  expect(decideSmoke(tally([{ candidate: { why: 'no answer (ValidationError)' } }]))).toMatchObject({
    passed: false,
    reason: 'the candidate does not answer in the dark: no answer (ValidationError)',
  });
  expect(decideSmoke(noGoldenTally()).passed).toBe(false);
});

describe("a gate of the user's", () => {
  test('passes or fails with its reason and its figures', () => {
    const answer = { passed: true, reason: 'fine', measured: [{ name: 'score', value: 0.5, demanded: 'at least 0.4' }], more: 'ignored' };
    const decision = { passed: true, reason: 'fine', measured: [{ name: 'score', value: 0.5, demanded: 'at least 0.4', passed: true }] };
    expect(readCustomAnswer(answer)).toEqual(decision);
    expect(readCustomAnswer(JSON.stringify(answer))).toEqual(decision);
    expect(readCustomAnswer({ passed: false })).toEqual({ passed: false, reason: 'the gate failed without a reason', measured: [] });
  });

  test('that says passed while a figure did not has not passed', () => {
    expect(readCustomAnswer({ passed: true, measured: [{ name: 'score', passed: false }] })).toMatchObject({ passed: false });
  });

  test.each([
    undefined,
    null,
    'passed',
    '{"passed":',
    42,
    [],
    {},
    { passed: 'true' },
    { passed: 1 },
    { passed: true, reason: 7 },
    { passed: true, measured: {} },
    { passed: true, measured: [{ value: 1 }] },
    { passed: true, measured: [{ name: 'x', value: '1' }] },
    { passed: true, measured: [{ name: 'x', value: Number.NaN }] },
    { passed: true, measured: Array.from({ length: 51 }, () => ({ name: 'x' })) },
  ])('that answers %j has failed, with the reason', (answer) => {
    const { passed, reason } = readCustomAnswer(answer);
    expect(passed).toBe(false);
    expect(reason).toMatch(/gate answered/);
  });
});
