import { fakeLedger, SPEC, START } from '../support';
import fc from 'fast-check';
import { type ControlRecord, counterName, ERROR_RATE_KPI, ledgerKeys, type StepRecord } from '../../../core/contracts';
import { batchesOf } from '../../../core/observation';
import { type Counters, judge } from '../../../core/verdict';
import { CounterReader } from '../../../lambdas/verdict/counters';
import { type Breakage, CONTROL, deliver, expectedCounters, faults, faultyLedger, messagesOf, stories } from './stream';
import { ALL_KPIS, batch, decision, enveloped, kpiEvent, MINUTE, RELEASE, setUp, totals } from './world';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const SHARDS = 4;

async function ledgerWithControl() {
  const fake = fakeLedger();
  await fake.ledger.put(ledgerKeys.control(), CONTROL as unknown as ControlRecord);
  return fake;
}

/** How messages reach the queue: decisions and events as they are, events in envelopes, or many in one message. */
function packed(messages: Record<string, unknown>[], way: number): unknown[] {
  const events = messages.filter((message) => message['kind'] !== 'decision');
  const decisions = messages.filter((message) => message['kind'] === 'decision');
  if (way === 0) return messages;
  return way === 1 ? [...events.map(enveloped), ...decisions] : [...decisions, ...batchesOf(events, 2_000)];
}

/** Some handlers at a time take what producers and gateway send, in any order and more than once, and meet faults. */
function anyInterleaving(breakage?: Breakage) {
  return fc.asyncProperty(
    stories,
    fc.infiniteStream(fc.nat(1_000_000)),
    fc.record({ duplicates: fc.nat(20), size: fc.integer({ min: 1, max: 12 }), way: fc.nat(2) }),
    fc.array(faults, { minLength: 1, maxLength: 3 }),
    async (units, draws, { duplicates, size, way }, plans) => {
      const fake = await ledgerWithControl();
      const draw = (): number => draws.next().value ?? 0;
      const messages = messagesOf(units);
      const copies = Array.from({ length: duplicates }, () => messages[draw() % messages.length] ?? {});
      const shuffled = [...messages, ...copies].map((message) => ({ message, at: draw() })).sort((one, other) => one.at - other.at);
      const bodies = shuffled.map(({ message }) => message);
      const batches = Array.from({ length: Math.ceil(bodies.length / size) }, (_, nth) => bodies.slice(nth * size, (nth + 1) * size));
      const handlers = plans.map(async (plan) => {
        const { ledger, restart } = faultyLedger(fake.ledger, plan, breakage);
        const { run } = setUp({ shards: SHARDS, kpis: ALL_KPIS, fake: { ...fake, ledger }, now: () => START + 10 * MINUTE });
        for (let next = batches.shift(); next !== undefined; next = batches.shift()) {
          await deliver(run, batch(packed(next, way), START + 10 * MINUTE), restart);
        }
      });
      await Promise.all(handlers);
      expect(fake.items('rejected#')).toEqual([]);
      expect(totals(fake, { byMinute: true })).toEqual(expectedCounters(units));
    },
  );
}

test('any interleaving of duplicates, retries, crashes, conflicts, late and superseding events counts as the clean stream', async () => {
  await fc.assert(anyInterleaving(), { numRuns: 120 });
}, 60_000);

test.each<Breakage>(['conditions are ignored', 'transactions are not atomic'])(
  'this would be noticed: %s',
  async (breakage) => {
    const { failed, errorInstance } = await fc.check(anyInterleaving(breakage), { numRuns: 200, endOnFailure: true, seed: 7 });
    expect(failed).toBe(true);
    expect(String(errorInstance)).toContain('minute#');
  },
  60_000,
);

test('the verdict reads the same from shards in any order', async () => {
  const step: StepRecord = {
    releaseId: RELEASE,
    stepId: `${RELEASE}#0`,
    index: 0,
    weight: 0.5,
    openedAt: new Date(START - 60 * MINUTE).toISOString(),
    taskToken: 'token',
    last: true,
  } as StepRecord;
  await fc.assert(
    fc.asyncProperty(stories, fc.shuffledSubarray([0, 1, 2, 3], { minLength: SHARDS }), async (units, order) => {
      const [fake, other] = [await ledgerWithControl(), fakeLedger()];
      const { run } = setUp({ shards: SHARDS, kpis: ALL_KPIS, fake, now: () => START + 10 * MINUTE });
      for (const message of messagesOf(units)) {
        await run(batch([message], START + 10 * MINUTE));
      }
      for (const item of fake.items('counters#')) {
        const shard = Number(String(item['pk']).split('#').at(-1));
        await other.ledger.put({ pk: ledgerKeys.counters(RELEASE, order[shard] ?? 0), sk: String(item['sk']) }, item);
      }
      const read = (from: typeof fake) => new CounterReader(from.ledger, RELEASE, SHARDS).read(ALL_KPIS);
      const [counters, permuted] = [await read(fake), await read(other)];
      expect(permuted).toEqual(counters);
      const spec = { ...SPEC, kpis: ALL_KPIS };
      const judged = [counters, permuted].map((one) =>
        judge({ step, spec, counters: one, control: 'stable', nowMillis: START + 90 * MINUTE }),
      );
      expect(judged[1]).toEqual(judged[0]);
      expect(asTotals(counters)).toEqual(totalsByKpi(expectedCounters(units)));
    }),
    { numRuns: 25 },
  );
}, 60_000);

/** What the reader found, by KPI. */
function asTotals(counters: Counters): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [kpi, minutes] of Object.entries(counters)) {
    for (const { n, x, sum = 0, squares = 0 } of minutes.flatMap(({ arms }) => Object.values(arms))) {
      for (const [field, count] of Object.entries({ n, x, s: sum, q: squares })) {
        sums[`${kpi} ${field}`] = (sums[`${kpi} ${field}`] ?? 0) + count;
      }
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

function totalsByKpi(expected: Record<string, number>): Record<string, number> {
  const nameOf = new Map([
    [ERROR_RATE_KPI, ERROR_RATE_KPI],
    ...ALL_KPIS.map((policy): [string, string] => [counterName(policy), policy.name]),
  ]);
  const sums: Record<string, number> = {};
  for (const [key, count] of Object.entries(expected)) {
    const [counter = '', , field] = key.slice(key.indexOf(' ') + 1).split('|');
    if (field === undefined || !['n', 'x', 's', 'q'].includes(field)) continue;
    const name = `${nameOf.get(counter)} ${field}`;
    sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

test('a correction that another shard counts changes the sum that is read', async () => {
  const fake = await ledgerWithControl();
  const one = decision();
  const amount = (value: number, revision: number) =>
    kpiEvent(one, value, { kpi: 'handling-minutes', eventId: `revision-${revision}`, revision });
  const { run } = setUp({ shards: 64, kpis: ALL_KPIS, fake });
  for (const [revision, value] of [60, 12, 24].entries()) await run(batch([amount(value, revision)]));
  expect(new Set(fake.items('counters#').map(({ pk }) => pk)).size).toBeGreaterThan(1);
  const read = await new CounterReader(fake.ledger, RELEASE, 64).read(ALL_KPIS);
  expect(read['handling-minutes']?.[0]?.arms.candidate).toMatchObject({ n: 1, x: 1, sum: 2_000, squares: 4_000_000 });
});
