import { type FakeLedger, fakeLedger, KPIS, named, START } from './support';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { type Arm, type DecisionObserved, ledgerKeys } from '../../core/contracts';
import { type Keyring, makeDecisionId, unitKeyOf } from '../../core/decision-id';
import { ingest } from '../../lambdas/ingest/ingest';
import type { Published } from '../../lambdas/ingest/tally';

const keyring = { current: 'k1', k1: 'a-secret-of-enough-characters' } as Keyring;
const MINUTE = 60_000;

interface Options {
  unit?: string;
  arm?: Arm;
  releaseId?: string;
  atMillis?: number;
  failed?: boolean;
  nonce?: string;
}

function decision({
  unit = 'u1',
  arm = 'candidate',
  releaseId = 'r1-aaaaaaaa',
  atMillis = START,
  failed = false,
  nonce = unit,
}: Options = {}) {
  const unitKey = unitKeyOf(keyring, 'support-triage', unit);
  const message: DecisionObserved = {
    kind: 'decision',
    decisionId: makeDecisionId({ keyring, arm, releaseId, exposureMillis: atMillis, unitKey, nonce }),
    useCase: 'support-triage',
    releaseId,
    arm,
    servedRelease: releaseId,
    fallback: failed,
    failed,
    unitKey,
    decidedAt: new Date(atMillis).toISOString(),
    latencyMillis: 40,
    controlVersion: 3,
    requestHash: 'aa',
    responseHash: 'bb',
  };
  return message;
}

function kpi(of: DecisionObserved, value: unknown = true, more: Record<string, unknown> = {}) {
  const detail = {
    schema: 'sluice.kpi/v1',
    useCase: 'support-triage',
    eventId: `e-${of.decisionId}`,
    kpi: 'missed-spam',
    decisionId: of.decisionId,
    value,
    observedAt: of.decidedAt,
    ...more,
  };
  return { version: '0', id: Math.random().toString(36), 'detail-type': 'KpiObserved', detail };
}

let sequence = 0;
function batch(bodies: unknown[], sentMillis = START): SQSEvent {
  const records = bodies.map((body) => {
    sequence += 1;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { messageId: `m${sequence}`, body: text, attributes: { SentTimestamp: String(sentMillis) } };
  });
  return { Records: records } as unknown as SQSEvent;
}

function setUp(shards = 1) {
  const fake = fakeLedger();
  const published: Published[] = [];
  const run = (event: SQSEvent) =>
    ingest(
      {
        useCase: 'support-triage',
        kpis: KPIS,
        retentionDays: 30,
        counterShards: shards,
        ledger: fake.ledger,
        now: () => START,
        keyring: async () => keyring,
        publish: (line) => published.push(line),
      },
      event,
    );
  const metric = (name: string): number => published.reduce((sum, { values }) => sum + (values[name] ?? 0), 0);
  return { fake, run, metric };
}

/** All counters of a release, shards and minutes added up. */
function totals(fake: FakeLedger, releaseId = 'r1-aaaaaaaa'): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const item of fake.items(`counters#${releaseId}#`).filter(({ sk }) => String(sk).startsWith('minute#'))) {
    for (const [name, value] of Object.entries(item).filter(([attribute]) => attribute.includes('|'))) {
      sums[name] = (sums[name] ?? 0) + Number(value);
    }
  }
  return sums;
}

