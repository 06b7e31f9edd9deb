import { Duration } from 'aws-cdk-lib';
import { type CapacityPolicy, type Hours, USUAL_HOURS } from '../../core/capacity';
import { section } from '../../core/charter/fields';
import { weekly, windowOf } from '../../core/charter/sections/weekly';
import { scheduledBounds } from '../endpoint/scaling/capacity-schedule';
import { type EndpointCapacityProps, IdleAction, type OfficeHours, OutsideHours, WakeRule } from './endpoint-capacity-props';

const LEAST_MINUTES = 10;
const DEFAULT_WARM_UP_MINUTES = 30;
const window = section(weekly);

/** A charter's policy stands for props that say nothing of it. */
const fromCharters = new WeakMap<EndpointCapacityProps, CapacityPolicy>();

export function propsWith(props: EndpointCapacityProps, policy: CapacityPolicy): EndpointCapacityProps {
  fromCharters.set(props, policy);
  return props;
}

/** As the handler reads it. */
export function policyOf(props: EndpointCapacityProps): CapacityPolicy {
  const known = fromCharters.get(props);
  if (known !== undefined) return known;
  const { scaling, officeHours, orderedHours, idle, timeToLive, minInstances = 1, maxInstances = minInstances } = props;
  const ordered = orderedHours ?? officeHours;
  return {
    bounds: { min: minInstances, max: maxInstances },
    offHours: ordered === undefined ? USUAL_HOURS : hoursOf(orderedHours === undefined ? 'officeHours' : 'orderedHours', ordered),
    availability: {
      ...(officeHours === undefined
        ? {}
        : { officeHours: { ...hoursOf('officeHours', officeHours), outside: officeHours.outside ?? OutsideHours.OFF } }),
      ...(idle === undefined
        ? {}
        : {
            idle: {
              afterMinutes: minutesOf('idle.after', idle.after),
              action: idle.action ?? IdleAction.NOTIFY,
              wake: idle.wake ?? WakeRule.ON_TRAFFIC,
            },
          }),
      ...(timeToLive === undefined ? {} : { timeToLiveMinutes: minutesOf('timeToLive', timeToLive) }),
    },
    ...(scaling === undefined
      ? {}
      : {
          scaling: {
            ...(scaling.target === undefined ? {} : { tracking: scaling.target._tracking() }),
            schedules: (scaling.schedules ?? []).map(scheduledBounds),
          },
        }),
  };
}

function hoursOf(where: string, { days, from, to, timeZone, warmUp }: OfficeHours): Hours {
  const given = { from, to, ...(days === undefined ? {} : { days }), ...(timeZone === undefined ? {} : { timezone: timeZone }) };
  const parsed = window.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${where}.${issue?.path.map(String).join('.')}: allowed is ${issue?.message}, got ${JSON.stringify(given)}.`);
  }
  return { window: windowOf(parsed.data), warmUpMinutes: (warmUp ?? Duration.minutes(DEFAULT_WARM_UP_MINUTES)).toMinutes() };
}

function minutesOf(where: string, duration: Duration): number {
  const minutes = duration.toMinutes();
  if (minutes < LEAST_MINUTES) {
    throw new Error(`${where} is ${minutes} minutes: at least ${LEAST_MINUTES} are allowed, since looks are five minutes apart.`);
  }
  return minutes;
}
