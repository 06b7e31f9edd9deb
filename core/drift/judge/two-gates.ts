import { logChiSquareTail, logTwoSidedNormalTail } from './tails';

/** Cells with fewer expected rows on either side say nothing alone. */
const FEWEST_EXPECTED = 1;
/** One row may carry at most this share of a score's standard error: beyond it the normal tail is no bound. */
const LARGEST_PULL = 0.25;

export interface TwoGates {
  /** Debiased √JSD in bits. */
  distance: number;
  /** Of the significance, over all tests of the table. */
  log10P: number;
  /** Cells that were used. */
  cells: number;
}

/**
 * How far two rows of counts are apart, and how sure that is. Of cells in an order (`ordered`), beside the G-test of everything,
 * a shift of the ranks and a change of their spread are tested: far more is seen of them in few rows. Undefined where a side is empty.
 */
export function compareCounts(baseline: readonly number[], window: readonly number[], ordered: boolean): TwoGates | undefined {
  const m = sumOf(baseline);
  const n = sumOf(window);
  if (m === 0 || n === 0) return undefined;
  const [left, right] = pooled(baseline, window, m, n);
  const tests = [logGTest(left, right, m, n), ...(ordered ? rankTests(baseline, window, m, n) : [])];
  const logP = Math.min(0, Math.min(...tests) + Math.log(tests.length));
  return { distance: debiasedDistance(left, right, m, n), log10P: logP / Math.LN10, cells: left.length };
}

/** `count` of `rows` on either side. */
export function compareRates(baseline: Rate, window: Rate): TwoGates | undefined {
  return compareCounts([baseline.count, baseline.rows - baseline.count], [window.count, window.rows - window.count], false);
}

export interface Rate {
  count: number;
  rows: number;
}

/** Empty cells are left out; the sparse ones become one, even where that is sparse too: a value that is new to the window is all its evidence. */
function pooled(baseline: readonly number[], window: readonly number[], m: number, n: number): [number[], number[]] {
  const fewest = fewestRows(m, n);
  const left: number[] = [];
  const right: number[] = [];
  let sparseLeft = 0;
  let sparseRight = 0;
  for (let cell = 0; cell < Math.max(baseline.length, window.length); cell++) {
    const before = baseline[cell] ?? 0;
    const after = window[cell] ?? 0;
    if (before + after < fewest) {
      sparseLeft += before;
      sparseRight += after;
    } else {
      left.push(before);
      right.push(after);
    }
  }
  if (sparseLeft + sparseRight > 0) {
    left.push(sparseLeft);
    right.push(sparseRight);
  }
  return [left, right];
}

/** ln of the p-value that both rows of counts come from one distribution. */
function logGTest(left: number[], right: number[], m: number, n: number): number {
  if (left.length < 2) return 0;
  let half = 0;
  for (let cell = 0; cell < left.length; cell++) {
    const all = left[cell]! + right[cell]!;
    half += surprise(left[cell]!, (all * m) / (m + n)) + surprise(right[cell]!, (all * n) / (m + n));
  }
  return logChiSquareTail((2 * half) / williams(left, right, m, n), left.length - 1);
}

/** Williams' correction: with few rows in many cells G is larger than χ² says. Two cells need none. */
function williams(left: number[], right: number[], m: number, n: number): number {
  if (left.length === 2) return 1;
  const rows = m + n;
  const fewest = fewestRows(m, n);
  const cells = left.reduce((sum, count, cell) => sum + rows / Math.max(count + right[cell]!, fewest), -1);
  return 1 + ((rows / m + rows / n - 1) * cells) / (6 * rows * (left.length - 1));
}

/** Of both sides, that one row is expected on the smaller one. */
const fewestRows = (m: number, n: number): number => (FEWEST_EXPECTED * (m + n)) / Math.min(m, n);

const surprise = (count: number, expected: number): number => (count === 0 ? 0 : count * Math.log(count / expected));

/** √ of the Jensen-Shannon divergence in bits, less what chance alone makes of it. */
function debiasedDistance(left: number[], right: number[], m: number, n: number): number {
  let divergence = 0;
  for (let cell = 0; cell < left.length; cell++) {
    const p = left[cell]! / m;
    const q = right[cell]! / n;
    const middle = (p + q) / 2;
    divergence += (bits(p, middle) + bits(q, middle)) / 2;
  }
  const bias = ((left.length - 1) * (1 / m + 1 / n)) / (8 * Math.LN2);
  return Math.sqrt(Math.max(0, divergence - bias));
}

const bits = (share: number, middle: number): number => (share === 0 ? 0 : share * Math.log2(share / middle));

/** Wilcoxon's test of the ranks, and Mood's of their squared distance from the middle, ties as one rank. */
function rankTests(baseline: readonly number[], window: readonly number[], m: number, n: number): number[] {
  const all = baseline.map((count, cell) => count + window[cell]!);
  let below = 0;
  const ranks = all.map((count) => {
    const rank = (below + count / 2) / (m + n) - 0.5;
    below += count;
    return rank;
  });
  return [ranks, ranks.map((rank) => rank * rank)].map((scores) => logScoreTest(scores, all, window, m, n));
}

/** Of the mean score of the window's rows, drawn from all rows without putting back. */
function logScoreTest(scores: number[], all: number[], window: readonly number[], m: number, n: number): number {
  const rows = m + n;
  const mean = weighted(scores, all) / rows;
  const variance =
    weighted(
      scores.map((score) => (score - mean) ** 2),
      all,
    ) /
    (rows - 1);
  if (!(variance > 0)) return 0;
  const error = Math.sqrt(variance * (1 / m + 1 / n));
  const fewer = Math.min(m, n);
  const pull = Math.max(...scores.filter((_, cell) => all[cell]! > 0).map((score) => Math.abs(score - mean))) / (fewer * error);
  return pull > LARGEST_PULL ? 0 : logTwoSidedNormalTail((weighted(scores, window) / n - mean) / ((error * m) / rows));
}

const weighted = (scores: number[], counts: readonly number[]): number =>
  scores.reduce((sum, score, cell) => sum + score * counts[cell]!, 0);

export const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
