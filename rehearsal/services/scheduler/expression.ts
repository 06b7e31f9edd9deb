import { AwsError, UnsupportedError } from '../../cloud/types';

/** When something recurs: the first time strictly after `afterMillis`, or undefined when there is none. */
export interface Recurrence {
  next(afterMillis: number): number | undefined;
  /** Rates count from their start; fixed points in time do not. */
  kind: 'rate' | 'cron' | 'at';
}

const UNIT_MILLIS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const LAST_YEAR = 2199;

function invalid(expression: string): AwsError {
  return new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}

/** Allowed values of one cron field; undefined: all. */
function parseField(expression: string, field: string, low: number, high: number, names: readonly string[] = []): Set<number> | undefined {
  if (field === '*' || field === '?') return undefined;
  if (/[LW#]/.test(field.replace(/JUL/g, '').replace(/WED/g, '')))
    throw new UnsupportedError(`Schedule expression ${expression}: L, W and # are not supported by the rehearsal`);
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) throw invalid(expression);
    const [, from = '', to, step] = match;
    const number = (text: string): number => (names.includes(text) ? names.indexOf(text) + low : Number(text));
    const first = from === '*' ? low : number(from);
    const last = to === undefined ? (from === '*' || step !== undefined ? high : first) : number(to);
    if (![first, last].every((value) => Number.isInteger(value) && value >= low && value <= high) || step === '0')
      throw invalid(expression);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function parseCron(expression: string, body: string): Recurrence {
  const fields = body.trim().toUpperCase().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6 || (dayOfMonth === '?') === (dayOfWeek === '?')) throw invalid(expression);
  const allowed = {
    minutes: parseField(expression, minute, 0, 59),
    hours: parseField(expression, hour, 0, 23),
    days: parseField(expression, dayOfMonth, 1, 31),
    months: parseField(expression, month, 1, 12, MONTHS),
    weekdays: parseField(expression, dayOfWeek, 1, 7, DAYS),
    years: parseField(expression, year, 1970, LAST_YEAR),
  };
  const fits = (set: Set<number> | undefined, value: number): boolean => set === undefined || set.has(value);
  const fitsDay = (date: Date): boolean =>
    fits(allowed.months, date.getUTCMonth() + 1) && fits(allowed.days, date.getUTCDate()) && fits(allowed.weekdays, date.getUTCDay() + 1);

  const nextInDay = (dayMillis: number, fromMillis: number): number | undefined => {
    for (let hourOfDay = 0; hourOfDay < 24; hourOfDay += 1) {
      if (!fits(allowed.hours, hourOfDay) || dayMillis + (hourOfDay + 1) * 3_600_000 <= fromMillis) continue;
      for (let minuteOfHour = 0; minuteOfHour < 60; minuteOfHour += 1) {
        const atMillis = dayMillis + hourOfDay * 3_600_000 + minuteOfHour * 60_000;
        if (atMillis >= fromMillis && fits(allowed.minutes, minuteOfHour)) return atMillis;
      }
    }
    return undefined;
  };
  const next = (afterMillis: number): number | undefined => {
    const fromMillis = afterMillis + 1;
    for (let dayMillis = Math.floor(fromMillis / 86_400_000) * 86_400_000; ; dayMillis += 86_400_000) {
      const date = new Date(dayMillis);
      const yearNow = date.getUTCFullYear();
      if (yearNow > LAST_YEAR || (allowed.years !== undefined && yearNow > Math.max(...allowed.years))) return undefined;
      if (!fits(allowed.years, yearNow)) {
        dayMillis = Date.UTC(yearNow, 11, 31);
        continue;
      }
      const found = fitsDay(date) ? nextInDay(dayMillis, fromMillis) : undefined;
      if (found !== undefined) return found;
    }
  };
  return { kind: 'cron', next };
}

function parseRate(expression: string, body: string, startMillis: number): Recurrence {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(body);
  const count = Number(match?.[1]);
  if (match === null || count < 1) throw invalid(expression);
  const periodMillis = count * (UNIT_MILLIS[match[2] ?? ''] ?? 0);
  return {
    kind: 'rate',
    next: (afterMillis) => startMillis + (Math.max(-1, Math.floor((afterMillis - startMillis) / periodMillis)) + 1) * periodMillis,
  };
}

function parseAt(expression: string, body: string): Recurrence {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body)) throw invalid(expression);
  const atMillis = Date.parse(`${body}Z`);
  if (Number.isNaN(atMillis)) throw invalid(expression);
  return { kind: 'at', next: (afterMillis) => (atMillis > afterMillis ? atMillis : undefined) };
}

/** `rate(…)`, `cron(…)` or `at(…)`, in UTC. A rate's times are its start and every period after it. */
export function parseSchedule(expression: string, startMillis: number): Recurrence {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(expression);
  if (match === null) throw invalid(expression);
  const [, kind, body = ''] = match;
  if (kind === 'rate') return parseRate(expression, body, startMillis);
  return kind === 'cron' ? parseCron(expression, body) : parseAt(expression, body);
}
