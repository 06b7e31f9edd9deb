import { createHash } from 'node:crypto';
import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { lineageOf, type Lineage } from '../../kernel/lineage';
import { pageOf } from '../pages';
import { deliver } from './delivery';
import type { MessageFilter } from './filter-policy';
import type { Notification } from './notification';
import { defaultPolicy } from './topic';
import type { Protocol, Subscription, Topic } from './topic';

const maxMessageBytes = 262_144;
const maxSubjectCharacters = 100;
const subscriptionsPerPage = 100;
const batchEntries = 10;
const deduplicationMillis = 5 * 60_000;
const firstSequenceNumber = 10_000_000_000_000_000_000n;
const protocols: readonly string[] = ['email', 'email-json', 'http', 'https', 'lambda', 'sms', 'sqs'];
/** Delivered by the laptop cloud; messages by the others are told in the log alone. */
const delivered: readonly string[] = ['lambda', 'sqs'];

const invalid = (what: string): AwsError => new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);

function textPerProtocol(input: Members): Notification['textFor'] {
  const message = input['Message'] as string;
  if (input['MessageStructure'] !== 'json') return () => message;
  let texts: Record<string, string>;
  try {
    texts = JSON.parse(message) as Record<string, string>;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const fallback = texts['default'];
  if (fallback === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return (protocol) => texts[protocol] ?? fallback;
}

/** `message`: the text for protocols that have none of their own. */
export type PublicationListener = (published: { topicArn: string; message: string; subject: string | undefined }) => void;

interface Accepted {
  key: string;
  groupId: string;
  deduplicationId: string;
  sequenceNumber: string;
  /** Of the message that was accepted first. */
  earlierId: string | undefined;
  atMillis: number;
}

function checkMessage(input: Members): void {
  const message = input['Message'] as string;
  const subject = input['Subject'] as string | undefined;
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) > maxMessageBytes) throw invalid('Message too long');
  if (subject !== undefined && (subject === '' || subject.length > maxSubjectCharacters || /[\r\n]/.test(subject)))
    throw invalid('Subject');
}

export interface SubscriptionSettings {
  raw?: boolean;
  accepts?: MessageFilter;
  deadLetterArn?: string;
}

