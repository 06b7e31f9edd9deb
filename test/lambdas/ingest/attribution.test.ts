import { fakeLedger, START } from '../support';
import { type ControlRecord, ledgerKeys } from '../../../core/contracts';
import { commitDark, firstControl, kill, openStep, promote, takeLock, type Transition } from '../../../core/release/control';
import { ALL_KPIS, batch, decision, enveloped, kpiEvent, MINUTE, RELEASE, setUp, totals } from './world';

const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();
const change = (minutes: number) => ({ at: at(minutes), by: 'workflow', reason: 'test' });
const deployed = (releaseId: string, variantName: string) => ({ releaseId, variantName, modelName: 'm', endpointConfigName: 'c' });

/** An outcome of somebody who calls the endpoint without the gateway. */
const ofVariant = (variant: string, minutes: number, more: Record<string, unknown> = {}) =>
  kpiEvent(decision(), true, {
    decisionId: undefined,
    kpi: 'chat-score',
    eventId: `${variant}-${minutes}`,
    variant,
    decidedAt: at(minutes),
    observedAt: at(minutes),
    ...more,
  });

function written(control: ControlRecord, ...steps: ((control: ControlRecord) => Transition)[]): ControlRecord {
  return steps.reduce((current, step) => {
    const result = step(current);
    if (!result.ok) throw new Error(result.reason);
    return result.next;
  }, control);
}

const canary = written(
  { ...firstControl(0, change(-90)), mode: 'live', stable: deployed('r0-00000000', 'a') },
  (control) => takeLock(control, RELEASE, change(-60)),
  (control) =>
    commitDark(control, { candidate: deployed(RELEASE, 'b'), endpointName: 'e', endpointConfigName: 'd', holdout: 0 }, change(-30)),
  (control) => openStep(control, RELEASE, 0.1, change(-20)),
);

async function withControl(control: ControlRecord | undefined) {
  const fake = fakeLedger();
  if (control !== undefined) await fake.ledger.put(ledgerKeys.control(), control);
  return setUp({ kpis: ALL_KPIS, fake });
}

test('the arm is that of the release which answers under the variant; the events count its units', async () => {
  const { fake, run, rejected, metric } = await withControl(canary);
  await run(
    batch([
      ofVariant('a', -5, { unit: 'one' }),
      ofVariant('a', -5, { unit: 'two', eventId: 'other', value: 0 }),
      enveloped(ofVariant('b', -4)),
      { schema: 'sluice.kpi-batch/v1', events: [ofVariant('b', -4), ofVariant('b', -3)] },
    ]),
  );
  expect(rejected()).toEqual([]);
  expect(totals(fake, { byMinute: true })).toEqual({
    'minute#2026-03-02T08:55 chat-score|stable|n': 2,
    'minute#2026-03-02T08:55 chat-score|stable|x': 1,
    'minute#2026-03-02T08:56 chat-score|candidate|n': 1,
    'minute#2026-03-02T08:56 chat-score|candidate|x': 1,
    'minute#2026-03-02T08:57 chat-score|candidate|n': 1,
    'minute#2026-03-02T08:57 chat-score|candidate|x': 1,
  });
  expect([metric('KpiCounted'), metric('KpiDuplicates')]).toEqual([4, 1]);
});

test('a unit is never kept in the clear', async () => {
  const { fake, run } = await withControl(canary);
  await run(batch([ofVariant('a', -5, { unit: 'jane@example.com' })]));
  expect(JSON.stringify(fake.items('outcome#'))).not.toContain('jane');
  expect(fake.items('outcome#')).toMatchObject([{ eventId: 'a--5', variant: 'a' }]);
});

test('a correction of a unit moves its outcome, not its units', async () => {
  const { fake, run } = await withControl(canary);
  await run(batch([ofVariant('a', -5, { unit: 'one' })]));
  await run(batch([ofVariant('a', -5, { unit: 'one', eventId: 'correction', revision: 1, value: false })]));
  expect(totals(fake)).toEqual({ 'chat-score|stable|n': 1 });
});

test.each([
  ['bad-variant', ofVariant('c', -5), canary, "No release answers under variant 'c'; there is a, b"],
  ['bad-variant', ofVariant('b', -31), canary, 'before the releases behind the variants changed'],
  ['bad-variant', ofVariant('a', -5), written(canary, (control) => promote(control, RELEASE, change(-1))), 'changed'],
  ['no-comparison', ofVariant('a', -5), firstControl(0, change(-90)), 'No release answers'],
  ['no-comparison', ofVariant('a', 0), written(canary, (control) => kill(control, change(-1))), 'No release answers'],
  ['no-comparison', ofVariant('a', -5), undefined, 'No release answers'],
  ['late', ofVariant('a', -62), { ...canary, armsSince: at(-90) }, 'window of 60 minutes'],
  ['future', ofVariant('a', 6, { observedAt: at(0) }), canary, 'decidedAt'],
  ['malformed', ofVariant('a', -5, { decidedAt: undefined }), canary, 'no arm can be told'],
])('%s, case %#', async (reason, event, control, detail) => {
  const { fake, run, rejected } = await withControl(control);
  await run(batch([event]));
  expect(rejected()).toMatchObject([{ reason, detail: expect.stringContaining(detail) as string }]);
  expect(fake.items('counters#')).toEqual([]);
});

test('a change of weight alone changes nothing: what was decided before it counts', async () => {
  const later = written(canary, (control) => openStep(control, RELEASE, 0.5, change(-1)));
  const { run, rejected } = await withControl(later);
  await run(batch([ofVariant('a', -5), ofVariant('b', -5)]));
  expect(rejected()).toEqual([]);
});

test('the control record is read once, and again only for what was decided after it was read', async () => {
  const { fake, run } = await withControl(canary);
  const reads = () => fake.sent.filter(({ input }) => JSON.stringify(input).includes('{"S":"control"}')).length;
  fake.sent.length = 0;
  await run(batch([ofVariant('a', -5), ofVariant('b', -4)]));
  await run(batch([ofVariant('a', -3), ofVariant('b', 0)]));
  expect(reads()).toBe(1);
  const next = setUp({ kpis: ALL_KPIS, fake });
  await next.run(batch([kpiEvent(decision())]));
  expect(reads()).toBe(1);
});

test('a promotion between two batches is noticed', async () => {
  const fake = fakeLedger();
  await fake.ledger.put(ledgerKeys.control(), canary);
  let now = START;
  const { run, rejected } = setUp({ kpis: ALL_KPIS, fake, now: () => now });
  await run(batch([ofVariant('b', -1)]));
  await fake.ledger.put(
    ledgerKeys.control(),
    written(canary, (control) => promote(control, RELEASE, change(1))),
  );
  now = START + 3 * MINUTE;
  await run(batch([ofVariant('b', 2)], now));
  expect(rejected()).toEqual([]);
  expect(totals(fake)).toMatchObject({ 'chat-score|candidate|n': 1, 'chat-score|stable|n': 1 });
});
