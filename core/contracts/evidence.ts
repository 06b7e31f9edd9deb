import type { KpiPolicy, KpiType, ReleaseOutcome, ReleaseSpec } from './release';
import type { ApprovalDecision, StepDecision } from './step';

/** What was measured for one KPI when the release ended. */
export interface KpiEvidence {
  kpi: string;
  /** The error rate is `binary`. */
  type?: KpiType;
  better?: KpiPolicy['better'];
  unit?: KpiPolicy['unit'];
  control: 'stable' | 'baseline';
  /** Units compared; of `mean` and `count` those whose value counts. */
  candidateUnits: number;
  /** Units with the outcome; of `mean` and `count` those with an observed value. */
  candidateEvents: number;
  controlUnits: number;
  controlEvents: number;
  /** Of `mean` and `count`, no value above the cap. */
  candidateMean?: number;
  controlMean?: number;
  /** Candidate's rate or mean over the control's, adjusted for when units were exposed; missing while the control has none. */
  ratio?: number;
  /** The fixed rate that the candidate is held to, where comparing it with the control says nothing. */
  tolerated?: number;
  /** E-value against "no worse", and its threshold 1/α. */
  rollbackEvidence: number;
  rollbackThreshold: number;
  /** E-value against "worse by more than the margin"; a threshold of 0: it does not gate promotion. */
  promotionEvidence: number;
  promotionThreshold: number;
  /** E-value against "not better", where the KPI must improve. */
  improvementEvidence?: number;
  improvementThreshold?: number;
  /** Of `mean` and `count`: values of the candidate without which nothing is proven in its favour; only until there are as many. */
  burnIn?: { observed: number; needed: number };
}

/** What one look of the verdict said, in words and figures. */
export interface VerdictRecord {
  /** ISO 8601, UTC. */
  at: string;
  decision: StepDecision;
  reason: string;
  culprit?: string;
  kpis: KpiEvidence[];
  /** The same, a sentence for each. */
  words: string[];
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
