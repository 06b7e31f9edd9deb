import type { FreezeWindow } from './freeze-window';
import type { RolloutStrategy } from './rollout-strategy';

/** What becomes of a canary that ends without a verdict. */
export enum InconclusiveAction {
  /** The candidate gets no traffic until owners decide. */
  HOLD = 'hold',

  /** The candidate is rolled back. */
  ROLL_BACK = 'roll-back',
}

/**
 * How a release takes over traffic.
 *
 * @example
 * const rollout: RolloutPolicy = {
 *   strategy: RolloutStrategy.canary([{ weight: 0.05, bakeMinutes: 120 }, { weight: 0.5, bakeMinutes: 240 }]),
 *   maxDurationMinutes: 2880,
 *   inconclusive: InconclusiveAction.ROLL_BACK,
 *   promoteEarly: true,
 * };
 */
export interface RolloutPolicy {
  /**
   * How traffic moves.
   *
   * @default - a canary of 5 %, 25 % and 50 %, 30 minutes each
   */
  readonly strategy?: RolloutStrategy;

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

  /**
   * How long the release before stays on the endpoint after a promotion, in minutes: until then returning to it is one write.
   *
   * @default - it is removed at once
   */
  readonly keepWarmMinutes?: number;

  /**
   * Times in which no release begins.
   *
   * @default - none
   */
  readonly freezes?: FreezeWindow[];
}

/** Where model containers run. */
export interface ModelNetwork {
  /** Ids of the subnets, such as `subnet-0abc1234`. */
  readonly subnetIds: string[];

  /** Ids of the security groups, such as `sg-0abc1234`. */
  readonly securityGroupIds: string[];
}
