import { type Hours, USUAL_HOURS } from '../capacity/hours';
import type { AvailabilityPolicy, CapacitySchedule, CostAction, ScalingSpec, ServingMode } from '../contracts';
import type { CapacityPolicy } from '../capacity/types';
import { schedulesOf, type TargetTracking } from '../scaling';
import type { Charter } from './schema';
import { windowOf } from './sections/weekly';

type Serving = Charter['serving'];
type Scaling = NonNullable<Serving['scaling']>;

/** What each mode is scaled on, unless the charter says otherwise. */
const SCALED_ON: Record<ServingMode, ScalingSpec['metric']> = {
  'real-time': 'invocations',
  serverless: 'concurrency',
  async: 'backlog',
  'inference-components': 'concurrency',
};

/** How many instances run; undefined: as many as the release begins with. */
export function scalingOf({ serving }: Pick<Charter, 'serving'>): ScalingSpec | undefined {
  const { scaling, mode } = serving;
  return scaling === undefined
    ? undefined
    : {
        metric: scaling.on ?? SCALED_ON[mode],
        targetValue: scaling.target,
        scaleOutCooldownSeconds: scaling.scaleOutCooldown * 60,
        scaleInCooldownSeconds: scaling.scaleInCooldown * 60,
        schedules: scaling.schedules.map(scheduleOf),
      };
}

const scheduleOf = ({ name, instances, ...window }: Scaling['schedules'][number]): CapacitySchedule => ({
  name,
  window: windowOf(window),
  minInstances: instances.min,
  maxInstances: instances.max,
});

/** When the endpoint may be off, or small. */
export function availabilityOf({ serving }: Pick<Charter, 'serving'>): AvailabilityPolicy {
  const { officeHours, idle, timeToLive } = serving;
  return {
    ...(officeHours === undefined ? {} : { officeHours: { ...hoursOf(officeHours), outside: officeHours.outside } }),
    ...(idle === undefined ? {} : { idle: { afterMinutes: idle.after, action: idle.then, wake: idle.wake } }),
    ...(timeToLive === undefined ? {} : { timeToLiveMinutes: timeToLive }),
  };
}

/** Of the cost guard's order off-hours. */
export function offHoursOf({ serving, budget }: Pick<Charter, 'serving' | 'budget'>): Hours {
  const given = budget?.officeHours ?? serving.officeHours;
  return given === undefined ? USUAL_HOURS : hoursOf(given);
}

const hoursOf = ({ warmUp, ...window }: NonNullable<Serving['officeHours']>): Hours => ({
  window: windowOf(window),
  warmUpMinutes: warmUp,
});

const ON_CAPACITY = new Set<CostAction>(['scale-in', 'off-hours']);

/** Whether anything is left to do for whoever looks after capacity. */
export function needsCapacity({ serving, budget }: Pick<Charter, 'serving' | 'budget'>): boolean {
  const { scaling, officeHours, idle, timeToLive } = serving;
  const ordered = [budget?.onExceeded, budget?.onForecastExceeded, budget?.overrun?.then];
  return (
    [scaling, officeHours, idle, timeToLive].some((given) => given !== undefined) ||
    ordered.some((action) => action !== undefined && ON_CAPACITY.has(action))
  );
}

/** All of it, as the handler reads it. */
export function capacityPolicyOf(charter: Pick<Charter, 'serving' | 'budget'>): CapacityPolicy {
  const { instances, component } = charter.serving;
  const scaling = scalingOf(charter);
  return {
    availability: availabilityOf(charter),
    offHours: offHoursOf(charter),
    bounds: component?.copies ?? instances,
    ...(scaling === undefined ? {} : { scaling: { tracking: trackingOf(scaling), schedules: schedulesOf(scaling) } }),
  };
}

const trackingOf = ({ metric, targetValue, scaleOutCooldownSeconds, scaleInCooldownSeconds }: ScalingSpec): TargetTracking => ({
  metric,
  targetValue,
  scaleOutCooldownSeconds,
  scaleInCooldownSeconds,
});
