import type { Duration } from 'aws-cdk-lib';
import { weekly, windowOf } from '../../../core/charter/sections/weekly';
import { section } from '../../../core/charter/fields';
import type { ScheduledBounds } from '../../../core/scaling';

/**
 * A part of each week with a capacity of its own, such as office hours.
 *
 * @example
 * const officeHours: CapacitySchedule = {
 *   from: '08:00',
 *   to: '18:00',
 *   timeZone: 'Europe/Dublin',
 *   minCapacity: 2,
 *   maxCapacity: 8,
 *   warmUp: Duration.minutes(20),
 * };
 */
export interface CapacitySchedule {
  /**
   * Days, or ranges of them: `mon-fri`, `sat`.
   *
   * @default - mon-fri
   */
  readonly days?: string[];

  /** Time of day at which it begins, such as `08:00`. */
  readonly from: string;

  /** Time of day at which it ends, after `from`, such as `18:00`; at most `24:00`. */
  readonly to: string;

  /**
   * IANA time zone, the same for all schedules of an endpoint. Daylight saving is followed.
   *
   * @default - UTC
   */
  readonly timeZone?: string;

  /** Fewest instances, or copies, in it. */
  readonly minCapacity: number;

  /** Most instances, or copies, in it; at least `minCapacity`. */
  readonly maxCapacity: number;

  /**
   * How long ahead of `from` the capacity begins, so that instances stand when people come; at most a day.
   *
   * @default - none
   */
  readonly warmUp?: Duration;
}

const window = section(weekly);

/** @internal By the charter's own rules. */
export function scheduledBounds(schedule: CapacitySchedule, index: number): ScheduledBounds {
  const { days, from, to, timeZone, minCapacity, maxCapacity, warmUp } = schedule;
  const given = { from, to, ...(days === undefined ? {} : { days }), ...(timeZone === undefined ? {} : { timezone: timeZone }) };
  const parsed = window.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `schedules[${index}].${issue?.path.map(String).join('.')}: allowed is ${issue?.message}, got ${JSON.stringify(given)}.`,
    );
  }
  return {
    name: `schedules[${index}]`,
    window: windowOf(parsed.data),
    bounds: { min: minCapacity, max: maxCapacity },
    warmUpMinutes: warmUp?.toMinutes() ?? 0,
  };
}
