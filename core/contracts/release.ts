import type { GatePolicy } from './gate';
import type { ServingSpec } from './serving';

/** What SageMaker is asked to run. Either `modelPackageArn`, or `image` with an optional `artefactUrl`. */
export interface ModelSpec {
  modelPackageArn?: string;
  image?: string;
  artefactUrl?: string;
  environment: Record<string, string>;
}

/** `binary`: happened or not. `latency`: slower than `aboveMillis`, as the gateway measures it. `mean`: an amount. `count`: a whole number. */
export type KpiType = 'binary' | 'latency' | 'mean' | 'count';

export interface KpiPolicy {
  name: string;
  type: KpiType;
  /** Which direction is good. */
  better: 'lower' | 'higher';
  role: 'goal' | 'guard';
  /** What an outcome belongs to, and what is assigned to an arm. */
  unit: 'request' | 'session' | 'user' | 'case';
  /** Largest relative worsening still called "no worse", e.g. 0.2. */
  margin: number;
  /** Relative weight in the mean of e-values. */
  weight: number;
  /** Outcomes arrive within this time of the decision. */
  windowMinutes: number;
  /** False only when the charter declares that the delay is the same in every arm: young minutes then count towards rollback. */
  delayDependsOnArm: boolean;
  target?: { value: number; by: string };
  money?: { perUnit: number; currency: string };
  /** Of `latency`: an answer that takes longer counts, e.g. the baseline's 95th percentile. */
  aboveMillis?: number;
  /** Of `mean` and `count`: larger values count as this one. Declared in advance, e.g. the 99.5 % quantile of the past. */
  cap?: number;
  /** Of `mean` and `count`: what the past looks like. Tunes the bets; the guarantee does not depend on it. */
  typical?: { mean: number; standardDeviation: number };
  /** Of `mean` and `count`: what a unit without an outcome counts as, once its window is over. */
  unobserved?: 'zero' | 'left-out';
  /** What says to which arm an outcome belongs: the signed decision (or inference) id, or the production variant that answered. Default: `decision`. */
  attribution?: 'decision' | 'variant';
  /** Promotion also demands proof that it is better, not only no worse. */
  mustImprove?: boolean;
}

export interface CanaryStep {
  /** Share of all units, 0 to 1. */
  weight: number;
  bakeMinutes: number;
}

/** Stable answers, a shadow variant gets copies of its requests: their answers are compared and never used. */
export interface ShadowPolicy {
  bakeMinutes: number;
  /** Share of stable's requests that the shadow gets a copy of, above 0, at most 1. */
  samplingShare: number;
  /** Where two answers have to be the same: a JMESPath into the JSON answer; missing: the whole answer. */
  agreementField?: string;
  /** Smallest share of compared answers that must agree; missing: agreement is reported, not demanded. */
  agreementAtLeast?: number;
  /** Numbers this close agree. */
  agreementTolerance?: number;
  /** Candidate's 95th percentile of latency over stable's; missing: reported, not demanded. */
  latencyRatioAtMost?: number;
  /** Share of the shadow's requests that may fail above stable's. */
  errorRateAbove: number;
  /** Fewer compared answers say nothing: the phase ends as inconclusive. */
  minimumAnswers: number;
}

/** Blue/green by SageMaker's own deployment guardrails: SageMaker moves traffic, alarms on the new fleet undo it. */
export interface GuardedPolicy {
  routing: 'all-at-once' | 'canary' | 'linear';
  /** Share of the new fleet that gets traffic first (canary, at most 0.5) or at each step (linear, 0.1 to 0.5). */
  stepShare?: number;
  /** Time between steps, 0 to 60. */
  waitMinutes: number;
  /** How long the old fleet stays after the last step, 0 to 60. */
  terminationWaitMinutes: number;
}

export interface RolloutPolicy {
  strategy: 'canary' | 'all-at-once' | 'blue-green';
  /** Empty but for a canary; a linear rollout is a canary with equal steps. */
  steps: CanaryStep[];
  /** Before any answer of the candidate is used. A first release has nothing to be compared with and skips it. */
  shadow?: ShadowPolicy;
  /** Of `blue-green`. */
  guarded?: GuardedPolicy;
  /** So long the previous release stays on the endpoint after a promotion: returning to it is one write. */
  keepWarmMinutes?: number;
  /** Times in which no release begins; one that has begun goes on. */
  freezes?: FreezeWindow[];
  maxDurationMinutes: number;
  inconclusive: 'hold' | 'roll-back';
  holdout: number;
  /** False-rollback guarantee for the whole release, e.g. 0.05. */
  rollbackAlpha: number;
  promotionAlpha: number;
  /** Promotes from any step whose bake has passed once every gate passes; otherwise the last step is waited for. */
  promoteEarly?: boolean;
  /** Length of an exposure stratum: only units exposed in the same stratum are compared. */
  stratumMinutes: number;
}

