import {
  type ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeleteScheduledActionCommand,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type ScalingPolicy,
  type ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { type CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { canonicalJson } from '../../core/hash';
import {
  obsolete,
  type PutScheduledAction,
  type PutStepPolicy,
  type PutTrackingPolicy,
  type RegisterTarget,
  type ScaledResource,
  type ScalingPlan,
  scalingPlan,
  type ScalingWish,
  targetKey,
  type TargetKey,
  type Wake,
  wakeAlarmName,
} from '../../core/scaling';

export interface ScalingParts {
  scaling: ApplicationAutoScalingClient;
  cloudWatch: CloudWatchClient;
}

interface Found {
  target?: ScalableTarget;
  policies: ScalingPolicy[];
  actions: ScheduledAction[];
}

/** Makes the wish true, and sends nothing that already is. Answers what was changed, for people. */
export async function applyScaling(parts: ScalingParts, wish: ScalingWish, atMillis: number): Promise<string[]> {
  const plan = scalingPlan(wish, atMillis);
  const found = await read(parts, plan.target);
  const changes: string[] = [];
  if (!isRegistered(plan.target, found.target)) {
    await parts.scaling.send(new RegisterScalableTargetCommand(plan.target));
    changes.push(`registered ${plan.target.MinCapacity} to ${plan.target.MaxCapacity}`);
  }
  for (const policy of plan.policies) {
    if ((await putPolicy(parts, policy, found)).isNew) changes.push(`policy ${policy.PolicyName}`);
  }
  changes.push(...(await putWake(parts, plan.wake, found)));
  for (const action of plan.actions) if (await putAction(parts, action, found)) changes.push(`action ${action.ScheduledActionName}`);
  changes.push(...(await tidy(parts, wish.resource, plan, found)));
  return changes;
}

/** Its policies and actions go with it; what is not registered is no error. */
export async function deregisterScaling(parts: ScalingParts, resource: ScaledResource): Promise<boolean> {
  const wasThere = await there(() => parts.scaling.send(new DeregisterScalableTargetCommand(targetKey(resource))));
  await deleteAlarm(parts, resource);
  return wasThere;
}

/** Whether nothing may be taken away, or nothing may be changed at all. What is not registered is left alone: false. */
export async function suspendScaling(
  parts: ScalingParts,
  resource: ScaledResource,
  what: 'scale-in' | 'all' | 'nothing',
): Promise<boolean> {
  const key = targetKey(resource);
  if ((await readTarget(parts, key)) === undefined) return false;
  const SuspendedState = {
    DynamicScalingInSuspended: what !== 'nothing',
    DynamicScalingOutSuspended: what === 'all',
    ScheduledScalingSuspended: what !== 'nothing',
  };
  await parts.scaling.send(new RegisterScalableTargetCommand({ ...key, SuspendedState }));
  return true;
}

/** Undefined: not registered. */
async function readTarget({ scaling }: ScalingParts, key: TargetKey): Promise<ScalableTarget | undefined> {
  const { ServiceNamespace, ResourceId, ScalableDimension } = key;
  const answer = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace, ScalableDimension, ResourceIds: [ResourceId] }));
  return answer.ScalableTargets?.[0];
}

async function read(parts: ScalingParts, key: TargetKey): Promise<Found> {
  const target = await readTarget(parts, key);
  if (target === undefined) return { policies: [], actions: [] };
  const { ServiceNamespace, ResourceId, ScalableDimension } = key;
  const of = { ServiceNamespace, ResourceId, ScalableDimension };
  return {
    target,
    policies: await pages(async (NextToken) => {
      const page = await parts.scaling.send(new DescribeScalingPoliciesCommand({ ...of, NextToken }));
      return [page.ScalingPolicies ?? [], page.NextToken];
    }),
    actions: await pages(async (NextToken) => {
      const page = await parts.scaling.send(new DescribeScheduledActionsCommand({ ...of, NextToken }));
      return [page.ScheduledActions ?? [], page.NextToken];
    }),
  };
}

async function pages<T>(next: (token: string | undefined) => Promise<[T[], string | undefined]>): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const [page, following] = await next(token);
    all.push(...page);
    token = following;
  } while (token !== undefined);
  return all;
}

