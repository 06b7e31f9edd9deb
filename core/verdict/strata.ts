import type { ArmCounts, ControlArm, MinuteCounts, Stratum } from './types';

export const MINUTE_MILLIS = 60_000;
const NOTHING: ArmCounts = { n: 0, x: 0 };

/** Adds minutes up to strata of `stratumMinutes`, cut by the clock so that they never move between looks. */
export function groupStrata(minutes: MinuteCounts[], stratumMinutes: number, control: ControlArm): Stratum[] {
  const strata = new Map<number, Stratum>();
  for (const minute of minutes) {
    const start = stratumStart(minute.minuteMillis, stratumMinutes);
    const stratum = strata.get(start) ?? { nC: 0, nB: 0, xC: 0, xB: 0 };
    const candidate = minute.arms.candidate ?? NOTHING;
    const other = minute.arms[control] ?? NOTHING;
    stratum.nC += candidate.n;
    stratum.xC += candidate.x;
    stratum.nB += other.n;
    stratum.xB += other.x;
    strata.set(start, stratum);
  }
  return [...strata.values()];
}

/** Only strata whose last minute has seen its whole window: nothing in them changes any more. */
export function matureMinutes(minutes: MinuteCounts[], stratumMinutes: number, waitMinutes: number, nowMillis: number): MinuteCounts[] {
  const waitMillis = (stratumMinutes + waitMinutes) * MINUTE_MILLIS;
  return minutes.filter((minute) => stratumStart(minute.minuteMillis, stratumMinutes) + waitMillis <= nowMillis);
}

/** Counters that contradict themselves must never turn into a verdict. */
export function checkCounts(kpi: string, minutes: MinuteCounts[]): void {
  for (const minute of minutes) {
    for (const [arm, counts] of Object.entries(minute.arms)) {
      const { n, x } = counts;
      if (!Number.isInteger(n) || !Number.isInteger(x) || x < 0 || x > n) {
        throw new Error(
          `Counters of '${kpi}', arm ${arm}, minute ${new Date(minute.minuteMillis).toISOString()} say ${x} of ${n} units: ` +
            'whole numbers with 0 ≤ x ≤ n expected. Look at the ingest handler: one outcome per unit and KPI.',
        );
      }
    }
  }
}

function stratumStart(minuteMillis: number, stratumMinutes: number): number {
  const lengthMillis = stratumMinutes * MINUTE_MILLIS;
  return Math.floor(minuteMillis / lengthMillis) * lengthMillis;
}
