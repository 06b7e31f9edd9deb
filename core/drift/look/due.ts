import type { CaptureObject, HourCaptures } from './objects';
import { bytesOf } from './objects';

/** SageMaker writes files late, seldom by more than minutes: so long an hour is compared with what was read of it. */
export const LATE_HOURS = 48;
/** The longest window. */
export const KEPT_HOURS = 168;

/** What one function reads within a look; more is read by many. */
export const SMALL_BYTES = 64 * 1024 * 1024;
export const SMALL_OBJECTS = 2_000;

/** What one function of many reads: a minute or two of its fifteen. Names of files are its input, of which Step Functions takes 256 KB. */
const PART_BYTES = 128 * 1024 * 1024;
const PART_OBJECTS = 400;
/** Parts that one function merges. */
const GROUP_PARTS = 40;

export const isSmall = ({ objects }: { objects: CaptureObject[] }): boolean =>
  objects.length <= SMALL_OBJECTS && bytesOf(objects) <= SMALL_BYTES;

/** Hours whose files are not those that their profile was made of, the newest first: what is said of today must not wait. */
export function dueHours(captures: Map<number, HourCaptures>, kept: Map<number, { digest: string }>): HourCaptures[] {
  return [...captures.values()].filter(({ hour, digest }) => kept.get(hour)?.digest !== digest).sort((one, other) => other.hour - one.hour);
}

/** Hours that are listed: the last two days, and before them whatever an earlier look did not get to. */
export function listedFrom(hour: number, sinceHour: number, settledHour: number | undefined): number {
  const oldest = Math.max(sinceHour, hour - KEPT_HOURS + 1);
  return Math.max(oldest, Math.min(hour - LATE_HOURS + 1, settledHour ?? oldest));
}

/** What one function reads: an item of the distributed Map. */
export interface JobPart {
  part: number;
  objects: CaptureObject[];
}

export function partsOf(objects: CaptureObject[]): JobPart[] {
  const parts: JobPart[] = [];
  let current: CaptureObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    if (current.length > 0 && (bytes + object.size > PART_BYTES || current.length === PART_OBJECTS)) {
      parts.push({ part: parts.length, objects: current });
      current = [];
      bytes = 0;
    }
    current.push(object);
    bytes += object.size;
  }
  if (current.length > 0) parts.push({ part: parts.length, objects: current });
  return parts;
}

/** Parts that are merged together, from `from` up to, without, `to`: the level below the root of the tree. */
export function groupsOf(parts: number): { group: number; from: number; to: number }[] {
  return Array.from({ length: Math.ceil(parts / GROUP_PARTS) }, (_, group) => ({
    group,
    from: group * GROUP_PARTS,
    to: Math.min(parts, (group + 1) * GROUP_PARTS),
  }));
}
