const MINUTE = 60_000;

export type Dimensions = Record<string, string>;

export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** What one minute holds. */
export interface Bucket {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** Single values, with how often each came; for percentiles. */
  values: number[];
  counts: number[];
  /** True when a statistic set came in, whose single values nobody knows. */
  summarised: boolean;
}

export interface MetricPoint {
  /** Start of the minute, epoch milliseconds. */
  t: number;
  sum: number;
  count: number;
  min: number;
  max: number;
}

export const emptyBucket = (): Bucket => ({
  sum: 0,
  count: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  values: [],
  counts: [],
  summarised: false,
});

/** One metric: a namespace, a name and a set of dimensions. */
export class MetricSeries {
  readonly units = new Set<string>();
  /** Told of every write. */
  readonly watchers: (() => void)[] = [];
  private readonly buckets = new Map<number, Bucket>();

  constructor(readonly id: MetricId) {}

  add(atMillis: number, value: number, count = 1): void {
    const bucket = this.bucketAt(atMillis);
    bucket.sum += value * count;
    bucket.count += count;
    if (value < bucket.min) bucket.min = value;
    if (value > bucket.max) bucket.max = value;
    bucket.values.push(value);
    bucket.counts.push(count);
    for (const watcher of this.watchers) watcher();
  }

  addSummary(atMillis: number, summary: { sum: number; count: number; min: number; max: number }): void {
    const bucket = this.bucketAt(atMillis);
    bucket.sum += summary.sum;
    bucket.count += summary.count;
    bucket.min = Math.min(bucket.min, summary.min);
    bucket.max = Math.max(bucket.max, summary.max);
    bucket.summarised = true;
    for (const watcher of this.watchers) watcher();
  }

  /** Everything from `fromMillis` up to, not including, `toMillis`; undefined where nothing was written. Whole minutes. */
  window(fromMillis: number, toMillis: number): Bucket | undefined {
    const first = Math.floor(fromMillis / MINUTE);
    const last = Math.ceil(toMillis / MINUTE) - 1;
    if (first === last) return this.buckets.get(first);
    let merged: Bucket | undefined;
    for (let minute = first; minute <= last; minute += 1) {
      const bucket = this.buckets.get(minute);
      if (bucket !== undefined) merged = merge(merged ?? emptyBucket(), bucket);
    }
    return merged;
  }

  points(): MetricPoint[] {
    return [...this.buckets]
      .sort(([left], [right]) => left - right)
      .map(([minute, { sum, count, min, max }]) => ({ t: minute * MINUTE, sum, count, min, max }));
  }

  private bucketAt(atMillis: number): Bucket {
    const minute = Math.floor(atMillis / MINUTE);
    const known = this.buckets.get(minute);
    if (known !== undefined) return known;
    const created = emptyBucket();
    this.buckets.set(minute, created);
    return created;
  }
}

function merge(into: Bucket, from: Bucket): Bucket {
  into.sum += from.sum;
  into.count += from.count;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  for (const value of from.values) into.values.push(value);
  for (const count of from.counts) into.counts.push(count);
  into.summarised ||= from.summarised;
  return into;
}

/** All metrics of the account. */
export class MetricStore {
  private readonly byKey = new Map<string, MetricSeries>();

  series(namespace: string, name: string, dimensions: Dimensions): MetricSeries {
    const key = keyOf(namespace, name, dimensions);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const created = new MetricSeries({ namespace, name, dimensions });
    this.byKey.set(key, created);
    return created;
  }

  find(namespace: string, name: string, dimensions: Dimensions): MetricSeries | undefined {
    return this.byKey.get(keyOf(namespace, name, dimensions));
  }

  all(): MetricSeries[] {
    return [...this.byKey.values()];
  }
}

function keyOf(namespace: string, name: string, dimensions: Dimensions): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\u0000${name}`;
  for (const dimension of names) key += `\u0000${dimension}\u0001${dimensions[dimension]!}`;
  return key;
}
