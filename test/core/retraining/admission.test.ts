import { BUILT_IN_PRICES, withPriceFile } from '../../../core/prices';
import {
  admit,
  type Admission,
  emptyState,
  estimateCost,
  inMonth,
  released,
  type RetrainingAsked,
  type RetrainingSettings,
  type RetrainingState,
  type StableNow,
} from '../../../core/retraining';

const AT = '2026-03-10T09:00:00.000Z';
const DAY = 1440;

const SETTINGS: RetrainingSettings = {
  on: { drift: true, kpi: false },
  coolDownMinutes: 7 * DAY,
  mostRunsPerMonth: 2,
  data: { sinceDays: 30, minimumRows: 1000, evaluationShare: 0.2 },
  training: { kind: 'job', maxRuntimeMinutes: 120, instanceType: 'ml.m5.xlarge', instanceCount: 2 },
  evaluation: { metric: 'mae', notWorseBy: 0.02, instanceType: 'ml.m5.large' },
  group: 'delay',
  inference: { image: 'image:1', environment: {}, contentType: 'application/json' },
};
const STABLE: StableNow = { mode: 'live', releaseId: 'r3-aaaaaaaa' };
const COST = { known: true, amount: 1.2, currency: 'USD' } as const;

const asked = (more: Partial<RetrainingAsked> = {}): RetrainingAsked => ({
  requestId: 'x',
  trigger: 'drift',
  reason: 'hour drifted',
  requestedBy: 'drift',
  at: AT,
  ...more,
});
const state = (more: Partial<RetrainingState> = {}): RetrainingState => ({ ...emptyState(AT), ...more });
const admitted = (
  more: {
    settings?: Partial<RetrainingSettings>;
    state?: Partial<RetrainingState>;
    asked?: Partial<RetrainingAsked>;
    stable?: StableNow;
    cost?: Parameters<typeof admit>[4];
  } = {},
): Admission => admit({ ...SETTINGS, ...more.settings }, state(more.state), asked(more.asked), more.stable ?? STABLE, more.cost ?? COST);

const codeOf = (admission: Admission): string => (admission.ok ? 'ok' : admission.code);

describe('a run that may begin', () => {
  test('gets the next number, the lock, and its share of the month', () => {
    expect(admitted({ state: { sequence: 4, runs: 1, spent: 1.3, lastBeganAt: '2026-02-01T00:00:00.000Z' } })).toEqual({
      ok: true,
      id: 't5',
      parentReleaseId: 'r3-aaaaaaaa',
      estimate: 1.2,
      next: {
        revision: 0,
        sequence: 5,
        month: '2026-03',
        runs: 2,
        spent: 2.5,
        lastBeganAt: AT,
        running: { id: 't5', since: AT, estimate: 1.2, beganBefore: '2026-02-01T00:00:00.000Z' },
      },
    });
  });

  test('starts a month of its own', () => {
    const before = state({ month: '2026-02', runs: 2, spent: 99 });
    expect(inMonth(before, AT)).toMatchObject({ month: '2026-03', runs: 0, spent: 0 });
    expect(admitted({ state: before })).toMatchObject({ ok: true, next: { month: '2026-03', runs: 1, spent: 1.2 } });
  });

  test('needs no price where there is no budget', () => {
    const admission = admitted({ cost: { known: false, why: 'no price' } });
    expect(admission).toMatchObject({ ok: true, next: { spent: 0, runs: 1 } });
    expect(admission).not.toHaveProperty('estimate');
  });
});

