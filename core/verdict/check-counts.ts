import type { Arm, KpiPolicy } from '../contracts';
import { ARMS } from '../contracts';
import type { ArmCounts, MinuteCounts } from './types';
import { TILT_PARTS, VALUE_STEPS, valueScaleOf } from './value-scale';

/** Counters that contradict themselves must never turn into a verdict. */
export function checkCounts(kpi: string, minutes: MinuteCounts[]): void {
  for (const { minuteMillis, arms } of minutes) {
    for (const arm of ARMS) {
      const counts = arms[arm];
      if (counts !== undefined) checkUnits(kpi, arm, minuteMillis, counts);
    }
  }
}

/** The same for `mean` and `count`, whose sums must belong to x values between 0 and the cap. */
export function checkValueCounts(kpi: KpiPolicy, minutes: MinuteCounts[]): void {
  const bets = valueScaleOf(kpi).lambdas.length;
  for (const { minuteMillis, arms } of minutes) {
    for (const arm of ARMS) {
      const counts = arms[arm];
      if (counts === undefined) continue;
      checkUnits(kpi.name, arm, minuteMillis, counts);
      const contradiction = contradictionOf(counts, bets);
      if (contradiction !== undefined) {
        throw new Error(
          `Counters of '${kpi.name}', ${where(arm, minuteMillis)} contradict themselves: ${contradiction}. ` +
            'Look at the ingest handler: every value adds to all of its counters at once, in whole numbers of the same scale.',
        );
      }
    }
  }
}

function checkUnits(kpi: string, arm: Arm, minuteMillis: number, { n, x }: ArmCounts): void {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(x) || x < 0 || x > n) {
    throw new Error(
      `Counters of '${kpi}', ${where(arm, minuteMillis)} say ${x} of ${n} units: ` +
        'whole numbers with 0 ≤ x ≤ n expected. Look at the ingest handler: one outcome per unit and KPI.',
    );
  }
}

const where = (arm: Arm, minuteMillis: number): string => `arm ${arm}, minute ${new Date(minuteMillis).toISOString()}`;

function contradictionOf({ x, sum = 0, squares = 0, tilts = [] }: ArmCounts, bets: number): string | undefined {
  if (!Number.isSafeInteger(sum) || sum < 0 || sum > x * VALUE_STEPS) return `a sum of ${sum} for ${x} values from 0 to ${VALUE_STEPS}`;
  if (!Number.isSafeInteger(squares) || squares > sum * VALUE_STEPS || squares * x < sum * sum * (1 - Number.EPSILON * 4)) {
    return `a sum of squares of ${squares} where the sum of ${x} values is ${sum}`;
  }
  if (x === 0 && tilts.length === 0) return undefined;
  if (tilts.length !== bets) return `${tilts.length} sums of e^(λ·harm) where there are ${bets} λ`;
  for (const tilt of tilts) {
    // Large bets outgrow what a double counts one by one: whole it stays.
    if (!Number.isInteger(tilt) || tilt < x * TILT_PARTS) {
      return `a sum of e^(λ·harm) of ${tilt} millionths for ${x} values: at least 1 each expected`;
    }
  }
  return undefined;
}
