import { BadInputError } from '../errors';
import { checkWish } from './check';
import type { PutScheduledAction, PutStepPolicy, PutTrackingPolicy, RegisterTarget, TargetKey, WakeAlarm } from './requests';
import { trackingPolicy } from './tracking';
import { boundsAt, cronOf, turnsOf } from './week';
import type { CapacityBounds, ScaledResource, ScalingWish } from './wish';

/** What begins with it is ours: policies and actions that others made stay. */
export const OWN_PREFIX = 'sluice-';
const FROM_ZERO = `${OWN_PREFIX}from-zero`;
/** Target tracking needs 15 minutes below its target before it scales in: within them nobody needs to be woken twice. */
const WAKE_COOLDOWN_SECONDS = 900;

/** The way back from no instance at all, which target tracking cannot go: it has no metric then. */
export interface Wake {
  policy: PutStepPolicy;
  alarm: WakeAlarm;
}

/** What to send, in this order. */
export interface ScalingPlan {
  target: RegisterTarget;
  policies: PutTrackingPolicy[];
  wake?: Wake;
  actions: PutScheduledAction[];
}

/** What stands at Application Auto Scaling, by name. */
export interface ScalingFound {
  policyNames: string[];
  actionNames: string[];
}

export const targetKey = (resource: ScaledResource): TargetKey =>
  resource.kind === 'variant'
    ? {
        ServiceNamespace: 'sagemaker',
        ResourceId: `endpoint/${resource.endpointName}/variant/${resource.variantName}`,
        ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      }
    : {
        ServiceNamespace: 'sagemaker',
        ResourceId: `inference-component/${resource.componentName}`,
        ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      };

/** Alarms are known by name in the whole account and region: endpoints and components are as well. */
export const wakeAlarmName = (resource: ScaledResource): string =>
  resource.kind === 'variant' ? `${FROM_ZERO}-${resource.endpointName}-${resource.variantName}` : `${FROM_ZERO}-${resource.componentName}`;

/** The requests that make a wish true. The same wish at the same time of the week gives the same plan. */
export function scalingPlan(wish: ScalingWish, atMillis: number): ScalingPlan {
  checkWish(wish);
  const key = targetKey(wish.resource);
  const tracking = wish.tracking === undefined ? [] : [trackingPolicy(key, wish, wish.tracking)];
  return {
    target: registration(key, wish, atMillis),
    policies: tracking,
    ...(everyBounds(wish).some(({ min }) => min === 0) ? { wake: wakeOf(key, wish) } : {}),
    actions: actionsOf(key, wish),
  };
}

/** What of ours stands there and is no longer wanted. */
export function obsolete(plan: ScalingPlan, found: ScalingFound): ScalingFound {
  const policies = new Set([...plan.policies, ...(plan.wake === undefined ? [] : [plan.wake.policy])].map(({ PolicyName }) => PolicyName));
  const actions = new Set(plan.actions.map(({ ScheduledActionName }) => ScheduledActionName));
  return {
    policyNames: found.policyNames.filter((name) => name.startsWith(OWN_PREFIX) && !policies.has(name)),
    actionNames: found.actionNames.filter((name) => name.startsWith(OWN_PREFIX) && !actions.has(name)),
  };
}

const everyBounds = (wish: ScalingWish): CapacityBounds[] => [wish.bounds, ...wish.schedules.map(({ bounds }) => bounds)];

/** With the bounds of now: a schedule speaks only when its time comes, and the registration may be in the middle of it. */
function registration(key: TargetKey, wish: ScalingWish, atMillis: number): RegisterTarget {
  const now = boundsAt(wish.bounds, wish.schedules, atMillis);
  const isProtected = wish.protected === true;
  return {
    ...key,
    MinCapacity: now.min,
    // A protected resource has the most that any schedule allows: none may take an instance away.
    MaxCapacity: isProtected ? Math.max(...everyBounds(wish).map(({ max }) => max)) : now.max,
    SuspendedState: {
      DynamicScalingInSuspended: isProtected,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: isProtected,
    },
  };
}

function actionsOf(key: TargetKey, wish: ScalingWish): PutScheduledAction[] {
  const { timeZone, turns } = turnsOf(wish.bounds, wish.schedules);
  return turns.map((turn) => ({
    ...key,
    ScheduledActionName: `${OWN_PREFIX}${clock(turn.minute)}-${turn.bounds.min}-to-${turn.bounds.max}`,
    Schedule: cronOf(turn),
    Timezone: timeZone,
    ScalableTargetAction: { MinCapacity: turn.bounds.min, MaxCapacity: turn.bounds.max },
  }));
}

const clock = (minute: number): string => `${two(Math.floor(minute / 60))}${two(minute % 60)}`;
const two = (value: number): string => String(value).padStart(2, '0');

function wakeOf(key: TargetKey, { resource, mode }: ScalingWish): Wake {
  if (resource.kind === 'variant' && mode !== 'async') {
    throw new BadInputError(
      `${key.ResourceId} cannot have 0 instances: only asynchronous endpoints and inference components scale to zero.`,
    );
  }
  const isComponent = resource.kind === 'component';
  const statistic = isComponent ? 'Maximum' : 'Average';
  return {
    policy: {
      ...key,
      PolicyName: FROM_ZERO,
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        MetricAggregationType: statistic,
        Cooldown: WAKE_COOLDOWN_SECONDS,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    },
    alarm: {
      AlarmName: wakeAlarmName(resource),
      AlarmDescription: `${key.ResourceId} has requests and nothing that answers them: it scales from 0 to 1.`,
      Namespace: 'AWS/SageMaker',
      MetricName: isComponent ? 'NoCapacityInvocationFailures' : 'HasBacklogWithoutCapacity',
      // The backlog belongs to the endpoint: with a variant's dimension there is no such metric, and nothing ever scales.
      Dimensions: isComponent
        ? [{ Name: 'InferenceComponentName', Value: resource.componentName }]
        : [{ Name: 'EndpointName', Value: resource.endpointName }],
      Statistic: statistic,
      Period: 60,
      EvaluationPeriods: isComponent ? 1 : 2,
      DatapointsToAlarm: isComponent ? 1 : 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'missing',
    },
  };
}
