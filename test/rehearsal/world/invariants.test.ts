import {
  counterName,
  type ControlRecord,
  type EvidenceBundle,
  type KpiPolicy,
  type ReleaseRecord,
  type ReleaseSpec,
} from '../../../core/contracts';
import { countValue, valueScaleOf } from '../../../core/verdict/value-scale';
import type { ConfigSighting, History, SentKpiEvent } from '../../../rehearsal/world/history';
import { checkInvariants, INVARIANTS } from '../../../rehearsal/world/invariants';

const STABLE = { releaseId: 'r1-aaaaaaaa', variantName: 'a', modelName: 'm-r1', endpointConfigName: 'c-r1' };
const CANDIDATE = { releaseId: 'r2-bbbbbbbb', variantName: 'b', modelName: 'm-r2', endpointConfigName: 'c-r2' };

const kpi = (change: Pick<KpiPolicy, 'name' | 'type'> & Partial<KpiPolicy>): KpiPolicy => ({
  better: 'lower',
  role: 'guard',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
  ...change,
});

const spec = {
  useCase: 'demo',
  model: { environment: {} },
  serving: { mode: 'real-time', instanceType: 'ml.g5.xlarge', minInstances: 1, maxInstances: 1 },
  behaviour: {},
  rollout: {
    strategy: 'canary',
    steps: [{ weight: 0.05, bakeMinutes: 60 }],
    maxDurationMinutes: 600,
    inconclusive: 'hold',
    holdout: 0.02,
    rollbackAlpha: 0.05,
    promotionAlpha: 0.05,
    stratumMinutes: 5,
  },
  kpis: [kpi({ name: 'k', type: 'binary' }), kpi({ name: 'cost', type: 'mean', cap: 10, typical: { mean: 2, standardDeviation: 1 } })],
  approvals: { requiredRoles: ['risk'], deadlineMinutes: 60, onDeadline: 'reject' },
} satisfies ReleaseSpec;

const control = (change: Partial<ControlRecord>): ControlRecord => ({
  version: 1,
  mode: 'live',
  candidateWeight: 0,
  holdout: 0.02,
  changedAt: '2026-03-02T09:00:00.000Z',
  changedBy: 'workflow',
  reason: 'test',
  endpointConfigName: 'c-r1',
  stable: STABLE,
  ...change,
});

const release = (change: Partial<ReleaseRecord>): ReleaseRecord => ({
  id: CANDIDATE.releaseId,
  sequence: 2,
  hash: 'bb',
  spec,
  status: 'rolled-back',
  requestedBy: 'deploy',
  requestedAt: '2026-03-02T09:00:00.000Z',
  endedAt: '2026-03-02T12:00:00.000Z',
  stage: 'canary:0.05',
  reason: 'worse',
  ...change,
});

const bundle = (change: Partial<EvidenceBundle> = {}): EvidenceBundle => ({
  schema: 'sluice.evidence/v1',
  useCase: 'demo',
  releaseId: CANDIDATE.releaseId,
  hash: 'bb',
  spec,
  requestedBy: 'deploy',
  requestedAt: '2026-03-02T09:00:00.000Z',
  endedAt: '2026-03-02T12:00:00.000Z',
  outcome: 'rolled-back',
  stage: 'canary:0.05',
  reason: 'worse',
  approvals: [{ role: 'risk', decision: 'approve', by: 'arn:aws:iam::111122223333:role/Risk', at: '2026-03-02T09:30:00.000Z' }],
  steps: [
    { weight: 0.05, openedAt: '2026-03-02T10:00:00.000Z', closedAt: '2026-03-02T12:00:00.000Z', decision: 'roll-back', reason: 'worse' },
  ],
  measurements: [
    {
      kpi: 'k',
      control: 'stable',
      candidateUnits: 1,
      candidateEvents: 1,
      controlUnits: 9,
      controlEvents: 0,
      rollbackEvidence: 30,
      rollbackThreshold: 20,
      promotionEvidence: 0.1,
      promotionThreshold: 20,
    },
  ],
  ...change,
});

