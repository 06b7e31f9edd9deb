import { AwsError } from '../../cloud/types';
import type { Caller, Members } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { isRecursive, type Lineage } from '../../kernel/lineage';
import type { Queue, Sqs } from '../sqs';
import { withParsedBody, type RecordFilter } from './filter-criteria';
import type { LambdaFunction } from './function';
import type { Runner } from './runner';

export interface SqsSourceSettings {
  queueArn: string;
  batchSize: number;
  batchingWindowSeconds: number;
  reportsItemFailures: boolean;
  maximumConcurrency: number;
  /** Messages that it does not take are deleted unseen. */
  filter: RecordFilter | undefined;
}

const longestReceive = 10;
/** Lambda ends a batch before its event has 6 MB, in which the quotes of bodies are escaped. */
const mostBodyCharacters = 4_500_000;
const refusedRetryMillis = 60_000;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Lambda's poller for a queue. It asks only when the queue says that there is something: a day of silence costs nothing. */
export class SqsSource {
  private readonly caller: Caller;
  private readonly queueUrl: string;
  private readonly sqs: Sqs;
  private stopListening: () => void;
  private stopped = false;
  private running = 0;
  /** One poller at a time collects: several would only share out small batches. */
  private collecting = false;
  /** Received, and too large for the batch before. */
  private leftOver: Members[] = [];

  constructor(
    private readonly cloud: LaptopCloud,
    private readonly runner: Runner,
    private readonly owner: LambdaFunction,
    private readonly settings: SqsSourceSettings,
  ) {
    this.caller = { kind: 'role', roleArn: owner.configuration.roleArn };
    this.sqs = cloud.double<Sqs>('sqs');
    this.queueUrl = this.sqs.queue(settings.queueArn).url;
    this.stopListening = this.sqs.onMessage(settings.queueArn, () => this.wake());
  }

  /** As when the mapping is made: Lambda asks for the queue's attributes, as the role. */
  async start(): Promise<void> {
    await this.cloud.call('sqs', 'GetQueueAttributes', { QueueUrl: this.queueUrl, AttributeNames: ['All'] }, this.caller);
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    this.stopListening();
  }

  private wake(): void {
    if (this.stopped || this.collecting || this.running >= this.settings.maximumConcurrency) return;
    this.collecting = true;
    this.running += 1;
    const done = this.cloud.begin(`messages for ${this.owner.constructPath || this.owner.name}`);
    this.cloud.clock.after(0, async () => {
      try {
        await this.drainQueue();
      } finally {
        this.running -= 1;
        done();
      }
    });
  }

  private async drainQueue(): Promise<void> {
    while (!this.stopped) {
      this.collecting = true;
      let messages: Members[];
      try {
        messages = await this.receiveBatch();
        this.collecting = false;
      } catch (error) {
        this.collecting = false;
        if (!(error instanceof AwsError)) throw error;
        this.cloud.record('lambda', 'poll-failed', { function: this.owner.name, error: error.code, message: error.message });
        this.cloud.clock.after(refusedRetryMillis, () => this.wake());
        return;
      }
      if (messages.length === 0) return;
      if (messages.length >= this.settings.batchSize || this.leftOver.length > 0) this.wake();
      const wanted = await this.withoutLoops(await this.filtered(messages));
      if (wanted.length > 0) await this.process(wanted);
      // Another poller took over.
      if (this.collecting) return;
    }
  }

  /**
   * Collects up to a batch, at most for the window. Lambda receives all along the window; here the messages wait in the queue until the
   * window closes or a batch is there, which the handler cannot tell apart.
   */
  private async receiveBatch(): Promise<Members[]> {
    const { batchSize, batchingWindowSeconds } = this.settings;
    const queue = this.sqs.queue(this.settings.queueArn);
    if (this.leftOver.length === 0 && queue.waitingCount > 0 && batchingWindowSeconds > 0) await this.waitForBatch(queue);
    const messages: Members[] = [];
    let characters = 0;
    while (messages.length < batchSize) {
      // Only what waits is asked for: a receive of nothing would cost as much as one that brings ten.
      if (this.leftOver.length === 0 && queue.waitingCount > 0) {
        this.leftOver = await this.receive(Math.min(batchSize - messages.length, longestReceive));
      }
      const [next] = this.leftOver;
      if (next === undefined) break;
      characters += (next['Body'] as string).length;
      if (messages.length > 0 && characters > mostBodyCharacters) break;
      messages.push(next);
      this.leftOver.shift();
    }
    return messages;
  }