function isRegistered(wanted: RegisterTarget, found: ScalableTarget | undefined): boolean {
  if (found === undefined) return false;
  const states = (target: { SuspendedState?: ScalableTarget['SuspendedState'] }): string =>
    canonicalJson({
      in: target.SuspendedState?.DynamicScalingInSuspended ?? false,
      out: target.SuspendedState?.DynamicScalingOutSuspended ?? false,
      scheduled: target.SuspendedState?.ScheduledScalingSuspended ?? false,
    });
  return found.MinCapacity === wanted.MinCapacity && found.MaxCapacity === wanted.MaxCapacity && states(found) === states(wanted);
}

async function putPolicy(
  { scaling }: ScalingParts,
  policy: PutTrackingPolicy | PutStepPolicy,
  found: Found,
): Promise<{ arn: string; isNew: boolean }> {
  const known = found.policies.find(({ PolicyName }) => PolicyName === policy.PolicyName);
  const wanted =
    policy.PolicyType === 'StepScaling' ? policy.StepScalingPolicyConfiguration : policy.TargetTrackingScalingPolicyConfiguration;
  const has = known?.StepScalingPolicyConfiguration ?? known?.TargetTrackingScalingPolicyConfiguration;
  if (known?.PolicyARN !== undefined && has !== undefined && canonicalJson(has) === canonicalJson(wanted)) {
    return { arn: known.PolicyARN, isNew: false };
  }
  const { PolicyARN } = await scaling.send(new PutScalingPolicyCommand(policy));
  if (PolicyARN === undefined) throw new Error(`PutScalingPolicy answered no ARN for ${policy.PolicyName} of ${policy.ResourceId}`);
  return { arn: PolicyARN, isNew: true };
}

/** An alarm is put whenever it is wanted: PutMetricAlarm changes nothing of an equal one, and somebody may have deleted it. */
async function putWake(parts: ScalingParts, wake: Wake | undefined, found: Found): Promise<string[]> {
  if (wake === undefined) return [];
  const { arn, isNew } = await putPolicy(parts, wake.policy, found);
  await parts.cloudWatch.send(new PutMetricAlarmCommand({ ...wake.alarm, AlarmActions: [arn] }));
  return isNew ? [`policy ${wake.policy.PolicyName}`] : [];
}

async function putAction({ scaling }: ScalingParts, action: PutScheduledAction, found: Found): Promise<boolean> {
  const known = found.actions.find(({ ScheduledActionName }) => ScheduledActionName === action.ScheduledActionName);
  const what = (one: Partial<PutScheduledAction> | ScheduledAction): string =>
    canonicalJson({
      schedule: one.Schedule,
      zone: one.Timezone,
      min: one.ScalableTargetAction?.MinCapacity,
      max: one.ScalableTargetAction?.MaxCapacity,
    });
  if (known !== undefined && what(known) === what(action)) return false;
  await scaling.send(new PutScheduledActionCommand(action));
  return true;
}

/** Takes away what of ours is no longer wanted. */
async function tidy(parts: ScalingParts, resource: ScaledResource, plan: ScalingPlan, found: Found): Promise<string[]> {
  const key = targetKey(resource);
  const old = obsolete(plan, {
    policyNames: found.policies.map(({ PolicyName }) => PolicyName ?? ''),
    actionNames: found.actions.map(({ ScheduledActionName }) => ScheduledActionName ?? ''),
  });
  for (const PolicyName of old.policyNames) await there(() => parts.scaling.send(new DeleteScalingPolicyCommand({ ...key, PolicyName })));
  for (const ScheduledActionName of old.actionNames)
    await there(() => parts.scaling.send(new DeleteScheduledActionCommand({ ...key, ScheduledActionName })));
  if (plan.wake === undefined && old.policyNames.includes('sluice-from-zero')) await deleteAlarm(parts, resource);
  return [...old.policyNames.map((name) => `no policy ${name}`), ...old.actionNames.map((name) => `no action ${name}`)];
}

const deleteAlarm = ({ cloudWatch }: ScalingParts, resource: ScaledResource): Promise<boolean> =>
  there(() => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [wakeAlarmName(resource)] })));

const MISSING = new Set(['ObjectNotFoundException', 'ResourceNotFound', 'ResourceNotFoundException']);

/** False: what should be taken away is not there. */
async function there(takeAway: () => Promise<unknown>): Promise<boolean> {
  try {
    await takeAway();
    return true;
  } catch (error) {
    if (error instanceof Error && MISSING.has(error.name)) return false;
    throw error;
  }
}
