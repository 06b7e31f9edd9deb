import { createHash } from 'node:crypto';
import type { Clock } from '../../cloud/types';
import { hashOf } from './partitions';
import type { Place } from './keys';
import { itemSize, sameValue } from './values';
import type { AttributeValue, Item } from './values';

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A change of an item, as Lambda hands it to a function; binary values are base64. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    ApproximateCreationDateTime: number;
    Keys: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: StreamViewType;
  };
  /** Of what DynamoDB itself deleted: an item whose time to live was over. */
  userIdentity?: { type: 'Service'; principalId: 'dynamodb.amazonaws.com' };
  eventSourceARN: string;
}

export interface StreamEntry {
  /** Grows by one in a shard. */
  readonly position: number;
  readonly atMillis: number;
  readonly record: StreamRecord;
}

/** How a change came to be. */
export interface Change {
  place: Place;
  key: Item;
  newImage: Item | undefined;
  oldImage: Item | undefined;
  isExpiry: boolean;
}

const retentionMillis = 24 * 3_600_000;

/** Records in the order of their changes. They are kept for a day. */
export class StreamShard {
  private entries: StreamEntry[] = [];
  private next = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly id: string,
    private readonly clock: Clock,
  ) {}

  /** The oldest record that is still there (TRIM_HORIZON). */
  get firstPosition(): number {
    this.trim();
    return this.next - this.entries.length;
  }

  /** One past the newest record (LATEST). */
  get nextPosition(): number {
    return this.next;
  }

  /** Records from this position on; those that are too old are gone. */
  read(fromPosition: number, limit: number): StreamEntry[] {
    const start = Math.max(0, fromPosition - this.firstPosition);
    return this.entries.slice(start, start + limit);
  }

  /** Heard once for each new record. Gives how to stop. */
  onRecord(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  add(record: StreamRecord): void {
    this.trim();
    this.entries.push({ position: this.next, atMillis: this.clock.now(), record });
    this.next += 1;
    for (const listener of this.listeners) listener();
  }

  private trim(): void {
    const oldest = this.clock.now() - retentionMillis;
    if (this.entries[0] === undefined || this.entries[0].atMillis > oldest) return;
    this.entries = this.entries.filter(({ atMillis }) => atMillis > oldest);
  }
}

interface StreamSettings {
  tableArn: string;
  region: string;
  viewType: StreamViewType;
  /** A shard for each partition that the table begins with. */
  shards: number;
}

/** The stream of a table: changes of one item stay in order, those of others may be read beside them. */
export class TableStream {
  readonly label: string;
  readonly arn: string;
  readonly viewType: StreamViewType;
  readonly shards: readonly StreamShard[];
  private changes = 0;

  constructor(
    private readonly settings: StreamSettings,
    private readonly clock: Clock,
  ) {
    this.label = new Date(clock.now()).toISOString().replace('Z', '');
    this.arn = `${settings.tableArn}/stream/${this.label}`;
    this.viewType = settings.viewType;
    const opened = String(clock.now()).padStart(20, '0');
    this.shards = Array.from({ length: settings.shards }, (_none, index) => {
      const own = createHash('sha256').update(`${this.arn} ${index}`).digest('hex').slice(0, 8);
      return new StreamShard(`shardId-${opened}-${own}`, clock);
    });
  }

  /** What leaves an item as it was is no change. */
  note({ place, key, newImage, oldImage, isExpiry }: Change): void {
    if (newImage !== undefined && oldImage !== undefined && sameValue({ M: newImage }, { M: oldImage })) return;
    this.changes += 1;
    const SequenceNumber = `1${String(this.changes).padStart(20, '0')}`;
    const images = this.images(newImage, oldImage);
    const SizeBytes = itemSize(key) + Object.values(images).reduce((sum, image) => sum + itemSize(image), 0);
    const told = Object.fromEntries(Object.entries(images).map(([name, image]) => [name, plainItem(image)]));
    this.shardOf(place).add({
      eventID: createHash('md5').update(`${this.arn} ${SequenceNumber}`).digest('hex'),
      eventName: oldImage === undefined ? 'INSERT' : newImage === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.settings.region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.clock.now() / 1000),
        Keys: plainItem(key),
        ...told,
        SequenceNumber,
        SizeBytes,
        StreamViewType: this.viewType,
      },
      ...(isExpiry ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const } : {}),
      eventSourceARN: this.arn,
    });
  }

  private images(newImage: Item | undefined, oldImage: Item | undefined): { NewImage?: Item; OldImage?: Item } {
    const isNew = this.viewType === 'NEW_IMAGE' || this.viewType === 'NEW_AND_OLD_IMAGES';
    const isOld = this.viewType === 'OLD_IMAGE' || this.viewType === 'NEW_AND_OLD_IMAGES';
    return {
      ...(isNew && newImage !== undefined ? { NewImage: newImage } : {}),
      ...(isOld && oldImage !== undefined ? { OldImage: oldImage } : {}),
    };
  }

  private shardOf({ partition }: Place): StreamShard {
    return this.shards[hashOf(partition) % this.shards.length]!;
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** As JSON carries it: a copy that no later change reaches. */
function plainItem(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): Record<string, unknown> {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(plainValue) };
  if (value.M !== undefined) return { M: plainItem(value.M) };
  if (value.SS !== undefined) return { SS: [...value.SS] };
  if (value.NS !== undefined) return { NS: [...value.NS] };
  return { ...value };
}
