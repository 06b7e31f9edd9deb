import type { Arm, KpiEvidence, ReleaseSpec, StepDecision, StepRecord } from '../contracts';

/** What was counted for one arm: `n` units, `x` of them with the outcome (`mean` and `count`: with an observed value). */
export interface ArmCounts {
  n: number;
  x: number;
  /** Of `mean` and `count`, in whole numbers of the KPI's value scale. */
  sum?: number;
  squares?: number;
  /** Σ e^(λ·harm), one per λ of the scale. */
  tilts?: number[];
}

/** The counters of one minute of exposure, shards already added up. Arms without units may be missing. */
export interface MinuteCounts {
  minuteMillis: number;
  arms: Partial<Record<Arm, ArmCounts>>;
}

/** By KPI name. `n` counts every unit at its first exposure, whether an outcome follows or not; `error-rate` is one of them. */
export type Counters = Record<string, MinuteCounts[]>;

/** Units exposed at the same time: only they are compared. */
export interface Stratum {
  nC: number;
  nB: number;
  xC: number;
  xB: number;
}

/** The arm that the candidate is compared with. */
export type ControlArm = 'stable' | 'baseline';

export interface JudgeInput {
  step: StepRecord;
  spec: Pick<ReleaseSpec, 'rollout' | 'kpis'>;
  counters: Counters;
  control: ControlArm;
  nowMillis: number;
}

export interface Verdict {
  decision: StepDecision;
  /** A sentence for people. */
  reason: string;
  /** KPI with the largest weighted evidence, when the decision is to roll back. */
  culprit?: string;
  /** Every KPI of the charter, then the error rate (whose promotion threshold is 0: it does not gate promotion). */
  kpis: KpiEvidence[];
  /** Weighted mean of the e-values against "no worse". */
  combinedRollbackEvidence: number;
  threshold: number;
}
