import { START } from '../support';
import { ALL_KPIS, batch, decision, enveloped, kpi, kpiEvent, MINUTE, setUp, totals } from './world';

describe('rejections', () => {
  const one = decision();
  const ahead = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
  const reject = async (body: unknown, sentMillis = START) => {
    const { fake, run, rejected } = setUp({ kpis: ALL_KPIS });
    expect(await run(batch([body], sentMillis))).toEqual({ batchItemFailures: [] });
    expect(fake.items('counters#')).toEqual([]);
    return rejected();
  };

  test.each([
    ['malformed', 'not json at all', 'Not a JSON object'],
    ['malformed', '[1,2]', 'Not a JSON object'],
    ['malformed', { hello: 'world' }, 'Neither a decision'],
    ['malformed', { kind: 'decision' }, 'Not a decision'],
    ['malformed', { schema: 'sluice.kpi-batch/v1', events: 7 }, 'no list'],
    ['malformed', kpi(one, true, { value: undefined }), 'value'],
    ['malformed', kpi(one, true, { schema: 'sluice.kpi/v2' }), 'schema'],
    ['malformed', kpi(one, true, { observedAt: 'yesterday' }), 'ISO 8601'],
    ['malformed', kpi(one, true, { observedAt: '2026-03-02' }), 'ISO 8601'],
    ['malformed', kpi(one, true, { decisionId: undefined }), 'no arm can be told'],
    ['malformed', kpi(one, true, { revision: 1.5 }), 'revision'],
    ['bad-value', JSON.stringify(kpiEvent(one)).replace('"value":true', '"value":NaN'), "value is 'NaN'"],
    ['bad-value', JSON.stringify(kpiEvent(one)).replace('"value":true', '"value":-Infinity'), "value is '-Infinity'"],
    ['bad-value', JSON.stringify(kpiEvent(one)).replace('"value":true', '"value":1e999'), 'value is'],
    ['bad-value', kpi(one, Number.NaN), 'value is null'],
    ['bad-value', kpi(one, '1'), "value is '1'"],
    ['bad-value', kpi(one, -1), 'value is -1'],
    ['bad-value', kpi(one, 7), 'binary KPI takes 0, 1'],
    ['bad-value', kpi(one, 0.5), 'binary KPI takes 0, 1'],
    ['bad-value', kpi(one, true, { kpi: 'handling-minutes' }), 'takes a number from 0'],
    ['bad-value', kpi(one, -0.01, { kpi: 'handling-minutes' }), 'value is -0.01'],
    ['bad-value', kpi(one, 2.5, { kpi: 'contacts' }), 'whole number'],
    ['bad-value', kpi(one, -2, { kpi: 'contacts' }), 'value is -2'],
    ['unknown-kpi', kpi(one, true, { kpi: 'missed-spm' }), 'missed-spam'],
    ['unknown-kpi', kpi(one, 900, { kpi: 'slow-answers' }), 'counted from the decisions'],
    ['wrong-use-case', kpi(one, true, { useCase: 'other' }), "Belongs to 'other'"],
    ['wrong-use-case', { ...one, useCase: 'other' }, "Belongs to 'other'"],
    ['bad-decision-id', kpi(one, true, { decisionId: `${one.decisionId.slice(0, -1)}!` }), 'forged'],
    ['bad-decision-id', kpi(one, true, { decisionId: one.decisionId.replace('.c', '.s') }), 'forged'],
    ['bad-decision-id', kpi(one, true, { inferenceId: 'another' }), 'differ'],
    ['bad-decision-id', kpi(one, true, { decisionId: undefined, variant: 'a', decidedAt: one.decidedAt }), 'does not allow variant'],
    ['bad-decision-id', { ...one, arm: 'stable' }, 'signed id'],
    ['future', kpi(one, true, { observedAt: ahead(5.01) }), 'clock is ahead'],
    ['future', kpi(one, true, { decidedAt: ahead(6) }), 'decidedAt'],
    ['late', kpi(one, true, { observedAt: ahead(62) }), 'window of 60 minutes'],
    ['too-large', kpi(one, true, { comment: 'x'.repeat(20_000) }), 'at most 16384'],
  ])('%s, case %#', async (reason, body, detail) => {
    const sentMillis = reason === 'late' ? START + 62 * MINUTE : START;
    expect(await reject(body, sentMillis)).toMatchObject([
      { reason, detail: expect.stringContaining(detail) as string, receivedAt: new Date(sentMillis).toISOString() },
    ]);
  });

  test('a clock that is ahead by less than five minutes is believed', async () => {
    expect(await reject(kpi(one, false, { observedAt: ahead(5) })).catch(() => 'counted')).toBe('counted');
  });

  test('what a producer sent is kept whole, in its own words', async () => {
    const text = ` { "schema": "sluice.kpi/v1", "eventId": "e1", "kpi": "missed-spam", "value": NaN }`;
    expect(await reject(text)).toMatchObject([{ body: text, eventId: 'e1' }]);
    const event = kpiEvent(one, -1);
    expect(await reject(enveloped(event))).toMatchObject([{ body: JSON.stringify(event), eventId: event['eventId'], kpi: 'missed-spam' }]);
  });

  test.each([300_000, 1_000_000])('%d bytes that cannot be compressed are kept whole, and hold up nothing', async (size) => {
    const { fake, run, rejected, metric } = setUp();
    const noise = Array.from({ length: size }, (_, index) =>
      String.fromCharCode(33 + ((index * 7919 + ((index * index) % 9973)) % 90)),
    ).join('');
    const huge = kpiEvent(one, true, { comment: noise });
    expect(await run(batch([huge, one, kpi(one)]))).toEqual({ batchItemFailures: [] });
    expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
    expect(rejected()).toMatchObject([{ reason: 'too-large', body: JSON.stringify(huge), eventId: huge['eventId'] }]);
    expect(metric('KpiRejected', { Reason: 'too-large' })).toBe(1);
  });

  test('are measured by KPI and by reason', async () => {
    const { run, metric } = setUp();
    await run(batch([kpi(one, 7), kpi(one, true, { kpi: 'other' }), 'garbage', kpi(one, 8, { kpi: 'wrongly-blocked' })]));
    expect(['missed-spam', 'wrongly-blocked', 'unknown'].map((Kpi) => metric('KpiRejected', { Kpi }))).toEqual([1, 1, 2]);
    expect(['bad-value', 'unknown-kpi', 'malformed'].map((Reason) => metric('KpiRejected', { Reason }))).toEqual([2, 1, 1]);
  });

  test('garbage from one source does not keep the events of another from being counted', async () => {
    const { fake, run, rejected } = setUp();
    const garbage = Array.from({ length: 200 }, (_, index) => `garbage ${index}`);
    const units = Array.from({ length: 50 }, (_, index) => decision({ unit: `u${index}` }));
    expect(await run(batch(units.flatMap((unit, index) => [unit, ...garbage.slice(index * 4, index * 4 + 4), kpi(unit)])))).toEqual({
      batchItemFailures: [],
    });
    expect(totals(fake)['missed-spam|candidate|x']).toBe(50);
    expect(rejected()).toHaveLength(200);
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
    const { run, rejected } = setUp();
    await run(batch([kpi(one, 7), kpi(one, 7)]));
    expect(rejected()).toHaveLength(1);
  });

  test('the late copy of an event that gave way is a duplicate too', async () => {
    const { run, rejected, metric } = setUp();
    await run(batch([one, kpi(one), kpi(one, true, { eventId: 'correction', revision: 1 })]));
    await run(batch([kpi(one)], START + 90 * MINUTE));
    expect(rejected()).toEqual([]);
    expect(metric('KpiDuplicates')).toBe(1);
  });

  test('replayed, an event may arrive after its window, if it was observed in it', async () => {
    const { fake, run, rejected } = setUp();
    const two = decision({ unit: 'u2' });
    const events = [kpiEvent(one), kpiEvent(two, true, { observedAt: new Date(START + 62 * MINUTE).toISOString() })];
    const later = START + 600 * MINUTE;
    await run(batch([{ schema: 'sluice.kpi-batch/v1', events }], later));
    expect(rejected().map(({ reason }) => reason)).toEqual(['late', 'late']);
    await run(batch([one, two]));
    await run(batch([{ schema: 'sluice.kpi-batch/v1', replay: true, events }], later + MINUTE));
    expect(totals(fake)['missed-spam|candidate|x']).toBe(1);
  });
});
