import type { Arm, KpiPolicy } from '../contracts';
import type { MinuteCounts } from '../verdict';

/** Units of one hour of exposure, shards and minutes added up; `minuteMillis` is when the hour begins. */
export interface HourCounts extends MinuteCounts {
  /** The release that was stable. */
  stable: string;
  /** Counted in that release's own comparison; false: in the comparison of a candidate beside it. */
  own: boolean;
}

/** By `counterName`. */
export type HoldoutCounts = Record<string, HourCounts[]>;

/** A release that became stable. */
export interface LiveRelease {
  releaseId: string;
  liveSinceMillis: number;
  /** It brought the use case back after the kill switch: a new course begins. */
  revival: boolean;
}

/** As the charter says it. */
export type KillCriterion =
  { kpi: string; noBetterThanBaselineAfterMinutes: number } | { costPerDecisionAbove: number; forMinutes: number };

/** Low and high hold at every look at once. What is not bounded is missing: a ratio has no estimate while the baseline has no outcome. */
export interface Bounds {
  low?: number;
  estimate?: number;
  high?: number;
}

/** What was counted for one arm. */
export interface Level {
  units: number;
  /** Units with the outcome; `mean`, `count`: with an observed value. */
  observed: number;
  /** Rate or mean; missing without units. */
  value?: number;
}

/** Stable against the permanent holdout, since the horizon began. */
export interface Lift {
  /** ISO 8601, UTC. */
  since: string;
  days: number;
  stable: Level;
  baseline: Level;
  confidence: number;
  /** Stable's rate or mean over the baseline's: 1 is no difference. Missing: there is nothing to compare yet. */
  ratio?: Bounds;
  /** Stable's rate or mean minus the baseline's. */
  difference?: Bounds;
}

export interface MoneyPerMonth {
  currency: string;
  /** What stable earns (above 0) or costs (below) in a month beside the baseline. */
  amount: Bounds;
  unitsPerMonth: number;
}

/** One day of one KPI in which nothing changes any more. */
export interface DayTrend {
  day: string;
  arms: Partial<Record<Arm, Level>>;
}

export interface KpiReview {
  kpi: string;
  type: KpiPolicy['type'];
  better: KpiPolicy['better'];
  lift: Lift;
  money?: MoneyPerMonth;
  trend: DayTrend[];
  /** A sentence for people. */
  words: string;
}

/**
 * `waiting`: its time has not come; `better`: proof is in that the use case is better than its baseline; `met`: its time has come
 * without such proof; `no-data`: its time has come, but nothing could be compared; `not-evaluated`: what it asks for is not measured.
 */
export type CriterionState = 'waiting' | 'better' | 'met' | 'no-data' | 'not-evaluated';

export interface CriterionReview {
  /** `missed-spam-43200`: KPI and minutes. */
  criterion: string;
  kpi?: string;
  state: CriterionState;
  /** Day on which the evidence began to be gathered anew. */
  horizon: string;
  /** When it is due, ISO 8601. */
  dueAt?: string;
  /** E-value against "the use case is no better than its baseline", and what it is held against. */
  evidence?: number;
  threshold?: number;
  words: string;
}

/** Ledger item and log of one daily look at the permanent holdout. */
export interface HoldoutReview {
  schema: 'sluice.holdout/v1';
  useCase: string;
  at: string;
  day: string;
  stable: string;
  /** When stable became stable. */
  stableSince: string;
  /** Since when the use case is live without a break. */
  liveSince: string;
  holdout: number;
  kpis: KpiReview[];
  criteria: CriterionReview[];
}