describe('a run is refused', () => {
  test.each<[string, Parameters<typeof admitted>[0], RegExp]>([
    ['killed', { stable: { mode: 'killed', releaseId: 'r3' } }, /kill switch/],
    ['no-stable', { stable: { mode: 'baseline' } }, /no release is stable/],
    ['other-release', { asked: { releaseId: 'r2-bbbbbbbb' } }, /drift was of r2-bbbbbbbb, and r3-aaaaaaaa is stable/],
    ['other-release', { asked: { releaseId: 'r2-bbbbbbbb', trigger: 'kpi' } }, /KPI movement was of r2/],
    ['successor', { stable: { ...STABLE, successorId: 'r4-cccccccc' } }, /r4-cccccccc is on its way/],
    ['broken-input', { asked: { brokenInput: true } }, /input is broken as well/],
    ['running', { state: { running: { id: 't4', since: AT, estimate: 0 } } }, /run t4 is under way/],
    ['cool-down', { state: { lastBeganAt: '2026-03-03T09:00:01.000Z' } }, /cool-down ends 2026-03-10T09:00:01/],
    ['cool-down', { state: { lastBeganAt: '2026-03-09T00:00:00.000Z' }, asked: { trigger: 'schedule' } }, /cool-down/],
    ['cool-down', { state: { lastBeganAt: '2026-03-09T00:00:00.000Z' }, asked: { trigger: 'kpi' } }, /cool-down/],
    ['runs', { state: { runs: 2 } }, /2 of 2 runs of 2026-03/],
    ['runs', { state: { runs: 2 }, asked: { trigger: 'operator' } }, /2 of 2 runs/],
    ['budget', { settings: { monthlyBudget: 3 }, state: { spent: 1.81 } }, /may cost 1.2 USD, 1.81 of 3 USD/],
    ['budget', { settings: { monthlyBudget: 3 }, cost: { known: false, why: 'no price of ml.x' } }, /not known \(no price of ml.x\)/],
  ])('%s', (code, given, words) => {
    const admission = admitted(given);
    expect(codeOf(admission)).toBe(code);
    if (!admission.ok) {
      expect(admission.reason).toMatch(words);
      expect(admission.next).toMatch(/./);
    }
  });

  test('never for its cool-down where an owner asks, nor when it is just over, nor within the budget to the cent', () => {
    expect(codeOf(admitted({ state: { lastBeganAt: AT }, asked: { trigger: 'operator' } }))).toBe('ok');
    expect(codeOf(admitted({ stable: { ...STABLE, successorId: 'r4' }, asked: { trigger: 'operator' } }))).toBe('ok');
    expect(codeOf(admitted({ state: { lastBeganAt: '2026-03-03T09:00:00.000Z' } }))).toBe('ok');
    expect(codeOf(admitted({ settings: { monthlyBudget: 3 }, state: { spent: 1.8 } }))).toBe('ok');
  });
});

describe('the lock', () => {
  const running = { id: 't5', since: AT, estimate: 1.2, beganBefore: '2026-02-01T00:00:00.000Z' };
  const held = state({ sequence: 5, runs: 2, spent: 2.5, lastBeganAt: AT, running });

  test('is released by its own run alone', () => {
    expect(released(held, 't4', true)).toBeUndefined();
    expect(released(state(), 't5', true)).toBeUndefined();
    expect(released(held, 't5', true)).toEqual(state({ sequence: 5, runs: 2, spent: 2.5, lastBeganAt: AT }));
  });

  test('gives back what a run counted for that trained nothing', () => {
    expect(released(held, 't5', false)).toEqual(state({ sequence: 5, runs: 1, spent: 1.3, lastBeganAt: '2026-02-01T00:00:00.000Z' }));
    const first = state({ sequence: 1, runs: 1, spent: 1.2, lastBeganAt: AT, running: { id: 't1', since: AT, estimate: 1.2 } });
    expect(released(first, 't1', false)).toEqual(state({ sequence: 1 }));
  });

  test('touches no sums of another month', () => {
    const later = { ...held, month: '2026-04', runs: 1, spent: 5 };
    expect(released(later, 't5', false)).toMatchObject({ month: '2026-04', runs: 1, spent: 5 });
  });
});

describe('what a run may cost', () => {
  const prices = withPriceFile(
    BUILT_IN_PRICES,
    JSON.stringify({
      currency: 'USD',
      asOf: '2026-03-01',
      regions: { 'eu-west-1': { instances: { 'ml.m5.xlarge': 0.25, 'ml.m5.large': 0.1 } } },
    }),
    'prices.json',
  );

  test('is every instance for its longest time, training and evaluation', () => {
    expect(estimateCost(SETTINGS, prices, 'eu-west-1')).toEqual({ known: true, amount: 2 * 2 * 0.25 + 2 * 0.1, currency: 'USD' });
  });

  test('is not known without a price, of a pipeline, or of a state machine', () => {
    const odd = { ...SETTINGS, evaluation: { ...SETTINGS.evaluation, instanceType: 'ml.odd.large' } };
    expect(estimateCost(odd, prices, 'eu-west-1')).toMatchObject({ known: false, why: expect.stringContaining('ml.odd.large') as string });
    for (const kind of ['pipeline', 'state-machine'] as const) {
      const other = { ...SETTINGS, training: { kind, maxRuntimeMinutes: 60 } };
      expect(estimateCost(other, prices, 'eu-west-1')).toMatchObject({ known: false, why: expect.stringContaining(kind) as string });
    }
  });
});
