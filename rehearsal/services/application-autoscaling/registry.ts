import type { Cloud, Members, Random } from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { COUNT_DIMENSION, type ScalableTargets } from '../sagemaker/scaling-targets';
import { Activities } from './activities';
import { Bounds } from './bounds';
import { readPolicy, type ScalingPolicy, type Tracking } from './policies';
import { serviceLinkedRole } from './permissions';
import { checkScalable } from './scalable';
import { Scaler } from './scaler';
import { ScheduledActions } from './scheduled-actions';
import { checkScope, invalid, inWords, keyOf, notFound, thingOf, type ScalableTarget } from './targets';
import { putTrackingAlarms, removeTrackingAlarms } from './tracking-alarms';

const isTracking = (policy: ScalingPolicy): policy is ScalingPolicy & { rule: Tracking } => policy.rule.kind === 'tracking';

/** Scalable targets with their policies and scheduled actions. */
export class Registry {
  readonly activities: Activities;
  readonly scheduled: ScheduledActions;
  readonly targets = new Map<string, ScalableTarget>();
  readonly policies = new Map<string, ScalingPolicy>();
  /** Whether the account has the service-linked role. */
  hasRole = false;
  private listening = false;
  private readonly random: Random;
  private readonly bounds: Bounds;
  private readonly scaler: Scaler;

  constructor(
    private readonly cloud: Cloud,
    private readonly asked: ScalableTargets,
  ) {
    this.random = cloud.random.fork('application-auto-scaling');
    this.activities = new Activities(cloud);
    this.bounds = new Bounds(cloud, this.activities, (target) => this.targets.get(keyOf(target.resourceId, target.dimension)) === target);
    this.scaler = new Scaler(cloud, this.activities, () => this.policies.values());
    this.scheduled = new ScheduledActions(cloud, (target, bounds, cause) => this.rebound(target, bounds, cause));
  }

  /** Of one that is there, what is not given stays. */
  register(input: Members): ScalableTarget {
    checkScope('RegisterScalableTarget', input);
    const resourceId = String(input.ResourceId);
    const dimension = String(input.ScalableDimension ?? COUNT_DIMENSION);
    const thing = thingOf(resourceId, dimension);
    const known = this.targets.get(keyOf(resourceId, dimension));
    const minCapacity = (input.MinCapacity ?? known?.minCapacity) as number | undefined;
    const maxCapacity = (input.MaxCapacity ?? known?.maxCapacity) as number | undefined;
    checkScalable(this.cloud, resourceId, thing, minCapacity ?? 1);
    if (minCapacity === undefined || maxCapacity === undefined)
      throw invalid('MinCapacity and MaxCapacity must be specified for a new scalable target.');
    if (minCapacity > maxCapacity) throw invalid('Maximum capacity cannot be less than minimum capacity');
    // From now on SageMaker asks here before it changes or deletes a variant.
    this.cloud.double<SageMaker>('sagemaker').scaling.targets = this.asked;
    this.listen();
    this.hasRole = true;
    const target = known ?? this.blank(resourceId, dimension, thing);
    Object.assign(target, { minCapacity, maxCapacity, suspended: suspension(input.SuspendedState as Members | undefined, target) });
    this.targets.set(keyOf(resourceId, dimension), target);
    this.bounds.enforce(target);
    return target;
  }

  /** Its policies and scheduled actions go with it. */
  deregister(input: Members): void {
    checkScope('DeregisterScalableTarget', input);
    const target = this.find(input);
    for (const [key, policy] of this.policies) if (policy.target === target) this.forget(key, policy);
    this.scheduled.forget(target);
    this.targets.delete(keyOf(target.resourceId, target.dimension));
  }

  putPolicy(input: Members): ScalingPolicy {
    checkScope('PutScalingPolicy', input);
    const settings = readPolicy(input, thingOf(input.ResourceId, input.ScalableDimension));
    const target = this.find(input);
    const key = `${keyOf(target.resourceId, target.dimension)}|${String(input.PolicyName)}`;
    const known = this.policies.get(key);
    if (known !== undefined && known.rule.kind !== settings.rule.kind)
      throw invalid('Only one policy type may be specified for an existing policy: delete it first.');
    const policy: ScalingPolicy = {
      ...(known ?? this.blankPolicy(target, String(input.PolicyName))),
      ...settings,
      target,
    };
    this.policies.set(key, policy);
    if (isTracking(policy)) putTrackingAlarms(this.cloud, this.random, policy);
    return policy;
  }

