import type { KpiPolicy, KpiType, ReleaseOutcome, ReleaseSpec } from './release';
import type { GateResult } from './gate';
import type { IncidentRecord } from './incident';
import type { ApprovalDecision, ApprovalRecord, RefusalRecord, StepDecision } from './step';

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

/** A write of the control record, as far as it concerns traffic. */
export interface TrafficChange {
  at: string;
  by: string;
  reason: string;
  version: number;
  mode: string;
  candidateWeight: number;
  stable?: string;
  candidate?: string;
  warm?: string;
  /** The release that held the lock. */
  lockedBy?: string;
}

/**
 * One object per ended release in the evidence bucket: `bundles/<sequence, 8 digits>-<releaseId>.json`.
 * A promoted release that is taken back within its rollback window has a second one.
 */
export interface EvidenceBundle {
  schema: 'sluice.evidence/v2';
  /** Place in the chain, from 1. */
  sequence: number;
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
  requestReason?: string;
  /** SHA-256 of the charter's text as it was deployed; missing for a use case made of props. */
  charterSha256?: string;
  /** What SageMaker ran: image digest, artefact and package as DescribeModel and DescribeModelPackage say. */
  model?: ModelFacts;
  changes?: string[];
  lane?: string;
  approvals: ApprovalDecision[];
  /** What was asked of whom, and how it ended. */
  boards?: BoardEvidence[];
  gates?: GateResult[];
  traffic?: TrafficChange[];
  /** Instance-hours of the candidate until the end; money only where a price is known. */
  costs?: { candidateInstanceHours: number; pricePerInstanceHour?: number; amount?: number; currency?: string };
  /** What the verdict said over time: consecutive looks of one decision in one entry. */
  verdicts?: VerdictRun[];
  /** Every single look, a line each, in an object of its own. */
  looks?: { key: string; sha256: string; count: number };
  incidents?: IncidentRecord[];
  /** What was asked for in its time and refused: decisions of people who may not decide, and the like. */
  refusals?: RefusalEvidence[];
  /** Of a release that is taken back within its rollback window: how it ended first. */
  endedBefore?: { outcome: ReleaseOutcome; endedAt: string };
  /** Steps with when they opened and closed, and what the verdict said. */
  steps: EvidenceStep[];
  measurements: KpiEvidence[];
  /** The look that ended the last step, in full; missing where no verdict did. */
  verdict?: VerdictRecord;
  /** SHA-256 of the previous bundle of the use case: a chain. */
  previousBundleSha256?: string;
}

export type RefusalEvidence = Omit<RefusalRecord, 'expiresAt'>;

/** What SageMaker ran, as far as it can be known. */
export interface ModelFacts {
  packageArn?: string;
  image?: string;
  /** `sha256:…`, of the registry's container or of an image that is named by digest. */
  imageDigest?: string;
  artefactUrl?: string;
  artefactSha256?: string;
  /** What S3 calls the artefact's content, where the model registry noted it. */
  artefactETag?: string;
  /** Of a version in the registry. */
  approvalStatus?: string;
  /** Why the registry's word is missing. */
  notRead?: string;
}

/** An approval as it was asked for: without the token that answers it. */
export type BoardEvidence = Omit<ApprovalRecord, 'taskToken' | 'decisions' | 'releaseId'>;

/** Consecutive looks of the verdict that said the same. */
export interface VerdictRun {
  decision: StepDecision;
  from: string;
  to: string;
  looks: number;
  /** Highest evidence for rolling back among them, over all KPIs. */
  highestRollbackEvidence: number;
  threshold: number;
  /** Of the last of them. */
  reason: string;
  culprit?: string;
}

/** A line of the looks' object: one look in short. */
export interface LookLine {
  at: string;
  decision: StepDecision;
  rollbackEvidence: number;
  threshold: number;
  reason: string;
  culprit?: string;
}

export interface EvidenceStep {
  weight: number;
  openedAt: string;
  closedAt: string;
  decision: string;
  reason: string;
}

/** Object `heads/<sequence, 8 digits>.json`: signed by a key that the writer of bundles cannot use. */
export interface SignedHead {
  schema: 'sluice.head/v1';
  useCase: string;
  sequence: number;
  releaseId: string;
  bundleKey: string;
  bundleSha256: string;
  /** Of the head before; missing for the first. */
  previousHeadSha256?: string;
  signedAt: string;
  keyArn: string;
  algorithm: 'ECDSA_SHA_256';
  /** Base64, over the canonical JSON of all other members. */
  signature: string;
}
