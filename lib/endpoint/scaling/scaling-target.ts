import { Duration, Token } from 'aws-cdk-lib';
import type { TargetTracking } from '../../../core/scaling';

/** How fast capacity follows what is tracked. */
export interface TargetTrackingOptions {
  /**
   * How long a scale-out is given to take effect before the next one, at most an hour.
   *
   * @default - a minute
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * How long to wait after a scale-in before the next one, at most an hour.
   *
   * @default - ten minutes
   */
  readonly scaleInCooldown?: Duration;

  /**
   * Whether capacity may also become less. Without it only a schedule, or a person, takes instances away.
   *
   * @default true
   */
  readonly scaleIn?: boolean;
}

/**
 * What capacity follows: Application Auto Scaling keeps a metric near its target.
 *
 * @example
 * const target = ScalingTarget.concurrentRequests(4);
 */
export class ScalingTarget {
  /**
   * Invocations a minute and instance, or copy. Metrics of a minute: it answers a rise after some three minutes.
   *
   * @param perMinute target above 0
   * @param options cooldowns, scale-in
   */
  static invocationsPerMinute(perMinute: number, options?: TargetTrackingOptions): ScalingTarget {
    return new ScalingTarget('invocations', perMinute, options ?? {});
  }

  /**
   * Requests at once and instance, or copy, those in the container's queue included. Measured every 10 seconds: for models that take
   * seconds, and for those that stream.
   *
   * @param requests target above 0
   * @param options cooldowns, scale-in
   */
  static concurrentRequests(requests: number, options?: TargetTrackingOptions): ScalingTarget {
    return new ScalingTarget('concurrency', requests, options ?? {});
  }

  /**
   * Requests that wait for an asynchronous endpoint, by instance.
   *
   * @param requests target above 0
   * @param options cooldowns, scale-in
   */
  static backlog(requests: number, options?: TargetTrackingOptions): ScalingTarget {
    return new ScalingTarget('backlog', requests, options ?? {});
  }

  private constructor(
    private readonly metric: TargetTracking['metric'],
    private readonly target: number,
    private readonly options: TargetTrackingOptions,
  ) {
    if (!Token.isUnresolved(target) && !(target > 0)) {
      throw new Error(`The target of scaling on ${metric} is ${target}: it must be above 0.`);
    }
  }

  /** @internal */
  _tracking(): TargetTracking {
    const { scaleOutCooldown = Duration.minutes(1), scaleInCooldown = Duration.minutes(10), scaleIn = true } = this.options;
    return {
      metric: this.metric,
      targetValue: this.target,
      scaleOutCooldownSeconds: scaleOutCooldown.toSeconds(),
      scaleInCooldownSeconds: scaleInCooldown.toSeconds(),
      scaleInDisabled: !scaleIn,
    };
  }
}