  removePolicy(input: Members): void {
    checkScope('DeleteScalingPolicy', input);
    const key = `${keyOf(input.ResourceId, input.ScalableDimension)}|${String(input.PolicyName)}`;
    const policy = this.policies.get(key);
    if (policy === undefined) throw notFound(`No scaling policy found for ${inWords(input)}: ${String(input.PolicyName)}`);
    this.forget(key, policy);
  }

  putScheduledAction(input: Members): void {
    checkScope('PutScheduledAction', input);
    this.scheduled.put(input, this.find(input));
  }

  /** An alarm asks for what a policy does. */
  alarmed(policyArn: string, alarmName: string): void {
    const policy = [...this.policies.values()].find(({ arn }) => arn === policyArn);
    if (policy === undefined) throw notFound(`No scaling policy has the ARN ${policyArn}.`);
    this.scaler.alarmed(policy, alarmName);
  }

  find(input: Members): ScalableTarget {
    const found = this.targets.get(keyOf(input.ResourceId, input.ScalableDimension));
    if (found === undefined) throw notFound(`No scalable target found for ${inWords(input)}`);
    return found;
  }

  /** Clouds without scalable targets need not be listened to. */
  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    this.cloud.onRecord(({ source }) => {
      if (source !== 'sagemaker') return;
      this.activities.settle();
      this.bounds.retry();
    });
  }

  private rebound(target: ScalableTarget, bounds: { minCapacity?: number; maxCapacity?: number }, cause: string): void {
    const { minCapacity, maxCapacity } = { minCapacity: target.minCapacity, maxCapacity: target.maxCapacity, ...bounds };
    const asked = [
      ...(bounds.minCapacity === undefined ? [] : [`min capacity to ${minCapacity}`]),
      ...(bounds.maxCapacity === undefined ? [] : [`max capacity to ${maxCapacity}`]),
    ].join(' and ');
    const wrong =
      minCapacity > maxCapacity ? `Failed to set ${asked}. Reason: Maximum capacity cannot be less than minimum capacity` : undefined;
    this.activities.note(target, `Setting ${asked}`, cause, wrong);
    if (wrong !== undefined) return;
    Object.assign(target, { minCapacity, maxCapacity });
    this.bounds.enforce(target);
  }

  private forget(key: string, policy: ScalingPolicy): void {
    this.policies.delete(key);
    removeTrackingAlarms(this.cloud, policy);
  }

  private blank(resourceId: string, dimension: string, thing: ScalableTarget['thing']): ScalableTarget {
    const id = this.random.uuid().replaceAll('-', '');
    return {
      id,
      arn: this.cloud.arn('application-autoscaling', `scalable-target/${id}`),
      resourceId,
      dimension,
      thing,
      minCapacity: 0,
      maxCapacity: 0,
      roleArn: serviceLinkedRole(this.cloud),
      suspended: { in: false, out: false, scheduled: false },
      createdAtMillis: this.cloud.clock.now(),
    };
  }

  private blankPolicy(target: ScalableTarget, name: string): Pick<ScalingPolicy, 'arn' | 'name' | 'createdAtMillis'> {
    const id = this.random.uuid();
    return {
      arn: this.cloud.arn('autoscaling', `scalingPolicy:${id}:resource/sagemaker/${target.resourceId}:policyName/${name}`),
      name,
      createdAtMillis: this.cloud.clock.now(),
    };
  }
}

/** Without the member nothing changes; an attribute that is left out of it is false. */
const suspension = (given: Members | undefined, target: ScalableTarget): ScalableTarget['suspended'] =>
  given === undefined
    ? target.suspended
    : {
        in: given.DynamicScalingInSuspended === true,
        out: given.DynamicScalingOutSuspended === true,
        scheduled: given.ScheduledScalingSuspended === true,
      };
