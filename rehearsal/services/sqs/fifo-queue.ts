import { createHash } from 'node:crypto';
import { Queue, type Message } from './queue';

const DEDUPLICATION_MILLIS = 5 * 60_000;
const FIRST_SEQUENCE_NUMBER = 18_849_496_460_467_696_128n;
const SEQUENCE_STEP = 256n;

interface Accepted {
  id: string;
  sequenceNumber: string;
  untilMillis: number;
}

/** Where a message of a FIFO queue stands. */
export interface FifoPlace {
  groupId: string;
  deduplicationId: string;
  sequenceNumber: string;
}

/** A FIFO queue: each group in the order in which it was sent, one receive of a group at a time, each message accepted once. */
export class FifoQueue extends Queue {
  private readonly accepted = new Map<string, Accepted>();
  private sent = 0n;

  /** The message with this id that was accepted within the last five minutes. */
  earlier(groupId: string, deduplicationId: string): Accepted | undefined {
    const found = this.accepted.get(this.scopeOf(groupId, deduplicationId));
    return found === undefined || found.untilMillis <= this.clock.now() ? undefined : found;
  }

  /** Takes a message in: its place in the queue. */
  accept(id: string, groupId: string, deduplicationId: string): FifoPlace {
    this.sent += 1n;
    const sequenceNumber = String(FIRST_SEQUENCE_NUMBER + this.sent * SEQUENCE_STEP);
    this.forgetOld();
    const untilMillis = this.clock.now() + DEDUPLICATION_MILLIS;
    this.accepted.set(this.scopeOf(groupId, deduplicationId), { id, sequenceNumber, untilMillis });
    return { groupId, deduplicationId, sequenceNumber };
  }

  override receive(max: number, hideSeconds = this.settings.visibilityTimeoutSeconds): Message[] {
    const locked = new Set([...this.inFlight.values()].map(({ fifo }) => fifo?.groupId));
    const taken: Message[] = [];
    const left: Message[] = [];
    for (const message of this.waiting) {
      if (this.expired(message)) continue;
      if (taken.length >= max || locked.has(message.fifo?.groupId)) left.push(message);
      else if (message.receiveCount >= (this.settings.redrive?.maxReceiveCount ?? Infinity)) this.bury(message, this);
      else taken.push(this.handOut(message));
    }
    this.waiting = left;
    if (taken.length > 0) this.hide(taken, hideSeconds);
    return taken;
  }

  /** What waited for its group may be received now. */
  override delete(message: Message): void {
    super.delete(message);
    if (this.waiting.some(({ fifo }) => fifo?.groupId === message.fifo?.groupId)) this.tell();
  }

  /** A message that comes back takes its old place. */
  protected override show(messages: readonly Message[]): void {
    const numberOf = ({ fifo }: Message): bigint => BigInt(fifo?.sequenceNumber ?? 0);
    this.waiting.push(...messages);
    this.waiting.sort((left, right) => (numberOf(left) < numberOf(right) ? -1 : 1));
    this.tell();
  }

  private scopeOf(groupId: string, deduplicationId: string): string {
    return this.settings.fifo?.deduplicatesByGroup === true ? `${groupId} ${deduplicationId}` : deduplicationId;
  }

  private forgetOld(): void {
    for (const [key, { untilMillis }] of this.accepted) {
      if (untilMillis > this.clock.now()) return;
      this.accepted.delete(key);
    }
  }
}

/** The deduplication id of a message by its content. */
export const contentId = (body: string): string => createHash('sha256').update(body).digest('hex');
