import type { WeeklyWindow } from '../contracts/serving';
import { BadInputError } from '../errors';
import type { CapacityBounds, ScheduledBounds } from './wish';

const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** From a time of day on, on some days, other bounds hold. */
export interface Turn {
  /** Minutes since midnight. */
  minute: number;
  /** 1: Monday … 7: Sunday. */
  days: number[];
  bounds: CapacityBounds;
}

/** Minutes since Monday 00:00 in the time zone. */
export function minuteOfWeek(atMillis: number, timeZone: string): number {
  const parts = formatterOf(timeZone).formatToParts(atMillis);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = DAYS.indexOf(part('weekday').toUpperCase());
  return day * DAY_MINUTES + Number(part('hour')) * 60 + Number(part('minute'));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = make(timeZone);
  formatters.set(timeZone, made);
  return made;
}

function make(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  } catch (error) {
    throw new BadInputError(`'${timeZone}' is no time zone: use an IANA name such as Europe/Dublin.`, { cause: error });
  }
}

/** Whether the minute of the week lies in the window, or in the warm-up ahead of it. */
const holds = ({ days, fromMinute, toMinute }: WeeklyWindow, warmUpMinutes: number, minute: number): boolean =>
  days.some((day) => {
    const start = (day - 1) * DAY_MINUTES + fromMinute - warmUpMinutes;
    return (minute - start + 2 * WEEK_MINUTES) % WEEK_MINUTES < toMinute - fromMinute + warmUpMinutes;
  });

/** Of several schedules that hold at a time the last one counts. */
function boundsIn(base: CapacityBounds, schedules: ScheduledBounds[], minute: number): CapacityBounds {
  const held = schedules.findLast(({ window, warmUpMinutes }) => holds(window, warmUpMinutes, minute));
  return held?.bounds ?? base;
}

/** Where schedules of several zones meet would move with daylight saving, so that no fixed set of actions is right. */
function zoneOf(schedules: ScheduledBounds[]): string {
  const zones = [...new Set(schedules.map(({ window }) => window.timeZone))];
  if (zones.length > 1) {
    throw new BadInputError(
      `Schedules of one endpoint name ${zones.length} time zones (${zones.join(', ')}): where they meet would move with daylight saving. Use one for all.`,
    );
  }
  return zones[0] ?? 'UTC';
}

/** What holds at an instant. */
export const boundsAt = (base: CapacityBounds, schedules: ScheduledBounds[], atMillis: number): CapacityBounds =>
  boundsIn(base, schedules, minuteOfWeek(atMillis, zoneOf(schedules)));

/** When the bounds change in the course of a week; equal changes of several days are one. */
export function turnsOf(base: CapacityBounds, schedules: ScheduledBounds[]): { timeZone: string; turns: Turn[] } {
  const edges = schedules.flatMap(({ window, warmUpMinutes }) =>
    window.days.flatMap((day) => [(day - 1) * DAY_MINUTES + window.fromMinute - warmUpMinutes, (day - 1) * DAY_MINUTES + window.toMinute]),
  );
  const minutes = [...new Set(edges.map((edge) => (edge + WEEK_MINUTES) % WEEK_MINUTES))].sort((one, other) => one - other);
  const turns = new Map<string, Turn>();
  for (const minute of minutes) {
    const before = boundsIn(base, schedules, (minute - 1 + WEEK_MINUTES) % WEEK_MINUTES);
    const bounds = boundsIn(base, schedules, minute);
    if (before.min === bounds.min && before.max === bounds.max) continue;
    const key = `${minute % DAY_MINUTES}/${bounds.min}/${bounds.max}`;
    const turn = turns.get(key) ?? { minute: minute % DAY_MINUTES, days: [], bounds };
    turn.days.push(Math.floor(minute / DAY_MINUTES) + 1);
    turns.set(key, turn);
  }
  return { timeZone: zoneOf(schedules), turns: [...turns.values()] };
}

/** `cron(30 7 ? * MON,TUE *)`. */
export const cronOf = ({ minute, days }: Pick<Turn, 'minute' | 'days'>): string =>
  `cron(${minute % 60} ${Math.floor(minute / 60)} ? * ${days.length === 7 ? '*' : days.map((day) => DAYS[day - 1]).join(',')} *)`;