/** SNS topics. Mail, text messages and calls of web hooks are not sent: the log says how many addresses a message would have reached. */
export class Sns implements ServiceDouble {
  readonly service = 'sns';
  readonly operations: Record<string, Operation>;
  private readonly byArn = new Map<string, Topic>();
  private readonly random;
  private readonly listeners: PublicationListener[] = [];
  private readonly accepted = new Map<string, Accepted>();
  private published = 0n;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sns');
    this.operations = {
      Publish: {
        permissions: (input) => [{ action: 'sns:Publish', resource: (input['TopicArn'] ?? input['TargetArn'] ?? '*') as string }],
        run: (input, { caller }) => this.publish(input, lineageOf(caller)),
      },
      PublishBatch: {
        permissions: (input) => [{ action: 'sns:Publish', resource: input['TopicArn'] as string }],
        run: (input, { caller }) => this.publishBatch(input, lineageOf(caller)),
      },
      ListSubscriptionsByTopic: {
        permissions: (input) => [{ action: 'sns:ListSubscriptionsByTopic', resource: input['TopicArn'] as string }],
        run: (input) => this.listSubscriptions(input),
      },
    };
  }

  /** Hears of every message that is published to a topic. */
  onPublished(listener: PublicationListener): void {
    this.listeners.push(listener);
  }

  createTopic(name: string, displayName: string, fifo?: Topic['fifo']): Topic {
    const arn = this.cloud.arn('sns', name);
    const topic: Topic = { name, arn, displayName, ...(fifo && { fifo }), policy: undefined, subscriptions: [] };
    this.byArn.set(arn, topic);
    return topic;
  }

  deleteTopic(arn: string): void {
    this.byArn.delete(arn);
  }

  has(arn: string): boolean {
    return this.byArn.has(arn);
  }

  topic(arn: string): Topic {
    const topic = this.byArn.get(arn);
    if (topic === undefined) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    return topic;
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    const topic = this.byArn.get(resourceArn);
    return topic === undefined ? undefined : (topic.policy ?? defaultPolicy(topic.arn));
  }

  /** Subscribed at once: the confirmation that a mailbox's owner clicks is not simulated. */
  subscribe(topicArn: string, protocol: string, endpoint: string, settings: SubscriptionSettings = {}): Subscription {
    if (!protocols.includes(protocol)) {
      throw new UnsupportedError(`sns: subscriptions by ${protocol} are not supported. Use one of ${protocols.join(', ')}.`);
    }
    const topic = this.topic(topicArn);
    const subscription: Subscription = {
      arn: `${topicArn}:${this.random.uuid()}`,
      protocol: protocol as Protocol,
      endpoint,
      raw: false,
      ...settings,
    };
    topic.subscriptions.push(subscription);
    return subscription;
  }

  unsubscribe(subscriptionArn: string): void {
    for (const { subscriptions } of this.byArn.values()) {
      const index = subscriptions.findIndex(({ arn }) => arn === subscriptionArn);
      if (index >= 0) subscriptions.splice(index, 1);
    }
  }

  private publish(input: Members, lineage: Lineage | undefined): Members {
    const arn = (input['TopicArn'] ?? input['TargetArn']) as string | undefined;
    if (arn === undefined) throw new UnsupportedError('sns Publish: only topics are supported. Give TopicArn.');
    return this.publishTo(this.topic(arn), input, lineage);
  }

  private publishBatch(input: Members, lineage: Lineage | undefined): Members {
    const topic = this.topic(input['TopicArn'] as string);
    const entries = (input['PublishBatchRequestEntries'] ?? []) as Members[];
    if (entries.length === 0) throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
    if (entries.length > batchEntries)
      throw new AwsError('TooManyEntriesInBatchRequestException', 'The batch request contains more entries than permissible.');
    if (new Set(entries.map(({ Id }) => Id as string)).size < entries.length)
      throw new AwsError('BatchEntryIdsNotDistinctException', 'Two or more batch entries in the request have the same Id.');
    const Successful: Members[] = [];
    const Failed: Members[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry['Id'], ...this.publishTo(topic, entry, lineage) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id: entry['Id'], Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  private publishTo(topic: Topic, input: Members, lineage: Lineage | undefined): Members {
    checkMessage(input);
    const fifo = this.placeInOrder(topic, input);
    if (fifo?.earlierId !== undefined) return { MessageId: fifo.earlierId, SequenceNumber: fifo.sequenceNumber };
    const subject = input['Subject'] as string | undefined;
    const notification: Notification = {
      messageId: this.random.uuid(),
      timestamp: new Date(this.cloud.clock.now()).toISOString(),
      subject,
      textFor: textPerProtocol(input),
      attributes: (input['MessageAttributes'] ?? {}) as Record<string, Members>,
      ...(fifo === undefined ? {} : { fifo }),
      ...(lineage === undefined ? {} : { lineage }),
    };
    if (fifo !== undefined) this.accepted.set(fifo.key, { ...fifo, earlierId: notification.messageId, atMillis: this.cloud.clock.now() });
    const { attributes, textFor } = notification;
    const reached = topic.subscriptions.filter(
      ({ accepts, protocol }) => accepts === undefined || accepts({ attributes, message: textFor(protocol) }),
    );
    for (const listener of this.listeners) listener({ topicArn: topic.arn, message: notification.textFor('default'), subject });
    this.recordMail(topic, notification, reached);
    for (const subscription of reached)
      if (delivered.includes(subscription.protocol)) deliver(this.cloud, topic, notification, subscription);
    return { MessageId: notification.messageId, ...(fifo === undefined ? {} : { SequenceNumber: fifo.sequenceNumber }) };
  }

  /** Group, id and number of a message to a FIFO topic; `earlierId` where it was accepted within the last five minutes. */
  private placeInOrder(topic: Topic, input: Members): Accepted | undefined {
    const groupId = input['MessageGroupId'] as string | undefined;
    const given = input['MessageDeduplicationId'] as string | undefined;
    if (topic.fifo === undefined) {
      if (given === undefined) return undefined;
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    if (groupId === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics');
    if (given === undefined && !topic.fifo.deduplicatesByContent)
      throw invalid('The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
    const deduplicationId =
      given ??
      createHash('sha256')
        .update(input['Message'] as string)
        .digest('hex');
    const key = `${topic.arn} ${deduplicationId}`;
    const earlier = this.accepted.get(key);
    if (earlier !== undefined && earlier.atMillis + deduplicationMillis > this.cloud.clock.now()) return earlier;
    this.published += 1n;
    const sequenceNumber = String(firstSequenceNumber + this.published * 1000n);
    return { key, groupId, deduplicationId, sequenceNumber, earlierId: undefined, atMillis: this.cloud.clock.now() };
  }

  /** No address and no text: a log is read by more people than a mailbox. */
  private recordMail(topic: Topic, { subject, textFor }: Notification, reached: Subscription[]): void {
    for (const kind of ['email', 'http', 'sms'] as const) {
      const addresses = reached.filter(({ protocol }) => protocol.startsWith(kind)).length;
      if (addresses === 0) continue;
      const bytes = Buffer.byteLength(textFor(kind));
      this.cloud.record('sns', kind, { topic: topic.name, ...(subject === undefined ? {} : { subject }), bytes, addresses });
    }
  }

  private listSubscriptions(input: Members): Members {
    const topicArn = input['TopicArn'] as string;
    const page = pageOf({
      items: this.topic(topicArn).subscriptions,
      keyOf: ({ arn }) => arn,
      limit: subscriptionsPerPage,
      token: input['NextToken'] as string | undefined,
      listing: `ListSubscriptionsByTopic ${topicArn}`,
      invalidToken: () => invalid('NextToken Reason: the token is not valid'),
    });
    return {
      Subscriptions: page.items.map(({ arn, protocol, endpoint }) => ({
        SubscriptionArn: arn,
        Owner: this.cloud.accountId,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topicArn,
      })),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }
}

export const createSns = (cloud: Cloud): Sns => new Sns(cloud);
