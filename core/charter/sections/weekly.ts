import * as z from 'zod';
import type { WeeklyWindow } from '../../contracts/serving';
import { matching } from '../fields';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAYS_ALLOWED = `a list of ${DAYS.join(', ')}, or a range such as mon-fri`;
const TIME = 'a time of day from 00:00 to 24:00, in quotes';

const dayNumbers = (text: string): number[] | undefined => {
  const [from = '', to = from] = text.split('-');
  const [first, last] = [DAYS.indexOf(from) + 1, DAYS.indexOf(to) + 1];
  if (first === 0 || last === 0 || last < first) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
};

const days = z
  .union([z.string(), z.array(z.string()).min(1).max(7)], { error: DAYS_ALLOWED })
  .refine((value) => [value].flat().every((text) => dayNumbers(text) !== undefined), { error: DAYS_ALLOWED })
  .transform((value) => [...new Set([value].flat().flatMap((text) => dayNumbers(text) ?? []))].sort((one, other) => one - other));

const time = z
  .string({ error: TIME })
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: TIME })
  .transform((value) => Number(value.slice(0, 2)) * 60 + Number(value.slice(3)));

/** Keys of a time of the week; `from` before `to`. */
export const weekly = {
  days: days.default([1, 2, 3, 4, 5]),
  from: time,
  to: time,
  timezone: matching(/^[A-Za-z]+([/_+-][A-Za-z0-9_+-]+)*$/, 'a time zone such as Europe/Dublin').default('UTC'),
};

export const windowOf = (given: { days: number[]; from: number; to: number; timezone: string }): WeeklyWindow => ({
  days: given.days,
  fromMinute: given.from,
  toMinute: given.to,
  timeZone: given.timezone,
});
