import type { Cloud, Members, Operation, Permission, ServiceDouble } from '../../cloud/types';
import type { ScalingPolicies } from '../cloudwatch/actions';
import type { ScalableTargets } from '../sagemaker/scaling-targets';
import { describePolicy, describeTarget } from './describe';
import { toCreateRole, toKeepAlarms, toRegister, toScale } from './permissions';
import { Registry } from './registry';
import { checkScope, keyOf, type ScalableTarget } from './targets';

/** Scales SageMaker's production variants and inference components. */
export class ApplicationAutoScaling implements ServiceDouble, ScalableTargets, ScalingPolicies {
  readonly service = 'application-auto-scaling';
  readonly operations: Record<string, Operation>;
  /** As CloudFormation calls them: its own role is not part of the rehearsal. */
  readonly registry: Registry;

  constructor(private readonly cloud: Cloud) {
    this.registry = new Registry(cloud, this);
    this.operations = { ...this.changes(), ...this.descriptions() };
  }

  isRegistered(resourceId: string, dimension: string): boolean {
    return this.registry.targets.has(keyOf(resourceId, dimension));
  }

  alarmed(policyArn: string, alarmName: string): void {
    this.registry.alarmed(policyArn, alarmName);
  }

  private changes(): Record<string, Operation> {
    const { cloud, registry } = this;
    const change = (action: string, run: (input: Members) => Members | void, further?: (input: Members) => Permission[]): Operation => ({
      permissions: (input) => [
        toScale(cloud, action, input, registry.targets.get(keyOf(input.ResourceId, input.ScalableDimension))?.id),
        ...(further?.(input) ?? []),
      ],
      run: (input) => run(input) ?? {},
    });
    return {
      RegisterScalableTarget: change(
        'RegisterScalableTarget',
        (input) => ({ ScalableTargetARN: registry.register(input).arn }),
        (input) => [...toRegister(cloud, input), ...(registry.hasRole ? [] : [toCreateRole(cloud)])],
      ),
      DeregisterScalableTarget: change('DeregisterScalableTarget', (input) => registry.deregister(input)),
      PutScalingPolicy: change(
        'PutScalingPolicy',
        (input) => {
          const { PolicyARN, Alarms } = describePolicy(cloud, registry.putPolicy(input));
          return { PolicyARN, Alarms } as Members;
        },
        () => toKeepAlarms(cloud, ['DescribeAlarms', 'PutMetricAlarm', 'DeleteAlarms']),
      ),
      DeleteScalingPolicy: change(
        'DeleteScalingPolicy',
        (input) => registry.removePolicy(input),
        () => toKeepAlarms(cloud, ['DeleteAlarms']),
      ),
      PutScheduledAction: change(
        'PutScheduledAction',
        (input) => registry.putScheduledAction(input),
        (input) => toRegister(cloud, input),
      ),
      DeleteScheduledAction: change('DeleteScheduledAction', (input) => {
        checkScope('DeleteScheduledAction', input);
        registry.scheduled.remove(input);
      }),
    };
  }

  private descriptions(): Record<string, Operation> {
    const { cloud, registry } = this;
    const describe = (action: string, run: (input: Members) => Members): Operation => ({
      permissions: () => [{ action: `application-autoscaling:${action}`, resource: '*' }],
      run: (input) => {
        checkScope(action, input);
        return run(input);
      },
    });
    return {
      DescribeScalableTargets: describe('DescribeScalableTargets', (input) => ({
        ScalableTargets: [...registry.targets.values()]
          .filter((target) => fitsDimension(input, target) && listed(input.ResourceIds, target.resourceId))
          .map(describeTarget),
      })),
      DescribeScalingPolicies: describe('DescribeScalingPolicies', (input) => ({
        ScalingPolicies: [...registry.policies.values()]
          .filter(({ target, name }) => fits(input, target) && listed(input.PolicyNames, name))
          .map((policy) => describePolicy(cloud, policy)),
      })),
      DescribeScheduledActions: describe('DescribeScheduledActions', (input) => ({
        ScheduledActions: registry.scheduled.describe((target, name) => fits(input, target) && listed(input.ScheduledActionNames, name)),
      })),
      DescribeScalingActivities: describe('DescribeScalingActivities', (input) => ({
        ScalingActivities: registry.activities.describe((target) => fits(input, target)),
      })),
    };
  }
}

const listed = (wanted: unknown, value: string): boolean => wanted === undefined || (wanted as string[]).includes(value);

const fitsDimension = (input: Members, { dimension }: ScalableTarget): boolean => (input.ScalableDimension ?? dimension) === dimension;

const fits = (input: Members, target: ScalableTarget): boolean =>
  fitsDimension(input, target) && (input.ResourceId ?? target.resourceId) === target.resourceId;

export const createApplicationAutoScaling = (cloud: Cloud): ApplicationAutoScaling => new ApplicationAutoScaling(cloud);
