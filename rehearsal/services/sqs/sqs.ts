import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Call, Caller, Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { lineageOf } from '../../kernel/lineage';
import { badReceiptHandle, invalidParameter, noSuchQueue, notInFlight } from './errors';
import { contentId, FifoQueue } from './fifo-queue';
import { checkBatch, checkMessage, checkReceive, eachEntry, messageBytes, receivedMessage } from './messages';
import { QueueMetrics } from './metrics';
import { newMessage, Queue } from './queue';
import type { Message, QueueSettings } from './queue';
import { queueAttributes } from './queue-attributes';

const maxBatchBytes = 1024 * 1024;
const maxVisibilitySeconds = 43_200;

const senderOf = (caller: Caller): string =>
  caller.kind === 'role' ? caller.roleArn : caller.kind === 'service' ? caller.principal : caller.principalArn;

/** SQS: standard and FIFO queues. */
export class Sqs implements ServiceDouble {
  readonly service = 'sqs';
  readonly operations: Record<string, Operation>;
  private readonly byArn = new Map<string, Queue>();
  private readonly random;
  private readonly metrics: QueueMetrics;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sqs');
    this.metrics = new QueueMetrics(cloud);
    this.operations = { ...this.messageOperations(), ...this.batchOperations(), ...this.queueOperations() };
  }

  createQueue(name: string, settings: QueueSettings): Queue {
    const { region, accountId, partition, clock } = this.cloud;
    const arn = this.cloud.arn('sqs', name);
    if (this.byArn.has(arn)) throw new AwsError('QueueNameExists', `A queue already exists with the same name: ${name}`);
    const url = `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${accountId}/${name}`;
    const Kind = settings.fifo === undefined ? Queue : FifoQueue;
    const queue = new Kind(name, arn, url, clock.now(), settings, clock, (message, from) => this.bury(message, from));
    this.byArn.set(arn, queue);
    return queue;
  }

  deleteQueue(arn: string): void {
    const queue = this.byArn.get(arn);
    if (queue !== undefined) this.metrics.forget(queue);
    this.byArn.get(arn)?.purge();
    this.byArn.delete(arn);
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    return this.byArn.get(resourceArn)?.policy;
  }

  queues(): IterableIterator<Queue> {
    return this.byArn.values();
  }

  queue(arn: string): Queue {
    const queue = this.byArn.get(arn);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  queueByUrl(url: string): Queue {
    return this.queue(this.arnOfUrl(url));
  }

  /** For pollers: heard whenever a message becomes visible in the queue, so that nobody has to ask in vain. */
  onMessage(queueArn: string, listener: () => void): () => void {
    return this.queue(queueArn).onMessage(listener);
  }

  /** The queue's ARN also where there is no such queue: IAM answers first. */
  private arnOfUrl(url: string): string {
    const [, accountId, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]+(?:\.fifo)?)\/?$/.exec(url) ?? [];
    if (name === undefined || accountId !== this.cloud.accountId) {
      throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
    }
    return this.cloud.arn('sqs', name);
  }

  private bury(message: Message, from: Queue): void {
    const target = this.byArn.get(from.settings.redrive?.deadLetterArn ?? '');
    if (target === undefined) throw noSuchQueue();
    this.cloud.record('sqs', 'dead-letter', {
      queue: from.name,
      deadLetterQueue: target.name,
      messageId: message.id,
      receiveCount: message.receiveCount,
    });
    message.sourceArn = from.arn;
    message.receiveCount = 0;
    delete message.firstReceivedAtMillis;
    if (target instanceof FifoQueue && message.fifo !== undefined)
      message.fifo = target.accept(message.id, message.fifo.groupId, message.fifo.deduplicationId);
    target.send(message, 0);
    // What is moved by a redrive policy counts as no message sent; the queue is in use all the same.
    this.metrics.touch(target);
  }

  private onQueue(action: string, run: (queue: Queue, input: Members, call: Call) => Members | Promise<Members>): Operation {
    return {
      permissions: (input) => [{ action: `sqs:${action}`, resource: this.arnOfUrl(input['QueueUrl'] as string) }],
      run: (input, call) => run(this.queueByUrl(input['QueueUrl'] as string), input, call),
    };
  }

  private send(queue: Queue, input: Members, caller: Caller): Members {
    checkMessage(input, queue);
    if (queue instanceof FifoQueue) return this.sendInOrder(queue, input, caller);
    const attributes = (input['MessageAttributes'] ?? {}) as Record<string, Members>;
    const message = newMessage(
      this.random.uuid(),
      input['MessageBody'] as string,
      attributes,
      senderOf(caller),
      this.cloud.clock.now(),
      input['MessageGroupId'] as string | undefined,
    );
    note(message, caller);
    const delaySeconds = (input['DelaySeconds'] ?? queue.settings.delaySeconds) as number;
    const disturbed = this.cloud.deliveries?.strike(queue.arn);
    if (disturbed === undefined) this.place(queue, message, delaySeconds);
    else disturbed.forEach((laterMillis, copy) => this.place(queue, this.copyOf(message, copy), delaySeconds + laterMillis / 1000));
    return sentAnswer(message);
  }

  /** What was accepted within the last five minutes is answered as then, and not sent again. */
  private sendInOrder(queue: FifoQueue, input: Members, caller: Caller): Members {
    const body = input['MessageBody'] as string;
    const groupId = input['MessageGroupId'] as string;
    const deduplicationId = (input['MessageDeduplicationId'] as string | undefined) ?? contentId(body);
    const attributes = (input['MessageAttributes'] ?? {}) as Record<string, Members>;
    const message = newMessage(this.random.uuid(), body, attributes, senderOf(caller), this.cloud.clock.now());
    const earlier = queue.earlier(groupId, deduplicationId);
    if (earlier !== undefined) return { ...sentAnswer(message), MessageId: earlier.id, SequenceNumber: earlier.sequenceNumber };
    if (this.cloud.deliveries?.strike(queue.arn) !== undefined)
      throw new UnsupportedError(`sqs: ${queue.name} delivers once and in order: no fault can make a FIFO queue do otherwise.`);
    note(message, caller);
    message.fifo = queue.accept(message.id, groupId, deduplicationId);
    this.place(queue, message, queue.settings.delaySeconds);
    return { ...sentAnswer(message), SequenceNumber: message.fifo.sequenceNumber };
  }

  private place(queue: Queue, message: Message, delaySeconds: number): void {
    this.metrics.count(queue, 'NumberOfMessagesSent', 1);
    queue.send(message, delaySeconds);
    // Nobody waits for a delayed message yet: it is under way all the same.
    if (delaySeconds > 0) this.cloud.clock.after(delaySeconds * 1000, this.cloud.begin(`a delayed message in ${queue.name}`));
  }

  /** The same message once more, as a standard queue may deliver it: received and deleted on its own. */
  private copyOf(message: Message, copy: number): Message {
    return copy === 0 ? message : { ...message, copyId: this.random.uuid() };
  }

  private deleteByHandle(queue: Queue, handle: string): void {
    if (!/^[0-9a-f-]{36}\.\d+$/.test(handle)) throw badReceiptHandle(handle);
    const message = queue.byHandle(handle);
    // With the handle of an earlier receive the request succeeds and deletes nothing.
    if (message === undefined) return;
    queue.delete(message);
    this.metrics.count(queue, 'NumberOfMessagesDeleted', 1);
  }

  private changeVisibility(queue: Queue, input: Members): void {
    const handle = input['ReceiptHandle'] as string;
    const seconds = input['VisibilityTimeout'] as number;
    if (seconds < 0 || seconds > maxVisibilitySeconds) {
      throw invalidParameter(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
      );
    }
    if (!/^[0-9a-f-]{36}\.\d+$/.test(handle)) throw badReceiptHandle(handle);
    const message = queue.byHandle(handle);
    if (message === undefined) throw notInFlight(handle);
    queue.changeVisibility(message, seconds);
  }

  private async receiveMessage(queue: Queue, input: Members): Promise<Members> {
    checkReceive(input);
    const max = (input['MaxNumberOfMessages'] ?? 1) as number;
    const take = (): Message[] => queue.receive(max, input['VisibilityTimeout'] as number | undefined);
    const waitMillis = ((input['WaitTimeSeconds'] ?? queue.settings.waitSeconds) as number) * 1000;
    let messages = take();
    if (messages.length === 0 && waitMillis > 0) {
      await this.nextMessage(queue, waitMillis);
      messages = take();
    }
    this.metrics.count(queue, 'NumberOfMessagesReceived', messages.length);
    return messages.length === 0 ? {} : { Messages: messages.map((message) => receivedMessage(message, input)) };
  }

  private nextMessage(queue: Queue, waitMillis: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        this.cloud.clock.cancel(timer);
        resolve();
      };
      const stop = queue.onMessage(done);
      const timer = this.cloud.clock.after(waitMillis, done);
    });
  }

  private messageOperations(): Record<string, Operation> {
    return {
      SendMessage: this.onQueue('SendMessage', (queue, input, call) => this.send(queue, input, call.caller)),
      ReceiveMessage: this.onQueue('ReceiveMessage', (queue, input) => this.receiveMessage(queue, input)),
      DeleteMessage: this.onQueue('DeleteMessage', (queue, input) => {
        this.deleteByHandle(queue, input['ReceiptHandle'] as string);
        return {};
      }),
      ChangeMessageVisibility: this.onQueue('ChangeMessageVisibility', (queue, input) => {
        this.changeVisibility(queue, input);
        return {};
      }),
    };
  }

  private batchOperations(): Record<string, Operation> {
    const entriesOf = (input: Members): Members[] => {
      const entries = (input['Entries'] ?? []) as Members[];
      checkBatch(entries);
      return entries;
    };
    return {
      SendMessageBatch: this.onQueue('SendMessage', (queue, input, call) => {
        const entries = entriesOf(input);
        const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
        if (bytes > maxBatchBytes) {
          throw new AwsError(
            'BatchRequestTooLong',
            `Batch requests cannot be longer than ${maxBatchBytes} bytes. You have sent ${bytes} bytes.`,
          );
        }
        return eachEntry(entries, (entry) => this.send(queue, entry, call.caller));
      }),
      DeleteMessageBatch: this.onQueue('DeleteMessage', (queue, input) =>
        eachEntry(entriesOf(input), (entry) => {
          this.deleteByHandle(queue, entry['ReceiptHandle'] as string);
          return {};
        }),
      ),
      ChangeMessageVisibilityBatch: this.onQueue('ChangeMessageVisibility', (queue, input) =>
        eachEntry(entriesOf(input), (entry) => {
          this.changeVisibility(queue, entry);
          return {};
        }),
      ),
    };
  }

  private queueOperations(): Record<string, Operation> {
    return {
      GetQueueAttributes: this.onQueue('GetQueueAttributes', (queue, input) => queueAttributes(queue, input)),
      GetQueueUrl: {
        permissions: (input, cloud) => [{ action: 'sqs:GetQueueUrl', resource: cloud.arn('sqs', input['QueueName'] as string) }],
        run: (input, { cloud }) => ({ QueueUrl: this.queue(cloud.arn('sqs', input['QueueName'] as string)).url }),
      },
      PurgeQueue: this.onQueue('PurgeQueue', (queue) => {
        queue.purge();
        return {};
      }),
    };
  }
}

function note(message: Message, caller: Caller): void {
  const lineage = lineageOf(caller);
  if (lineage !== undefined) message.lineage = lineage;
}

const sentAnswer = (message: Message): Members => ({
  MessageId: message.id,
  MD5OfMessageBody: message.bodyMd5,
  ...(message.attributesMd5 === undefined ? {} : { MD5OfMessageAttributes: message.attributesMd5 }),
});

export const createSqs = (cloud: Cloud): Sqs => new Sqs(cloud);
