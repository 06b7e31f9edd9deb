import { fakeLedger, type FakeLedger, KPIS, SPEC, START } from './support';
import {
  type Arm,
  type CounterField,
  counterAttribute,
  counterName,
  type ControlRecord,
  hourOf,
  type KpiPolicy,
  ledgerKeys,
  minuteOf,
  type Notification,
} from '../../core/contracts';
import type { HoldoutReview, KillCriterion } from '../../core/holdout';
import { firstControl } from '../../core/release/control';
import { holdoutMetrics } from '../../lambdas/holdout/metrics';
import { type HoldoutParts, review } from '../../lambdas/holdout/review';
import type { StoredRelease } from '../../lambdas/shared/releases';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STABLE = 'r1-aaaaaaaa';
const NEXT = 'r2-bbbbbbbb';
const MEAN: KpiPolicy = { ...KPIS[0]!, name: 'handling-time', type: 'mean', cap: 100, typical: { mean: 10, standardDeviation: 10 } };
const criterion: KillCriterion = { kpi: 'missed-spam', noBetterThanBaselineAfterMinutes: 2 * 1440 };

interface World {
  fake: FakeLedger;
  parts: HoldoutParts;
  clock: { millis: number };
  notified: Notification[];
  published: HoldoutReview[];
  count(
    releaseId: string,
    atMillis: number,
    arms: Partial<Record<Arm, Partial<Record<CounterField, number>>>>,
    kpi?: KpiPolicy,
  ): Promise<void>;
}

const liveControl = (releaseId: string): ControlRecord => ({
  ...firstControl(0.1, { at: '', by: 'workflow', reason: '' }),
  mode: 'live',
  stable: { releaseId, variantName: 'a', modelName: 'm', endpointConfigName: 'c' },
});

const releaseOf = (id: string, liveSince: string | undefined, changes: Partial<StoredRelease> = {}): StoredRelease => ({
  id,
  sequence: 1,
  hash: 'aaaaaaaa',
  spec: SPEC,
  status: 'promoted',
  requestedBy: 'deploy',
  requestedAt: new Date(START - DAY).toISOString(),
  ...(liveSince === undefined ? {} : { liveSince, endedAt: liveSince }),
  ...changes,
});

async function setUp(criteria: KillCriterion[] = [], kpis = KPIS): Promise<World> {
  const fake = fakeLedger();
  const clock = { millis: START + 3 * DAY };
  const notified: Notification[] = [];
  const published: HoldoutReview[] = [];
  await fake.ledger.put(ledgerKeys.control(), liveControl(STABLE));
  await fake.ledger.put(ledgerKeys.release(STABLE), releaseOf(STABLE, new Date(START).toISOString()));
  await fake.ledger.put(ledgerKeys.desired(), {
    hash: 'aaaaaaaa',
    spec: { ...SPEC, kpis },
    workflowArn: 'arn',
    requestId: '1',
    starts: true,
  });
  const parts: HoldoutParts = {
    useCase: 'support-triage',
    criteria,
    ledger: fake.ledger,
    counterShards: 2,
    retentionDays: 365,
    now: () => clock.millis,
    notify: async (notification) => void notified.push(notification),
    publish: (said) => void published.push(said),
  };
  const count: World['count'] = async (releaseId, atMillis, arms, kpi = KPIS[0]!) => {
    const attributes = Object.entries(arms).flatMap(([arm, fields]) =>
      Object.entries(fields).map(
        ([field, value]) => [counterAttribute(counterName(kpi), arm as Arm, field as CounterField), value] as const,
      ),
    );
    const pk = ledgerKeys.counters(releaseId, (atMillis / MINUTE) % 2);
    await fake.ledger.put({ pk, sk: ledgerKeys.minute(minuteOf(atMillis)) }, Object.fromEntries(attributes));
    await fake.ledger.put({ pk, sk: ledgerKeys.hour(hourOf(atMillis)) }, { changes: 1 });
  };
  return { fake, parts, clock, notified, published, count };
}

/** A minute in each of the first hours. */
async function traffic({ count }: World, hours: number, stableEvents: number, releaseId = STABLE, from = START): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await count(releaseId, from + hour * HOUR + 5 * MINUTE, { stable: { n: 100, x: stableEvents }, baseline: { n: 50, x: 10 } });
  }
}

const kept = ({ fake }: World, day: string): HoldoutReview =>
  JSON.parse(fake.item<{ review: string }>(ledgerKeys.holdoutReview(day))?.review ?? '') as HoldoutReview;