const sighting = (change: Partial<ConfigSighting>): ConfigSighting => ({
  atMillis: 0,
  endpointName: 'e',
  status: 'InService',
  liveConfigName: 'c-r1',
  controlConfigName: 'c-r1',
  workflowRunning: false,
  ...change,
});

const MINUTE = '2026-03-02T09:00';
const MINUTE_MILLIS = Date.parse(`${MINUTE}Z`);

/** As the gateway makes them; nobody here asks for the signature. */
const decisionId = (unit: string, minuteMillis = MINUTE_MILLIS): string =>
  `k1.c${CANDIDATE.releaseId}.${(minuteMillis / 60_000).toString(36)}.${unit}.nonce.mac`;

const decision = (unit: string): Record<string, unknown> => ({
  decisionId: decisionId(unit),
  arm: 'candidate',
  failed: false,
  latencyMillis: 40,
});

const sent = (change: Pick<SentKpiEvent, 'eventId'> & Partial<SentKpiEvent>): SentKpiEvent => ({
  kpi: 'k',
  value: 1,
  unit: 'case-1',
  releaseId: CANDIDATE.releaseId,
  decisionId: decisionId('u1'),
  arm: 'candidate',
  decidedAtMillis: MINUTE_MILLIS,
  revision: 0,
  atMillis: 12_000,
  observedAtMillis: 12_000,
  sentAtMillis: 12_000,
  copies: 1,
  ...change,
});

const EXPOSED = 'exposure#r2-bbbbbbbb#u1|exposure';
const COUNTERS = `counters#r2-bbbbbbbb#0|minute#${MINUTE}`;
const COST = counterName(spec.kpis[1] as KpiPolicy);

/** The counters of one unit whose case happened to cost 3. */
function counters(): Record<string, number> {
  const { sum, squares, tilts } = countValue(valueScaleOf(spec.kpis[1] as KpiPolicy), 3);
  const values = { x: 1, s: sum, q: squares, ...Object.fromEntries(tilts.map((tilt, index) => [`e${index}`, tilt])) };
  return {
    'k|candidate|n': 1,
    'k|candidate|x': 1,
    'error-rate|candidate|n': 1,
    [`${COST}|candidate|n`]: 1,
    ...Object.fromEntries(Object.entries(values).map(([field, value]) => [`${COST}|candidate|${field}`, value])),
  };
}

