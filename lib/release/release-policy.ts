/** How the model is served. */
export interface ServingPolicy {
  /** SageMaker instance type, such as `ml.g5.xlarge`. */
  readonly instanceType: string;

  /**
   * Fewest instances, from 1.
   *
   * @default 1
   */
  readonly minInstances?: number;

  /**
   * Most instances.
   *
   * @default - as many as `minInstances`
   */
  readonly maxInstances?: number;
}

/** One step of a canary. */
export interface CanaryStep {
  /** Share of all units that the candidate answers, a fraction above 0, at most 1. */
  readonly weight: number;

  /** How long the step bakes without harm before the next one, in minutes. */
  readonly bakeMinutes: number;
}

/** How a release takes over traffic. */
export enum RolloutStrategy {
  /** Step by step, judged by KPIs. */
  CANARY = 'canary',

  /** At once, after its approval. */
  ALL_AT_ONCE = 'all-at-once',
}

/** What becomes of a canary that ends without a verdict. */
export enum InconclusiveAction {
  /** The candidate gets no traffic until owners decide. */
  HOLD = 'hold',

  /** The candidate is rolled back. */
  ROLL_BACK = 'roll-back',
}

/** What becomes of a release that nobody approved in time. */
export enum DeadlineAction {
  /** It is rejected. */
  REJECT = 'reject',

  /** It goes on. */
  APPROVE = 'approve',
}

/**
 * How a release takes over traffic, step by step.
 *
 * @example
 * const rollout: RolloutPolicy = {
 *   steps: [{ weight: 0.05, bakeMinutes: 120 }, { weight: 0.5, bakeMinutes: 240 }],
 *   maxDurationMinutes: 2880,
 *   inconclusive: InconclusiveAction.ROLL_BACK,
 *   promoteEarly: true,
 * };
 */
export interface RolloutPolicy {
  /**
   * How traffic moves.
   *
   * @default RolloutStrategy.CANARY
   */
  readonly strategy?: RolloutStrategy;

  /**
   * Steps with growing weights.
   *
   * @default - 5 %, 25 % and 50 %, 30 minutes each
   */
  readonly steps?: CanaryStep[];

  /**
   * Longest time from the first step to a verdict, in minutes.
   *
   * @default 1440
   */
  readonly maxDurationMinutes?: number;

  /**
   * What becomes of a canary that ends without a verdict.
   *
   * @default InconclusiveAction.HOLD
   */
  readonly inconclusive?: InconclusiveAction;

  /**
   * Share of units that stay with the baseline for good, a fraction from 0 to 0.5: what lift, money and kill criteria are measured
   * against.
   *
   * @default 0.02
   */
  readonly holdout?: number;

  /**
   * Whether a candidate is promoted from any step whose bake time has passed, once every KPI passes. False waits for the last step.
   *
   * @default false
   */
  readonly promoteEarly?: boolean;
}

/** Who must agree before a release gets traffic. */
export interface ApprovalPolicy {
  /**
   * Roles named among the owners; each must approve once.
   *
   * @default - no approval is owed
   */
  readonly requiredRoles?: string[];

  /**
   * Time to decide, in minutes.
   *
   * @default 2880
   */
  readonly deadlineMinutes?: number;

  /**
   * What happens when the time is over.
   *
   * @default DeadlineAction.REJECT
   */
  readonly onDeadline?: DeadlineAction;
}

/** Where model containers run. */
export interface ModelNetwork {
  /** Ids of the subnets, such as `subnet-0abc1234`. */
  readonly subnetIds: string[];

  /** Ids of the security groups, such as `sg-0abc1234`. */
  readonly securityGroupIds: string[];
}
