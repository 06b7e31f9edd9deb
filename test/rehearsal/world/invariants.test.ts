import { checkInvariants, INVARIANTS } from '../../../rehearsal/world/invariants';
import type { EvidenceBundle, GateResult, TrafficChange } from '../../../core/contracts';
import type { StoredObject } from '../../../core/evidence';
import type { History } from '../../../rehearsal/world/history';
import {
  approval,
  decision,
  decisionId,
  CANDIDATE,
  control,
  COST,
  COUNTERS,
  EXPOSED,
  incident,
  keepWrites,
  kept,
  MINUTE,
  MINUTE_MILLIS,
  release,
  sent,
  sighting,
  sound,
  soundBundles,
  spec,
  STABLE,
} from './sound-history';

/** The last bundle says something else, and is signed all the same. */
function rewritten(history: History, change: Partial<EvidenceBundle>): void {
  const [stable, candidate] = soundBundles();
  Object.assign(history, kept([stable!, { ...candidate!, ...change }]));
}

const tellAll = (history: History): TrafficChange[] =>
  history.control.map(({ record }) => ({
    at: record.changedAt,
    by: record.changedBy,
    reason: record.reason,
    version: record.version,
    mode: record.mode,
    candidateWeight: record.candidateWeight,
  }));

function approvedBy(history: History, requiredRoles: string[], said: [string, string][]): void {
  Object.assign(history.releases[1] ?? {}, { spec: { ...spec, approvals: { ...spec.approvals, requiredRoles } } });
  history.approvals[1] = approval(CANDIDATE.releaseId, {
    requiredRoles,
    decisions: said.map(([role, name]) => ({
      role,
      decision: 'approve',
      by: `arn:aws:iam::111122223333:role/${name}`,
      at: '2026-03-02T09:30:00.000Z',
    })),
  });
}

/** The candidate owes a gate, with this result. */
function withGate(history: History, result: Pick<GateResult, 'passed' | 'endedAt'> | undefined): void {
  Object.assign(history.releases[1] ?? {}, { spec: { ...spec, gates: [{ kind: 'custom', name: 'legal', timeoutMinutes: 5 }] } });
  if (result !== undefined) history.ledger.set(`gate#${CANDIDATE.releaseId}|legal`, { gate: 'legal', ...result });
}

/** Which invariants a history breaks. */
const broken = (history: History): string[] =>
  checkInvariants(history)
    .filter(({ held }) => !held)
    .map(({ name }) => name);

test('a sound rehearsal holds every invariant of the contract', () => {
  expect(checkInvariants(sound())).toEqual(Object.keys(INVARIANTS).map((name) => ({ name, held: true })));
  expect(Object.keys(INVARIANTS)).toHaveLength(11);
});

