/** What kind of outcome a KPI counts. */
export enum KpiType {
  /** It happened or it did not. */
  BINARY = 'binary',
}

/** Which direction of a KPI is good. */
export enum KpiDirection {
  /** Fewer outcomes are better. */
  LOWER = 'lower',

  /** More outcomes are better. */
  HIGHER = 'higher',
}

/** What a KPI is for. */
export enum KpiRole {
  /** It should improve. */
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
  /** The rate to reach, a fraction above 0 and below 1. */
  readonly value: number;

  /** Day by which, such as `2027-03-31`. */
  readonly by: string;
}

/** What one outcome is worth. */
export interface KpiMoney {
  /** Amount per outcome; negative where it costs. */
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

  /** Outcomes arrive within this time of the decision, in minutes. */
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
   * What an outcome is worth.
   *
   * @default - not valued
   */
  readonly money?: KpiMoney;
}
