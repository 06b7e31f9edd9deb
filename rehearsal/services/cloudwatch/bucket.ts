/** What one period holds. */
export interface Bucket {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** Single values; sorted when a percentile asked for them. */
  values: number[];
  /** How often each value came; undefined: once each. */
  counts: number[] | undefined;
  /** How many of `values` are known to be in order. */
  sorted: number;
  /** True when a statistic set came in, whose single values nobody knows. */
  summarised: boolean;
}

export const emptyBucket = (): Bucket => ({
  sum: 0,
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: [],
  counts: undefined,
  sorted: 0,
  summarised: false,
});

export function putValue(bucket: Bucket, value: number, count: number): void {
  bucket.sum += value * count;
  bucket.count += count;
  if (value < bucket.min) bucket.min = value;
  if (value > bucket.max) bucket.max = value;
  if (count !== 1 && bucket.counts === undefined) bucket.counts = bucket.values.map(() => 1);
  bucket.values.push(value);
  bucket.counts?.push(count);
}

/** A statistic set: the single values are known only when all of them are equal. */
export function putSummary(bucket: Bucket, { sum, count, min, max }: { sum: number; count: number; min: number; max: number }): void {
  if (min === max && sum === min * count) {
    putValue(bucket, min, count);
    return;
  }
  bucket.sum += sum;
  bucket.count += count;
  bucket.min = Math.min(bucket.min, min);
  bucket.max = Math.max(bucket.max, max);
  bucket.summarised = true;
}

export function merge(into: Bucket, from: Bucket): Bucket {
  into.sum += from.sum;
  into.count += from.count;
  if (from.min < into.min) into.min = from.min;
  if (from.max > into.max) into.max = from.max;
  if (from.counts !== undefined) into.counts ??= into.values.map(() => 1);
  if (into.counts !== undefined) for (let index = 0; index < from.values.length; index += 1) into.counts.push(from.counts?.[index] ?? 1);
  for (const value of from.values) into.values.push(value);
  into.summarised ||= from.summarised;
  return into;
}

/** Puts the single values in order, once. */
export function sortValues(bucket: Bucket): void {
  if (bucket.sorted === bucket.values.length) return;
  if (bucket.counts === undefined) bucket.values.sort((left, right) => left - right);
  else {
    const pairs = bucket.values.map((value, index) => [value, bucket.counts![index]!] as const);
    pairs.sort(([left], [right]) => left - right);
    bucket.values = pairs.map(([value]) => value);
    bucket.counts = pairs.map(([, count]) => count);
  }
  bucket.sorted = bucket.values.length;
}
