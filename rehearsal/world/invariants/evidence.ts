import { ledgerKeys, type ControlRecord, type EvidenceBundle, type ReleaseRecord, type TrafficChange } from '../../../core/contracts';
import { readBundle, verifyEvidence } from '../../../core/evidence';
import { stood, type History } from '../history';

/**
 * Every ended release has a bundle that says how it ended, why, who approved and what was measured; all bundles are chained and signed;
 * every write of the control record is kept, and told in the bundle of the release that it fell into.
 */
export function evidenceComplete(history: History): string[] {
  const bundles = bundlesOf(history);
  const ended = history.releases.filter(({ endedAt }) => endedAt !== undefined);
  return [
    ...ended.flatMap((release) => bundleProblem(history, release, bundles.get(release.id)) ?? []),
    ...unverified(history),
    ...unkeptWrites(history),
  ];
}

/** The last one of each release: a promoted release that is taken back has two. */
function bundlesOf({ evidence }: History): Map<string, EvidenceBundle> {
  const byKey = evidence.filter(({ key }) => key.startsWith('bundles/')).toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const read = byKey.map(({ bytes }) => readBundle(bytes));
  return new Map(read.flatMap((bundle) => (bundle.ok ? [[bundle.value.releaseId, bundle.value]] : [])));
}

function bundleProblem(history: History, release: ReleaseRecord, bundle: EvidenceBundle | undefined): string | undefined {
  const { id, status } = release;
  if (bundle === undefined) return `release ${id} ended without an evidence bundle`;
  if (bundle.outcome !== status) return `the bundle of ${id} says ${bundle.outcome}, the ledger ${status}`;
  if (bundle.reason.trim() === '') return `the bundle of ${id} does not say why it ended`;
  const asked = history.approvals.filter(({ releaseId }) => releaseId === id);
  const said = asked.reduce((sum, { decisions }) => sum + decisions.length, 0);
  if (bundle.approvals.length < said) return `the bundle of ${id} names ${bundle.approvals.length} of ${said} decisions on it`;
  if (bundle.steps.length > 0 && bundle.measurements.length === 0 && wasLookedAt(history, id))
    return `the bundle of ${id} holds no measurements`;
  const missing = trafficMissing(history, release, bundle.traffic ?? []);
  if (missing === undefined) return undefined;
  const told = (bundle.traffic ?? []).map(({ version }) => version).join(', ');
  return `the bundle of ${id} does not tell version ${missing} of the control record; it tells ${told === '' ? 'none' : told}`;
}

/** Where the verdict did not look, nothing was measured. */
function wasLookedAt({ ledger }: History, releaseId: string): boolean {
  const { pk, sk } = ledgerKeys.verdict(releaseId);
  return ledger.has(`${pk}|${sk}`);
}

/** A change of traffic between the request and the end of a release that its bundle does not tell. */
function trafficMissing({ control }: History, { id, requestedAt, endedAt = '' }: ReleaseRecord, told: TrafficChange[]): number | undefined {
  const versions = new Set(told.map(({ version }) => version));
  const missing = control.find(({ record }, index) => {
    const isOfRelease = record.candidate?.releaseId === id || record.lockedBy === id;
    const inTime = record.changedAt >= requestedAt && record.changedAt <= endedAt;
    return isOfRelease && inTime && movesTraffic(control[index - 1]?.record, record) && !versions.has(record.version);
  });
  return missing?.record.version;
}

const movesTraffic = (before: ControlRecord | undefined, after: ControlRecord): boolean =>
  before?.mode !== after.mode ||
  before.candidateWeight !== after.candidateWeight ||
  before.stable?.releaseId !== after.stable?.releaseId ||
  before.candidate?.releaseId !== after.candidate?.releaseId ||
  before.warm?.release.releaseId !== after.warm?.release.releaseId;

/** What an auditor would find. Signing goes with the stack. */
function unverified(history: History): string[] {
  const { evidence, publicKeys, endMillis } = history;
  const { findings } = verifyEvidence({ objects: evidence, publicKeys, atIso: new Date(endMillis).toISOString() });
  return findings
    .filter(({ code, sequence }) => code !== 'head-missing' || stood(history, storedAtMillis(history, sequence)))
    .map(({ key, words }) => `evidence ${key}: ${words}`);
}

function storedAtMillis({ evidence }: History, sequence: number | undefined): number {
  const prefix = `bundles/${String(sequence).padStart(8, '0')}-`;
  return Date.parse(evidence.find(({ key }) => key.startsWith(prefix))?.storedAt ?? '') || 0;
}

function unkeptWrites({ control, ledger }: History): string[] {
  return control.flatMap(({ record }) => {
    const { pk, sk } = ledgerKeys.controlChange(record.version);
    const kept = ledger.get(`${pk}|${sk}`);
    if (kept === undefined) return [`version ${record.version} of the control record is not kept`];
    const same = kept.mode === record.mode && kept.candidateWeight === record.candidateWeight;
    return same ? [] : [`version ${record.version} of the control record is kept as another`];
  });
}
