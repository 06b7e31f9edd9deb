import type {
  KpiAttribution,
  KpiDirection,
  KpiMoney,
  KpiRole,
  KpiTarget,
  KpiType,
  KpiTypical,
  KpiUnit,
  UnobservedOutcome,
} from '../observation/kpi-policy';

/**
 * A KPI by which releases are judged.
 *
 * @example
 * const spam: UseCaseKpi = {
 *   name: 'missed-spam', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GOAL, windowMinutes: 360, mustImprove: true,
 * };
 * const slow: UseCaseKpi = {
 *   name: 'slow-answers', type: KpiType.LATENCY, aboveMillis: 800, better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD,
 * };
 * const handlingSeconds: UseCaseKpi = {
 *   name: 'handling-seconds', type: KpiType.MEAN, better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD,
 *   windowMinutes: 1440, cap: 3600, typical: { mean: 312, standardDeviation: 540 },
 * };
 * const contacts: UseCaseKpi = {
 *   name: 'contacts', type: KpiType.COUNT, better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD,
 *   windowMinutes: 10080, cap: 12, typical: { mean: 1.3, standardDeviation: 1.9 },
 * };
 */
export interface UseCaseKpi {
  /** Name in KPI events: 2 to 40 of a-z, 0-9 and -, starting with a letter. */
  readonly name: string;

  /** Which direction is good. */
  readonly better: KpiDirection;

  /** What an outcome belongs to; the same for all KPIs of a use case. */
  readonly unit: KpiUnit;

  /** What the KPI is for. */
  readonly role: KpiRole;

  /**
   * What kind of outcome is counted.
   *
   * @default KpiType.BINARY
   */
  readonly type?: KpiType;

  /**
   * Outcomes arrive within this time of the decision, in minutes.
   *
   * @default - 1 where the type is LATENCY, which is known with the answer; any other KPI must give it
   */
  readonly windowMinutes?: number;

  /**
   * Largest relative worsening still called "no worse", a fraction above 0.
   *
   * @default 0.2
   */
  readonly margin?: number;

  /**
   * Relative weight among the KPIs, above 0.
   *
   * @default 1
   */
  readonly weight?: number;

  /**
   * False only where the delay of outcomes is the same in every arm: young minutes then count towards a rollback.
   *
   * @default true
   */
  readonly delayDependsOnArm?: boolean;

  /**
   * The target to reach.
   *
   * @default - no target
   */
  readonly target?: KpiTarget;

  /**
   * What an outcome is worth: the holdout puts a monthly amount on the difference to the baseline.
   *
   * @default - not valued
   */
  readonly money?: KpiMoney;

  /**
   * Milliseconds from 1 to 25000: a slower answer counts, such as the baseline's 95th percentile. Only of `KpiType.LATENCY`.
   *
   * @default - must be given where the type is LATENCY
   */
  readonly aboveMillis?: number;

  /**
   * Larger values count as this one; above 0, a whole number where the type is COUNT. Declared in advance, such as the 99.5 % quantile
   * of the past, which `sluice backtest` prints. Only of `KpiType.MEAN` and `KpiType.COUNT`.
   *
   * @default - must be given where the type is MEAN or COUNT
   */
  readonly cap?: number;

  /**
   * What the past looks like: tunes how soon harm is noticed. The guarantee against false alarms does not depend on it. Only of
   * `KpiType.MEAN` and `KpiType.COUNT`.
   *
   * @default - must be given where the type is MEAN or COUNT
   */
  readonly typical?: KpiTypical;

  /**
   * What a unit without an outcome counts as, once its window is over. Only of `KpiType.MEAN` and `KpiType.COUNT`.
   *
   * @default - ZERO where the type is COUNT and the attribution DECISION, else LEFT_OUT
   */
  readonly unobserved?: UnobservedOutcome;

  /**
   * What says to which arm an outcome belongs. Not of `KpiType.LATENCY`, which the gateway measures.
   *
   * @default KpiAttribution.DECISION
   */
  readonly attribution?: KpiAttribution;

  /**
   * Whether a release is promoted only with proof that it is better in this KPI, not only no worse. Only where the role is GOAL.
   *
   * @default false
   */
  readonly mustImprove?: boolean;
}
