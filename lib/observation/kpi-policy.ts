/** What kind of outcome a KPI counts. */
export enum KpiType {
  /** It happened or it did not: counted from KPI events with the value 0 or 1. */
  BINARY = 'binary',

  /**
   * The answer took longer than `aboveMillis` milliseconds: counted from the gateway's own measurement at the unit's first decision.
   * No KPI events are sent for it.
   */
  LATENCY = 'latency',

  /** An amount from 0, such as a cost or a handling time in seconds: counted from KPI events with that value. */
  MEAN = 'mean',

  /** A whole number from 0, such as contacts per case: counted from KPI events with that value. */
  COUNT = 'count',
}

/** Which direction of a KPI is good. */
export enum KpiDirection {
  /** Fewer outcomes are better. */
  LOWER = 'lower',

  /** More outcomes are better. */
  HIGHER = 'higher',
}

/** What a unit without an outcome counts as, once its window is over. */
export enum UnobservedOutcome {
  /** As the value 0: nothing was bought, nobody called again. */
  ZERO = 'zero',

  /** Not at all: only units with an outcome are compared. */
  LEFT_OUT = 'left-out',
}

/** What says to which arm an outcome belongs. */
export enum KpiAttribution {
  /** The signed decision id that came with the answer, or the same id as SageMaker's inference id. */
  DECISION = 'decision',

  /**
   * The production variant that answered, and when: for callers who do not come through the gateway. Who sends events is trusted, and
   * the baseline has no such outcomes: a first release, kill criteria and money have nothing to be compared with.
   */
  VARIANT = 'variant',
}

/** What a KPI is for. */
export enum KpiRole {
  /** It should improve; whether a release must prove it says `mustImprove`. */
  GOAL = 'goal',

  /** It must not get worse. */
  GUARD = 'guard',
}

/** What an outcome belongs to, and what is assigned to an arm. */
export enum KpiUnit {
  /** A single request. */
  REQUEST = 'request',

  /** A session of several requests. */
  SESSION = 'session',

  /** A user, over all sessions. */
  USER = 'user',

  /** A business case such as a ticket. */
  CASE = 'case',
}

/** A target that a KPI should reach. */
export interface KpiTarget {
  /** What to reach: of `BINARY` and `LATENCY` a rate, a fraction above 0 and below 1; of `MEAN` and `COUNT` a mean from 0 to the cap. */
  readonly value: number;

  /** Day by which, such as `2027-03-31`. */
  readonly by: string;
}

/** What the past of a KPI looks like, larger values cut at the cap. `sluice backtest` prints it from recorded outcomes. */
export interface KpiTypical {
  /** Mean of the values, above 0 and below the cap; units that count as 0 are part of it. In the KPI's own unit. */
  readonly mean: number;

  /** Standard deviation of the values, above 0. In the KPI's own unit. */
  readonly standardDeviation: number;
}

/** What one outcome is worth. */
export interface KpiMoney {
  /** Amount per outcome (`BINARY`, `LATENCY`) or per 1 of the value (`MEAN`, `COUNT`); negative where it costs. */
  readonly perUnit: number;

  /** Currency code of three capitals, such as `EUR`. */
  readonly currency: string;
}

/** How one KPI is counted and judged: what the charter says, defaults filled in. */
export interface KpiPolicy {
  /** Name in KPI events: 2 to 40 of a-z, 0-9 and -, starting with a letter. */
  readonly name: string;

  /** What kind of outcome is counted. */
  readonly type: KpiType;

  /** Which direction is good. */
  readonly better: KpiDirection;

  /** What the KPI is for. */
  readonly role: KpiRole;

  /** What an outcome belongs to; the same for all KPIs of a use case. */
  readonly unit: KpiUnit;

  /** Largest relative worsening still called "no worse", a fraction such as 0.2. */
  readonly margin: number;

  /** Relative weight among the KPIs, above 0. */
  readonly weight: number;

  /** Outcomes arrive within this time of the decision, in minutes; 1 for a latency, which is known with the answer. */
  readonly windowMinutes: number;

  /** False only where the delay of outcomes is the same in every arm. */
  readonly delayDependsOnArm: boolean;

  /**
   * The target to reach; drawn in the dashboard.
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
