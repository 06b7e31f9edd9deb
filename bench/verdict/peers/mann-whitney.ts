import { brentRoot, TOLERANCE } from './brent';

export interface LocationShift {
  low: number;
  high: number;
  /** Hodges and Lehmann's, as far as the root finder goes. */
  estimate: number;
}

/**
 * Mann-Whitney's confidence interval of the shift x − y, normal approximation with correction for ties and continuity: the algorithm of
 * R's `wilcox.test(x, y, conf.int = TRUE, exact = FALSE)`, which Kayenta follows. `quantile`: of the normal distribution, > 0.
 */
export function locationShift(x: number[], y: number[], quantile: number): LocationShift {
  const sortedX = Float64Array.from(x).sort();
  const sortedY = Float64Array.from(y).sort();
  const least = (sortedX[0] ?? 0) - (sortedY.at(-1) ?? 0);
  const most = (sortedX.at(-1) ?? 0) - (sortedY[0] ?? 0);
  const rootAt = (level: number): number => {
    const excess = (shift: number): number => standardised(sortedX, sortedY, shift) - level;
    if (excess(least) <= 0) return least;
    if (excess(most) >= 0) return most;
    return brentRoot(excess, least, most);
  };
  return {
    low: rootAt(quantile),
    high: rootAt(-quantile),
    estimate: brentRoot((shift) => standardised(sortedX, sortedY, shift), least, most),
  };
}

/** Whether `low` can be above 0 at all, for x shifted to be higher: far cheaper than the interval. False only where `low` is not. */
export function mayBeHigher(x: number[], y: number[], quantile: number): boolean {
  return standardised(Float64Array.from(x).sort(), Float64Array.from(y).sort(), -2 * TOLERANCE) > quantile;
}

/** The rank sum of x − shift among all, minus its expectation, in standard deviations. Both are sorted: one merge finds ranks and ties. */
function standardised(x: Float64Array, y: Float64Array, shift: number): number {
  const total = x.length + y.length;
  let i = 0;
  let j = 0;
  let ranks = 0;
  let ties = 0;
  while (i < x.length || j < y.length) {
    const value = Math.min(i < x.length ? (x[i] ?? 0) - shift : Infinity, j < y.length ? (y[j] ?? 0) : Infinity);
    const before = i + j;
    const fromX = i;
    while (i < x.length && (x[i] ?? 0) - shift === value) i += 1;
    while (j < y.length && y[j] === value) j += 1;
    const group = i + j - before;
    ranks += (i - fromX) * (before + (group + 1) / 2);
    ties += group ** 3 - group;
  }
  const excess = ranks - (x.length * (x.length + 1)) / 2 - (x.length * y.length) / 2;
  const variance = ((x.length * y.length) / 12) * (total + 1 - ties / (total * (total - 1)));
  return (excess - Math.sign(excess) * 0.5) / Math.sqrt(variance);
}
