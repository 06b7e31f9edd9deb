import { named, START } from '../support';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ledgerKeys } from '../../../core/contracts';
import { ALL_KPIS, batch, decision, kpi, kpiEvent, RELEASE, setUp, totals } from './world';

describe('exactly once', () => {
  test('duplicates are dropped, within a batch and across batches, and counted as such', async () => {
    const { fake, run, metric } = setUp();
    const [one, two] = [decision(), decision({ unit: 'u2' })];
    await run(batch([one, one, kpi(one), kpi(one)]));
    expect(fake.sent.filter(({ name }) => name === 'TransactWriteItems')).toHaveLength(1);
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
    expect([metric('KpiRejected', { Kpi: 'missed-spam' }), metric('KpiRejected', { Reason: 'already-observed' })]).toEqual([1, 1]);
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
      const counted = ['missed-spam', 'wrongly-blocked'];
      await fake.ledger.put(key, { arm: 'stable', minuteMillis: START, counted, decision: { decisionId: 'another' } });
    });
    await run(batch([one, kpi(one)]));
    expect(totals(fake)).toEqual({ 'missed-spam|stable|x': 1 });
    expect(fake.items('decision#')).toMatchObject([{ decisionId: one.decisionId }]);
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
    fake.before('BatchWriteItem', () => {
      throw named('InternalServerError');
    });
    expect(await run(event)).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
    expect(await run(event)).toEqual({ batchItemFailures: [] });
    expect(fake.items('rejected#')).toMatchObject([{ reason: 'malformed', body: 'no json' }]);
  });
});

describe('corrections', () => {
  const one = decision();
  const first = kpiEvent(one, true, { eventId: 'first' });
  const second = kpiEvent(one, false, { eventId: 'second', revision: 1 });
  const third = kpiEvent(one, true, { eventId: 'third', revision: 2 });

  test.each([
    ['in order', [first, second], undefined],
    ['in order, in one batch with their decision', [[one, first, second]], undefined],
    ['the other way round', [second, first], undefined],
    ['three of them, the highest in the middle', [first, third, second], 1],
  ])('%s: the highest revision counts', async (_name, batches, expected) => {
    const { fake, run, rejected } = setUp();
    for (const bodies of [...batches, ...batches]) {
      expect(await run(batch([bodies].flat()))).toEqual({ batchItemFailures: [] });
    }
    expect(totals(fake)['missed-spam|candidate|x']).toBe(expected);
    expect(totals(fake)['missed-spam|candidate|n']).toBe(1);
    expect(rejected()).toEqual([]);
  });

  test('what gave way is kept beside what counts', async () => {
    const { fake, run, metric } = setUp();
    await run(batch([first]));
    await run(batch([second]));
    expect(fake.item(ledgerKeys.outcome(RELEASE, 'missed-spam', one.unitKey))).toMatchObject({ eventId: 'second', revision: 1 });
    const gaveWay = fake.item(ledgerKeys.superseded(RELEASE, 'missed-spam', one.unitKey, 0, 'first'));
    expect(gaveWay).toMatchObject({ eventId: 'first', value: true, decisionId: one.decisionId });
    expect([metric('KpiCounted'), metric('KpiEvents'), metric('KpiOutcomes'), metric('KpiSuperseded')]).toEqual([2, 1, 0, 1]);
  });

  test('a lower revision that comes later is kept, not counted', async () => {
    const { fake, run, metric } = setUp();
    await run(batch([second]));
    await run(batch([first]));
    expect(fake.item(ledgerKeys.superseded(RELEASE, 'missed-spam', one.unitKey, 0, 'first'))).toMatchObject({ value: true });
    expect([metric('KpiCounted'), metric('KpiSuperseded')]).toEqual([1, 1]);
  });

  test('of amounts, the sums are those of the highest revision alone', async () => {
    const [corrected, clean] = [setUp({ kpis: ALL_KPIS }), setUp({ kpis: ALL_KPIS })];
    const event = (value: number, revision: number) => kpi(one, value, { kpi: 'handling-minutes', eventId: `r${revision}`, revision });
    for (const revision of [0, 1, 2]) await corrected.run(batch([event(10 + 7 * revision, revision)]));
    await clean.run(batch([event(24, 0)]));
    expect(totals(corrected.fake)).toEqual(totals(clean.fake));
    expect(corrected.metric('KpiValue')).toBe(24);
  });

  test('one that confirms the value writes no counter', async () => {
    const { fake, run } = setUp();
    await run(batch([first]));
    fake.sent.length = 0;
    await run(batch([{ ...second, value: true }]));
    const [written] = fake.sent.filter(({ name }) => name === 'TransactWriteItems');
    expect(written?.input['TransactItems']).toHaveLength(2);
    expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
  });

  test('two corrections at the same moment: the lower one finds the higher one there', async () => {
    const { fake, run } = setUp();
    await run(batch([first]));
    fake.before('TransactWriteItems', async () => {
      await run(batch([third]));
    });
    await run(batch([second]));
    expect(fake.item(ledgerKeys.outcome(RELEASE, 'missed-spam', one.unitKey))).toMatchObject({ eventId: 'third' });
    expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
    expect(fake.items('outcome#')).toHaveLength(3);
  });
});

