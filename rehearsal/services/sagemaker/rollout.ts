import { AwsError, type Cloud, type Members } from '../../cloud/types';
import type { DeploymentPlan, TrafficStep } from './deployment-config';
import { announceDeployment } from './events';
import { launchedOf } from './meter';
import { LAUNCH_SHARE } from './provision';
import type { Deployment, EndpointRecord, Variant, VariantStage } from './state';

const LOOK_MILLIS = 30_000;

export interface Rollout {
  endpoint: EndpointRecord;
  deployment: Deployment;
  plan: DeploymentPlan;
  /** The new fleet's containers. */
  green: Variant[];
  /** How long the instances of a further batch take. */
  batchMillis: () => number;
  /** Instances came or went. */
  resized: () => void;
}

/** Shifts traffic to a new fleet step by step; undefined: done. Else why it has to go back. */
export async function shiftTraffic(cloud: Cloud, rollout: Rollout): Promise<string | undefined> {
  const { endpoint, deployment, plan, green } = rollout;
  const deadlineMillis = deployment.startedAtMillis + plan.maxExecutionMillis;
  endpoint.green = { configName: deployment.configName, variants: green, share: 0 };
  for (const [index, step] of plan.steps.entries()) {
    if (plan.kind === 'rolling' && index > 0) {
      stand(cloud, rollout, 'Creating', undefined);
      await launchBatch(cloud, rollout, step.share);
    }
    stand(cloud, rollout, 'ActivatingTraffic', undefined);
    endpoint.green.share = step.share;
    stand(cloud, rollout, 'Baking', bakingMessage(rollout, step));
    const reason = await bake(cloud, rollout, step, deadlineMillis);
    if (reason !== undefined) {
      keep(rollout, 0);
      return reason;
    }
    if (plan.kind === 'rolling') keep(rollout, step.share);
  }
  return undefined;
}

async function launchBatch(cloud: Cloud, { deployment, batchMillis, resized }: Rollout, share: number): Promise<void> {
  const millis = batchMillis();
  const launchMillis = Math.round(millis * LAUNCH_SHARE);
  await cloud.clock.sleep(launchMillis);
  deployment.launchedShare = share;
  resized();
  await cloud.clock.sleep(millis - launchMillis);
}

/** Of the old fleet stays what the new one's share does not replace. */
function keep({ endpoint, resized }: Rollout, replacedShare: number): void {
  for (const variant of endpoint.variants)
    if (variant.hosts === undefined) variant.launchedCount = variant.instanceCount - launchedOf(replacedShare, variant);
  resized();
}

function stand(cloud: Cloud, { endpoint, deployment }: Rollout, status: VariantStage['status'], message: string | undefined): void {
  deployment.stage = { status, startedAtMillis: cloud.clock.now(), ...(message === undefined ? {} : { message }) };
  cloud.record('sagemaker', 'endpoint-deployment', {
    endpointName: endpoint.name,
    pendingConfigName: deployment.configName,
    status,
    share: endpoint.green?.share ?? 0,
  });
  announceDeployment(cloud, endpoint, deployment);
}

function bakingMessage({ deployment, plan }: Rollout, { share, bakeSeconds, setting }: TrafficStep): string {
  const total = deployment.variants.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
  const part = share === 1 ? 'full' : plan.kind === 'rolling' ? 'batch' : plan.steps.length === 2 ? 'canary' : 'linear';
  const instances = Math.max(1, Math.round(total * share));
  return `Baking for ${bakeSeconds} seconds (${setting}) with traffic enabled on ${part} capacity of ${instances} instance(s).`;
}

async function bake(cloud: Cloud, rollout: Rollout, { bakeSeconds }: TrafficStep, deadlineMillis: number): Promise<string | undefined> {
  const endMillis = cloud.clock.now() + bakeSeconds * 1000;
  for (;;) {
    const reason = await alarmsThatFired(cloud, rollout.plan.alarmNames, rollout.green[0]!.model.executionRoleArn);
    if (reason !== undefined) return reason;
    const now = cloud.clock.now();
    if (now > deadlineMillis) return 'The deployment exceeded its MaximumExecutionTimeoutInSeconds.';
    if (now >= endMillis) return undefined;
    await cloud.clock.sleep(Math.min(LOOK_MILLIS, endMillis - now));
  }
}

/** SageMaker reads the alarms as the model's execution role. */
export async function alarmsThatFired(cloud: Cloud, alarmNames: string[], roleArn: string): Promise<string | undefined> {
  if (alarmNames.length === 0) return undefined;
  const input = { AlarmNames: alarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 };
  let answer: Members;
  try {
    answer = await cloud.call('cloudwatch', 'DescribeAlarms', input, { kind: 'role', roleArn });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `The alarms of AutoRollbackConfiguration could not be described with ${roleArn}: ${error.message}`;
  }
  const alarms = [...((answer.MetricAlarms ?? []) as Members[]), ...((answer.CompositeAlarms ?? []) as Members[])];
  const missing = alarmNames.filter((name) => !alarms.some(({ AlarmName }) => AlarmName === name));
  if (missing.length > 0) return `The alarms [${missing.join(', ')}] of AutoRollbackConfiguration do not exist.`;
  const fired = alarms.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => String(AlarmName));
  return fired.length === 0 ? undefined : `One or more of the configured alarms are in the ALARM state: [${fired.join(', ')}].`;
}
