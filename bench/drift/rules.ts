import { cellOf } from '../../core/drift/count';
import type { Kind } from './cells';
import type { Pair } from './draws';

/** Whether a rule calls the window drifted; undefined where it has nothing to say. */
export type Rule = (kind: Kind, pair: Pair) => boolean | undefined;

const PSI_LIMIT = 0.1;
const PSI_CELLS = 10;
const LEAST_SHARE = 1e-4;

/** Population stability index over the baseline's deciles, or the categories, at least 0.1. */
export const psi: Rule = (kind, { baseline, window }) => {
  const [before, after] = kind === 'numeric' ? deciles(baseline, window) : [shares(baseline), shares(window)];
  const cells = Math.max(before.length, after.length);
  let index = 0;
  for (let cell = 0; cell < cells; cell++) {
    const p = Math.max(before[cell] ?? 0, LEAST_SHARE);
    const q = Math.max(after[cell] ?? 0, LEAST_SHARE);
    index += (q - p) * Math.log(q / p);
  }
  return index >= PSI_LIMIT;
};

const KS_ALPHA = 0.05;

/** Kolmogorov and Smirnov's two-sample test at 5 %, by its limit distribution. Of categories there is none. */
export const kolmogorovSmirnov: Rule = (kind, { baseline, window }) => {
  if (kind === 'categorical') return undefined;
  const size = Math.sqrt((baseline.length * window.length) / (baseline.length + window.length));
  return kolmogorovTail(size * largestGap(baseline, window)) < KS_ALPHA;
};

const SAGEMAKER_LIMIT = 0.1;
/** As in the open source that Model Monitor's container is built on. */
const ROBUST_FACTOR = 1.8;

/** SageMaker Model Monitor's comparison_method Robust: the largest difference of the distributions, less what few rows explain, above 0.1. */
export const sageMakerRobust: Rule = (kind, { baseline, window }) => {
  const gap = kind === 'numeric' ? largestGap(baseline, window) : largestDifference(shares(baseline), shares(window));
  const explained = ROBUST_FACTOR * Math.sqrt((baseline.length + window.length) / (baseline.length * window.length));
  return Math.max(0, gap - explained) > SAGEMAKER_LIMIT;
};

/** NannyML's limits: so many standard deviations around the mean of the reference's own chunks. */
const NANNYML_DEVIATIONS = 3;

/**
 * NannyML's default for univariate drift: Jensen and Shannon's distance to the baseline, over Doane's cells or the categories, beside those
 * of the baseline's own chunks, which have as many rows as the window. With fewer than two chunks there is no limit.
 */
export const nannyMl: Rule = (kind, { baseline, window }) => {
  const chunks = Array.from({ length: Math.floor(baseline.length / window.length) }, (_, index) =>
    baseline.subarray(index * window.length, (index + 1) * window.length),
  );
  if (chunks.length < 2) return undefined;
  const sharesOf = kind === 'numeric' ? doaneCells(baseline) : shares;
  const before = sharesOf(baseline);
  const own = chunks.map((chunk) => jensenShannon(before, sharesOf(chunk)));
  const mean = own.reduce((sum, distance) => sum + distance / own.length, 0);
  const deviation = Math.sqrt(own.reduce((sum, distance) => sum + (distance - mean) ** 2 / own.length, 0));
  return Math.abs(jensenShannon(before, sharesOf(window)) - mean) > NANNYML_DEVIATIONS * deviation;
};

function jensenShannon(before: number[], after: number[]): number {
  const bits = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));
  let divergence = 0;
  for (let cell = 0; cell < Math.max(before.length, after.length); cell++) {
    const p = before[cell] ?? 0;
    const q = after[cell] ?? 0;
    divergence += (bits(p, (p + q) / 2) + bits(q, (p + q) / 2)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}

/** Cells of one width over the baseline's range, and one for what is outside. */
function doaneCells(baseline: Float64Array): (values: Float64Array) => number[] {
  const n = baseline.length;
  const mean = baseline.reduce((sum, value) => sum + value / n, 0);
  const moment = (power: number): number => baseline.reduce((sum, value) => sum + (value - mean) ** power / n, 0);
  const skew = moment(3) / moment(2) ** 1.5;
  const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  const cells = Math.ceil(1 + Math.log2(n) + Math.log2(1 + Math.abs(skew) / spread));
  const low = baseline.reduce((least, value) => Math.min(least, value), Infinity);
  const high = baseline.reduce((most, value) => Math.max(most, value), -Infinity);
  return (values) => {
    const sharesOf = Array.from({ length: cells + 1 }, () => 0);
    for (const value of values) {
      const isInside = value >= low && value <= high;
      sharesOf[isInside ? Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells)) : cells]! += 1 / values.length;
    }
    return sharesOf;
  };
}

function deciles(baseline: Float64Array, window: Float64Array): [number[], number[]] {
  const sorted = baseline.toSorted();
  const edges = Array.from({ length: PSI_CELLS - 1 }, (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / PSI_CELLS)]!);
  const sharesOf = (values: Float64Array): number[] => {
    const cells = Array.from({ length: PSI_CELLS }, () => 0);
    for (const value of values) cells[cellOf(edges, value)]! += 1 / values.length;
    return cells;
  };
  return [sharesOf(baseline), sharesOf(window)];
}

function shares(values: Float64Array): number[] {
  const cells = Array.from({ length: values.reduce((most, value) => Math.max(most, value), 0) + 1 }, () => 0);
  for (const value of values) cells[value]! += 1 / values.length;
  return cells;
}

const largestDifference = (before: number[], after: number[]): number =>
  Array.from({ length: Math.max(before.length, after.length) }, (_, cell) => Math.abs((before[cell] ?? 0) - (after[cell] ?? 0))).reduce(
    (most, difference) => Math.max(most, difference),
    0,
  );

/** Between the two empirical distribution functions. */
function largestGap(baseline: Float64Array, window: Float64Array): number {
  const left = baseline.toSorted();
  const right = window.toSorted();
  let [i, j, gap] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i]!, right[j]!);
    while (i < left.length && left[i]! <= value) i += 1;
    while (j < right.length && right[j]! <= value) j += 1;
    gap = Math.max(gap, Math.abs(i / left.length - j / right.length));
  }
  return gap;
}

function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, sum);
}
