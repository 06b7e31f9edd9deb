import type { Cloud, Members } from '../../../cloud/types';
import { invalid } from '../errors';
import { checkRange } from '../names';
import { alarmsThatFired } from '../rollout';
import type { Rolling } from './types';

const LOOK_MILLIS = 30_000;
const MAX_ALARMS = 10;
const MAX_WAIT_SECONDS = 3600;
const EXECUTION_SECONDS: [number, number] = [600, 28_800];
const PERCENT: [number, number] = [5, 50];

function batchOf(member: string, size: Members | undefined, copies: number): number {
  if (size === undefined) throw invalid(`'${member}' must be specified.`);
  checkRange(`${member}.value`, size.Value, 1, Number.MAX_SAFE_INTEGER);
  if (size.Type === 'COPY_COUNT') {
    const most = Math.max(1, Math.floor(copies / 2));
    if (Number(size.Value) > most)
      throw invalid(`'${member}' is ${String(size.Value)} of ${copies} copies; it must be at most half of them, here ${most}.`);
    return Number(size.Value);
  }
  if (size.Type !== 'CAPACITY_PERCENT')
    throw invalid(`Value '${String(size.Type)}' at '${member}.type' must be one of COPY_COUNT, CAPACITY_PERCENT.`);
  checkRange(`${member}.value`, size.Value, ...PERCENT);
  return Math.max(1, Math.floor((copies * Number(size.Value)) / 100));
}

/** How an update of an inference component goes batch by batch; undefined: all of its copies at once. */
export function readRolling(config: Members | undefined, copies: number, roleArn: string, now: number): Rolling | undefined {
  if (config === undefined || config === null) return undefined;
  const at = 'deploymentConfig.rollingUpdatePolicy';
  const policy = config.RollingUpdatePolicy as Members | undefined;
  if (policy === undefined) throw invalid(`'${at}' must be specified.`);
  checkRange(`${at}.waitIntervalInSeconds`, policy.WaitIntervalInSeconds ?? Number.NaN, 0, MAX_WAIT_SECONDS);
  checkRange(`${at}.maximumExecutionTimeoutInSeconds`, policy.MaximumExecutionTimeoutInSeconds, ...EXECUTION_SECONDS);
  const alarms = config.AutoRollbackConfiguration?.Alarms as Members[] | undefined;
  if (config.AutoRollbackConfiguration !== undefined && (alarms === undefined || alarms.length === 0 || alarms.length > MAX_ALARMS))
    throw invalid(`${alarms?.length ?? 0} alarms were specified at 'autoRollbackConfiguration.alarms'; 1 to ${MAX_ALARMS} are allowed.`);
  const batch = batchOf(`${at}.maximumBatchSize`, policy.MaximumBatchSize as Members | undefined, copies);
  return {
    batch,
    allowed: batch,
    waitMillis: Number(policy.WaitIntervalInSeconds) * 1000,
    deadlineMillis: now + Number(policy.MaximumExecutionTimeoutInSeconds ?? EXECUTION_SECONDS[1]) * 1000,
    alarmNames: (alarms ?? []).map(({ AlarmName }) => String(AlarmName)),
    roleArn,
    baking: false,
  };
}

/** Watches a batch; undefined: nothing speaks against it. Else why the update has to go back. */
export async function bakeBatch(cloud: Cloud, { waitMillis, deadlineMillis, alarmNames, roleArn }: Rolling): Promise<string | undefined> {
  const endMillis = cloud.clock.now() + waitMillis;
  for (;;) {
    const reason = await alarmsThatFired(cloud, alarmNames, roleArn);
    if (reason !== undefined) return reason;
    const now = cloud.clock.now();
    if (now > deadlineMillis) return 'The update exceeded its MaximumExecutionTimeoutInSeconds.';
    if (now >= endMillis) return undefined;
    await cloud.clock.sleep(Math.min(LOOK_MILLIS, endMillis - now));
  }
}
