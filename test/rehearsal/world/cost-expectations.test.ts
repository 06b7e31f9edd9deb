import type { ControlRecord } from '../../../core/contracts';
import { checkCapacityAndCost } from '../../../rehearsal/world/cost-expectations';
import { controlDetail, controlEvent, isTold } from '../../../rehearsal/world/timeline';

const record = (mode: ControlRecord['mode'], more: Partial<ControlRecord> = {}): ControlRecord => ({
  version: 1,
  mode,
  candidateWeight: 0,
  holdout: 0,
  changedAt: '2026-03-02T10:00:00.000Z',
  changedBy: 'capacity',
  reason: 'the office is closed',
  ...more,
});

const line = (amount: number) => ({ arm: 'stable', what: 'ml.g5.xlarge', seconds: 3600, amount, unpricedSeconds: 0 });

/** A rehearsal that ended in a mode and cost something this month. */
const ended = (mode: ControlRecord['mode'], amounts?: number[]) => ({
  control: [{ atMillis: 0, record: record(mode) }],
  ledger: new Map<string, Record<string, unknown>>(
    amounts === undefined ? [] : [['cost|cost', { version: 1, state: JSON.stringify({ meter: { monthLines: amounts.map(line) } }) }]],
  ),
});

test('whether the endpoint is parked at the end', () => {
  expect(checkCapacityAndCost({ parked: true }, ended('parked'))).toEqual([{ text: 'the endpoint is parked at the end', held: true }]);
  expect(checkCapacityAndCost({ parked: false }, ended('live'))).toMatchObject([{ held: true }]);
  expect(checkCapacityAndCost({ parked: true }, ended('live'))).toMatchObject([{ held: false, seen: 'mode live' }]);
  expect(checkCapacityAndCost({ parked: true }, { control: [], ledger: new Map() })).toMatchObject([{ held: false, seen: 'mode none' }]);
});

test('what the month has cost', () => {
  const spent = ended('live', [7.5, 3]);
  expect(checkCapacityAndCost({ spend: { atLeast: 10.5, atMost: 10.5 } }, spent)).toMatchObject([{ held: true }, { held: true }]);
  expect(checkCapacityAndCost({ spend: { atMost: 10 } }, spent)).toEqual([
    { text: 'the month has cost at most 10', held: false, seen: '10.50' },
  ]);
  expect(checkCapacityAndCost({ spend: { atLeast: 0 } }, ended('live'))).toMatchObject([{ held: false, seen: 'no cost is known' }]);
  expect(checkCapacityAndCost({}, spent)).toEqual([]);
});

test('the timeline says when an endpoint is parked and woken', () => {
  const parked = record('parked', {
    parked: { since: '2026-03-02T10:00:00.000Z', by: 'capacity', reason: 'office-hours', wakesOnTraffic: false },
  });
  expect(controlEvent(parked, record('live'))).toBe('parked');
  expect(controlEvent(record('live'), parked)).toBe('woken');
  expect(controlEvent(record('killed'), parked)).toBe('killed');
  expect(controlDetail(parked)).toMatchObject({ parkedFor: 'office-hours' });
});

test("alarms of target tracking are Application Auto Scaling's own affair", () => {
  const alarm = (alarmName: string) => ({ atMillis: 0, source: 'alarm', event: 'state-changed', detail: { alarmName, state: 'ALARM' } });
  expect(isTold(alarm('errors'))).toBe(true);
  expect(isTold(alarm('TargetTracking-endpoint/Live/variant/a-AlarmLow-1'))).toBe(false);
});
