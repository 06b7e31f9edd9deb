import { AwsError, type Members } from '../../cloud/types';
import { timeZoneOf } from '../time-zone';

const MINUTE = 60_000;
const DAY = 86_400_000;
const LONGEST_MILLIS = 15 * DAY;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;
const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2})\)$/;

type Fields = { minutes: number[]; hours: number[]; dates: number[]; months: number[]; weekdays: number[] };

export interface MuteSchedule {
  muteType: 'ONE_TIME' | 'RECURRING';
  durationMillis: number;
  /** Start of the newest window that began at or before a moment, not longer ago than the duration. */
  newestStart(atMillis: number): number | undefined;
  /** True once it can begin no more. */
  over(atMillis: number): boolean;
}

const wrong = (where: string, problem: string): AwsError => new AwsError('ValidationError', `${where}: ${problem}.`);

function numbersOf(where: string, field: string, low: number, high: number, names: readonly string[] = []): number[] {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [from = '', to, extra] = part.split('-');
    const number = (text: string): number =>
      names.includes(text) ? names.indexOf(text) + low : /^\d+$/.test(text) ? Number(text) : Number.NaN;
    const first = part === '*' ? low : number(from);
    const last = part === '*' ? high : to === undefined ? first : number(to);
    if (extra !== undefined || !(first >= low && last <= high && first <= last))
      throw wrong(where, `the cron field '${field}' is not valid: numbers from ${low} to ${high}, with *, - and ,`);
    for (let value = first; value <= last; value += 1) values.add(value);
  }
  return [...values].sort((left, right) => right - left);
}

function readCron(where: string, body: string): Fields {
  const fields = body.trim().toUpperCase().split(/\s+/);
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) throw wrong(where, `cron(${body}) must have five fields: minutes, hours, day of month, month, day of week`);
  return {
    minutes: numbersOf(where, minute, 0, 59),
    hours: numbersOf(where, hour, 0, 23),
    dates: numbersOf(where, date, 1, 31),
    months: numbersOf(where, month, 1, 12, MONTHS),
    weekdays: numbersOf(where, weekday, 0, 6, DAYS),
  };
}

function durationOf(where: string, text: string): number {
  const [, days, hours, minutes] = DURATION.exec(text) ?? [];
  const millis = Number(days ?? 0) * DAY + Number(hours ?? 0) * 60 * MINUTE + Number(minutes ?? 0) * MINUTE;
  if (!(millis >= MINUTE && millis <= LONGEST_MILLIS)) throw wrong(where, `Duration must be from PT1M to P15D, got ${text}`);
  return millis;
}

export interface ReadSchedule extends MuteSchedule {
  /** A date of the rule: a moment, or a text that may leave the zone to the schedule's. */
  momentOf(date: unknown): number | undefined;
}

/** Reads `Rule.Schedule` of an alarm mute rule. */
export function readSchedule(where: string, schedule: Members): ReadSchedule {
  const expression = String(schedule.Expression);
  const durationMillis = durationOf(where, String(schedule.Duration));
  const zoneName = String(schedule.Timezone ?? 'UTC');
  const zone = timeZoneOf(zoneName);
  if (zone === undefined) throw wrong(where, `Timezone ${zoneName} is not known`);
  const { aheadOf, toUtc } = zone;
  const momentOf = (date: unknown): number | undefined => {
    if (date === undefined) return undefined;
    if (date instanceof Date) return date.getTime();
    const text = String(date);
    const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text);
    const millis = Date.parse(zoned ? text : `${text}Z`);
    if (Number.isNaN(millis)) throw wrong(where, `the date ${text} is not in ISO 8601 format`);
    return zoned ? millis : toUtc(millis);
  };
  const at = AT.exec(expression)?.[1];
  if (at !== undefined) {
    const start = momentOf(at)!;
    const newestStart = (atMillis: number): number | undefined =>
      start <= atMillis && atMillis - start <= durationMillis ? start : undefined;
    return { muteType: 'ONE_TIME', durationMillis, newestStart, momentOf, over: (atMillis) => atMillis >= start + durationMillis };
  }
  const body = /^cron\((.+)\)$/.exec(expression)?.[1];
  if (body === undefined) throw wrong(where, `the schedule ${expression} must be cron(…) or at(yyyy-MM-ddThh:mm)`);
  const fields = readCron(where, body);
  const newestStart = (atMillis: number): number | undefined => {
    const wallNow = atMillis + aheadOf(atMillis);
    for (let day = Math.floor(wallNow / DAY) * DAY; day > wallNow - durationMillis - DAY; day -= DAY) {
      const wall = newestInDay(fields, day, wallNow);
      if (wall === undefined) continue;
      const start = toUtc(wall);
      return atMillis - start <= durationMillis ? start : undefined;
    }
    return undefined;
  };
  return { muteType: 'RECURRING', durationMillis, newestStart, momentOf, over: () => false };
}

function newestInDay({ minutes, hours, dates, months, weekdays }: Fields, day: number, untilWall: number): number | undefined {
  const date = new Date(day);
  if (!dates.includes(date.getUTCDate()) || !months.includes(date.getUTCMonth() + 1) || !weekdays.includes(date.getUTCDay()))
    return undefined;
  for (const hour of hours) {
    for (const minute of minutes) {
      const wall = day + hour * 60 * MINUTE + minute * MINUTE;
      if (wall <= untilWall) return wall;
    }
  }
  return undefined;
}
