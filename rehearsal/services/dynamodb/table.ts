import type { Clock, Random } from '../../cloud/types';
import { inBackground } from '../background';
import { validation } from './errors';
import { keyOf } from './keys';
import type { KeySchema, Place } from './keys';
import { Partitions } from './partitions';
import type { ItemStore } from './partitions';
import { PastItems } from './past-items';
import { indexBehindShare, Replicas } from './replicas';
import type { PastImages } from './replicas';
import { SecondaryIndex } from './secondary-index';
import type { IndexDescription } from './secondary-index';
import type { TableStream } from './streams';
import { itemSize } from './values';
import type { Item } from './values';

export type WriteListener = (key: Readonly<Item>, newImage: Readonly<Item> | undefined, oldImage: Readonly<Item> | undefined) => void;

export interface TableDescription {
  name: string;
  arn: string;
  id: string;
  schema: KeySchema;
  createdAtMillis: number;
  ttlAttribute?: string;
  indexes?: readonly IndexDescription[];
  /** Undefined: on demand. */
  provisioned?: { readUnits: number; writeUnits: number };
}

const hourMillis = 3_600_000;
/** DynamoDB deletes "within a few days" of expiry: who reads an item must look at its expiry itself. */
const ttlLagMillis = 48 * hourMillis;
const dueMillis = (hour: number): number => (hour + 1) * hourMillis + ttlLagMillis;

const maxItemBytes = 400 * 1024;

export class Table {
  readonly items = new Partitions();
  /** Capacity units spent: what a cost estimate needs. */
  readonly consumed = { readUnits: 0, writeUnits: 0 };
  /** Changes of items, for those who read them as they come. */
  stream: TableStream | undefined;
  private readonly listeners: WriteListener[] = [];
  /** Places by the hour their item expires in. */
  private readonly expiring = new Map<number, Map<string, Place>>();
  private nextSweepMillis = Infinity;
  private readonly replicas: Replicas;
  readonly indexes: readonly SecondaryIndex[];

  constructor(
    readonly description: TableDescription,
    private readonly clock: Clock,
    random: Random,
  ) {
    this.replicas = new Replicas(clock, random);
    this.indexes = (description.indexes ?? []).map((index) => new SecondaryIndex(index, description.schema));
  }

  get name(): string {
    return this.description.name;
  }

  get schema(): KeySchema {
    return this.description.schema;
  }

  onWrite(listener: WriteListener): void {
    this.listeners.push(listener);
  }

  /** All items, in a scan's order. Not to be changed. */
  *[Symbol.iterator](): Generator<Readonly<Item>> {
    this.sweep();
    for (const { partition } of this.items.inScanOrder()) yield* partition.items;
  }

  /** Stores the item, or deletes what is there; `factor`: a transaction costs twice. */
  write(place: Place, newImage: Item | undefined, oldImage: Item | undefined, factor: 1 | 2 = 1): number {
    const size = Math.max(newImage === undefined ? 0 : itemSize(newImage), oldImage === undefined ? 0 : itemSize(oldImage));
    const units = factor * Math.max(1, Math.ceil(size / 1024));
    this.consumed.writeUnits += units;
    this.store(place, newImage, oldImage);
    if (newImage !== undefined) this.watchExpiry(place, newImage, oldImage);
    if (newImage !== undefined || oldImage !== undefined) this.tell(place, newImage, oldImage);
    return units;
  }

  /** What a read sees: the items, or what a replica that lags behind still takes for them. */
  itemsFor(consistent: boolean): ItemStore {
    const unheard = consistent ? undefined : this.replicas.unheard();
    return unheard === undefined ? this.items : new PastItems(this.items, unheard);
  }

  index(name: string): SecondaryIndex {
    const found = this.indexes.find((index) => index.name === name);
    if (found === undefined) throw validation(`The table does not have the specified index: ${name}`);
    return found;
  }

  /** What this read of an index does not see yet. */
  unheardByIndex(): PastImages | undefined {
    return this.replicas.unheard(indexBehindShare);
  }

