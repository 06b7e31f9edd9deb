import type { ReleaseOutcome, ReleaseSpec } from './release';
import type { ApprovalDecision, StepDecision } from './step';

/** What was measured for one KPI when the release ended. */
export interface KpiEvidence {
  kpi: string;
  control: 'stable' | 'baseline';
  candidateUnits: number;
  candidateEvents: number;
  controlUnits: number;
  controlEvents: number;
  /** E-value against "no worse", and its threshold 1/α. */
  rollbackEvidence: number;
  rollbackThreshold: number;
  promotionEvidence: number;
  promotionThreshold: number;
}

/** What one look of the verdict said, in words and figures. */
export interface VerdictRecord {
  /** ISO 8601, UTC. */
  at: string;
  decision: StepDecision;
  reason: string;
  culprit?: string;
  kpis: KpiEvidence[];
  combinedRollbackEvidence: number;
  threshold: number;
}

/** One object per ended release in the evidence bucket: `releases/<releaseId>/evidence.json`. */
export interface EvidenceBundle {
  schema: 'sluice.evidence/v1';
  useCase: string;
  releaseId: string;
  hash: string;
  spec: ReleaseSpec;
  requestedBy: string;
  requestedAt: string;
  endedAt: string;
  outcome: ReleaseOutcome;
  stage: string;
  reason: string;
  culprit?: string;
  approvals: ApprovalDecision[];
  /** Steps with when they opened and closed, and what the verdict said. */
  steps: EvidenceStep[];
  measurements: KpiEvidence[];
  /** The look that ended the last step, in full; missing where no verdict did. */
  verdict?: VerdictRecord;
  /** SHA-256 of the previous bundle of the use case: a chain. */
  previousBundleSha256?: string;
}

export interface EvidenceStep {
  weight: number;
  openedAt: string;
  closedAt: string;
  decision: string;
  reason: string;
}
