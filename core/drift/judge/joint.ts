import type { JointCounts } from '../types';
import { JOINT_STEP } from '../count';
import { logTwoSidedNormalTail } from './tails';
import type { JointComparison } from './types';

/** Smallest |z| whatever the false alarms allowed. */
const SMALLEST_LIMIT = 3.9;
/** Smallest shift that is large, in standard deviations. */
export const SMALLEST_SHIFT = 0.2;

/** Mean reconstruction error beside the baseline's. Undefined where a side has fewer than two rows. */
export function compareJoint(
  baseline: JointCounts | undefined,
  window: JointCounts | undefined,
  alpha: number,
): JointComparison | undefined {
  if (baseline === undefined || window === undefined || baseline.n < 2 || window.n < 2) return undefined;
  const before = momentsOf(baseline);
  const after = momentsOf(window);
  // Of the window's own spread or the baseline's the larger: neither one far row nor rows that are all alike make much of a z.
  const error = Math.sqrt(before.variance / baseline.n + Math.max(before.variance, after.variance) / window.n);
  const difference = after.mean - before.mean;
  const z = ratio(difference, error);
  const shift = ratio(difference, Math.sqrt(before.variance));
  const limit = Math.max(SMALLEST_LIMIT, twoSidedQuantile(alpha));
  return {
    baselineMean: before.mean,
    windowMean: after.mean,
    shift,
    z,
    limit,
    rows: window.n,
    baselineRows: baseline.n,
    fired: Math.abs(z) > limit && Math.abs(shift) >= SMALLEST_SHIFT,
  };
}

/** Where nothing varies any difference is as large as can be. */
const ratio = (difference: number, spread: number): number =>
  difference === 0 ? 0 : difference / Math.max(spread, Number.MIN_VALUE * 2 ** 60);

function momentsOf({ n, sum, sumOfSquares }: JointCounts): { mean: number; variance: number } {
  const mean = sum / n;
  const variance = Math.max(0, (sumOfSquares - sum * mean) / (n - 1));
  return { mean: mean * JOINT_STEP, variance: variance * JOINT_STEP ** 2 };
}

/** |z| that chance exceeds with this probability, by bisection. */
export function twoSidedQuantile(probability: number): number {
  let low = 0;
  let high = 40;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (logTwoSidedNormalTail(middle) > Math.log(probability)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
