import {
  counterName,
  ledgerKeys,
  type ApprovalRecord,
  type ControlRecord,
  type EvidenceBundle,
  type IncidentRecord,
  type KpiPolicy,
  type ReleaseRecord,
  type ReleaseSpec,
} from '../../../core/contracts';
import { countValue, valueScaleOf } from '../../../core/verdict/value-scale';
import type { ConfigSighting, History, SentKpiEvent } from '../../../rehearsal/world/history';
import { generateKeyPairSync, sign } from 'node:crypto';
import { bundleKey, headKey, headText, publicKeyPem, sha256Of, signedText, unsignedHead, type StoredObject } from '../../../core/evidence';
import { canonicalJson, releaseHash } from '../../../core/hash';

export const STABLE = { releaseId: 'r1-aaaaaaaa', variantName: 'a', modelName: 'm-r1', endpointConfigName: 'c-r1' };
export const CANDIDATE = { releaseId: 'r2-bbbbbbbb', variantName: 'b', modelName: 'm-r2', endpointConfigName: 'c-r2' };

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

export const spec = {
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

export const control = (change: Partial<ControlRecord>): ControlRecord => ({
  version: 1,
  mode: 'live',
  candidateWeight: 0,
  holdout: 0.02,
  changedAt: '2026-03-02T10:00:00.000Z',
  changedBy: 'workflow',
  reason: 'test',
  endpointConfigName: 'c-r1',
  stable: STABLE,
  ...change,
});

export const release = (change: Partial<ReleaseRecord>): ReleaseRecord => ({
  id: CANDIDATE.releaseId,
  sequence: 2,
  hash: releaseHash(spec),
  spec,
  status: 'rolled-back',
  requestedBy: 'deploy',
  requestedAt: '2026-03-02T09:00:00.000Z',
  endedAt: '2026-03-02T12:00:00.000Z',
  stage: 'canary:0.05',
  reason: 'worse',
  ...change,
});

export const bundle = (change: Partial<EvidenceBundle> = {}): EvidenceBundle => ({
  schema: 'sluice.evidence/v2',
  sequence: 2,
  useCase: 'demo',
  releaseId: CANDIDATE.releaseId,
  hash: releaseHash(spec),
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
  traffic: [
    {
      at: '2026-03-02T10:00:00.000Z',
      by: 'workflow',
      reason: 'test',
      version: 2,
      mode: 'live',
      candidateWeight: 0.05,
      stable: 'r1-aaaaaaaa',
    },
  ],
  ...change,
});

export const sighting = (change: Partial<ConfigSighting>): ConfigSighting => ({
  atMillis: 0,
  endpointName: 'e',
  status: 'InService',
  liveConfigName: 'c-r1',
  controlConfigName: 'c-r1',
  workflowRunning: false,
  ...change,
});

export const MINUTE = '2026-03-02T09:00';
export const MINUTE_MILLIS = Date.parse(`${MINUTE}Z`);

/** As the gateway makes them; nobody here asks for the signature. */
export const decisionId = (unit: string, minuteMillis = MINUTE_MILLIS): string =>
  `k1.c${CANDIDATE.releaseId}.${(minuteMillis / 60_000).toString(36)}.${unit}.nonce.mac`;

export const decision = (unit: string): Record<string, unknown> => ({
  decisionId: decisionId(unit),
  arm: 'candidate',
  failed: false,
  latencyMillis: 40,
});

export const sent = (change: Pick<SentKpiEvent, 'eventId'> & Partial<SentKpiEvent>): SentKpiEvent => ({
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

export const EXPOSED = 'exposure#r2-bbbbbbbb#u1|exposure';
export const COUNTERS = `counters#r2-bbbbbbbb#0|minute#${MINUTE}`;
export const COST = counterName(spec.kpis[1] as KpiPolicy);

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

const APPROVED: ApprovalRecord['decisions'][number] = {
  role: 'risk',
  decision: 'approve',
  by: 'arn:aws:iam::111122223333:role/Risk',
  at: '2026-03-02T09:30:00.000Z',
};

export const approval = (releaseId: string, change: Partial<ApprovalRecord> = {}): ApprovalRecord => ({
  releaseId,
  kind: 'release',
  taskToken: 't',
  requiredRoles: ['risk'],
  requestedAt: '2026-03-02T09:00:00.000Z',
  deadline: '2026-03-02T10:00:00.000Z',
  decisions: [APPROVED],
  status: 'approved',
  ...change,
});

export const incident = (change: Partial<IncidentRecord>): IncidentRecord => ({
  id: `i-rollback-${CANDIDATE.releaseId}`,
  kind: 'rollback',
  releaseId: CANDIDATE.releaseId,
  reason: 'worse',
  openedAt: '1970-01-01T00:00:50.000Z',
  openedBy: 'verdict',
  ...change,
});

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/k1';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const soundBundles = (): EvidenceBundle[] => [
  bundle({ releaseId: STABLE.releaseId, outcome: 'promoted', stage: 'promote' }),
  bundle(),
];

/** Bundles as they lie in the bucket: chained, and each signed. */
export function kept(bundles: EvidenceBundle[]): Pick<History, 'evidence' | 'publicKeys'> {
  const evidence: StoredObject[] = [];
  let previous: { bundle: string; head: string } | undefined;
  bundles.forEach((one, index) => {
    const sequence = index + 1;
    const key = bundleKey(sequence, one.releaseId);
    const text = canonicalJson({ ...one, sequence, ...(previous === undefined ? {} : { previousBundleSha256: previous.bundle }) });
    const bundleSha256 = sha256Of(bytesOf(text));
    const unsigned = unsignedHead({
      useCase: one.useCase,
      sequence,
      releaseId: one.releaseId,
      bundleKey: key,
      bundleSha256,
      ...(previous === undefined ? {} : { previousHead: previous.head }),
      signedAt: one.endedAt,
      keyArn: KEY_ARN,
    });
    const head = headText(unsigned, sign('sha256', bytesOf(signedText(unsigned)), privateKey));
    evidence.push({ key, bytes: bytesOf(text), storedAt: one.endedAt }, { key: headKey(sequence), bytes: bytesOf(head) });
    previous = { bundle: bundleSha256, head };
  });
  const pem = publicKeyPem(publicKey.export({ format: 'der', type: 'spki' }));
  return { evidence, publicKeys: { [KEY_ARN]: pem } };
}

/** Numbers the writes of the control record, and keeps each as the handlers do. */
export function keepWrites(history: History): History {
  history.control.forEach(({ record }, index) => {
    record.version = index + 1;
    const { pk, sk } = ledgerKeys.controlChange(record.version);
    history.ledger.set(`${pk}|${sk}`, { version: record.version, mode: record.mode, candidateWeight: record.candidateWeight });
  });
  return history;
}

/** A rehearsal in which everything went as it should; each test breaks one thing. */
export function sound(): History {
  return keepWrites({
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
      [`verdict#${CANDIDATE.releaseId}|latest`, { at: '2026-03-02T11:59:00.000Z' }],
      [EXPOSED, { arm: 'candidate', minuteMillis: MINUTE_MILLIS, decision: decision('u1') }],
      ['outcome#r2-bbbbbbbb#u1|k', { eventId: 'e1', revision: 0 }],
      ['outcome#r2-bbbbbbbb#u1|cost', { eventId: 'e4', revision: 1 }],
      ['outcome#r2-bbbbbbbb#u1|cost#0#e3', { eventId: 'e3', revision: 0 }],
      ['rejected#2026-03-02T09|e2#abc', { reason: 'late' }],
      ['rejected#2026-03-02T09|g1#abc', { reason: 'future' }],
      [COUNTERS, counters()],
    ]),
    releases: [release({ id: STABLE.releaseId, sequence: 1, status: 'promoted', stage: 'promote' }), release({})],
    approvals: [approval(STABLE.releaseId), approval(CANDIDATE.releaseId)],
    approvedAtMillis: new Map([
      [STABLE.releaseId, -1000],
      [CANDIDATE.releaseId, 5000],
    ]),
    ...kept(soundBundles()),
    incidents: [incident({})],
    refusals: [],
    retrainings: [],
    openExecutions: [],
    executions: [],
    sightings: [sighting({ atMillis: 0 }), sighting({ atMillis: 60_000 })],
    standingResources: ['endpoint e'],
    isDestroyed: false,
    iam: { denied: [], unused: [] },
  });
}
