import type { WeeklyWindow } from '../contracts';
import { minuteOfWeek } from '../scaling';

const DAY_MINUTES = 1440;
const MINUTE_MILLIS = 60_000;

/** Times of the week in which an endpoint is on, and how long before them it begins to start. */
export interface Hours {
  window: WeeklyWindow;
  warmUpMinutes: number;
}

/** What an order off-hours falls back to: Monday to Friday, 08:00 to 18:00. */
export const USUAL_HOURS: Hours = {
  window: { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080, timeZone: 'UTC' },
  warmUpMinutes: 30,
};

/** By the clock on the wall there, on days with a change to or from daylight saving as on any other. */
export function isWithin({ days, fromMinute, toMinute, timeZone }: WeeklyWindow, atMillis: number): boolean {
  const minute = minuteOfWeek(atMillis, timeZone);
  const ofDay = minute % DAY_MINUTES;
  return days.includes(Math.floor(minute / DAY_MINUTES) + 1) && ofDay >= fromMinute && ofDay < toMinute;
}

/** Within the hours, or so close to them that what takes minutes to start must start. */
export function isOn({ window, warmUpMinutes }: Hours, atMillis: number): boolean {
  // Steps no longer than the window: a warm-up that is longer jumps over nothing.
  const step = window.toMinute - window.fromMinute;
  for (let ahead = 0; ahead < warmUpMinutes; ahead += step) {
    if (isWithin(window, atMillis + ahead * MINUTE_MILLIS)) return true;
  }
  return isWithin(window, atMillis + warmUpMinutes * MINUTE_MILLIS);
}