/** A rehearsal in which everything went as it should; each test breaks one thing. */
function sound(): History {
  return {
    startMillis: 0,
    endMillis: 100_000,
    control: [
      { atMillis: 0, record: control({}) },
      { atMillis: 10_000, record: control({ version: 2, candidate: CANDIDATE, candidateWeight: 0.05, lockedBy: CANDIDATE.releaseId }) },
      { atMillis: 50_000, record: control({ version: 3 }) },
    ],
    invocations: [
      { atMillis: 11_000, endpointName: 'e', variantName: 'b', modelName: 'm-r2', inferenceId: 'd1' },
      { atMillis: 51_500, endpointName: 'e', variantName: 'b', modelName: 'm-r2', inferenceId: 'd2' },
      { atMillis: 60_000, endpointName: 'e', variantName: 'a', modelName: 'm-r1', inferenceId: 'd3' },
    ],
    answers: [{ atMillis: 11_000, status: 200, unit: 'case-1', decisionId: decisionId('u1'), arm: 'candidate' }],
    kpiSent: [
      sent({ eventId: 'e1' }),
      sent({ eventId: 'e2' }),
      sent({ eventId: 'e3', kpi: 'cost', value: 5 }),
      sent({ eventId: 'e4', kpi: 'cost', value: 3, revision: 1 }),
      sent({ eventId: 'g1', garbage: 'future' }),
      sent({ eventId: 'g2', garbage: 'huge', fate: 'refused' }),
      sent({ eventId: 'g3', garbage: 'wrong-use-case', fate: 'elsewhere' }),
      sent({ eventId: 'e5', fate: 'lost', copies: 0 }),
    ],
    ledger: new Map<string, Record<string, unknown>>([
      [EXPOSED, { arm: 'candidate', minuteMillis: MINUTE_MILLIS, decision: decision('u1') }],
      ['outcome#r2-bbbbbbbb#u1|k', { eventId: 'e1', revision: 0 }],
      ['outcome#r2-bbbbbbbb#u1|cost', { eventId: 'e4', revision: 1 }],
      ['outcome#r2-bbbbbbbb#u1|cost#0#e3', { eventId: 'e3', revision: 0 }],
      ['rejected#2026-03-02T09|e2#abc', { reason: 'late' }],
      ['rejected#2026-03-02T09|g1#abc', { reason: 'future' }],
      [COUNTERS, counters()],
    ]),
    releases: [release({ id: STABLE.releaseId, sequence: 1, status: 'promoted', stage: 'promote' }), release({})],
    approvals: [],
    approvedAtMillis: new Map([
      [STABLE.releaseId, -1000],
      [CANDIDATE.releaseId, 5000],
    ]),
    evidence: [bundle({ releaseId: STABLE.releaseId, outcome: 'promoted', stage: 'promote' }), bundle()],
    sightings: [sighting({ atMillis: 0 }), sighting({ atMillis: 60_000 })],
    standingResources: ['endpoint e'],
    iam: { denied: [], unused: [] },
  };
}

/** Which invariants a history breaks. */
const broken = (history: History): string[] =>
  checkInvariants(history)
    .filter(({ held }) => !held)
    .map(({ name }) => name);

test('a sound rehearsal holds every invariant of the contract', () => {
  expect(checkInvariants(sound())).toEqual(Object.keys(INVARIANTS).map((name) => ({ name, held: true })));
  expect(Object.keys(INVARIANTS)).toHaveLength(9);
});

describe('each invariant bites', () => {
  const cases: [string, string, (history: History) => void][] = [
    ['gated-traffic', 'a release answers before it was approved', (h) => h.approvedAtMillis.set(CANDIDATE.releaseId, 20_000)],
    ['gated-traffic', 'a release answers that nobody approved', (h) => h.approvedAtMillis.delete(CANDIDATE.releaseId)],
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
    ['evidence-complete', 'the bundle is missing', (h) => h.evidence.pop()],
    ['evidence-complete', 'the bundle does not say why', (h) => h.evidence.splice(1, 1, bundle({ reason: ' ' }))],
    ['evidence-complete', 'the bundle names nobody who approved', (h) => h.evidence.splice(1, 1, bundle({ approvals: [] }))],
    ['evidence-complete', 'the bundle holds no measurements', (h) => h.evidence.splice(1, 1, bundle({ measurements: [] }))],
    ['evidence-complete', 'the bundle and the ledger disagree', (h) => h.evidence.splice(1, 1, bundle({ outcome: 'promoted' }))],
    [
      'no-silent-drift',
      'the endpoint runs another config for 20 minutes',
      (h) =>
        h.sightings.push(sighting({ atMillis: 60_000, liveConfigName: 'c-x' }), sighting({ atMillis: 21 * 60_000, liveConfigName: 'c-x' })),
    ],
    ['nothing-left-running', 'an endpoint stands after a kill', (h) => (h.goneSinceMillis = 90_000)],
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

test('a promotion leaves the old stable time to finish', () => {
  const history = sound();
  history.control.push({ atMillis: 70_000, record: control({ candidate: CANDIDATE, lockedBy: CANDIDATE.releaseId }) });
  history.control.push({ atMillis: 80_000, record: control({ stable: CANDIDATE }) });
  history.invocations.push({ atMillis: 85_000, endpointName: 'e', variantName: 'a', modelName: 'm-r1' });
  expect(broken(history)).toEqual([]);
});
