import type { CanaryStep } from '../contracts';

const NEEDED_INFORMATION = 6;
const NEEDED_INFORMATION_OF_MEAN = 8;

/** n_c·n_b/n that a verdict at the margin needs when units have the outcome at `rate`. Infinite where the rate is 0 or 1. */
export function unitsForVerdict(margin: number, rate: number): number {
  const information = Math.log(1 + margin) ** 2 * rate * (1 - rate);
  return information > 0 ? NEEDED_INFORMATION / information : Number.POSITIVE_INFINITY;
}

/** The same for `mean` and `count`. Besides, the candidate needs `BURN_IN_OBSERVATIONS` values. Infinite where the mean is 0. */
export function unitsForMeanVerdict(margin: number, mean: number, standardDeviation: number): number {
  const effect = margin * mean;
  return effect > 0 ? (NEEDED_INFORMATION_OF_MEAN * standardDeviation ** 2) / effect ** 2 : Number.POSITIVE_INFINITY;
}

export interface VerdictOutlook {
  margin: number;
  rate: number;
  /** Units per hour that yield an outcome of this KPI, all arms together. */
  unitsPerHour: number;
  /** The last step counts for as long as it takes. */
  steps: CanaryStep[];
}

/** Hours of canary until `unitsForVerdict` is reached. Infinite without traffic. */
export function hoursForVerdict({ margin, rate, unitsPerHour, steps }: VerdictOutlook): number {
  return hoursForUnits(unitsForVerdict(margin, rate), unitsPerHour, steps);
}

/** Hours of canary until n_c·n_b/n reaches `units`. */
export function hoursForUnits(units: number, unitsPerHour: number, steps: CanaryStep[]): number {
  let missing = units;
  let hours = 0;
  for (const [index, step] of steps.entries()) {
    const perHour = unitsPerHour * step.weight * (1 - step.weight);
    const stepHours = index === steps.length - 1 ? Number.POSITIVE_INFINITY : step.bakeMinutes / 60;
    if (missing <= perHour * stepHours) {
      return hours + missing / perHour;
    }
    missing -= perHour * stepHours;
    hours += stepHours;
  }
  return Number.POSITIVE_INFINITY;
}
