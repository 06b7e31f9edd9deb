import type { Clock, Members, PolicyDocument, TimerHandle } from '../../cloud/types';
import type { Lineage } from '../../kernel/lineage';
import type { FifoPlace } from './fifo-queue';
import { md5, md5OfAttributes } from './md5';

export interface QueueSettings {
  visibilityTimeoutSeconds: number;
  delaySeconds: number;
  retentionSeconds: number;
  waitSeconds: number;
  maximumMessageBytes: number;
  redrive?: { deadLetterArn: string; maxReceiveCount: number };
  kmsKeyId?: string;
  /** Of a FIFO queue. */
  fifo?: { deduplicatesByContent: boolean; deduplicatesByGroup: boolean; limitsByGroup: boolean };
}

export interface Message {
  readonly id: string;
  /** Its own for each copy of a message that is delivered more than once. */
  readonly copyId: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: Record<string, Members>;
  readonly attributesMd5: string | undefined;
  readonly senderId: string;
  readonly sentAtMillis: number;
  /** The chain of invocations that sent it. */
  lineage?: Lineage;
  /** Of a standard queue: the tenant, for fairness. */
  readonly groupId?: string;
  /** In a FIFO queue. */
  fifo?: FifoPlace;
  /** Where a message in a dead-letter queue came from. */
  sourceArn?: string;
  receiveCount: number;
  firstReceivedAtMillis?: number;
  /** Of the last receive, while the message is hidden. */
  receiptHandle?: string;
  hiding?: Hiding;
}

/** Messages that come back at the same time share a timer. */
interface Hiding {
  timer: TimerHandle;
  messages: Set<Message>;
}

export interface QueueCounts {
  visible: number;
  inFlight: number;
  delayed: number;
  /** 0 when no message is waiting or in flight. */
  oldestAgeSeconds: number;
}

/** A standard queue: first come, first served, at least once. */
export class Queue {
  policy: PolicyDocument | undefined;
  protected waiting: Message[] = [];
  private head = 0;
  protected readonly inFlight = new Map<string, Message>();
  private readonly delayed = new Set<Message>();
  private readonly listeners: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly url: string,
    readonly createdAtMillis: number,
    public settings: QueueSettings,
    protected readonly clock: Clock,
    /** Puts a message that was received too often into the dead-letter queue. */
    protected readonly bury: (message: Message, from: Queue) => void,
  ) {}

  /** Called whenever a message becomes visible. Returns how to stop. */
  onMessage(listener: () => void): () => void {
    this.listeners.push(listener);
    return () => {
      const index = this.listeners.indexOf(listener);
      if (index >= 0) this.listeners.splice(index, 1);
    };
  }

  send(message: Message, delaySeconds: number): void {
    if (delaySeconds <= 0) return this.show([message]);
    this.delayed.add(message);
    this.clock.after(delaySeconds * 1000, () => {
      if (this.delayed.delete(message)) this.show([message]);
    });
  }

  /** Takes up to `max` messages and hides them. What was received too often goes to the dead-letter queue instead. */
  receive(max: number, hideSeconds = this.settings.visibilityTimeoutSeconds): Message[] {
    const taken: Message[] = [];
    while (taken.length < max && this.head < this.waiting.length) {
      const message = this.waiting[this.head] as Message;
      this.head += 1;
      if (this.expired(message)) continue;
      if (message.receiveCount >= (this.settings.redrive?.maxReceiveCount ?? Infinity)) this.bury(message, this);
      else taken.push(this.handOut(message));
    }
    this.compact();
    if (taken.length > 0) this.hide(taken, hideSeconds);
    return taken;
  }

  byHandle(receiptHandle: string): Message | undefined {
    const message = this.inFlight.get(receiptHandle.slice(0, receiptHandle.lastIndexOf('.')));
    return message?.receiptHandle === receiptHandle ? message : undefined;
  }

  delete(message: Message): void {
    this.inFlight.delete(message.copyId);
    this.unhide(message);
  }

  changeVisibility(message: Message, hideSeconds: number): void {
    this.unhide(message);
    if (hideSeconds > 0) this.hide([message], hideSeconds);
    else this.comeBack([message]);
  }

  purge(): void {
    for (const message of this.inFlight.values()) this.unhide(message);
    this.inFlight.clear();
    this.delayed.clear();
    this.waiting = [];
    this.head = 0;
  }

  counts(): QueueCounts {
    const visible = this.waitingMessages();
    const oldest = [...visible, ...this.inFlight.values()].reduce((sent, message) => Math.min(sent, message.sentAtMillis), Infinity);
    return {
      visible: visible.length,
      inFlight: this.inFlight.size,
      delayed: this.delayed.size,
      oldestAgeSeconds: oldest === Infinity ? 0 : Math.floor((this.clock.now() - oldest) / 1000),
    };
  }

  /** How many messages wait, counting those whose retention has passed unnoticed. */
  get waitingCount(): number {
    return this.waiting.length - this.head;
  }

  /** The messages that wait, for a look without receiving them. */
  waitingMessages(): readonly Message[] {
    return this.waiting.slice(this.head).filter((message) => !this.expired(message));
  }

  protected expired(message: Message): boolean {
    return message.sentAtMillis + this.settings.retentionSeconds * 1000 <= this.clock.now();
  }

  protected handOut(message: Message): Message {
    message.receiveCount += 1;
    message.firstReceivedAtMillis ??= this.clock.now();
    message.receiptHandle = `${message.copyId}.${message.receiveCount}`;
    this.inFlight.set(message.copyId, message);
    return message;
  }

  protected hide(messages: readonly Message[], seconds: number): void {
    if (seconds <= 0) return this.comeBack(messages);
    const members = new Set(messages);
    const hiding: Hiding = { messages: members, timer: this.clock.after(seconds * 1000, () => this.comeBack([...members])) };
    for (const message of messages) message.hiding = hiding;
  }

  private unhide(message: Message): void {
    const { hiding } = message;
    if (hiding === undefined) return;
    delete message.hiding;
    hiding.messages.delete(message);
    if (hiding.messages.size === 0) this.clock.cancel(hiding.timer);
  }

  private comeBack(messages: readonly Message[]): void {
    for (const message of messages) {
      this.inFlight.delete(message.copyId);
      delete message.hiding;
      delete message.receiptHandle;
    }
    this.show(messages);
  }

  protected show(messages: readonly Message[]): void {
    this.waiting.push(...messages);
    this.tell();
  }

  /** Messages may be received that could not be before. */
  protected tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private compact(): void {
    if (this.head < 1024 || this.head * 2 < this.waiting.length) return;
    this.waiting = this.waiting.slice(this.head);
    this.head = 0;
  }
}

export function newMessage(
  id: string,
  body: string,
  attributes: Record<string, Members>,
  senderId: string,
  sentAtMillis: number,
  groupId?: string,
): Message {
  const attributesMd5 = md5OfAttributes(attributes);
  const group = groupId === undefined ? {} : { groupId };
  return { id, copyId: id, body, bodyMd5: md5(body), attributes, attributesMd5, senderId, sentAtMillis, receiveCount: 0, ...group };
}