describe('each invariant bites', () => {
  const cases: [string, string, (history: History) => void][] = [
    ['gated-traffic', 'a release answers before it was approved', (h) => h.approvedAtMillis.set(CANDIDATE.releaseId, 20_000)],
    ['gated-traffic', 'a release answers that nobody approved', (h) => h.approvedAtMillis.delete(CANDIDATE.releaseId)],
    [
      'gated-traffic',
      'a release answers whose approval ran out',
      (h) => (h.approvals[1] = approval(CANDIDATE.releaseId, { status: 'expired', decisions: [] })),
    ],
    ['gated-traffic', 'a release answers that was rejected', (h) => (h.approvals[1] = approval(CANDIDATE.releaseId, { decisions: [] }))],
    ['gated-traffic', 'too few roles approved', (h) => approvedBy(h, ['risk', 'legal'], [['risk', 'Risk']])],
    [
      'gated-traffic',
      'one person approved in two roles',
      (h) =>
        approvedBy(
          h,
          ['risk', 'legal'],
          [
            ['risk', 'Both'],
            ['legal', 'Both'],
          ],
        ),
    ],
    [
      'gated-traffic',
      'whoever asked for the release approved it',
      (h) => Object.assign(h.releases[1] ?? {}, { requestedBy: 'arn:aws:sts::111122223333:assumed-role/Risk/somebody' }),
    ],
    ['gated-traffic', 'a gate was not passed', (h) => withGate(h, undefined)],
    ['gated-traffic', 'a gate failed', (h) => withGate(h, { passed: false, endedAt: '1970-01-01T00:00:05.000Z' })],
    ['gated-traffic', 'a gate passed too late', (h) => withGate(h, { passed: true, endedAt: '1970-01-01T00:00:30.000Z' })],
    [
      'gated-traffic',
      'the dark candidate answers callers',
      (h) =>
        h.control.splice(1, 0, { atMillis: 9000, record: control({ candidate: CANDIDATE, lockedBy: CANDIDATE.releaseId }) }) &&
        h.invocations.unshift({ atMillis: 9500, endpointName: 'e', variantName: 'b', modelName: 'm-r2' }),
    ],
    [
      'gated-traffic',
      'a model answers that was never under control',
      (h) => h.invocations.push({ atMillis: 1, endpointName: 'e', variantName: 'x', modelName: 'other' }),
    ],
    [
      'one-candidate',
      'a candidate replaces another',
      (h) => {
        h.control.splice(2, 0, {
          atMillis: 20_000,
          record: control({ candidate: { ...CANDIDATE, releaseId: 'r3-cccccccc' }, lockedBy: 'r3-cccccccc' }),
        });
      },
    ],
    ['one-candidate', 'a candidate does not hold the lock', (h) => delete h.control[1]?.record.lockedBy],
    [
      'rollback-takes-hold',
      'the candidate answers 2.1 s after the rollback',
      (h) => h.invocations.push({ atMillis: 52_100, endpointName: 'e', variantName: 'b', modelName: 'm-r2' }),
    ],
    [
      'rollback-takes-hold',
      'stable answers after a kill',
      (h) => {
        h.control.push({ atMillis: 55_000, record: control({ mode: 'killed' }) });
      },
    ],
    ['kpi-exactly-once', 'an event is lost', (h) => h.ledger.delete('rejected#2026-03-02T09|e2#abc')],
    ['kpi-exactly-once', 'a correction is lost', (h) => h.kpiSent.push(sent({ eventId: 'e6', kpi: 'cost', revision: 2 }))],
    [
      'kpi-exactly-once',
      'a correction takes back what is newer',
      (h) => ((h.ledger.get('outcome#r2-bbbbbbbb#u1|cost') ?? {}).revision = 0),
    ],
    ['kpi-exactly-once', 'a decision exposes nobody', (h) => h.ledger.set(`decision#${decisionId('u2')}|decision`, decision('u2'))],
    ['kpi-exactly-once', 'a unit is counted twice', (h) => ((h.ledger.get(COUNTERS) ?? {})['k|candidate|n'] = 2)],
    ['kpi-exactly-once', 'a unit is counted twice for errors', (h) => ((h.ledger.get(COUNTERS) ?? {})['error-rate|candidate|n'] = 2)],
    ['kpi-exactly-once', 'a unit is not counted', (h) => delete h.ledger.get(COUNTERS)?.['k|candidate|n']],
    [
      'kpi-exactly-once',
      'an outcome is counted twice, in another shard',
      (h) => h.ledger.set(`counters#r2-bbbbbbbb#1|minute#${MINUTE}`, { 'k|candidate|x': 1 }),
    ],
    [
      'kpi-exactly-once',
      'an outcome is counted in another minute',
      (h) => {
        delete h.ledger.get(COUNTERS)?.['k|candidate|x'];
        h.ledger.set('counters#r2-bbbbbbbb#0|minute#2026-03-02T09:01', { 'k|candidate|x': 1 });
      },
    ],
    [
      'kpi-exactly-once',
      'an outcome is counted for another arm',
      (h) => {
        delete h.ledger.get(COUNTERS)?.['k|candidate|x'];
        h.ledger.set(`counters#r2-bbbbbbbb#1|minute#${MINUTE}`, { 'k|stable|x': 1 });
      },
    ],
    [
      'kpi-exactly-once',
      'a unit is counted in a minute in which it made no decision',
      (h) => ((h.ledger.get(EXPOSED) ?? {}).minuteMillis = MINUTE_MILLIS + 60_000),
    ],
    ['kpi-exactly-once', 'an amount is counted as another', (h) => ((h.ledger.get(COUNTERS) ?? {})[`${COST}|candidate|s`] = 5000)],
    ['kpi-exactly-once', 'an event is counted that nobody sent', (h) => h.ledger.set('outcome#r2-bbbbbbbb#u9|k', { eventId: 'e9' })],
    [
      'kpi-exactly-once',
      'garbage is counted',
      (h) => {
        h.ledger.delete('rejected#2026-03-02T09|g1#abc');
        h.ledger.set('outcome#r2-bbbbbbbb#u1|k', { eventId: 'g1' });
      },
    ],
    [
      'kpi-exactly-once',
      'garbage is rejected for another reason',
      (h) => h.ledger.set('rejected#2026-03-02T09|g1#abc', { reason: 'unknown-kpi' }),
    ],
    [
      'every-decision-recorded',
      'an answer has no lineage',
      (h) => h.answers.push({ atMillis: 1, status: 200, unit: 'u', decisionId: 'd9' }),
    ],
    ['every-decision-recorded', 'an answer has no decision id', (h) => h.answers.push({ atMillis: 1, status: 200, unit: 'u' })],
    ['evidence-complete', 'the bundle is missing', (h) => Object.assign(h, kept(soundBundles().slice(0, 1)))],
    ['evidence-complete', 'the bundle does not say why', (h) => rewritten(h, { reason: ' ' })],
    ['evidence-complete', 'the bundle names nobody who approved', (h) => rewritten(h, { approvals: [] })],
    ['evidence-complete', 'the bundle holds no measurements', (h) => rewritten(h, { measurements: [] })],
    ['evidence-complete', 'the bundle and the ledger disagree', (h) => rewritten(h, { outcome: 'promoted' })],
    [
      'evidence-complete',
      'a decision of the board is not named',
      (h) => h.approvals.push(approval(CANDIDATE.releaseId, { kind: 'inconclusive' })),
    ],
    [
      'evidence-complete',
      'a bundle is changed after it was signed',
      (h) => {
        const [first] = h.evidence;
        if (first !== undefined) h.evidence[0] = { ...first, bytes: first.bytes.with(first.bytes.indexOf(50), 51) };
      },
    ],
    ['evidence-complete', 'a head is missing', (h) => h.evidence.splice(1, 1)],
    ['evidence-complete', 'a bundle was written twice', (h) => (h.evidence[0] = { ...(h.evidence[0] as StoredObject), versions: 2 })],
    ['evidence-complete', 'nobody knows the key that signed', (h) => (h.publicKeys = {})],
    ['evidence-complete', 'a write of the control record is not kept', (h) => h.ledger.delete('control-changes|0000000002')],
    [
      'evidence-complete',
      'a write of the control record is kept as another',
      (h) => ((h.ledger.get('control-changes|0000000002') ?? {}).candidateWeight = 0),
    ],
    ['evidence-complete', 'the bundle does not tell a change of traffic', (h) => rewritten(h, { traffic: [] })],
    ['incident-opened', 'a rollback opened no incident', (h) => h.incidents.pop()],
    ['incident-opened', 'a kill opened no incident', (h) => h.control.push({ atMillis: 90_000, record: control({ mode: 'killed' }) })],
    [
      'no-release-stuck',
      'a release stands still',
      (h) => h.releases.push(release({ id: 'r3-cccccccc', sequence: 3, status: 'in-progress', endedAt: undefined as never })),
    ],
    [
      'no-release-stuck',
      'the lock is never let go',
      (h) => h.control.push({ atMillis: 90_000, record: control({ lockedBy: CANDIDATE.releaseId }) }),
    ],
    [
      'no-silent-drift',
      'the endpoint runs another config for 20 minutes',
      (h) =>
        h.sightings.push(sighting({ atMillis: 60_000, liveConfigName: 'c-x' }), sighting({ atMillis: 21 * 60_000, liveConfigName: 'c-x' })),
    ],
    ['nothing-left-running', 'an endpoint stands after the stack is deleted', (h) => (h.isDestroyed = true)],
    [
      'nothing-left-running',
      'an endpoint stands after a kill',
      (h) => h.control.push({ atMillis: 90_000, record: control({ mode: 'killed' }) }),
    ],
    [
      'least-privilege',
      'a call was outside its role',
      (h) => h.iam.denied.push({ role: 'r', action: 's3:GetObject', resource: '*', atMillis: 1 }),
    ],
  ];

  test.each(cases)('%s: %s', (invariant, _what, breakIt) => {
    const history = sound();
    breakIt(history);
    expect(broken(history)).toContain(invariant);
  });

  test('every invariant is broken by at least one case', () => {
    expect([...new Set(cases.map(([name]) => name))].sort()).toEqual(Object.keys(INVARIANTS).sort());
  });
});