export interface ApprovalPolicy {
  /** Roles that may approve, each once; empty: no approval is owed. */
  requiredRoles: string[];
  /** So many of them must approve. Default: all. */
  quorum?: number;
  /** Roles of which a single rejection ends it. Default: the required roles. */
  vetoRoles?: string[];
  deadlineMinutes: number;
  onDeadline: 'reject' | 'approve';
  /** When so much time has passed, these roles are told and may approve in the place of those who have not. */
  escalation?: { afterMinutes: number; roles: string[] };
  /** Who asked for the release, or approved in another role, cannot approve. Default: true. */
  separationOfDuties?: boolean;
  /** A tool of one's own may answer the task token, which the event then carries. It proves nobody's identity. Default: false. */
  callback?: boolean;
}

/** A release that differs from stable in no more than this owes the lane's approvals instead of the charter's. */
export interface Lane {
  name: string;
  /** `model`, `serving`, `behaviour`, or a path such as `behaviour.threshold`: a part covers what is below it. */
  changes: string[];
  /** Path of a number → smallest and largest value that stay inside the lane. */
  within?: Record<string, [number, number]>;
  requiredRoles: string[];
  quorum?: number;
}

/** From one instant to another, or each week from one time to another (UTC). */
export type FreezeWindow = { reason: string } & (
  | { kind: 'once'; from: string; to: string }
  /** Minutes since Monday 00:00 UTC; `to` before `from`: over the week's end. */
  | { kind: 'weekly'; fromMinute: number; toMinute: number }
);

/**
 * The desired release as `cdk deploy` hands it to the release-request handler.
 * `model`, `serving` and `behaviour` are the release: one hash over them (`releaseHash`). The rest is the policy
 * it is judged by, pinned when the release is registered.
 */
export interface ReleaseSpec {
  useCase: string;
  model: ModelSpec;
  serving: ServingSpec;
  /** Prompt, thresholds, index: JSON. Files appear as `{ file, sha256 }`. Reaches the container as SLUICE_BEHAVIOUR. */
  behaviour: Record<string, unknown>;
  rollout: RolloutPolicy;
  kpis: KpiPolicy[];
  approvals: ApprovalPolicy;
  /** Releases of before have none. */
  gates?: GatePolicy[];
  lanes?: Lane[];
  /** SHA-256 of the charter's text as it was deployed; missing for a use case made of props. No part of the release's hash. */
  charterSha256?: string;
  /** Day by which people review the use case, e.g. `2027-03-31`. No part of the release's hash. */
  reviewBy?: string;
  /** SHA-256 of the model's data, where it is deployed with the stack. */
  artefactSha256?: string;
}

/** How a release ended, or how it stands. */
export type ReleaseOutcome = 'promoted' | 'rolled-back' | 'rejected' | 'held' | 'superseded' | 'withdrawn' | 'killed';
export type ReleaseStatus = 'requested' | 'in-progress' | 'held' | ReleaseOutcome;

/** Ledger item, pk `releases`, sk = id. */
export interface ReleaseRecord {
  /** `r<sequence>-<first 8 hex digits of the hash>`, e.g. `r7-3f2a9c1b`: also the execution's name. */
  id: string;
  sequence: number;
  hash: string;
  spec: ReleaseSpec;
  status: ReleaseStatus;
  /** `deploy`, `registry` (nobody's identity is known), or the IAM principal's ARN. */
  requestedBy: string;
  requestedAt: string;
  executionArn?: string;
  /** Where it stood when it ended: `create`, `approval`, `canary:0.05`, `promote`. */
  stage?: string;
  endedAt?: string;
  reason?: string;
  /** KPI that tipped the verdict. */
  culprit?: string;
  /** Why it was asked for, by whoever signed the request. */
  requestReason?: string;
  /** What it waits for: another release, or the end of a freeze (then until when). */
  waitsFor?: { what: 'lock' | 'freeze' | 'kill-switch' | 'parked' | 'cost'; until?: string };
  /** Paths in which it differs from what was stable when it began, and the lane they lie in. */
  changes?: string[];
  lane?: string;
  /** Of a return: the release whose behaviour is released anew, which was approved then. */
  returnTo?: string;
}
