/**
 * Latencies by the logarithm of their length: every bucket is 2 % wider than the one before, so that a percentile read from it is at most
 * 2 % above the true one, and histograms of drivers that ran side by side merge by addition.
 */
export type Histogram = Record<string, number>;

const LOG_WIDTH = Math.log(1.02);

/** Below a millisecond nothing is told apart. */
const bucketOf = (millis: number): number => (millis <= 1 ? 0 : Math.ceil(Math.log(millis) / LOG_WIDTH - 1e-9));

/** The largest latency of a bucket. */
const topOf = (bucket: number): number => Math.exp(bucket * LOG_WIDTH);

export function addLatency(histogram: Histogram, millis: number): void {
  const bucket = bucketOf(millis);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

export function mergeHistograms(left: Histogram, right: Histogram): Histogram {
  const all = { ...left };
  for (const [bucket, n] of Object.entries(right)) all[bucket] = (all[bucket] ?? 0) + n;
  return all;
}

export const countOf = (histogram: Histogram): number => Object.values(histogram).reduce((sum, n) => sum + n, 0);

/** Fewer latencies have none above their percentile: it would be the largest one, whatever it is. */
export const fewestFor = (percentile: number): number => Math.ceil(100 / (100 - percentile) - 1e-9);

/** The nearest rank's latency in milliseconds; undefined where there are too few to tell. */
export function percentileOf(histogram: Histogram, percentile: number): number | undefined {
  const n = countOf(histogram);
  if (n < fewestFor(percentile)) return undefined;
  const rank = Math.ceil((percentile / 100) * n - 1e-9);
  let seen = 0;
  for (const bucket of Object.keys(histogram)
    .map(Number)
    .sort((one, other) => one - other)) {
    seen += histogram[bucket] ?? 0;
    if (seen >= rank) return topOf(bucket);
  }
  return undefined;
}
