import { createHash } from 'node:crypto';
import { hourFolder, hourOfMillis } from '../places';

/** A file that SageMaker's data capture wrote. */
export interface CaptureObject {
  key: string;
  size: number;
  etag: string;
}

/** Files of one hour's folder. */
export interface HourCaptures {
  /** Hours since 1970. */
  hour: number;
  objects: CaptureObject[];
  bytes: number;
  /** Of keys, sizes and ETags: another one, and the hour is read anew. */
  digest: string;
}

const HOUR_MILLIS = 3_600_000;
/** `…/2026/03/02/09/12-30-000-….jsonl`. */
const PLACE = /\/(\d{4})\/(\d{2})\/(\d{2})\/(\d{2})\/[^/]+$/;

export const startOfHour = (hour: number): number => hour * HOUR_MILLIS;

/** `2026-03-02T09`. */
export const hourName = (hour: number): string => new Date(startOfHour(hour)).toISOString().slice(0, 13);

export const hourOfName = (name: string): number => hourOfMillis(Date.parse(`${name}:00:00Z`));

/** The hour of the folder that a file lies in; undefined: it is no capture file. */
export function hourOfKey(key: string): number | undefined {
  const [, year, month, day, hour] = PLACE.exec(key) ?? [];
  if (year === undefined) return undefined;
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
  return Number.isNaN(millis) ? undefined : hourOfMillis(millis);
}

/** Where a listing begins: every key of the hour, and of later ones, comes after it. */
export const folderOfHour = (hour: number): string => `${hourFolder(startOfHour(hour))}/`;

/** By hour, from `from` to `to` with both; files of no hour are left out. */
export function byHour(objects: CaptureObject[], from: number, to: number): Map<number, HourCaptures> {
  const hours = new Map<number, CaptureObject[]>();
  for (const object of objects) {
    const hour = hourOfKey(object.key);
    if (hour === undefined || hour < from || hour > to) continue;
    const known = hours.get(hour);
    if (known === undefined) hours.set(hour, [object]);
    else known.push(object);
  }
  return new Map([...hours].map(([hour, found]) => [hour, hourCaptures(hour, found)]));
}

function hourCaptures(hour: number, found: CaptureObject[]): HourCaptures {
  const objects = found.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const digest = createHash('sha256');
  for (const { key, size, etag } of objects) digest.update(`${key}\n${size}\n${etag}\n`);
  return { hour, objects, bytes: bytesOf(objects), digest: digest.digest('hex').slice(0, 32) };
}

export const bytesOf = (objects: Pick<CaptureObject, 'size'>[]): number => objects.reduce((sum, { size }) => sum + size, 0);
