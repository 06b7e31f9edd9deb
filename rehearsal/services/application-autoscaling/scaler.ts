import { AwsError, type Clock, type Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { SageMaker } from '../sagemaker';
import type { ScalingPolicy } from './targets';

const MINUTE = 60_000;
/** Metrics of a minute are looked at a little after it ended. */
const LOOK_AFTER_MILLIS = 15_000;
/** Target tracking's own alarms: 3 minutes above the target, 15 minutes below nine tenths of it. */
const HIGH_MINUTES = 3;
const LOW_MINUTES = 15;
const LOW_FACTOR = 0.9;

export interface ScalingActivity {
  policy: ScalingPolicy;
  from: number;
  to: number;
  cause: string;
  atMillis: number;
}

/** Looks at every policy each minute and changes the variants' instance counts. */
export class Scaler {
  readonly activities: ScalingActivity[] = [];
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly policies: () => ScalingPolicy[],
  ) {}

  /** Called when a policy is put. */
  watch(): void {
    if (!this.ticking) this.next();
  }

  private next(): void {
    this.ticking = true;
    const clock: Clock = this.cloud.clock;
    const atMillis = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE + LOOK_AFTER_MILLIS;
    const tick = (): void => this.tick();
    if (clock.atInBackground === undefined) clock.at(atMillis, tick);
    else clock.atInBackground(atMillis, tick);
  }

  private tick(): void {
    const policies = this.policies();
    for (const policy of policies) this.look(policy);
    this.ticking = false;
    if (policies.length > 0) this.next();
  }

  private look(policy: ScalingPolicy): void {
    const { target } = policy;
    const sageMaker = this.cloud.double<SageMaker>('sagemaker');
    const endpoint = sageMaker.findEndpoint(target.endpointName);
    const variant = endpoint?.variants.find(({ variantName }) => variantName === target.variantName);
    // Scaling is blocked while the endpoint is updated.
    if (endpoint?.status !== 'InService' || variant === undefined) return;
    const current = variant.instanceCount;
    const wanted = this.wanted(policy, current);
    if (wanted === undefined || wanted.count === current) return;
    this.scale(sageMaker, policy, current, wanted);
  }

  private wanted(policy: ScalingPolicy, current: number): { count: number; cause: string } | undefined {
    const { target, targetValue } = policy;
    const bounded = (count: number): number => Math.min(target.maxCapacity, Math.max(target.minCapacity, count));
    if (bounded(current) !== current)
      return { count: bounded(current), cause: `capacity ${current} is outside of the scalable target's bounds` };
    const value = this.invocationsPerInstance(policy);
    policy.highMinutes = value !== undefined && value > targetValue ? policy.highMinutes + 1 : 0;
    policy.lowMinutes = value !== undefined && value < targetValue * LOW_FACTOR ? policy.lowMinutes + 1 : 0;
    const rested = this.cloud.clock.now() - policy.lastScaledAtMillis;
    if (policy.highMinutes >= HIGH_MINUTES && !target.suspended.out && rested >= policy.scaleOutCooldownMillis)
      return {
        count: bounded(Math.ceil((current * value!) / targetValue)),
        cause: `${value} invocations per instance, more than ${targetValue}`,
      };
    const mayShrink = !policy.scaleInDisabled && !target.suspended.in && rested >= policy.scaleInCooldownMillis;
    if (policy.lowMinutes >= LOW_MINUTES && mayShrink)
      return {
        count: bounded(Math.max(1, Math.ceil((current * value!) / targetValue))),
        cause: `${value} invocations per instance, less than ${targetValue}`,
      };
    return undefined;
  }

  /** Without data target tracking does nothing: an endpoint that nobody calls is not scaled in. */
  private invocationsPerInstance({ target }: ScalingPolicy): number | undefined {
    const endMillis = Math.floor(this.cloud.clock.now() / MINUTE) * MINUTE;
    return this.cloud
      .double<CloudWatch>('cloudwatch')
      .series('AWS/SageMaker', 'InvocationsPerInstance', { EndpointName: target.endpointName, VariantName: target.variantName })
      .window(endMillis - MINUTE, endMillis)?.sum;
  }

  private scale(sageMaker: SageMaker, policy: ScalingPolicy, from: number, { count, cause }: { count: number; cause: string }): void {
    const { endpointName, variantName } = policy.target;
    try {
      sageMaker.scaleVariant(endpointName, variantName, count);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.cloud.record('application-autoscaling', 'not-scaled', { endpointName, variantName, error: error.code, message: error.message });
      return;
    }
    policy.lastScaledAtMillis = this.cloud.clock.now();
    policy.highMinutes = 0;
    policy.lowMinutes = 0;
    this.activities.push({ policy, from, to: count, cause, atMillis: this.cloud.clock.now() });
    this.cloud.record('application-autoscaling', 'scaled', { endpointName, variantName, from, to: count, cause });
  }
}