describe('counting', () => {
  test('a decision exposes its unit to every KPI; its outcome is added to that minute', async () => {
    const { fake, run, metric } = setUp();
    const one = decision({ failed: true });
    expect(await run(batch([one, decision({ unit: 'u2', arm: 'stable' }), kpi(one)]))).toEqual({ batchItemFailures: [] });
    expect(totals(fake)).toEqual({
      'missed-spam|candidate|n': 1,
      'missed-spam|candidate|x': 1,
      'wrongly-blocked|candidate|n': 1,
      'error-rate|candidate|n': 1,
      'error-rate|candidate|x': 1,
      'missed-spam|stable|n': 1,
      'wrongly-blocked|stable|n': 1,
      'error-rate|stable|n': 1,
    });
    expect(fake.sent.filter(({ name }) => name === 'TransactWriteItems')).toHaveLength(1);
    expect(fake.item(ledgerKeys.decision(one.decisionId))).toMatchObject({ requestHash: 'aa', expiresAt: START / 1000 + 30 * 86_400 });
    expect([metric('KpiCounted'), metric('KpiOutcomes'), metric('KpiEvents')]).toEqual([1, 1, 1]);
  });

  test('an outcome that did not happen is observed, and adds nothing', async () => {
    const { fake, run, metric } = setUp();
    const one = decision();
    await run(batch([one, kpi(one, 0)]));
    expect(totals(fake)['missed-spam|candidate|x']).toBeUndefined();
    expect([metric('KpiEvents'), metric('KpiOutcomes')]).toEqual([1, 0]);
  });

  test('a unit is counted once, in the minute and arm of its first exposure', async () => {
    const { fake, run } = setUp();
    const first = decision({ arm: 'stable' });
    const later = decision({ arm: 'candidate', atMillis: START + 5 * MINUTE, nonce: 'again', failed: true });
    await run(batch([first]));
    await run(batch([later, kpi(later)], START + 6 * MINUTE));
    expect(totals(fake)).toEqual({
      'missed-spam|stable|n': 1,
      'wrongly-blocked|stable|n': 1,
      'error-rate|stable|n': 1,
      'missed-spam|stable|x': 1,
    });
  });

  test('an outcome may come before its decision', async () => {
    const { fake, run } = setUp();
    const one = decision({ failed: true });
    await run(batch([kpi(one)]));
    expect(totals(fake)).toEqual({ 'missed-spam|candidate|n': 1, 'wrongly-blocked|candidate|n': 1, 'missed-spam|candidate|x': 1 });
    await run(batch([one]));
    expect(totals(fake)).toMatchObject({ 'missed-spam|candidate|n': 1, 'error-rate|candidate|n': 1, 'error-rate|candidate|x': 1 });
  });

  test('decisions before the first release are kept, not counted', async () => {
    const { fake, run, metric } = setUp();
    const one = decision({ releaseId: 'none', arm: 'baseline' });
    await run(batch([one, kpi(one)]));
    expect(fake.items('counters#')).toEqual([]);
    expect(fake.items('exposure#')).toEqual([]);
    expect(fake.item(ledgerKeys.decision(one.decisionId))).toBeDefined();
    expect(fake.items('rejected#')).toMatchObject([{ reason: 'no-comparison' }]);
    expect(metric('KpiRejected')).toBe(0);
  });

  test('a batch of fifty takes two transactions of at most a hundred items, and no item twice', async () => {
    const { fake, run } = setUp();
    await run(batch(Array.from({ length: 50 }, (_, index) => decision({ unit: `u${index}` }))));
    const written = fake.sent.filter(({ name }) => name === 'TransactWriteItems').map(({ input }) => input['TransactItems'] as object[]);
    expect(written).toHaveLength(2);
    written.forEach((items) => expect(items.length).toBeLessThanOrEqual(100));
    expect(totals(fake)['error-rate|candidate|n']).toBe(50);
  });
});