  private waitForBatch(queue: Queue): Promise<void> {
    const { batchSize, batchingWindowSeconds } = this.settings;
    if (queue.waitingCount >= batchSize) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        stopListening();
        this.cloud.clock.cancel(windowEnd);
        resolve();
      };
      const stopListening = queue.onMessage(() => {
        if (queue.waitingCount >= batchSize) finish();
      });
      const windowEnd = this.cloud.clock.after(batchingWindowSeconds * 1000, finish);
    });
  }

  private async receive(count: number): Promise<Members[]> {
    const input = {
      QueueUrl: this.queueUrl,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    return ((await this.cloud.call('sqs', 'ReceiveMessage', input, this.caller))['Messages'] ?? []) as Members[];
  }

  private async filtered(messages: Members[]): Promise<Members[]> {
    const { filter } = this.settings;
    if (filter === undefined) return messages;
    const wanted = messages.filter((message) => filter(withParsedBody(this.recordOf(message) as { body: string })));
    const others = messages.filter((message) => !wanted.includes(message));
    for (let start = 0; start < others.length; start += longestReceive) await this.delete(others.slice(start, start + longestReceive));
    return wanted;
  }

  private lineageOf(message: Members): Lineage | undefined {
    return this.sqs.queue(this.settings.queueArn).byHandle(message['ReceiptHandle'] as string)?.lineage;
  }

  /** Lambda stops messages that the function itself keeps sending; a redrive policy moves them to its dead-letter queue. */
  private async withoutLoops(messages: Members[]): Promise<Members[]> {
    const looping = messages.filter((message) => isRecursive(this.lineageOf(message), this.owner.arn));
    if (looping.length === 0) return messages;
    const { name, constructPath } = this.owner;
    const { redrive } = this.sqs.queue(this.settings.queueArn).settings;
    const destination = redrive === undefined ? {} : { destination: redrive.deadLetterArn };
    const condition = 'RecursiveInvocation';
    this.cloud.record('lambda', 'event-dropped', { function: name, constructPath, condition, records: looping.length, ...destination });
    if (redrive === undefined)
      for (let start = 0; start < looping.length; start += longestReceive) await this.delete(looping.slice(start, start + longestReceive));
    else this.expectAgain();
    return messages.filter((message) => !looping.includes(message));
  }

  private async process(messages: Members[]): Promise<void> {
    const event = { Records: messages.map((message) => this.recordOf(message)) };
    let failed: Set<string> | 'all';
    try {
      const result = await this.runner.invoke(this.owner, encoder.encode(JSON.stringify(event)), this.lineageOf(messages[0] ?? {}));
      failed = result.functionError === undefined ? this.itemFailures(result.payload, messages) : 'all';
    } catch (error) {
      // Throttled: the messages come back when their visibility timeout has passed.
      if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
      failed = 'all';
    }
    const handled = failed === 'all' ? [] : messages.filter((message) => !(failed as Set<string>).has(message['MessageId'] as string));
    if (handled.length < messages.length) this.expectAgain();
    for (let start = 0; start < handled.length; start += longestReceive) await this.delete(handled.slice(start, start + longestReceive));
  }

  /** Ids that the handler reports as failed; a report that cannot be read fails the whole batch. */
  private itemFailures(payload: Uint8Array, messages: Members[]): Set<string> | 'all' {
    if (!this.settings.reportsItemFailures) return new Set();
    const report = JSON.parse(decoder.decode(payload)) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
    const failures = report?.batchItemFailures;
    if (failures === undefined || failures === null) return new Set();
    const known = new Set(messages.map((message) => message['MessageId'] as string));
    const ids = failures.map((failure) => failure?.itemIdentifier);
    return ids.every((id) => typeof id === 'string' && known.has(id)) ? new Set(ids as string[]) : 'all';
  }

  /** Work goes on: what failed comes back after its visibility timeout. */
  private expectAgain(): void {
    const done = this.cloud.begin(`messages that come back to ${this.owner.constructPath || this.owner.name}`);
    this.cloud.clock.after(this.sqs.queue(this.settings.queueArn).settings.visibilityTimeoutSeconds * 1000 + 1, done);
  }

  private async delete(messages: Members[]): Promise<void> {
    const entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message['ReceiptHandle'] as string }));
    try {
      await this.cloud.call('sqs', 'DeleteMessageBatch', { QueueUrl: this.queueUrl, Entries: entries }, this.caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.cloud.record('lambda', 'delete-failed', { function: this.owner.name, error: error.code, message: error.message });
    }
  }

  private recordOf(message: Members): Members {
    const attributes = Object.entries((message['MessageAttributes'] ?? {}) as Record<string, Members>).map(([name, value]) => [
      name,
      {
        stringValue: value['StringValue'] as unknown,
        ...(value['BinaryValue'] === undefined ? {} : { binaryValue: Buffer.from(value['BinaryValue'] as Uint8Array).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: value['DataType'] as unknown,
      },
    ]);
    return {
      messageId: message['MessageId'],
      receiptHandle: message['ReceiptHandle'],
      body: message['Body'],
      attributes: message['Attributes'] ?? {},
      messageAttributes: Object.fromEntries(attributes) as Members,
      md5OfBody: message['MD5OfBody'],
      eventSource: 'aws:sqs',
      eventSourceARN: this.settings.queueArn,
      awsRegion: this.cloud.region,
    };
  }
}
