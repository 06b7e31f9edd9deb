const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);
const ABSENT = new Set(['', 'null', 'none', 'na', 'n/a']);

/** Days that a history may be from: whatever lies outside was no time, or another unit. */
const EARLIEST_MILLIS = Date.UTC(1990, 0, 1);
const LATEST_MILLIS = Date.UTC(2200, 0, 1);

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i;
const EPOCH = /^\d{9,19}(\.\d+)?$/;

export const isAbsent = (cell: unknown): boolean =>
  cell === undefined || cell === null || (typeof cell === 'string' && ABSENT.has(cell.trim().toLowerCase()));

/** A cell as a person would recognise it. */
export function describeCell(cell: unknown): string {
  const text =
    typeof cell === 'string' ? JSON.stringify(cell) : typeof cell === 'number' ? String(cell) : (JSON.stringify(cell) ?? 'nothing');
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** ISO 8601 (a blank for the T is fine, no zone is UTC), or an epoch in s, ms, µs or ns by its size. Undefined: no time. */
export function timeOf(cell: unknown): number | undefined {
  const text = typeof cell === 'number' ? String(cell) : typeof cell === 'string' ? cell.trim() : '';
  const millis = EPOCH.test(text) ? fromEpoch(Number(text)) : fromIso(text);
  return millis !== undefined && millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS ? millis : undefined;
}

function fromEpoch(value: number): number {
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function fromIso(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = match;
  return isDay(day) ? Date.parse(`${day}T${time.replace(',', '.')}${zoneOf(zone)}`) : undefined;
}

/** Rows of a history come day after day: the last day is known. */
let knownDay = '';

/** V8 reads the 30th of February as a day of March. */
function isDay(day: string): boolean {
  if (day === knownDay) return true;
  const time = new Date(`${day}T00:00Z`);
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(day)) return false;
  knownDay = day;
  return true;
}

function zoneOf(zone: string): string {
  if (/^(Z|UTC)$/i.test(zone)) return 'Z';
  if (zone.length === 3) return `${zone}:00`;
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** 1 or 0. Undefined: neither true nor false. */
export function happenedOf(cell: unknown): number | undefined {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  const text = String(cell).trim().toLowerCase();
  if (TRUE.has(text)) return 1;
  if (FALSE.has(text)) return 0;
  const number = numberOf(cell);
  return number === 0 || number === 1 ? number : undefined;
}

/** A finite number. Undefined: none. */
export function numberOf(cell: unknown): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell !== 'string' || cell.trim() === '') return undefined;
  const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
