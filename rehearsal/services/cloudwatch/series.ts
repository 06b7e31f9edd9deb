import { emptyBucket, merge, putSummary, putValue, type Bucket } from './bucket';

const MINUTE = 60_000;
const SECOND = 1000;
/** Sub-minute values are kept for three hours. */
const FINE_SECONDS = 3 * 3600;

export type Dimensions = Record<string, string>;

export interface MetricId {
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

export interface MetricPoint {
  /** Start of the minute, epoch milliseconds. */
  t: number;
  sum: number;
  count: number;
  min: number;
  max: number;
}

export interface Summary {
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** Holds a write back until CloudWatch would show it; false: it shows at once. */
export type Gate = (series: MetricSeries, show: () => void) => boolean;

/** One metric: a namespace, a name and a set of dimensions. */
export class MetricSeries {
  readonly units = new Set<string>();
  /** Told of the first write since `changed` was set to false. */
  listener: ((series: MetricSeries) => void) | undefined;
  changed = false;
  private readonly buckets = new Map<number, Bucket>();
  private fine: Map<number, Bucket> | undefined;
  private lastMinute = Number.NaN;
  private lastBucket: Bucket | undefined;

  constructor(
    readonly id: MetricId,
    private readonly store: { gate?: Gate },
  ) {}

  /** A value of standard resolution. */
  add(atMillis: number, value: number, count = 1): void {
    if (this.store.gate?.(this, () => this.write(atMillis, value, count)) === true) return;
    this.write(atMillis, value, count);
  }

  /** A value that is kept by the second (StorageResolution 1). */
  addFine(atMillis: number, value: number, count = 1): void {
    if (this.store.gate?.(this, () => this.writeFine(atMillis, value, count)) === true) return;
    this.writeFine(atMillis, value, count);
  }

  addSummary(atMillis: number, summary: Summary, fine = false): void {
    const show = (): void => {
      putSummary(this.bucketAt(Math.floor(atMillis / MINUTE)), summary);
      if (fine || this.fine !== undefined) putSummary(this.fineAt(fine ? atMillis : Math.floor(atMillis / MINUTE) * MINUTE), summary);
      this.wrote();
    };
    if (this.store.gate?.(this, show) !== true) show();
  }

  get empty(): boolean {
    return this.buckets.size === 0;
  }

  /** Start of the newest minute that holds data. */
  get newestMillis(): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (const minute of this.buckets.keys()) if (minute > newest) newest = minute;
    return newest * MINUTE;
  }

  /** Everything from `fromMillis` up to, not including, `toMillis`; undefined where nothing was written. */
  window(fromMillis: number, toMillis: number): Bucket | undefined {
    if (toMillis - fromMillis < MINUTE) return this.fineWindow(fromMillis, toMillis);
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

  private write(atMillis: number, value: number, count: number): void {
    const minute = Math.floor(atMillis / MINUTE);
    putValue(this.bucketAt(minute), value, count);
    // What is published by the minute stands at the minute's start.
    if (this.fine !== undefined) putValue(this.fineAt(minute * MINUTE), value, count);
    if (!this.changed) this.wrote();
  }

  private writeFine(atMillis: number, value: number, count: number): void {
    this.keepFine();
    putValue(this.bucketAt(Math.floor(atMillis / MINUTE)), value, count);
    putValue(this.fineAt(atMillis), value, count);
    if (!this.changed) this.wrote();
  }

  private wrote(): void {
    if (this.changed || this.listener === undefined) return;
    this.changed = true;
    this.listener(this);
  }

  private fineWindow(fromMillis: number, toMillis: number): Bucket | undefined {
    if (this.fine === undefined) return fromMillis % MINUTE === 0 ? this.buckets.get(fromMillis / MINUTE) : undefined;
    let merged: Bucket | undefined;
    for (let second = Math.floor(fromMillis / SECOND); second * SECOND < toMillis; second += 1) {
      const bucket = this.fine.get(second);
      if (bucket !== undefined) merged = merge(merged ?? emptyBucket(), bucket);
    }
    return merged;
  }

  private keepFine(): void {
    if (this.fine !== undefined) return;
    this.fine = new Map();
    for (const [minute, bucket] of this.buckets) this.fine.set(minute * 60, merge(emptyBucket(), bucket));
  }

  private fineAt(atMillis: number): Bucket {
    this.keepFine();
    const fine = this.fine!;
    const second = Math.floor(atMillis / SECOND);
    const known = fine.get(second);
    if (known !== undefined) return known;
    if (fine.size > 2 * FINE_SECONDS) for (const old of fine.keys()) if (old < second - FINE_SECONDS) fine.delete(old);
    const created = emptyBucket();
    fine.set(second, created);
    return created;
  }

  private bucketAt(minute: number): Bucket {
    if (minute === this.lastMinute) return this.lastBucket!;
    let bucket = this.buckets.get(minute);
    if (bucket === undefined) {
      bucket = emptyBucket();
      this.buckets.set(minute, bucket);
    }
    this.lastMinute = minute;
    this.lastBucket = bucket;
    return bucket;
  }
}

/** All metrics of the account. */
export class MetricStore {
  gate?: Gate;
  private readonly byKey = new Map<string, MetricSeries>();

  series(namespace: string, name: string, dimensions: Dimensions): MetricSeries {
    const key = keyOf(namespace, name, dimensions);
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const created = new MetricSeries({ namespace, name, dimensions }, this);
    this.byKey.set(key, created);
    return created;
  }

  find(namespace: string, name: string, dimensions: Dimensions): MetricSeries | undefined {
    return this.byKey.get(keyOf(namespace, name, dimensions));
  }

  get size(): number {
    return this.byKey.size;
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
