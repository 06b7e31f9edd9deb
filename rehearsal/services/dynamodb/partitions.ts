import type { Place } from './keys';
import type { Item } from './values';

/** Items of one partition key, in the order of their sort keys. */
export interface Partition {
  readonly sorts: string[];
  readonly items: Item[];
}

export interface ScannedPartition {
  name: string;
  hash: number;
  partition: Partition;
}

/** What reads need of a table's items, as they are or as they were. */
export interface ItemStore {
  get(place: Place): Item | undefined;
  partition(name: string): Partition | undefined;
  inScanOrder(from?: string): Iterable<ScannedPartition>;
}

/** Index of the first sort key that is not below `sort`. */
export function lowerBound(sorts: readonly string[], sort: string): number {
  const last = sorts.length - 1;
  // New items mostly come last: minutes, sequences.
  if (last < 0 || (sorts[last] as string) < sort) return sorts.length;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorts[middle] as string) < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a scan meets a partition: by hash, so that nothing rests on the order of insertion. */
export function hashOf(partition: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < partition.length; index += 1) {
    hash = Math.imul(hash ^ partition.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

/** The items of a table. */
export class Partitions implements ItemStore {
  private readonly partitions = new Map<string, Partition>();
  private scanOrder: { hash: number; name: string }[] | undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(place: Place): Item | undefined {
    const partition = this.partitions.get(place.partition);
    if (partition === undefined) return undefined;
    const index = lowerBound(partition.sorts, place.sort);
    return partition.sorts[index] === place.sort ? partition.items[index] : undefined;
  }

  partition(name: string): Partition | undefined {
    return this.partitions.get(name);
  }

  set(place: Place, item: Item): void {
    let partition = this.partitions.get(place.partition);
    if (partition === undefined) {
      partition = { sorts: [], items: [] };
      this.partitions.set(place.partition, partition);
      this.scanOrder = undefined;
    }
    const index = lowerBound(partition.sorts, place.sort);
    if (partition.sorts[index] === place.sort) {
      partition.items[index] = item;
      return;
    }
    partition.sorts.splice(index, 0, place.sort);
    partition.items.splice(index, 0, item);
    this.count += 1;
  }

  delete(place: Place): void {
    const partition = this.partitions.get(place.partition);
    if (partition === undefined) return;
    const index = lowerBound(partition.sorts, place.sort);
    if (partition.sorts[index] !== place.sort) return;
    partition.sorts.splice(index, 1);
    partition.items.splice(index, 1);
    this.count -= 1;
    if (partition.sorts.length > 0) return;
    this.partitions.delete(place.partition);
    this.scanOrder = undefined;
  }

  /** Partitions in a scan's order; `from` starts there, whether that one still exists or not. */
  *inScanOrder(from?: string): Generator<ScannedPartition> {
    this.scanOrder ??= [...this.partitions.keys()]
      .map((name) => ({ hash: hashOf(name), name }))
      .sort((left, right) => left.hash - right.hash || (left.name < right.name ? -1 : 1));
    const start = from === undefined ? undefined : { hash: hashOf(from), name: from };
    for (const entry of this.scanOrder) {
      if (start !== undefined && (entry.hash < start.hash || (entry.hash === start.hash && entry.name < start.name))) continue;
      const partition = this.partitions.get(entry.name);
      if (partition !== undefined) yield { ...entry, partition };
    }
  }
}
