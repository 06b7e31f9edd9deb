import { START } from '../support';
import { counterName, type KpiPolicy, ledgerKeys } from '../../../core/contracts';
import { countsOf } from '../../../core/observation';
import { ALL_KPIS, batch, decision, kpi, kpiEvent, MINUTE, RELEASE, setUp, totals } from './world';

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
    const exposure = fake.item(ledgerKeys.exposure(RELEASE, one.unitKey));
    expect(exposure).toMatchObject({ decision: { decisionId: one.decisionId, requestHash: 'aa' }, expiresAt: START / 1000 + 30 * 86_400 });
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
    expect(fake.item(ledgerKeys.exposure(RELEASE, one.unitKey))).toMatchObject({ decision: { decisionId: one.decisionId } });
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
    expect(metric('KpiRejected', { Kpi: 'missed-spam' })).toBe(0);
  });

  test('a batch of a hundred and fifty takes two transactions of at most a hundred items, and no item twice', async () => {
    const { fake, run } = setUp();
    await run(batch(Array.from({ length: 150 }, (_, index) => decision({ unit: `u${index}` }))));
    const written = fake.sent.filter(({ name }) => name === 'TransactWriteItems').map(({ input }) => input['TransactItems'] as object[]);
    expect(written.map((items) => items.length)).toEqual([expect.any(Number), expect.any(Number)]);
    written.forEach((items) => expect(items.length).toBeLessThanOrEqual(100));
    expect(totals(fake)['error-rate|candidate|n']).toBe(150);
  });
});

describe('types of KPI', () => {
  const policy = (name: string): KpiPolicy => ALL_KPIS.find((one) => one.name === name) as KpiPolicy;
  const counters = (name: string, arm: string, counts: object): Record<string, number> =>
    Object.fromEntries(Object.entries(counts).map(([field, count]) => [`${counterName(policy(name))}|${arm}|${field}`, Number(count)]));

  test.each([
    ['handling-minutes', 12.5],
    ['handling-minutes', 0],
    ['contacts', 3],
  ])('%s %d: the sums that the verdict needs', async (name, value) => {
    const { fake, run, metric } = setUp({ kpis: ALL_KPIS });
    const one = decision();
    await run(batch([one, kpi(one, value, { kpi: name })]));
    expect(totals(fake)).toMatchObject(counters(name, 'candidate', { n: 1, ...withoutZeros(countsOf(policy(name), value)) }));
    expect(countsOf(policy(name), value)).toMatchObject({ x: 1, e4: expect.any(Number) as number });
    expect([metric('KpiEvents', { Kpi: name }), metric('KpiValue'), metric('KpiOutcomes', { Kpi: name })]).toEqual([1, value, 0]);
  });

  test('values above the cap count as the cap', async () => {
    const { fake, run, metric } = setUp({ kpis: ALL_KPIS });
    const one = decision();
    await run(batch([one, kpi(one, 1e6, { kpi: 'handling-minutes' })]));
    expect(totals(fake)).toMatchObject(counters('handling-minutes', 'candidate', countsOf(policy('handling-minutes'), 120)));
    expect(metric('KpiValue')).toBe(120);
  });

  test('latency is counted from the first decisions of units', async () => {
    const { fake, run, metric } = setUp({ kpis: ALL_KPIS });
    const atLimit = decision({ unit: 'u2', latencyMillis: 800 });
    const again = decision({ nonce: 'again', latencyMillis: 5000 });
    await run(batch([decision({ latencyMillis: 801 }), atLimit, decision({ unit: 'u3', latencyMillis: 10 }), again]));
    expect(totals(fake)).toMatchObject({ 'slow-answers@800|candidate|n': 3, 'slow-answers@800|candidate|x': 1 });
    expect([metric('KpiEvents', { Kpi: 'slow-answers' }), metric('KpiOutcomes', { Kpi: 'slow-answers' })]).toEqual([3, 1]);
  });

  test('latency of a streamed answer counts until its first byte', async () => {
    const { fake, run, metric } = setUp({ kpis: ALL_KPIS });
    const slowToBegin = decision({ unit: 'u2', firstByteMillis: 801, latencyMillis: 900 });
    await run(batch([decision({ firstByteMillis: 300, latencyMillis: 20_000 }), slowToBegin]));
    expect(totals(fake)).toMatchObject({ 'slow-answers@800|candidate|n': 2, 'slow-answers@800|candidate|x': 1 });
    expect(metric('KpiOutcomes', { Kpi: 'slow-answers' })).toBe(1);
  });

  test('the first decision of a unit stands in its exposure, further ones by themselves', async () => {
    const { fake, run } = setUp();
    const [first, second] = [decision(), decision({ nonce: 'second' })];
    await run(batch([first, second]));
    await run(batch([second, first]));
    expect(fake.items('decision#')).toMatchObject([{ ...second }]);
    expect(fake.item(ledgerKeys.exposure(RELEASE, first.unitKey))).toMatchObject({ decision: { decisionId: first.decisionId } });
  });

  test('an outcome of a KPI that came with a later deployment is not counted beside units that were not', async () => {
    const before = setUp({ kpis: ALL_KPIS.slice(0, 1) });
    const one = decision();
    await before.run(batch([one]));
    const after = setUp({ kpis: ALL_KPIS, fake: before.fake });
    await after.run(batch([kpi(one, true, { kpi: 'wrongly-blocked' }), kpi(one)]));
    expect(totals(before.fake)).toEqual({
      'missed-spam|candidate|n': 1,
      'missed-spam|candidate|x': 1,
      'error-rate|candidate|n': 1,
    });
    expect(after.rejected()).toMatchObject([{ reason: 'no-comparison', kpi: 'wrongly-blocked' }]);
    expect(after.metric('KpiRejected', { Kpi: 'wrongly-blocked' })).toBe(0);
    expect(after.metric('KpiRejected', { Reason: 'no-comparison' })).toBe(1);
  });
});