test('the stack answers for what came in time before it was deleted, and for no more', () => {
  const history = sound();
  history.answers.push({ atMillis: 95_000, status: 200, unit: 'u', decisionId: 'd9' });
  history.destroyedSinceMillis = 90_000;
  expect(broken(history)).toEqual([]);
  history.destroyedSinceMillis = 200_000;
  expect(broken(history)).toEqual(['every-decision-recorded']);
});

test('gates ask the dark candidate, and a rejected one as well', () => {
  const history = sound();
  history.invocations = history.invocations.map((invocation) => ({ ...invocation, caller: 'gateway' }));
  history.invocations[0]!.inferenceId = history.answers[0]!.decisionId!;
  history.invocations.push({ atMillis: 9000, endpointName: 'e', variantName: 'b', modelName: 'm-r2', caller: 'gate' });
  history.invocations.push({ atMillis: 58_000, endpointName: 'e', variantName: 'b', modelName: 'm-r2', caller: 'gate' });
  expect(broken(history)).toEqual([]);
  history.invocations.push({ atMillis: 58_000, endpointName: 'e', variantName: 'b', modelName: 'm-r9', caller: 'gate' });
  expect(broken(history)).toEqual(['gated-traffic']);
});

test('silence is agreement only where the charter says so; a lane owes its own approvals; a return owes none', () => {
  const history = sound();
  history.approvals[1] = approval(CANDIDATE.releaseId, { status: 'expired', decisions: [] });
  const candidate = history.releases[1]!;
  const said = { ...spec, approvals: { ...spec.approvals, onDeadline: 'approve' as const } };
  rewritten(history, { approvals: [] });
  expect(broken(history)).toEqual(['gated-traffic']);
  candidate.spec = said;
  expect(broken(history)).toEqual([]);
  history.approvals.pop();
  candidate.spec = { ...spec, lanes: [{ name: 'small', changes: ['behaviour'], requiredRoles: [] }] };
  expect(broken(history)).toEqual(['gated-traffic']);
  candidate.lane = 'small';
  expect(broken(history)).toEqual([]);
  delete candidate.lane;
  candidate.returnTo = STABLE.releaseId;
  expect(broken(history)).toEqual([]);
});

