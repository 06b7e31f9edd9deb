/** Scores in millionths: whole numbers add up to the same sum in any order and any split. */
export const MICROS = 1_000_000;

/** How many, and the sum of their scores in millionths. */
export interface Sum {
  n: number;
  micros: number;
}

export const noSum = (): Sum => ({ n: 0, micros: 0 });

export const toMicros = (score: number): number => Math.round(score * MICROS);

export const plus = (left: Sum, right: Sum): Sum => ({ n: left.n + right.n, micros: left.micros + right.micros });

export const meanOf = ({ n, micros }: Sum): number | undefined => (n === 0 ? undefined : micros / MICROS / n);

/** Members of both, with what they share put together. */
export function mergeBy<T>(left: Record<string, T>, right: Record<string, T>, merge: (one: T, other: T) => T): Record<string, T> {
  // Keys come from data: one may be `__proto__`.
  const all = new Map(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const known = all.get(key);
    all.set(key, known === undefined ? value : merge(known, value));
  }
  return Object.fromEntries([...all].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const Z_95 = 1.959964;

/**
 * Where the true mean lies with 95 % confidence, as far as `n` scores from 0 to 1 tell: Wilson's interval, which is exact for hits and
 * misses and too wide for scores in between, whose variance is smaller.
 */
export function meanInterval(mean: number, n: number): { lower: number; upper: number } {
  const z2 = Z_95 ** 2;
  const middle = (mean + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 * Math.sqrt((mean * (1 - mean)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}
