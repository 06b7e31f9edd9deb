import type { Arm } from '../contracts';
import type { ArmCounts, MinuteCounts, Stratum } from './types';

export const MINUTE_MILLIS = 60_000;
const NOTHING: ArmCounts = { n: 0, x: 0 };

/** Minutes of one stratum, in the order of time. */
export interface StratumMinutes {
  start: number;
  minutes: MinuteCounts[];
}

/** Cuts by the clock, so that strata never move between looks. The order of the minutes makes no difference. */
export function cutStrata(minutes: MinuteCounts[], stratumMinutes: number): StratumMinutes[] {
  const strata: StratumMinutes[] = [];
  const byStart = new Map<number, StratumMinutes>();
  let last: StratumMinutes | undefined;
  let ascending = true;
  for (const minute of minutes) {
    const start = stratumStart(minute.minuteMillis, stratumMinutes);
    if (last?.start !== start) {
      ascending &&= last === undefined || last.start < start;
      last = byStart.get(start) ?? { start, minutes: [] };
      if (last.minutes.length === 0) {
        byStart.set(start, last);
        strata.push(last);
      }
    }
    last.minutes.push(minute);
  }
  return ascending ? strata : strata.sort((one, other) => one.start - other.start);
}

/** Adds the minutes of each stratum up. `treated` is the arm that is judged. */
export function groupStrata(minutes: MinuteCounts[], stratumMinutes: number, control: Arm, treated: Arm = 'candidate'): Stratum[] {
  return cutStrata(minutes, stratumMinutes).map((stratum) => addUp(stratum, control, treated));
}

export function addUp({ minutes }: StratumMinutes, control: Arm, treated: Arm): Stratum {
  const sum: Stratum = { nC: 0, nB: 0, xC: 0, xB: 0 };
  for (const { arms } of minutes) {
    const judged = arms[treated] ?? NOTHING;
    const other = arms[control] ?? NOTHING;
    sum.nC += judged.n;
    sum.xC += judged.x;
    sum.nB += other.n;
    sum.xB += other.x;
  }
  return sum;
}

/** The last start of a stratum whose last minute has seen its whole window. */
export function lastMatureStart(stratumMinutes: number, waitMinutes: number, nowMillis: number): number {
  return nowMillis - (stratumMinutes + waitMinutes) * MINUTE_MILLIS;
}

/** Only strata whose last minute has seen its whole window: nothing in them changes any more. */
export function matureMinutes(minutes: MinuteCounts[], stratumMinutes: number, waitMinutes: number, nowMillis: number): MinuteCounts[] {
  const last = lastMatureStart(stratumMinutes, waitMinutes, nowMillis);
  return minutes.filter((minute) => stratumStart(minute.minuteMillis, stratumMinutes) <= last);
}

/** Adds up entries of the same minute, e.g. of several shards, in any order. */
export function mergeMinutes(entries: MinuteCounts[]): MinuteCounts[] {
  const merged = new Map<number, MinuteCounts>();
  for (const { minuteMillis, arms } of entries) {
    const minute = merged.get(minuteMillis) ?? { minuteMillis, arms: {} };
    for (const [arm, counts] of Object.entries(arms) as [Arm, ArmCounts][]) {
      minute.arms[arm] = addCounts(minute.arms[arm], counts);
    }
    merged.set(minuteMillis, minute);
  }
  return [...merged.values()].sort((one, other) => one.minuteMillis - other.minuteMillis);
}

export function addCounts(one: ArmCounts | undefined, other: ArmCounts): ArmCounts {
  if (one === undefined) return { ...other, ...(other.tilts === undefined ? {} : { tilts: [...other.tilts] }) };
  const sum: ArmCounts = { n: one.n + other.n, x: one.x + other.x };
  if (one.sum !== undefined || other.sum !== undefined) sum.sum = (one.sum ?? 0) + (other.sum ?? 0);
  if (one.squares !== undefined || other.squares !== undefined) sum.squares = (one.squares ?? 0) + (other.squares ?? 0);
  if (one.tilts !== undefined || other.tilts !== undefined) {
    const longer = one.tilts ?? other.tilts ?? [];
    sum.tilts = longer.map((_, index) => (one.tilts?.[index] ?? 0) + (other.tilts?.[index] ?? 0));
  }
  return sum;
}

function stratumStart(minuteMillis: number, stratumMinutes: number): number {
  const lengthMillis = stratumMinutes * MINUTE_MILLIS;
  return Math.floor(minuteMillis / lengthMillis) * lengthMillis;
}
