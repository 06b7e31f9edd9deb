import { type Cloud, type Members, type Operation, type Permission, type Random, type ServiceDouble } from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { COUNT_DIMENSION, type ScalableTargets } from '../sagemaker/scaling-targets';
import { Scaler } from './scaler';
import { checkScope, invalid, notFound, readPolicy, variantOf, type ScalableTarget, type ScalingPolicy } from './targets';

/** Scalable targets and policies of SageMaker's production variants. */
export class ApplicationAutoScaling implements ServiceDouble, ScalableTargets {
  readonly service = 'application-auto-scaling';
  readonly operations: Record<string, Operation>;
  private readonly random: Random;
  private readonly targets = new Map<string, ScalableTarget>();
  private readonly policies = new Map<string, ScalingPolicy>();
  private readonly scaler: Scaler;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('application-auto-scaling');
    this.scaler = new Scaler(cloud, () => [...this.policies.values()]);
    this.operations = this.createOperations();
  }

  isRegistered(resourceId: string, dimension: string): boolean {
    return dimension === COUNT_DIMENSION && this.targets.has(resourceId);
  }

  register(input: Members): ScalableTarget {
    checkScope('RegisterScalableTarget', input);
    const resourceId = String(input.ResourceId);
    const { endpointName, variantName } = variantOf(resourceId);
    const sageMaker = this.cloud.double<SageMaker>('sagemaker');
    // From now on SageMaker asks here before it changes or deletes a variant.
    sageMaker.scaling.targets = this;
    const known = this.targets.get(resourceId);
    const endpoint = sageMaker.findEndpoint(endpointName);
    if (endpoint?.variants.every((variant) => variant.variantName !== variantName) !== false)
      throw invalid(`No endpoint variant found for resource ID: ${resourceId}.`);
    const minCapacity = (input.MinCapacity ?? known?.minCapacity) as number | undefined;
    const maxCapacity = (input.MaxCapacity ?? known?.maxCapacity) as number | undefined;
    if (minCapacity === undefined || maxCapacity === undefined)
      throw invalid('MinCapacity and MaxCapacity must be specified for a new scalable target.');
    if (minCapacity > maxCapacity) throw invalid('Maximum capacity cannot be less than minimum capacity');
    if (minCapacity === 0 && endpoint?.async === undefined)
      throw invalid(`MinCapacity of 0 is not supported for ${resourceId}: only asynchronous endpoints scale to zero.`);
    const target: ScalableTarget = {
      ...(known ?? this.blank(resourceId, endpointName, variantName)),
      minCapacity,
      maxCapacity,
      suspended: {
        in: input.SuspendedState?.DynamicScalingInSuspended === true,
        out: input.SuspendedState?.DynamicScalingOutSuspended === true,
      },
    };
    if (known === undefined) this.targets.set(resourceId, target);
    else Object.assign(known, target);
    return this.targets.get(resourceId)!;
  }

  /** Its policies go with it. */
  deregister(input: Members): void {
    checkScope('DeregisterScalableTarget', input);
    const target = this.find(input);
    for (const [key, policy] of this.policies) if (policy.target === target) this.policies.delete(key);
    this.targets.delete(target.resourceId);
  }

  putPolicy(input: Members): ScalingPolicy {
    checkScope('PutScalingPolicy', input);
    const settings = readPolicy(input);
    const target = this.find(input);
    const key = `${target.resourceId}|${String(input.PolicyName)}`;
    const known = this.policies.get(key);
    const id = known === undefined ? this.random.uuid() : '';
    const policy: ScalingPolicy = {
      arn:
        known?.arn ??
        this.cloud.arn('autoscaling', `scalingPolicy:${id}:resource/sagemaker/${target.resourceId}:policyName/${String(input.PolicyName)}`),
      name: String(input.PolicyName),
      target,
      ...settings,
      createdAtMillis: known?.createdAtMillis ?? this.cloud.clock.now(),
      highMinutes: 0,
      lowMinutes: 0,
      lastScaledAtMillis: Number.NEGATIVE_INFINITY,
    };
    this.policies.set(key, policy);
    this.scaler.watch();
    return policy;
  }

  removePolicy(input: Members): void {
    checkScope('DeleteScalingPolicy', input);
    const key = `${String(input.ResourceId)}|${String(input.PolicyName)}`;
    if (!this.policies.delete(key))
      throw notFound(
        `No scaling policy found for service namespace: sagemaker, resource ID: ${String(input.ResourceId)}, scalable dimension: ${COUNT_DIMENSION}: ${String(input.PolicyName)}`,
      );
  }

  private blank(resourceId: string, endpointName: string, variantName: string): ScalableTarget {
    const id = this.random.uuid().replaceAll('-', '');
    return {
      id,
      arn: this.cloud.arn('application-autoscaling', `scalable-target/${id}`),
      resourceId,
      endpointName,
      variantName,
      minCapacity: 0,
      maxCapacity: 0,
      roleArn: `arn:${this.cloud.partition}:iam::${this.cloud.accountId}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      suspended: { in: false, out: false },
      createdAtMillis: this.cloud.clock.now(),
    };
  }

  private find(input: Members): ScalableTarget {
    const found = this.targets.get(String(input.ResourceId));
    if (found === undefined)
      throw notFound(
        `No scalable target found for service namespace: sagemaker, resource ID: ${String(input.ResourceId)}, scalable dimension: ${COUNT_DIMENSION}`,
      );
    return found;
  }

  private permission(action: string, resourceId?: unknown): Permission[] {
    const id = this.targets.get(String(resourceId))?.id ?? '*';
    return [{ action: `application-autoscaling:${action}`, resource: this.cloud.arn('application-autoscaling', `scalable-target/${id}`) }];
  }

  private createOperations(): Record<string, Operation> {
    const on = (action: string, run: (input: Members) => Members): Operation => ({
      permissions: (input) => this.permission(action, input.ResourceId),
      run,
    });
    const everywhere = (action: string, run: (input: Members) => Members): Operation => ({
      permissions: () => [{ action: `application-autoscaling:${action}`, resource: '*' }],
      run: (input) => {
        checkScope(action, input);
        return run(input);
      },
    });
    return {
      RegisterScalableTarget: on('RegisterScalableTarget', (input) => ({ ScalableTargetARN: this.register(input).arn })),
      DeregisterScalableTarget: on('DeregisterScalableTarget', (input) => {
        this.deregister(input);
        return {};
      }),
      // Target tracking's two alarms are looked at here, not in CloudWatch: none is named.
      PutScalingPolicy: on('PutScalingPolicy', (input) => ({ PolicyARN: this.putPolicy(input).arn, Alarms: [] })),
      DeleteScalingPolicy: on('DeleteScalingPolicy', (input) => {
        this.removePolicy(input);
        return {};
      }),
      DescribeScalableTargets: everywhere('DescribeScalableTargets', (input) => ({
        ScalableTargets: [...this.targets.values()].filter(({ resourceId }) => asked(input.ResourceIds, resourceId)).map(describeTarget),
      })),
      DescribeScalingPolicies: everywhere('DescribeScalingPolicies', (input) => ({
        ScalingPolicies: [...this.policies.values()]
          .filter(({ target, name }) => (input.ResourceId ?? target.resourceId) === target.resourceId && asked(input.PolicyNames, name))
          .map(describePolicy),
      })),
      DescribeScalingActivities: everywhere('DescribeScalingActivities', (input) => ({
        ScalingActivities: this.scaler.activities
          .filter(({ policy }) => (input.ResourceId ?? policy.target.resourceId) === policy.target.resourceId)
          .map(({ policy, to, cause, atMillis }, index) => ({
            ...scope(policy.target),
            ActivityId: `activity-${index + 1}`,
            Description: `Setting desired instance count to ${to}.`,
            Cause: cause,
            StartTime: new Date(atMillis),
            StatusCode: 'Successful',
          }))
          .reverse(),
      })),
    };
  }
}

const asked = (wanted: unknown, value: string): boolean => wanted === undefined || (wanted as string[]).includes(value);

const scope = ({ resourceId }: ScalableTarget): Members => ({
  ServiceNamespace: 'sagemaker',
  ResourceId: resourceId,
  ScalableDimension: COUNT_DIMENSION,
});

const describeTarget = (target: ScalableTarget): Members => ({
  ...scope(target),
  ScalableTargetARN: target.arn,
  MinCapacity: target.minCapacity,
  MaxCapacity: target.maxCapacity,
  RoleARN: target.roleArn,
  CreationTime: new Date(target.createdAtMillis),
  SuspendedState: {
    DynamicScalingInSuspended: target.suspended.in,
    DynamicScalingOutSuspended: target.suspended.out,
    ScheduledScalingSuspended: false,
  },
});

const describePolicy = ({ arn, name, target, definition, createdAtMillis }: ScalingPolicy): Members => ({
  ...scope(target),
  PolicyARN: arn,
  PolicyName: name,
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: definition,
  Alarms: [],
  CreationTime: new Date(createdAtMillis),
});

export const createApplicationAutoScaling = (cloud: Cloud): ApplicationAutoScaling => new ApplicationAutoScaling(cloud);