  /** What this read of a local index does not see yet. */
  unheardByReplica(): PastImages | undefined {
    return this.replicas.unheard();
  }

  streamWith(streamArn: string): TableStream | undefined {
    return this.stream?.arn === streamArn ? this.stream : undefined;
  }

  private store(place: Place, newImage: Item | undefined, oldImage: Item | undefined): void {
    if (newImage === undefined && oldImage === undefined) return;
    this.replicas.note(place, oldImage);
    if (newImage === undefined) this.items.delete(place);
    else this.items.set(place, newImage);
    for (const index of this.indexes) index.store(place, newImage, oldImage);
  }

  read(bytes: number, consistent: boolean, factor: 1 | 2 = 1): number {
    const units = factor * Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
    this.consumed.readUnits += units;
    return units;
  }

  /** Deletes what expired. Called before every request instead of by a timer, which would keep virtual time running. */
  sweep(): void {
    if (this.clock.now() < this.nextSweepMillis) return;
    const hours = [...this.expiring.keys()].sort((left, right) => left - right);
    this.nextSweepMillis = Infinity;
    for (const hour of hours) {
      if (dueMillis(hour) > this.clock.now()) {
        this.nextSweepMillis = dueMillis(hour);
        return;
      }
      const places = this.expiring.get(hour) as Map<string, Place>;
      this.expiring.delete(hour);
      this.deleteExpired(places);
    }
  }

  enableTtl(attribute: string | undefined): void {
    this.description.ttlAttribute = attribute;
    this.expiring.clear();
    this.nextSweepMillis = Infinity;
    if (attribute === undefined) return;
    for (const { name, partition } of this.items.inScanOrder()) {
      partition.items.forEach((item, index) =>
        this.watchExpiry({ partition: name, sort: partition.sorts[index] as string }, item, undefined),
      );
    }
  }

  private tell(place: Place, newImage: Item | undefined, oldImage: Item | undefined, isExpiry = false): void {
    if (this.listeners.length === 0 && this.stream === undefined) return;
    const key = keyOf((newImage ?? oldImage) as Item, this.schema);
    this.stream?.note({ place, key, newImage, oldImage, isExpiry });
    for (const listener of this.listeners) listener(key, newImage, oldImage);
  }

  private expiryMillis(item: Item): number | undefined {
    const { ttlAttribute } = this.description;
    const seconds = ttlAttribute === undefined ? undefined : item[ttlAttribute]?.N;
    return seconds === undefined ? undefined : Number(seconds) * 1000;
  }

  private watchExpiry(place: Place, item: Item, oldImage: Item | undefined): void {
    const expiry = this.expiryMillis(item);
    if (expiry === undefined || (oldImage !== undefined && this.expiryMillis(oldImage) === expiry)) return;
    // DynamoDB leaves alone what expired more than five years ago: mostly milliseconds or other units by mistake.
    if (expiry < this.clock.now() - 5 * 365 * 24 * hourMillis) return;
    const hour = Math.floor(Math.max(expiry, this.clock.now()) / hourMillis);
    let places = this.expiring.get(hour);
    if (places === undefined) {
      places = new Map();
      this.expiring.set(hour, places);
      this.nextSweepMillis = Math.min(this.nextSweepMillis, dueMillis(hour));
      // Who reads the stream hears of it, also while nobody asks for the table.
      if (this.stream !== undefined) inBackground(this.clock, dueMillis(hour), () => this.sweep());
    }
    places.set(`${place.partition}\u0000${place.sort}`, place);
  }

  private deleteExpired(places: ReadonlyMap<string, Place>): void {
    for (const place of places.values()) {
      const item = this.items.get(place);
      const expiry = item === undefined ? undefined : this.expiryMillis(item);
      if (item === undefined || expiry === undefined || expiry > this.clock.now() - ttlLagMillis) continue;
      this.store(place, undefined, item);
      this.tell(place, undefined, item, true);
    }
  }
}

export function checkItemSize(item: Item, message: string): void {
  if (itemSize(item) > maxItemBytes) throw validation(message);
}
