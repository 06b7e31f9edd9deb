import type { CanaryStep } from '../contracts';

const NEEDED_INFORMATION = 6;

/** n_c·n_b/n that a verdict at the margin needs when units have the outcome at `rate`. Infinite where the rate is 0 or 1. */
export function unitsForVerdict(margin: number, rate: number): number {
  const information = Math.log(1 + margin) ** 2 * rate * (1 - rate);
  return information > 0 ? NEEDED_INFORMATION / information : Number.POSITIVE_INFINITY;
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
  let missing = unitsForVerdict(margin, rate);
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
