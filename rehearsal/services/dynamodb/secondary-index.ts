import { validation } from './errors';
import { keyOf, placeOfItem } from './keys';
import type { KeyAttribute, KeySchema, Place } from './keys';
import { hashOf } from './partitions';
import type { PastImages } from './replicas';
import { typeOf } from './values';
import type { Item } from './values';

export interface IndexDescription {
  name: string;
  /** A local one shares the table's partition key, and reads what it does not project from the table. */
  isLocal?: boolean;
  schema: KeySchema;
  /** Attributes besides the keys of index and table; `ALL`: the whole item. */
  projected: 'ALL' | 'KEYS_ONLY' | readonly string[];
}

/** An item as the index holds it. Items that share its keys come in the order of their places in the table. */
export interface IndexEntry {
  partition: string;
  sort: string;
  tie: string;
  item: Item;
  /** With the attributes that the index does not project. */
  whole: Item;
}

const tieOf = ({ partition, sort }: Place): string => `${partition}\u0000${sort}`;

const order = (left: IndexEntry, right: IndexEntry): number =>
  left.sort === right.sort ? (left.tie < right.tie ? -1 : left.tie > right.tie ? 1 : 0) : left.sort < right.sort ? -1 : 1;

const scanOrder = (left: IndexEntry, right: IndexEntry): number => {
  if (left.partition === right.partition) return order(left, right);
  return hashOf(left.partition) - hashOf(right.partition) || (left.partition < right.partition ? -1 : 1);
};

/** A secondary index: those items of a table that have its keys. */
export class SecondaryIndex {
  private readonly partitions = new Map<string, Map<string, IndexEntry>>();
  private readonly attributes: ReadonlySet<string> | undefined;

  constructor(
    readonly description: IndexDescription,
    private readonly tableSchema: KeySchema,
  ) {
    const { projected } = description;
    const keys = this.keyAttributes().map(({ name }) => name);
    this.attributes = projected === 'ALL' ? undefined : new Set([...keys, ...(projected === 'KEYS_ONLY' ? [] : projected)]);
  }

  get name(): string {
    return this.description.name;
  }

  get isLocal(): boolean {
    return this.description.isLocal === true;
  }

  get schema(): KeySchema {
    return this.description.schema;
  }

  /** Keys of the index and of the table: what a page's last key is made of. */
  keyOf(item: Item): Item {
    return { ...keyOf(item, this.schema), ...keyOf(item, this.tableSchema) };
  }

  store(place: Place, newImage: Item | undefined, oldImage: Item | undefined): void {
    const before = oldImage === undefined ? undefined : this.entryOf(place, oldImage);
    const after = newImage === undefined ? undefined : this.entryOf(place, newImage);
    if (before !== undefined) {
      const partition = this.partitions.get(before.partition);
      partition?.delete(before.tie);
      if (partition?.size === 0) this.partitions.delete(before.partition);
    }
    if (after === undefined) return;
    const partition = this.partitions.get(after.partition) ?? new Map<string, IndexEntry>();
    this.partitions.set(after.partition, partition);
    partition.set(after.tie, after);
  }

  /** Entries of one partition in their order, without what the index has not yet heard of. */
  inPartition(name: string, unheard: PastImages | undefined): IndexEntry[] {
    const present = [...(this.partitions.get(name)?.values() ?? [])];
    return this.asHeard(present, unheard)
      .filter(({ partition }) => partition === name)
      .sort(order);
  }

  all(unheard: PastImages | undefined): IndexEntry[] {
    const present = [...this.partitions.values()].flatMap((partition) => [...partition.values()]);
    return this.asHeard(present, unheard).sort(scanOrder);
  }

  /** Where a page starts: after the entry of this key, whether that one still exists or not. */
  isAfter(entry: IndexEntry, start: IndexEntry, scanning: boolean): boolean {
    return (scanning ? scanOrder(entry, start) : order(entry, start)) > 0;
  }

  startEntry(key: Item): IndexEntry {
    const entry = this.keyAttributes().every(({ name, type }) => key[name]?.[type] !== undefined)
      ? this.entryOf(placeOfItem(key, this.tableSchema), key)
      : undefined;
    const names = new Set(this.keyAttributes().map(({ name }) => name));
    if (entry === undefined || Object.keys(key).length !== names.size) throw validation('The provided starting key is invalid');
    return entry;
  }

  /** An item need not have the index's keys; where it has them they must be of the right type, and not empty. */
  checkKeys(item: Item): void {
    for (const { name, type } of keyAttributes(this.schema)) {
      const value = item[name];
      if (value === undefined) continue;
      if (value[type] === undefined) {
        throw validation(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${this.name}`,
        );
      }
      if (type !== 'N' && value[type]?.length === 0) {
        throw validation(
          'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
            `The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. IndexName: ${this.name}, IndexKey: ${name}`,
        );
      }
    }
  }

  /** Refuses to answer attributes that the index does not hold. */
  checkProjects(heads: readonly string[]): void {
    const missing = heads.filter((name) => this.attributes?.has(name) === false);
    if (missing.length === 0) return;
    throw validation(
      `One or more parameter values were invalid: Global secondary index ${this.name} does not project [${missing.join(', ')}]`,
    );
  }

  private keyAttributes(): KeyAttribute[] {
    return [...keyAttributes(this.schema), ...keyAttributes(this.tableSchema)];
  }

  private asHeard(present: readonly IndexEntry[], unheard: PastImages | undefined): IndexEntry[] {
    if (unheard === undefined) return [...present];
    const past: IndexEntry[] = [];
    const changed = new Set<string>();
    for (const [partition, images] of unheard) {
      for (const [sort, item] of images) {
        const place = { partition, sort };
        changed.add(tieOf(place));
        const entry = item === undefined ? undefined : this.entryOf(place, item);
        if (entry !== undefined) past.push(entry);
      }
    }
    return [...present.filter(({ tie }) => !changed.has(tie)), ...past];
  }

  private entryOf(place: Place, item: Item): IndexEntry | undefined {
    if (!keyAttributes(this.schema).every(({ name }) => item[name] !== undefined)) return undefined;
    const { partition, sort } = placeOfItem(item, this.schema);
    return { partition, sort, tie: tieOf(place), item: this.project(item), whole: item };
  }

  private project(item: Item): Item {
    const { attributes } = this;
    return attributes === undefined ? item : Object.fromEntries(Object.entries(item).filter(([name]) => attributes.has(name)));
  }
}

const keyAttributes = ({ partition, sort }: KeySchema): KeyAttribute[] => (sort === undefined ? [partition] : [partition, sort]);
