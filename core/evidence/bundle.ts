import type {
  ApprovalRecord,
  EvidenceBundle,
  EvidenceStep,
  GateResult,
  IncidentRecord,
  KpiEvidence,
  ModelFacts,
  RefusalEvidence,
  ReleaseRecord,
  StepResult,
  TrafficChange,
  VerdictRecord,
} from '../contracts';
import { canonicalJson, sha256Hex } from '../hash';
import type { Ending } from './ending';
import type { LooksEvidence } from './looks';

export interface OpenedStep {
  weight: number;
  openedAt: string;
}

/** A step's result with its time; its index is its place in the list. */
export type ClosedStep = StepResult & { at: string };

export interface BundleParts {
  sequence: number;
  record: ReleaseRecord;
  ending: Ending;
  endedAt: string;
  /** Requests for approval, with their decisions. */
  boards: ApprovalRecord[];
  gates: GateResult[];
  traffic: TrafficChange[];
  incidents: IncidentRecord[];
  refusals: RefusalEvidence[];
  model: ModelFacts;
  costs?: EvidenceBundle['costs'];
  opened: OpenedStep[];
  closed: (ClosedStep | undefined)[];
  measurements: KpiEvidence[];
  verdict?: VerdictRecord;
  looks?: LooksEvidence;
  previousBundleSha256?: string;
}

export function evidenceBundle(parts: BundleParts): EvidenceBundle {
  const { record, ending, endedAt } = parts;
  const { outcome, stage, reason, culprit } = ending;
  const { charterSha256 } = record.spec;
  return withoutUndefined({
    schema: 'sluice.evidence/v2',
    sequence: parts.sequence,
    useCase: record.spec.useCase,
    releaseId: record.id,
    hash: record.hash,
    spec: record.spec,
    requestedBy: record.requestedBy,
    requestedAt: record.requestedAt,
    requestReason: record.requestReason,
    endedAt,
    outcome,
    stage,
    reason,
    culprit,
    charterSha256,
    model: parts.model,
    changes: record.changes,
    lane: record.lane,
    approvals: parts.boards.flatMap(({ decisions }) => decisions),
    boards: parts.boards.map(boardEvidence),
    gates: parts.gates,
    traffic: parts.traffic,
    incidents: parts.incidents,
    refusals: parts.refusals,
    costs: parts.costs,
    steps: parts.opened.map((step, index) => closedStep(step, parts.opened[index + 1], parts.closed[index], endedAt)),
    measurements: parts.measurements,
    verdict: parts.verdict,
    verdicts: parts.looks?.runs ?? [],
    looks: parts.looks?.object,
    endedBefore:
      record.endedAt === undefined ? undefined : { outcome: record.status as EvidenceBundle['outcome'], endedAt: record.endedAt },
    previousBundleSha256: parts.previousBundleSha256,
  });
}

/** The text that is stored, and the hash that the next bundle names. */
export function sealed(bundle: EvidenceBundle): { text: string; sha256: string } {
  const text = canonicalJson(bundle);
  return { text, sha256: sha256Hex(text) };
}

/** Without the token, which would let whoever reads the bundle answer. */
function boardEvidence(record: ApprovalRecord): NonNullable<EvidenceBundle['boards']>[number] {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== 'taskToken' && name !== 'decisions' && name !== 'releaseId'),
  ) as unknown as NonNullable<EvidenceBundle['boards']>[number];
}

function closedStep(step: OpenedStep, next: OpenedStep | undefined, closed: ClosedStep | undefined, endedAt: string): EvidenceStep {
  const { weight, openedAt } = step;
  return closed === undefined
    ? { weight, openedAt, closedAt: next?.openedAt ?? endedAt, decision: 'none', reason: 'Ended without a verdict' }
    : { weight, openedAt, closedAt: closed.at, decision: closed.decision, reason: closed.reason };
}

function withoutUndefined<T extends object>(value: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
