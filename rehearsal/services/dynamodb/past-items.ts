import type { Place } from './keys';
import { hashOf, lowerBound } from './partitions';
import type { ItemStore, Partition, ScannedPartition } from './partitions';
import type { PastImages } from './replicas';
import type { Item } from './values';

/** The items as a replica that lags behind sees them. */
export class PastItems implements ItemStore {
  constructor(
    private readonly present: ItemStore,
    private readonly images: PastImages,
  ) {}

  get(place: Place): Item | undefined {
    const images = this.images.get(place.partition);
    return images?.has(place.sort) === true ? images.get(place.sort) : this.present.get(place);
  }

  partition(name: string): Partition | undefined {
    const images = this.images.get(name);
    const present = this.present.partition(name);
    return images === undefined ? present : withImages(present, images);
  }

  *inScanOrder(from?: string): Generator<ScannedPartition> {
    const names = new Map([...this.present.inScanOrder()].map(({ name, hash }) => [name, hash]));
    for (const name of this.images.keys()) names.set(name, hashOf(name));
    const inOrder = [...names].sort(([name, hash], [other, otherHash]) => hash - otherHash || (name < other ? -1 : 1));
    const startHash = from === undefined ? 0 : hashOf(from);
    for (const [name, hash] of inOrder) {
      if (from !== undefined && (hash < startHash || (hash === startHash && name < from))) continue;
      const partition = this.partition(name);
      if (partition !== undefined) yield { name, hash, partition };
    }
  }
}

function withImages(present: Partition | undefined, images: ReadonlyMap<string, Item | undefined>): Partition | undefined {
  const sorts = [...(present?.sorts ?? [])];
  const items = [...(present?.items ?? [])];
  for (const [sort, item] of images) {
    const index = lowerBound(sorts, sort);
    const there = sorts[index] === sort ? 1 : 0;
    sorts.splice(index, there, ...(item === undefined ? [] : [sort]));
    items.splice(index, there, ...(item === undefined ? [] : [item]));
  }
  return sorts.length === 0 ? undefined : { sorts, items };
}
