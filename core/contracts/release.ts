/** What SageMaker is asked to run. Either `modelPackageArn`, or `image` with an optional `artefactUrl`. */
export interface ModelSpec {
  modelPackageArn?: string;
  image?: string;
  artefactUrl?: string;
  environment: Record<string, string>;
}

export interface ServingSpec {
  mode: 'real-time';
  instanceType: string;
  minInstances: number;
  maxInstances: number;
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

export interface RolloutPolicy {
  strategy: 'canary' | 'all-at-once';
  /** Empty for all-at-once. */
  steps: CanaryStep[];
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
  /** Each named role must approve once; empty: no approval is owed. */
  requiredRoles: string[];
  deadlineMinutes: number;
  onDeadline: 'reject' | 'approve';
}

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
  /** `deploy`, or the IAM principal's ARN. */
  requestedBy: string;
  requestedAt: string;
  executionArn?: string;
  /** Where it stood when it ended: `create`, `approval`, `canary:0.05`, `promote`. */
  stage?: string;
  endedAt?: string;
  reason?: string;
  /** KPI that tipped the verdict. */
  culprit?: string;
}
