import * as z from 'zod';
import type { FreezeWindow } from '../../contracts/release';
import { MINUTES_A_WEEK } from '../../release/freeze';
import { listOf, matching, section, text } from '../fields';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY = DAYS.join('|');
const CLOCK = '([01]\\d|2[0-3]):([0-5]\\d)';
const WEEKLY = new RegExp(`^(${DAY}) ${CLOCK} ?[–-] ?(${DAY}) ${CLOCK}$`);

const INSTANT = 'a time in UTC such as 2026-12-20T16:00Z';
const instant = z
  .string({ error: INSTANT })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/, { error: INSTANT })
  // A day that the calendar does not have would be moved on to the next month.
  .refine((value) => !Number.isNaN(Date.parse(value)) && new Date(value).toISOString().startsWith(value.slice(0, 10)), { error: INSTANT })
  .transform((value) => new Date(value).toISOString());

const weekly = matching(WEEKLY, 'a part of the week in UTC such as fri 16:00 – mon 08:00').transform((value) => {
  const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute] = WEEKLY.exec(value) ?? [];
  return { fromMinute: minuteOfWeek(fromDay, fromHour, fromMinute), toMinute: minuteOfWeek(toDay, toHour, toMinute) };
});

const minuteOfWeek = (day: string | undefined, hour: string | undefined, minute: string | undefined): number =>
  DAYS.findIndex((name) => name === day) * 1440 + Number(hour) * 60 + Number(minute);

const EITHER = 'either weekly, or from and to';

const freeze = section({ reason: text, from: instant.optional(), to: instant.optional(), weekly: weekly.optional() })
  .superRefine(({ from, to, weekly: part }, context) => {
    if (part === undefined ? from === undefined || to === undefined : (from ?? to) !== undefined) {
      context.addIssue({ code: 'custom', message: EITHER });
    } else if (from !== undefined && to !== undefined && from >= to) {
      context.addIssue({ code: 'custom', message: `a time after from (${from})`, path: ['to'] });
    } else if (part?.fromMinute !== undefined && part.fromMinute === part.toMinute) {
      // Undefined where the text itself is not allowed.
      context.addIssue({ code: 'custom', message: 'a part of the week that leaves time for releases', path: ['weekly'] });
    }
  })
  .transform(({ reason, from, to, weekly: part }): FreezeWindow =>
    part === undefined ? { kind: 'once', reason, from: from ?? '', to: to ?? '' } : { kind: 'weekly', reason, ...part },
  );

/** Times in which no release begins. */
export const freezes = listOf(freeze, 'freezes { reason, weekly } or { reason, from, to }', 1, 50).superRefine((windows, context) => {
  if (leavesNoTime(windows)) context.addIssue({ code: 'custom', message: 'weekly freezes that leave a part of the week for releases' });
});

/** Weekly windows that cover the whole week. */
function leavesNoTime(windows: FreezeWindow[]): boolean {
  const spans = windows.flatMap((window) => {
    if (window.kind === 'once') return [];
    const { fromMinute, toMinute } = window;
    return fromMinute < toMinute
      ? [{ from: fromMinute, to: toMinute }]
      : [
          { from: 0, to: toMinute },
          { from: fromMinute, to: MINUTES_A_WEEK },
        ];
  });
  let covered = 0;
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (from > covered) return false;
    covered = Math.max(covered, to);
  }
  return covered >= MINUTES_A_WEEK;
}
