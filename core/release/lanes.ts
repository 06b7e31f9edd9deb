import type { Lane, ReleaseSpec } from '../contracts';
import { canonicalJson } from '../hash';

/** The one change of a release that has no stable to be compared with: no lane can cover it. */
export const EVERYTHING = 'everything';

type Compared = Pick<ReleaseSpec, 'model' | 'serving' | 'behaviour'>;

/** Paths in which the next release differs from stable, such as `behaviour.threshold`, in a fixed order. The policy is no part of it. */
export function changesOf(stable: Compared | undefined, next: Compared): string[] {
  if (stable === undefined) return [EVERYTHING];
  return (['model', 'serving', 'behaviour'] as const).flatMap((part) => differences(stable[part], next[part], part));
}

/** The first lane that covers every change, and within whose limits the changed numbers are. */
export function laneOf(lanes: Lane[], changes: string[], next: Compared): Lane | undefined {
  return lanes.find((lane) => changes.every((change) => isCovered(lane, change)) && limitsKept(lane, changes, next));
}

/** A key that could be mistaken for a path is quoted. */
export const pathTo = (parent: string, key: string): string => `${parent}.${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`;

function differences(before: unknown, after: unknown, path: string): string[] {
  if (!isObject(before) || !isObject(after)) return same(before, after) ? [] : [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => differences(before[key], after[key], pathTo(path, key)));
}

const same = (before: unknown, after: unknown): boolean =>
  before === undefined || after === undefined ? before === after : canonicalJson(before) === canonicalJson(after);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isPartOf = (path: string, whole: string): boolean => path === whole || path.startsWith(`${whole}.`);

const isCovered = (lane: Lane, change: string): boolean => lane.changes.some((part) => isPartOf(change, part));

/** A number that nobody changed was agreed to before; one that is gone has left the lane. */
function limitsKept({ within = {} }: Lane, changes: string[], next: Compared): boolean {
  return Object.entries(within).every(([path, [smallest, largest]]) => {
    if (!changes.some((change) => isPartOf(change, path) || isPartOf(path, change))) return true;
    const value = valueAt(next, path);
    return typeof value === 'number' && value >= smallest && value <= largest;
  });
}

function valueAt(spec: Compared, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), spec as unknown);
}
