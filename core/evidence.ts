import type {
  ApprovalDecision,
  ControlRecord,
  EvidenceBundle,
  EvidenceStep,
  KpiEvidence,
  ReleaseOutcome,
  ReleaseRecord,
  StepResult,
  VerdictRecord,
} from './contracts';
import { canonicalJson, sha256Hex } from './hash';

/** How the workflow says that a release ended. */
export interface Ending {
  outcome: ReleaseOutcome;
  stage: string;
  reason: string;
  culprit?: string;
}

/** Why a release was told to stop, by whoever did. */
export interface Stopped {
  outcome: ReleaseOutcome;
  reason: string;
}

export interface OpenedStep {
  weight: number;
  openedAt: string;
}

/** A step's result with its time; its index is its place in the list. */
export type ClosedStep = StepResult & { at: string };

export interface BundleParts {
  record: ReleaseRecord;
  ending: Ending;
  endedAt: string;
  approvals: ApprovalDecision[];
  opened: OpenedStep[];
  closed: (ClosedStep | undefined)[];
  measurements: KpiEvidence[];
  verdict?: VerdictRecord;
  previousBundleSha256?: string;
}

/** The control record knows best what became of a release; then whoever stopped it; then the workflow. */
export function trueEnding(said: Ending, releaseId: string, control: ControlRecord | undefined, stopped: Stopped | undefined): Ending {
  if (control?.stable?.releaseId === releaseId) {
    return { ...said, outcome: 'promoted' };
  }
  if (stopped !== undefined) {
    return { ...said, outcome: stopped.outcome, reason: stopped.reason };
  }
  if (control?.mode === 'killed' && said.outcome !== 'withdrawn') {
    return { ...said, outcome: 'killed' };
  }
  return said.outcome === 'promoted'
    ? { ...said, outcome: 'rolled-back', reason: `${said.reason} (it was not promoted: it is not the stable release)` }
    : said;
}

export function evidenceBundle(parts: BundleParts): EvidenceBundle {
  const { record, ending, endedAt, previousBundleSha256 } = parts;
  return {
    schema: 'sluice.evidence/v1',
    useCase: record.spec.useCase,
    releaseId: record.id,
    hash: record.hash,
    spec: record.spec,
    requestedBy: record.requestedBy,
    requestedAt: record.requestedAt,
    endedAt,
    ...ending,
    approvals: parts.approvals,
    steps: parts.opened.map((step, index) => closedStep(step, parts.opened[index + 1], parts.closed[index], endedAt)),
    measurements: parts.measurements,
    ...(parts.verdict === undefined ? {} : { verdict: parts.verdict }),
    ...(previousBundleSha256 === undefined ? {} : { previousBundleSha256 }),
  };
}

/** The text that is stored, and the hash that the next bundle names. */
export function sealed(bundle: EvidenceBundle): { text: string; sha256: string } {
  const text = canonicalJson(bundle);
  return { text, sha256: sha256Hex(text) };
}

function closedStep(step: OpenedStep, next: OpenedStep | undefined, closed: ClosedStep | undefined, endedAt: string): EvidenceStep {
  const { weight, openedAt } = step;
  return closed === undefined
    ? { weight, openedAt, closedAt: next?.openedAt ?? endedAt, decision: 'none', reason: 'Ended without a verdict' }
    : { weight, openedAt, closedAt: closed.at, decision: closed.decision, reason: closed.reason };
}