describe('exactly once', () => {
  test('duplicates are dropped, within a batch and across batches, and counted as such', async () => {
    const { fake, run, metric } = setUp();
    const [one, two] = [decision(), decision({ unit: 'u2' })];
    await run(batch([one, one, kpi(one), kpi(one)]));
    await run(batch([one, kpi(one), two, kpi(two)]));
    expect(totals(fake)).toMatchObject({ 'missed-spam|candidate|n': 2, 'missed-spam|candidate|x': 2, 'error-rate|candidate|n': 2 });
    expect([metric('KpiCounted'), metric('KpiDuplicates'), metric('KpiRejected')]).toEqual([2, 2, 0]);
  });

  test('a second outcome of a unit is kept as already observed', async () => {
    const { fake, run, metric } = setUp();
    const one = decision();
    await run(batch([one, kpi(one, false), kpi(one, true, { eventId: 'correction' })]));
    expect(fake.items('rejected#')).toMatchObject([{ reason: 'already-observed', pk: 'rejected#2026-03-02T09' }]);
    expect(totals(fake)['missed-spam|candidate|x']).toBeUndefined();
    expect(metric('KpiRejected')).toBe(1);
  });

  test('a transaction that was written although the answer was lost is not counted again', async () => {
    const { fake, run } = setUp();
    const one = decision();
    const event = batch([one, kpi(one)]);
    await run(event);
    expect(await run(event)).toEqual({ batchItemFailures: [] });
    expect(totals(fake)).toMatchObject({ 'missed-spam|candidate|n': 1, 'missed-spam|candidate|x': 1 });
  });

  test('a conflict is tried again', async () => {
    const { fake, run } = setUp();
    fake.before('TransactWriteItems', (input) => {
      const CancellationReasons = (input['TransactItems'] as object[]).map(() => ({ Code: 'TransactionConflict' }));
      throw new TransactionCanceledException({ message: 'conflict', $metadata: {}, CancellationReasons });
    });
    expect(await run(batch([decision()]))).toEqual({ batchItemFailures: [] });
    expect(totals(fake)['error-rate|candidate|n']).toBe(1);
  });

  test('an exposure that somebody else wrote meanwhile is read again', async () => {
    const { fake, run } = setUp();
    const one = decision({ arm: 'candidate' });
    fake.before('TransactWriteItems', async () => {
      const key = ledgerKeys.exposure(one.releaseId, one.unitKey);
      await fake.ledger.put(key, { arm: 'stable', minuteMillis: START, decided: true });
    });
    await run(batch([one, kpi(one)]));
    expect(totals(fake)).toEqual({ 'missed-spam|stable|x': 1 });
  });

  test('what the ledger refuses comes again; the rest of the batch is counted', async () => {
    const { fake, run } = setUp();
    const event = batch([decision(), decision({ unit: 'u2' })]);
    fake.before('TransactWriteItems', (input) => {
      const CancellationReasons = (input['TransactItems'] as object[]).map((_, index) => ({
        Code: index === 0 ? 'ValidationError' : 'None',
      }));
      throw new TransactionCanceledException({ message: 'refused', $metadata: {}, CancellationReasons });
    });
    const { batchItemFailures } = await run(event);
    expect(batchItemFailures).toEqual([{ itemIdentifier: event.Records[0]?.messageId }]);
    expect(totals(fake)['error-rate|candidate|n']).toBe(1);
  });

  test('when the rejected store fails, the message comes again', async () => {
    const { fake, run } = setUp();
    const event = batch(['no json']);
    fake.before('PutItem', () => {
      throw named('InternalServerError');
    });
    expect(await run(event)).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
    expect(await run(event)).toEqual({ batchItemFailures: [] });
    expect(fake.items('rejected#')).toMatchObject([{ reason: 'malformed', body: 'no json' }]);
  });

  test('any order, repetition and batching gives the same counts', async () => {
    const units = Array.from({ length: 12 }, (_, index) => {
      const one = decision({
        unit: `u${index}`,
        arm: index % 2 === 0 ? 'candidate' : 'stable',
        atMillis: START + index * MINUTE,
        failed: index === 3,
      });
      return [one, kpi(one, index % 3 === 0), kpi(one, true, { eventId: `w-${index}`, kpi: 'wrongly-blocked' })];
    }).flat();
    const reference = setUp();
    await reference.run(batch(units));
    const expected = totals(reference.fake);
    expect(expected['missed-spam|candidate|n']).toBe(6);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...units.keys()], { minLength: units.length }),
        fc.array(fc.nat(units.length - 1), { maxLength: 20 }),
        fc.integer({ min: 1, max: 10 }),
        async (order, repeated, size) => {
          const { fake, run } = setUp(3);
          const messages = [...order, ...repeated].map((index) => units[index]);
          for (let from = 0; from < messages.length; from += size) {
            expect(await run(batch(messages.slice(from, from + size)))).toEqual({ batchItemFailures: [] });
          }
          expect(totals(fake)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  }, 30_000);
});

describe('rejections', () => {
  const one = decision();
  const reject = async (body: unknown, sentMillis = START) => {
    const { fake, run } = setUp();
    await run(batch([body], sentMillis));
    expect(fake.items('counters#')).toEqual([]);
    return fake.items('rejected#');
  };

  test.each([
    ['malformed', 'not json at all'],
    ['malformed', { hello: 'world' }],
    ['malformed', kpi(one, 7)],
    ['malformed', kpi(one, true, { observedAt: 'yesterday' })],
    ['unknown-kpi', kpi(one, true, { kpi: 'missed-spm' })],
    ['wrong-use-case', kpi(one, true, { useCase: 'other' })],
    ['wrong-use-case', { ...one, useCase: 'other' }],
    ['bad-decision-id', kpi(one, true, { decisionId: `${one.decisionId.slice(0, -1)}!` })],
    ['bad-decision-id', { ...one, arm: 'stable' }],
    ['late', kpi(one, true, { observedAt: new Date(START + 62 * MINUTE).toISOString() })],
  ])('%s', async (reason, body) => {
    expect(await reject(body)).toMatchObject([{ reason, receivedAt: new Date(START).toISOString() }]);
  });

  test('an event that arrives after its window is late, whatever it says itself', async () => {
    expect(await reject(kpi(one), START + 61 * MINUTE + 1)).toMatchObject([{ reason: 'late' }]);
    const { fake, run } = setUp();
    await run(batch([kpi(one)], START + 61 * MINUTE));
    expect(fake.items('rejected#')).toEqual([]);
  });

  test('the late copy of a counted event is a duplicate', async () => {
    const { fake, run, metric } = setUp();
    await run(batch([one, kpi(one)]));
    await run(batch([kpi(one)], START + 90 * MINUTE));
    expect(fake.items('rejected#')).toEqual([]);
    expect(metric('KpiDuplicates')).toBe(1);
  });

  test('the same rejected event twice is kept once', async () => {
    const { fake, run } = setUp();
    await run(batch([kpi(one, 7), kpi(one, 7)]));
    expect(fake.items('rejected#')).toHaveLength(1);
  });
});