describe('messages', () => {
  test('an event counts bare, in an envelope, or with others in a batch', async () => {
    const { fake, run } = setUp();
    const units = ['u1', 'u2', 'u3', 'u4'].map((unit) => decision({ unit }));
    const [one, two, three, four] = units.map((unit) => kpiEvent(unit));
    await run(batch(units));
    const { batchItemFailures } = await run(
      batch([one, { 'detail-type': 'KpiObserved', detail: two }, { schema: 'sluice.kpi-batch/v1', events: [three, four] }]),
    );
    expect(batchItemFailures).toEqual([]);
    expect(totals(fake)['missed-spam|candidate|x']).toBe(4);
  });

  test('the id may come under the name that data capture gives it', async () => {
    const { fake, run } = setUp();
    const one = decision();
    await run(batch([one, kpi(one, true, { decisionId: undefined, inferenceId: one.decisionId })]));
    expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
  });

  test('a unit that one transaction exposes is known to the next: nothing is read or written again', async () => {
    const { fake, run } = setUp();
    const units = Array.from({ length: 150 }, (_, index) => decision({ unit: `u${index}` }));
    await run(batch([...units, ...units.map((unit) => kpiEvent(unit))]));
    expect(totals(fake)['missed-spam|candidate|x']).toBe(150);
    expect(fake.sent.filter(({ name }) => name === 'BatchGetItem')).toHaveLength(3);
    expect(fake.sent.filter(({ name }) => name === 'TransactWriteItems')).toHaveLength(4);
  });

  test('events of one minute share its counters: a thousand take few transactions', async () => {
    const { fake, run } = setUp();
    const units = Array.from({ length: 300 }, (_, index) => decision({ unit: `u${index}`, atMillis: START - (index % 20) * MINUTE }));
    await run(batch(units));
    fake.sent.length = 0;
    await run(batch(units.map((unit) => kpiEvent(unit))));
    const written = fake.sent.filter(({ name }) => name === 'TransactWriteItems').map(({ input }) => input['TransactItems'] as object[]);
    expect(written.flat().length).toBeLessThan(300 * 1.2);
    expect(written).toHaveLength(4);
  });
});

function withoutZeros(counts: object): object {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