test('corrections that all go by one id are told apart by their revision', async () => {
  const one = decision();
  const revised = (revision: number, value: boolean) => kpiEvent(one, value, { eventId: 'same', revision });
  const { fake, run } = setUp();
  await run(batch([revised(0, false)]));
  fake.before('TransactWriteItems', async () => {
    await run(batch([revised(2, true)]));
  });
  await run(batch([revised(1, false)]));
  expect(fake.item(ledgerKeys.outcome(RELEASE, 'missed-spam', one.unitKey))).toMatchObject({ eventId: 'same', revision: 2, value: true });
  expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
});

describe('one event does not hold up the others', () => {
  test('of a batch message', async () => {
    const { fake, run, rejected } = setUp();
    const units = Array.from({ length: 20 }, (_, index) => decision({ unit: `u${index}` }));
    const events: unknown[] = units.map((unit) => kpiEvent(unit));
    events.splice(3, 0, { nonsense: true }, 'no event', null, [], kpiEvent(decision({ unit: 'x' }), true, { decisionId: 'forged' }));
    const { batchItemFailures } = await run(batch([...units, { schema: 'sluice.kpi-batch/v1', events }]));
    expect(batchItemFailures).toEqual([]);
    expect(totals(fake)['missed-spam|candidate|x']).toBe(20);
    expect(rejected().map(({ reason }) => reason)).toEqual(expect.arrayContaining(['malformed', 'bad-decision-id']));
    expect(rejected()).toHaveLength(5);
  });

  test('a work that makes the request invalid is found, and comes again alone', async () => {
    const { fake, run } = setUp();
    const units = Array.from({ length: 9 }, (_, index) => decision({ unit: `u${index}` }));
    const poison = units[5]?.unitKey ?? '';
    const refuse = (input: Record<string, unknown>): void => {
      fake.before('TransactWriteItems', refuse);
      if (JSON.stringify(input).includes(poison)) throw named('ValidationException');
    };
    fake.before('TransactWriteItems', refuse);
    const event = batch(units);
    expect(await run(event)).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[5]?.messageId }] });
    expect(totals(fake)['error-rate|candidate|n']).toBe(8);
  });

  test('a message whose events partly failed comes again as a whole, and counts the rest', async () => {
    const { fake, run } = setUp();
    const units = ['u1', 'u2', 'u3'].map((unit) => decision({ unit }));
    await run(batch(units));
    const message = { schema: 'sluice.kpi-batch/v1', events: units.map((unit) => kpiEvent(unit)) };
    const event = batch([message, kpiEvent(decision({ unit: 'u4' }))]);
    fake.before('TransactWriteItems', (input) => {
      const CancellationReasons = (input['TransactItems'] as object[]).map((_, index) => ({
        Code: index === 1 ? 'ValidationError' : 'None',
      }));
      throw new TransactionCanceledException({ message: 'refused', $metadata: {}, CancellationReasons });
    });
    expect(await run(event)).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
    expect(totals(fake)['missed-spam|candidate|x']).toBe(3);
    expect(await run({ Records: event.Records.slice(0, 1) })).toEqual({ batchItemFailures: [] });
    expect(totals(fake)['missed-spam|candidate|x']).toBe(4);
  });
});