test('drift that an open incident tells of is not silent', () => {
  const history = sound();
  const drift = (atMillis: number) => sighting({ atMillis, liveConfigName: 'c-x' });
  history.sightings.push(drift(60_000), drift(21 * 60_000));
  const told = incident({ id: 'i-silent-drift-e', kind: 'silent-drift', openedAt: new Date(10 * 60_000).toISOString() });
  history.incidents.push(told);
  expect(broken(history)).toEqual([]);
  told.resolved = { by: 'x', at: new Date(15 * 60_000).toISOString() };
  expect(broken(history)).toEqual(['no-silent-drift']);
});

test('a release that is taken back within its rollback window has a second bundle', () => {
  const history = sound();
  const [stable, candidate] = soundBundles();
  const promoted = { ...candidate!, outcome: 'promoted' as const };
  Object.assign(history, kept([stable!, promoted]));
  expect(broken(history)).toEqual(['evidence-complete']);
  Object.assign(history, kept([stable!, promoted, candidate!]));
  expect(broken(history)).toEqual([]);
});

test('a return to the warm release takes hold within two seconds', () => {
  const history = sound();
  history.control.splice(2, 1);
  history.control.push({ atMillis: 40_000, record: control({ stable: CANDIDATE, warm: { release: STABLE, until: 'later' } }) });
  history.control.push({ atMillis: 50_000, record: control({ lockedBy: CANDIDATE.releaseId }) });
  history.control.push({ atMillis: 70_000, record: control({}) });
  keepWrites(history);
  rewritten(history, { traffic: tellAll(history) });
  expect(broken(history)).toEqual([]);
  history.invocations.push({ atMillis: 52_100, endpointName: 'e', variantName: 'b', modelName: 'm-r2' });
  expect(broken(history)).toEqual(['rollback-takes-hold']);
});

test('a promotion leaves the old stable time to finish', () => {
  const history = sound();
  history.control.push({ atMillis: 70_000, record: control({ candidate: CANDIDATE, lockedBy: CANDIDATE.releaseId }) });
  history.control.push({ atMillis: 80_000, record: control({ stable: CANDIDATE }) });
  history.invocations.push({ atMillis: 85_000, endpointName: 'e', variantName: 'a', modelName: 'm-r1' });
  keepWrites(history);
  rewritten(history, { traffic: tellAll(history) });
  expect(broken(history)).toEqual([]);
});
