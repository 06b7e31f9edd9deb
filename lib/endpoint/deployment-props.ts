import type { Duration } from 'aws-cdk-lib';
import type { RollbackAlarm } from './rollback-alarm';

/** What every deployment has. */
export interface DeploymentProps {
  /**
   * What undoes the deployment: at most ten alarms, counted over all variants.
   *
   * @default - a share of server errors of at least 5 %, from 20 requests on, on the new instances alone
   */
  readonly rollbackAlarms?: RollbackAlarm[];

  /**
   * How long the whole deployment may take, from 10 minutes to 8 hours.
   *
   * @default - 8 hours
   */
  readonly timeout?: Duration;
}

/** A second fleet that takes over. */
export interface BlueGreenProps extends DeploymentProps {
  /**
   * How long the old fleet is kept after the new one has taken all traffic, at most an hour; alarms undo until then.
   *
   * @default - 10 minutes
   */
  readonly terminationWait?: Duration;
}

/** A second fleet that takes over in steps: give one of the sizes. */
export interface SteppedBlueGreenProps extends BlueGreenProps {
  /**
   * Size of the first step (canary, at most 50) or of each step (linear, 10 to 50), in percent of the instances.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * The same in instances.
   *
   * @default - `percent`
   */
  readonly instances?: number;

  /**
   * How long each step is watched, at most an hour.
   *
   * @default - 10 minutes
   */
  readonly wait?: Duration;
}

/** Instances, or copies, replaced in batches: give one of the sizes. */
export interface RollingProps extends DeploymentProps {
  /**
   * Size of a batch, from 5 to 50 percent.
   *
   * @default 25
   */
  readonly percent?: number;

  /**
   * The same in instances, or copies.
   *
   * @default - `percent`
   */
  readonly instances?: number;

  /**
   * How long each batch is watched, at most an hour.
   *
   * @default - 10 minutes
   */
  readonly wait?: Duration;

  /**
   * Size of a batch of the way back, from 1 to 100 percent.
   *
   * @default 100
   */
  readonly rollbackPercent?: number;
}
