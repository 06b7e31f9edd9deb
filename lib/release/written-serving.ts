import type { Duration } from 'aws-cdk-lib';
import type { IdlePolicy, OfficeHours, ReleaseScaling } from '../capacity/endpoint-capacity-props';
import type { CapacitySchedule } from '../endpoint/scaling/capacity-schedule';
import { ServingMode } from './serving-mode';
import type { BatchScoring, ServingPolicy } from './serving-policy';

const minutes = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}m`);
const duration = (value: Duration | undefined): string | undefined => minutes(value?.toMinutes({ integral: false }));

/** The policy as the charter would write it; what was left out is undefined. */
export function writtenServing(policy: ServingPolicy): Record<string, unknown> {
  const mode = (policy.mode ?? ServingMode.realTime())._charter;
  const { downloadTimeoutMinutes, startupTimeoutMinutes, provisionTimeoutMinutes, capture } = policy;
  const timeouts = [downloadTimeoutMinutes, startupTimeoutMinutes, provisionTimeoutMinutes].some((value) => value !== undefined);
  return {
    ...mode,
    instance: policy.instanceType,
    pools: policy.instancePools,
    instances: instancesOf(policy.minInstances, policy.maxInstances),
    volumeGb: policy.volumeGib,
    timeouts: timeouts
      ? { download: minutes(downloadTimeoutMinutes), startup: minutes(startupTimeoutMinutes), provision: minutes(provisionTimeoutMinutes) }
      : undefined,
    routing: policy.routing,
    networkIsolation: policy.networkIsolation,
    streaming: policy.streaming,
    capture: capture && { sampling: capture.sampling, json: capture.jsonContentTypes, csv: capture.csvContentTypes },
    scaling: policy.scaling && scalingOf(policy.scaling),
    officeHours: policy.officeHours && officeHoursOf(policy.officeHours),
    idle: policy.idle && idleOf(policy.idle),
    timeToLive: duration(policy.timeToLive),
    batch: policy.batch && batchOf(policy.batch),
  };
}

function instancesOf(min: number | undefined, max: number | undefined): Record<string, number> | undefined {
  if (min === undefined && max === undefined) return undefined;
  const least = min ?? 1;
  return { min: least, max: max ?? Math.max(1, least) };
}

function scalingOf({ target, schedules }: ReleaseScaling): Record<string, unknown> {
  const tracking = target?._tracking();
  if (tracking?.scaleInDisabled === true) {
    throw new Error('serving.scaling.target is without scale-in: releases scale in outside of deployments; leave scaleIn out.');
  }
  return {
    on: tracking?.metric,
    target: tracking?.targetValue,
    scaleOutCooldown: minutes(inMinutes(tracking?.scaleOutCooldownSeconds)),
    scaleInCooldown: minutes(inMinutes(tracking?.scaleInCooldownSeconds)),
    schedules: schedules?.map(scheduleOf),
  };
}

const inMinutes = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds / 60);

function scheduleOf({ days, from, to, timeZone, minCapacity, maxCapacity, warmUp }: CapacitySchedule, index: number) {
  if (warmUp !== undefined && warmUp.toMinutes() > 0) {
    throw new Error(
      `serving.scaling.schedules[${index}].warmUp is given: releases have none of their own; begin it earlier, or use officeHours.`,
    );
  }
  return { name: `schedule-${index + 1}`, days, from, to, timezone: timeZone, instances: { min: minCapacity, max: maxCapacity } };
}

const officeHoursOf = ({ days, from, to, timeZone, outside, warmUp }: OfficeHours) => ({
  days,
  from,
  to,
  timezone: timeZone,
  outside,
  warmUp: duration(warmUp),
});

const idleOf = ({ after, action, wake }: IdlePolicy) => ({ after: duration(after), then: action, wake });

const batchOf = ({ schedule, input, output, instanceType, instances, contentType }: BatchScoring) => ({
  schedule,
  input,
  output,
  instance: instanceType,
  instances,
  contentType,
});
