import type { ControlRecord } from '../../../core/contracts';
import { kill, revive, takeLock } from '../../../core/release/control';
import { park, wake, whyNotParked } from '../../../core/release/parking';
import { LIVE, STABLE } from '../capacity/situations';

const CHANGE = { at: '2026-03-02T18:00:00.000Z', by: 'capacity', reason: 'office hours are over' };
const HOURS = { reason: 'office-hours', wakesOnTraffic: false } as const;
const off = (control: ControlRecord = LIVE): ControlRecord => {
  const parked = park(control, HOURS, CHANGE);
  if (!parked.ok) throw new Error(parked.reason);
  return parked.next;
};

test('is one write: the baseline answers, stable and its config stay', () => {
  expect(off()).toMatchObject({
    version: LIVE.version + 1,
    mode: 'parked',
    stable: STABLE,
    endpointName: LIVE.endpointName,
    armsSince: LIVE.armsSince,
    parked: { since: CHANGE.at, by: 'capacity', ...HOURS },
  });
  expect(park(off(), HOURS, CHANGE)).toEqual({ ok: true, next: off() });
});

test('an owner outranks the reason for which it is off: nothing but an owner or a release brings it back', () => {
  const byHand = { at: '2026-03-02T20:00:00.000Z', by: 'lead', reason: 'for good' };
  const parked = park(off(), { reason: 'operator', wakesOnTraffic: false }, byHand);
  expect(parked).toMatchObject({
    ok: true,
    next: {
      version: LIVE.version + 2,
      reason: 'for good',
      parked: { since: CHANGE.at, by: 'lead', reason: 'operator', wakesOnTraffic: false },
    },
  });
  const next = parked.ok ? parked.next : LIVE;
  expect(park(next, HOURS, CHANGE)).toEqual({ ok: true, next });
  expect(park(next, { reason: 'operator', wakesOnTraffic: false }, CHANGE)).toEqual({ ok: true, next });
});

test.each<[string, Partial<ControlRecord>, RegExp]>([
  ['before anything is stable', { mode: 'baseline', stable: undefined }, /mode is 'baseline'/],
  ['under the kill switch', { mode: 'killed' }, /mode is 'killed'/],
  ['what was found', { endpointAdopted: true }, /found, not made/],
  ['an inference component', { stable: { ...STABLE, mode: 'inference-components' } }, /zero copies/],
  ['what has a queue', { stable: { ...STABLE, mode: 'async' } }, /queue of endpoint triage-endpoint and would be lost.*instances\.min: 0/],
  ['under a release', { lockedBy: 'r2-00000002' }, /r2-00000002 is in progress/],
  ['beside a candidate', { candidate: { ...STABLE, releaseId: 'r2-00000002' } }, /r2-00000002 is in progress/],
  ['within a rollback window', { warm: { release: STABLE, until: 'later' } }, /open until later/],
])('is refused %s', (_, change, reason) => {
  const control = { ...LIVE, ...change };
  expect(whyNotParked(control, 'idle')).toMatch(reason);
  expect(park(control, HOURS, CHANGE)).toMatchObject({ ok: false, code: 'not-parkable' });
});

test.each(['cost', 'operator'] as const)('for %s it ends the rollback window', (reason) => {
  const warm = { release: STABLE, until: 'later' };
  const parked = park({ ...LIVE, warm, endpointConfigName: 'both' }, { reason, wakesOnTraffic: false }, CHANGE);
  expect(parked).toMatchObject({ ok: true, next: { mode: 'parked', endpointConfigName: STABLE.endpointConfigName } });
  expect(parked.ok && parked.next.warm).toBeUndefined();
});

test.each([
  ['with an endpoint of its own', { ...STABLE, mode: 'serverless', endpointName: 'triage-r0' }, 'triage-r0'],
  ['on the same endpoint', STABLE, undefined],
  ['whose queue may still have requests', { ...STABLE, mode: 'async', endpointName: 'triage-r0' }, undefined],
] as const)('the release before goes too where it stands by itself: one %s', (_, release, warmEndpointName) => {
  const parked = park({ ...LIVE, warm: { release, until: 'later' } }, { reason: 'cost', wakesOnTraffic: false }, CHANGE);
  expect(parked.ok && parked.next.parked?.warmEndpointName).toBe(warmEndpointName);
});

test('waking is one write, and refused where nothing is off', () => {
  expect(wake(off(), CHANGE)).toMatchObject({ ok: true, next: { mode: 'live', parked: undefined, stable: STABLE } });
  expect(wake(LIVE, CHANGE)).toEqual({ ok: true, next: LIVE });
  expect(wake({ ...LIVE, mode: 'killed' }, CHANGE)).toMatchObject({ ok: false, code: 'not-parked' });
});

test('no release begins meanwhile; kill and revive go on as ever', () => {
  expect(takeLock(off(), 'r2-00000002', CHANGE)).toMatchObject({ ok: false, code: 'parked' });
  const killed = kill(off(), CHANGE);
  expect(killed).toMatchObject({ ok: true, next: { mode: 'killed', parked: undefined } });
  expect(killed.ok && revive(killed.next, CHANGE)).toMatchObject({ ok: true, next: { mode: 'baseline' } });
});