test('compares stable with the holdout, and keeps the review of the day', async () => {
  const world = await setUp();
  await traffic(world, 60, 5);
  expect(await review(world.parts)).toEqual({ reviewed: true, met: [], told: [] });
  const [missedSpam] = kept(world, '2026-03-05').kpis;
  expect(missedSpam?.lift).toMatchObject({
    since: '2026-03-02T09:00:00.000Z',
    stable: { units: 6_000, observed: 300 },
    baseline: { units: 3_000 },
  });
  expect(missedSpam?.lift.ratio?.estimate).toBeCloseTo(0.25, 1);
  expect(missedSpam?.trend.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
  expect(world.published).toEqual([kept(world, '2026-03-05')]);
  expect(world.fake.item<{ expiresAt: number }>(ledgerKeys.holdoutReview('2026-03-05'))?.expiresAt).toBe(
    (START + 3 * DAY) / 1000 + 365 * 86_400,
  );
});

test('a day in which nothing changes any more is read once', async () => {
  const world = await setUp();
  await traffic(world, 60, 5);
  await review(world.parts);
  const before = kept(world, '2026-03-05').kpis[0]?.lift;
  expect(world.fake.items('holdout').map(({ sk }) => sk)).toEqual(
    expect.arrayContaining(['day#2026-03-02', 'day#2026-03-03', 'day#2026-03-04', 'latest', 'review#2026-03-05']),
  );
  world.fake.sent.length = 0;
  await review(world.parts);
  const counters = world.fake.sent.filter(({ input }) => JSON.stringify(input).includes('counters#'));
  // Of the present day, one query per shard.
  expect(counters).toHaveLength(2);
  expect(kept(world, '2026-03-05').kpis[0]?.lift).toEqual(before);
});

test('a day whose outcomes may still come is read again', async () => {
  const world = await setUp([], [{ ...KPIS[0]!, windowMinutes: 30 * 60 }]);
  await traffic(world, 60, 5);
  await review(world.parts);
  const days = (): unknown[] =>
    world.fake
      .items('holdout')
      .map(({ sk }) => sk)
      .filter((sk) => String(sk).startsWith('day#'));
  expect(days()).toEqual(['day#2026-03-02', 'day#2026-03-03']);
});

test('what was counted beside a candidate counts too; a promotion changes which release it is', async () => {
  const world = await setUp();
  const { fake, count } = world;
  const canaryMinute = START + 10 * HOUR;
  await count(STABLE, START + HOUR, { stable: { n: 100, x: 1 }, baseline: { n: 10, x: 1 } });
  await fake.ledger.put(
    ledgerKeys.release(NEXT),
    releaseOf(NEXT, undefined, { status: 'rolled-back', endedAt: new Date(canaryMinute + HOUR).toISOString() }),
  );
  await count(NEXT, canaryMinute, { stable: { n: 50, x: 1 }, candidate: { n: 50, x: 9 }, baseline: { n: 10, x: 1 } });
  await review(world.parts);
  expect(kept(world, '2026-03-05').kpis[0]?.lift.stable.units).toBe(150);

  const other = await setUp();
  const liveSince = new Date(START + 20 * HOUR).toISOString();
  await other.fake.ledger.put(ledgerKeys.release(NEXT), releaseOf(NEXT, liveSince));
  await other.fake.ledger.put(ledgerKeys.control(), liveControl(NEXT));
  await other.count(NEXT, canaryMinute, { stable: { n: 50, x: 1 }, baseline: { n: 10, x: 1 } });
  await other.count(NEXT, START + 21 * HOUR, { stable: { n: 7, x: 1 }, baseline: { n: 3, x: 1 } });
  await review(other.parts);
  const said = kept(other, '2026-03-05');
  expect(said).toMatchObject({ stable: NEXT, stableSince: liveSince, liveSince: new Date(START).toISOString() });
  expect(said.kpis[0]?.lift.stable.units).toBe(7);
});

test('values are read with all that belongs to them', async () => {
  const world = await setUp([], [MEAN]);
  const arm = { n: 300, x: 300, s: 300_000, q: 400_000_000, e0: 1, e1: 1, e2: 1, e3: 1, e4: 1 };
  await world.count(STABLE, START + HOUR, { stable: arm, baseline: { ...arm, s: 600_000, q: 1_600_000_000 } }, MEAN);
  await review(world.parts);
  const [lift] = kept(world, '2026-03-05').kpis;
  expect(lift?.lift.stable.value).toBeCloseTo(10, 9);
  expect(lift?.lift.ratio?.estimate).toBeCloseTo(0.5, 9);
});

test('an adopted endpoint counts from the first look that found it', async () => {
  const world = await setUp();
  await world.fake.ledger.put(ledgerKeys.control(), liveControl('r0-12345678'));
  await world.fake.ledger.delete(ledgerKeys.release(STABLE));
  await traffic(world, 90, 5, 'r0-12345678');
  await review(world.parts);
  expect(kept(world, '2026-03-05')).toMatchObject({ stable: 'r0-12345678', stableSince: '2026-03-05T09:00:00.000Z' });
  world.clock.millis += DAY;
  await review(world.parts);
  const said = kept(world, '2026-03-06');
  expect(said.stableSince).toBe('2026-03-05T09:00:00.000Z');
  expect(said.kpis[0]?.lift.stable.units).toBe(1_800);
});

describe('kill criteria', () => {
  const met = async () => {
    const world = await setUp([criterion]);
    await traffic(world, 60, 20);
    return world;
  };

  test('one that is met is told once, in plain words, and as an event', async () => {
    const world = await met();
    expect(await review(world.parts)).toEqual({ reviewed: true, met: ['missed-spam-2880'], told: ['missed-spam-2880'] });
    world.clock.millis += DAY;
    expect(await review(world.parts)).toEqual({ reviewed: true, met: ['missed-spam-2880'], told: [] });
    expect(world.notified).toHaveLength(1);
    expect(world.notified[0]).toMatchObject({
      event: 'KillCriterionMet',
      subject: 'kill criterion met for missed-spam',
      roles: ['process'],
    });
    expect(world.notified[0]?.facts).toMatchObject({
      useCase: 'support-triage',
      kpi: 'missed-spam',
      stable: STABLE,
      threshold: 20,
      reason: expect.stringContaining('not shown to be better than the baseline 2 days after going live') as string,
    });
  });

  test('two reviews at the same moment tell once', async () => {
    const world = await met();
    await Promise.all([review(world.parts), review(world.parts)]);
    await review(world.parts);
    expect(world.notified).toHaveLength(1);
  });

  test('when telling fails, the next review tells', async () => {
    const world = await met();
    const working = world.parts.notify;
    world.parts.notify = async () => {
      throw new Error('the bus is away');
    };
    await expect(review(world.parts)).rejects.toThrow('the bus is away');
    world.parts.notify = working;
    expect(await review(world.parts)).toMatchObject({ told: ['missed-spam-2880'] });
    expect(world.notified).toHaveLength(1);
  });

  test('who died while telling is taken over from', async () => {
    const world = await met();
    const working = world.parts.notify;
    world.parts.notify = (notification) => {
      world.notified.push(notification);
      return new Promise(() => undefined);
    };
    void review(world.parts);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(world.notified).toHaveLength(1);
    world.parts.notify = working;
    expect(await review(world.parts)).toMatchObject({ told: [] });
    world.clock.millis += HOUR;
    expect(await review(world.parts)).toMatchObject({ told: ['missed-spam-2880'] });
    expect(world.notified).toHaveLength(2);
  });

  test('one that is not met tells nobody', async () => {
    const world = await setUp([criterion]);
    await traffic(world, 60, 5);
    expect(await review(world.parts)).toEqual({ reviewed: true, met: [], told: [] });
    expect(kept(world, '2026-03-05').criteria[0]?.state).toBe('better');
    expect(world.notified).toEqual([]);
  });

  test('an older look that ends late does not overwrite what a newer one said', async () => {
    const world = await met();
    await review(world.parts);
    world.clock.millis -= HOUR;
    await review(world.parts);
    expect(world.fake.item<{ at: string }>(ledgerKeys.holdoutLatest())?.at).toBe('2026-03-05T09:00:00.000Z');
  });
});

describe('where there is nothing to review', () => {
  test.each<[string, Partial<ControlRecord>, RegExp]>([
    ['before the first release', { mode: 'baseline', stable: undefined }, /its mode is baseline/],
    ['after the kill switch', { mode: 'killed' }, /its mode is killed/],
  ])('%s it says so, and counts nothing', async (_when, changes, reason) => {
    const world = await setUp([criterion]);
    await world.fake.ledger.put(ledgerKeys.control(), { ...liveControl(STABLE), ...changes });
    expect(await review(world.parts)).toEqual({ reviewed: false, reason: expect.stringMatching(reason) as string });
    expect(world.fake.items('holdout')).toEqual([]);
  });

  test('in the seconds of a promotion it waits for the next day', async () => {
    const world = await setUp();
    await world.fake.ledger.put(ledgerKeys.release(STABLE), releaseOf(STABLE, undefined, { status: 'in-progress' }));
    expect(await review(world.parts)).toEqual({ reviewed: false, reason: `Release ${STABLE} has only just become stable` });
  });

  test('a ledger that does not know what the stack wants is an error', async () => {
    const world = await setUp();
    await world.fake.ledger.delete(ledgerKeys.desired());
    await expect(review(world.parts)).rejects.toThrow(/deploy the stack/);
  });
});

test('metrics: lift and money with their bounds, levels by arm, and criteria that could be judged', async () => {
  const kpis = [{ ...KPIS[0]!, money: { perUnit: -2, currency: 'USD' } }];
  const world = await setUp([criterion, { costPerDecisionAbove: 1, forMinutes: 60 }], kpis);
  await traffic(world, 60, 5);
  await review(world.parts);
  const lines = holdoutMetrics(world.published[0]!);
  const named = lines.map(({ dimensions, values }) => [dimensions, values.map(([name]) => name)]);
  expect(named).toEqual([
    [{ Kpi: 'missed-spam' }, ['KpiLift', 'KpiLiftLower', 'KpiLiftUpper', 'MoneyPerMonth', 'MoneyPerMonthLower', 'MoneyPerMonthUpper']],
    [{ Kpi: 'missed-spam', Arm: 'baseline' }, ['KpiDaily']],
    [{ Kpi: 'missed-spam', Arm: 'stable' }, ['KpiDaily']],
    [{ Kpi: 'missed-spam' }, ['KillCriterionMet']],
  ]);
  expect(lines.at(-1)?.values).toEqual([['KillCriterionMet', 'Count', 0]]);
  expect(lines.flatMap(({ values }) => values).every(([, , value]) => Number.isFinite(value))).toBe(true);
});
