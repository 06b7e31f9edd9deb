import { ARMS } from '../contracts';
import { addCounts, type ArmCounts, type MinuteCounts } from '../verdict';
import { spanOf, type StableSpan } from './spans';
import { startOfHour } from './time';
import type { HourCounts } from './types';

/** Adds the minutes that one release's counters hold up by hour, told apart by which release was stable. */
export function foldHours(comparison: string, minutes: MinuteCounts[], spans: StableSpan[]): HourCounts[] {
  return mergeHours(
    minutes.flatMap(({ minuteMillis, arms }) => {
      const span = spanOf(spans, minuteMillis);
      return span === undefined
        ? []
        : [{ minuteMillis: startOfHour(minuteMillis), arms, stable: span.releaseId, own: span.releaseId === comparison }];
    }),
  );
}

/** Any order in, the same out. */
export function mergeHours(hours: HourCounts[]): HourCounts[] {
  const merged = new Map<string, HourCounts>();
  for (const { minuteMillis, stable, own, arms } of hours) {
    const key = `${minuteMillis}|${stable}|${own}`;
    const before = merged.get(key)?.arms ?? {};
    merged.set(key, { minuteMillis, stable, own, arms: addArms(before, arms) });
  }
  return [...merged.values()].sort(
    (one, other) => one.minuteMillis - other.minuteMillis || compare(one.stable, other.stable) || Number(one.own) - Number(other.own),
  );
}

function addArms(one: MinuteCounts['arms'], other: MinuteCounts['arms']): MinuteCounts['arms'] {
  const sums = { ...one };
  for (const arm of ARMS) {
    const counts: ArmCounts | undefined = other[arm];
    if (counts !== undefined) sums[arm] = addCounts(one[arm], counts);
  }
  return sums;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
