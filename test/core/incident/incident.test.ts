import type { IncidentRecord } from '../../../core/contracts';
import {
  acknowledgement,
  detectSeconds,
  incidentOf,
  isOngoing,
  newestFirst,
  recoverSeconds,
  resolution,
} from '../../../core/incident/incident';

const AT = '2026-03-02T09:10:00Z';
const incident: IncidentRecord = incidentOf(
  { kind: 'rollback', releaseId: 'r7-3f2a9c1b', reason: 'worse', beganAt: '2026-03-02T09:00:00Z', by: 'verdict' },
  AT,
);
const act = { by: 'arn:anna', at: AT, comment: 'found' };

test('the same trouble has the same id', () => {
  expect(incident).toEqual({
    id: 'i-rollback-r7-3f2a9c1b',
    kind: 'rollback',
    releaseId: 'r7-3f2a9c1b',
    reason: 'worse',
    beganAt: '2026-03-02T09:00:00Z',
    openedAt: AT,
    openedBy: 'verdict',
  });
  expect(incidentOf({ kind: 'silent-drift', about: 'x', reason: 'y', by: 'watch' }, AT).id).toBe('i-silent-drift-x');
  expect(() => incidentOf({ kind: 'kill', reason: 'y', by: 'watch' }, AT)).toThrow(/needs a release/);
});

test('is measured from when it began, where that is known', () => {
  const recoveredAt = '2026-03-02T09:10:02Z';
  expect([detectSeconds(incident), recoverSeconds(incident)]).toEqual([600, undefined]);
  expect(recoverSeconds({ ...incident, recoveredAt })).toBe(602);
  const found = { ...incident, beganAt: undefined };
  expect([detectSeconds(found), recoverSeconds({ ...found, recoveredAt })]).toEqual([undefined, 2]);
  // Clocks of two machines.
  expect(detectSeconds({ ...incident, beganAt: '2026-03-02T09:10:01Z' })).toBe(0);
});

test('is acknowledged once, and not after it was resolved', () => {
  expect(acknowledgement(incident, act)).toEqual({ ok: true, act });
  expect(acknowledgement({ ...incident, acknowledged: act }, act)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('acknowledged since'),
  });
  expect(acknowledgement({ ...incident, resolved: act }, act)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('resolved since'),
  });
});

test('is resolved once, with a comment, acknowledged or not', () => {
  expect(resolution({ ...incident, acknowledged: act }, act)).toEqual({ ok: true, act });
  expect(resolution(incident, { by: 'arn:anna', at: AT })).toMatchObject({ ok: false, reason: expect.stringContaining('comment') });
  expect(resolution({ ...incident, resolved: act }, act)).toMatchObject({ ok: false });
});

test('goes on until it recovered or was resolved', () => {
  expect([incident, { ...incident, recoveredAt: AT }, { ...incident, resolved: act }].map(isOngoing)).toEqual([true, false, false]);
});

test('the newest comes first', () => {
  const older = { ...incident, id: 'b', openedAt: '2026-03-01T00:00:00Z' };
  expect(newestFirst([older, { ...incident, id: 'z' }, { ...incident, id: 'a' }]).map(({ id }) => id)).toEqual(['a', 'z', 'b']);
});
