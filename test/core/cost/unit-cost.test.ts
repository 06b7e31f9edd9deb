import type { ControlRecord, KpiPolicy } from '../../../core/contracts';
import { armOf, decidingGoal, firstState, goodOutcomes, lookAtCriteria, type MeterState, unitCost, wholeHours } from '../../../core/cost';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-10T09:30:00Z');
const kpi = (more: Partial<KpiPolicy>): KpiPolicy => ({
  name: 'missed',
  type: 'binary',
  better: 'lower',
  role: 'goal',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
  ...more,
});

const meter = (hours: number): MeterState => ({
  ...firstState({ atMillis: START, endpoints: [] }),
  at: new Date(START + hours * HOUR).toISOString(),
  hours: Array.from({ length: 25 }, (_, index) => ({ hour: Math.floor(START / HOUR) * HOUR + index * HOUR, amount: 2 })),
});

describe('a good outcome', () => {
  test.each([
    ['lower', 70],
    ['higher', 30],
  ] as const)('where %s is better', (better, good) => {
    expect(goodOutcomes({ better }, { decisions: 200, units: 100, happened: 30 })).toBe(good);
  });

  test('is of the goal with the largest weight that says of a unit whether it went well', () => {
    const heavy = kpi({ name: 'heavy', weight: 3 });
    expect(
      decidingGoal([kpi({}), heavy, kpi({ name: 'guard', role: 'guard', weight: 9 }), kpi({ name: 'm', type: 'mean', weight: 9 })]),
    ).toBe(heavy);
    expect(decidingGoal([kpi({ type: 'count' })])).toBeUndefined();
  });
});

describe('what a decision costs', () => {
  test('is of whole hours that were metered as a whole, at most a day', () => {
    expect(wholeHours(meter(0.4))).toBeUndefined();
    expect(wholeHours(meter(3))).toEqual({
      fromMillis: Date.parse('2026-03-10T10:00:00Z'),
      untilMillis: Date.parse('2026-03-10T12:00:00Z'),
    });
    const day = wholeHours(meter(40))!;
    expect(day.untilMillis - day.fromMillis).toBe(24 * HOUR);
  });

  test('divides what the hours cost by what was answered in them', () => {
    const state = meter(3);
    const cost = unitCost(state, wholeHours(state)!, { decisions: 100, units: 80, happened: 40 }, kpi({}));
    expect(cost).toEqual({ amount: 4, hours: 2, decisions: 100, perDecision: 0.04, goodOutcomes: 40, perGoodOutcome: 0.1 });
  });

  test('is not known where part of the hours has no price; an hour before them does not count', () => {
    const hours = meter(3).hours.map((hour, index) => (index === 1 ? { ...hour, amount: 0, unpriced: { odd: 3600 } } : hour));
    const answered = { decisions: 100, units: 80, happened: 40 };
    const unpriced = { ...meter(3), hours };
    expect(unitCost(unpriced, wholeHours(unpriced)!, answered, kpi({}))).toEqual({
      amount: 2,
      hours: 2,
      decisions: 100,
      incomplete: true,
      goodOutcomes: 40,
    });
    const later = { fromMillis: hours[2]!.hour, untilMillis: hours[3]!.hour };
    expect(unitCost(unpriced, later, answered, undefined)).toMatchObject({ perDecision: 0.02 });
  });

  test('is not known without decisions, nor a good outcome without one', () => {
    const state = meter(3);
    const cost = unitCost(state, wholeHours(state)!, { decisions: 0, units: 5, happened: 5 }, kpi({}));
    expect(cost).toEqual({ amount: 4, hours: 2, decisions: 0, goodOutcomes: 0 });
  });
});

describe('a criterion by cost', () => {
  const criterion = { costPerDecisionAbove: 0.02, forMinutes: 120 };
  const at = (perDecision: number | undefined, amount = 4) => ({
    amount,
    hours: 24,
    decisions: perDecision === undefined ? 0 : 100,
    ...(perDecision === undefined ? {} : { perDecision }),
  });
  const after = (costs: Parameters<typeof lookAtCriteria>[2][]) =>
    costs.reduce(
      ({ states, met }, cost, hour) => {
        const next = lookAtCriteria([criterion], states, cost, START + hour * HOUR);
        return { states: next.states, met: [...met, ...next.met.map(() => hour)] };
      },
      { states: [] as ReturnType<typeof lookAtCriteria>['states'], met: [] as number[] },
    );

  test('is met once it held for its time, and told once', () => {
    expect(after([at(0.03), at(0.03), at(0.03), at(0.03), at(0.03)]).met).toEqual([2]);
  });

  test('begins anew after a break, and may be told again then', () => {
    expect(after([at(0.03), at(0.03), at(0.02), at(0.03), at(0.03), at(0.03)]).met).toEqual([5]);
    expect(after([at(0.03), at(0.03), at(0.03), at(0.01), at(0.03), at(0.03), at(0.03)]).met).toEqual([2, 6]);
  });

  test('an hour of which part has no price neither counts nor breaks', () => {
    const unknown = { amount: 0, hours: 24, decisions: 100, incomplete: true as const };
    expect(after([at(0.03), unknown, unknown, at(0.03)]).met).toEqual([3]);
    expect(lookAtCriteria([criterion], [], unknown, START)).toEqual({ states: [], met: [] });
  });

  test('instances that decide nothing cost too much; no instances cost nothing', () => {
    expect(after([at(undefined), at(undefined), at(undefined)]).met).toEqual([2]);
    expect(after([at(undefined, 0), at(undefined, 0), at(undefined, 0)]).met).toEqual([]);
  });
});

describe('for whom instances work', () => {
  const release = (releaseId: string, variantName: string, endpointName?: string) => ({
    releaseId,
    variantName,
    modelName: 'm',
    endpointConfigName: 'c',
    ...(endpointName === undefined ? {} : { endpointName }),
  });
  const control = (more: Partial<ControlRecord>): ControlRecord =>
    ({ mode: 'live', endpointName: 'e', stable: release('r1', 'a'), ...more }) as ControlRecord;

  test.each([
    ['stable', control({}), 'e', 'a', false, 'stable'],
    ['the candidate', control({ candidate: release('r2', 'b'), lockedBy: 'r2' }), 'e', 'b', false, 'candidate'],
    ['the release kept warm', control({ warm: { release: release('r0', 'b'), until: '' } }), 'e', 'b', false, 'warm'],
    ['a candidate that is not in the control record yet', control({ lockedBy: 'r2' }), 'e', 'b', true, 'candidate'],
    ['what was stable before a promotion', control({ lockedBy: 'r1' }), 'e', 'b', false, 'warm'],
    ['a first release', control({ stable: undefined, lockedBy: 'r1' }), 'e', 'a', false, 'candidate'],
    ['nobody that is known: whoever pays is stable', control({}), 'e', 'x', false, 'stable'],
    [
      'a candidate on an endpoint of its own',
      control({ candidate: release('r2', 'a', 'e2'), lockedBy: 'r2' }),
      'e2',
      'a',
      false,
      'candidate',
    ],
    [
      "stable's variant of the same name beside it",
      control({ candidate: release('r2', 'a', 'e2'), lockedBy: 'r2' }),
      'e',
      'a',
      false,
      'stable',
    ],
    ["a new fleet under stable's name", control({ candidate: release('r2', 'a'), lockedBy: 'r2' }), 'e', 'a', true, 'candidate'],
  ] as const)('%s', (_what, record, endpoint, variant, pending, arm) => {
    expect(armOf(record, endpoint, variant, pending)).toBe(arm);
  });
});
