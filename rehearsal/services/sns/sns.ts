import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Caller, Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { pageOf } from '../pages';
import { lambdaPayload, queueBody } from './notification';
import type { MessageFilter } from './filter-policy';
import type { Notification } from './notification';
import { defaultPolicy } from './topic';
import type { Protocol, Subscription, Topic } from './topic';

const maxMessageBytes = 262_144;
const maxSubjectCharacters = 100;
const subscriptionsPerPage = 100;
const deliveryMillis = 50;
const protocols: readonly string[] = ['email', 'email-json', 'lambda', 'sqs'];

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

/** SNS topics. Mail is not sent: the log says how many addresses a message would have reached. */
export class Sns implements ServiceDouble {
  readonly service = 'sns';
  readonly operations: Record<string, Operation>;
  private readonly byArn = new Map<string, Topic>();
  private readonly random;
  private readonly listeners: PublicationListener[] = [];

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sns');
    this.operations = {
      Publish: {
        permissions: (input) => [{ action: 'sns:Publish', resource: (input['TopicArn'] ?? input['TargetArn'] ?? '*') as string }],
        run: (input) => this.publish(input),
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

  createTopic(name: string, displayName: string): Topic {
    const arn = this.cloud.arn('sns', name);
    const topic: Topic = { name, arn, displayName, policy: undefined, subscriptions: [] };
    this.byArn.set(arn, topic);
    return topic;
  }

  deleteTopic(arn: string): void {
    this.byArn.delete(arn);
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
  subscribe(topicArn: string, protocol: string, endpoint: string, raw = false, accepts?: MessageFilter): Subscription {
    if (!protocols.includes(protocol)) {
      throw new UnsupportedError(`sns: subscriptions by ${protocol} are not supported. Use one of ${protocols.join(', ')}.`);
    }
    const topic = this.topic(topicArn);
    const subscription: Subscription = {
      arn: `${topicArn}:${this.random.uuid()}`,
      protocol: protocol as Protocol,
      endpoint,
      raw,
      ...(accepts && { accepts }),
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

  private publish(input: Members): Members {
    const arn = (input['TopicArn'] ?? input['TargetArn']) as string | undefined;
    if (arn === undefined) throw new UnsupportedError('sns Publish: only topics are supported. Give TopicArn.');
    const topic = this.topic(arn);
    if (input['MessageDeduplicationId'] !== undefined) {
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    const message = input['Message'] as string;
    const subject = input['Subject'] as string | undefined;
    if (message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > maxMessageBytes) throw invalid('Message too long');
    if (subject !== undefined && (subject === '' || subject.length > maxSubjectCharacters || /[\r\n]/.test(subject))) {
      throw invalid('Subject');
    }
    const notification: Notification = {
      messageId: this.random.uuid(),
      timestamp: new Date(this.cloud.clock.now()).toISOString(),
      subject,
      textFor: textPerProtocol(input),
      attributes: (input['MessageAttributes'] ?? {}) as Record<string, Members>,
    };
    const reached = topic.subscriptions.filter(({ accepts }) => accepts === undefined || accepts(notification.attributes));
    for (const listener of this.listeners) listener({ topicArn: topic.arn, message: notification.textFor('default'), subject });
    this.recordMail(topic, notification, reached);
    for (const subscription of reached) this.deliver(topic, notification, subscription);
    return { MessageId: notification.messageId };
  }

  /** No address and no text: a log is read by more people than a mailbox. */
  private recordMail(topic: Topic, { subject, textFor }: Notification, reached: Subscription[]): void {
    const addresses = reached.filter(({ protocol }) => protocol.startsWith('email')).length;
    if (addresses === 0) return;
    const bytes = Buffer.byteLength(textFor('email'));
    this.cloud.record('sns', 'email', { topic: topic.name, ...(subject === undefined ? {} : { subject }), bytes, addresses });
  }

  private deliver(topic: Topic, notification: Notification, subscription: Subscription): void {
    if (subscription.protocol.startsWith('email')) return;
    const end = this.cloud.begin(`a notification of ${topic.name} to ${subscription.endpoint}`);
    this.cloud.clock.after(deliveryMillis, async () => {
      try {
        await this.send(topic, notification, subscription);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { endpoint } = subscription;
        this.cloud.record('sns', 'delivery-failed', { topic: topic.name, endpoint, error: error.code, message: error.message });
      } finally {
        end();
      }
    });
  }

  private async send(topic: Topic, notification: Notification, subscription: Subscription): Promise<void> {
    const caller: Caller = { kind: 'service', principal: 'sns.amazonaws.com', sourceArn: topic.arn };
    const { endpoint } = subscription;
    if (subscription.protocol === 'lambda') {
      const Payload = lambdaPayload(topic, notification, subscription);
      await this.cloud.call('lambda', 'Invoke', { FunctionName: endpoint, InvocationType: 'Event', Payload }, caller);
      return;
    }
    const [, , , region, accountId, name] = endpoint.split(':');
    const suffix = this.cloud.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const QueueUrl = `https://sqs.${region}.${suffix}/${accountId}/${name}`;
    const own = subscription.raw ? { MessageAttributes: notification.attributes } : {};
    await this.cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: queueBody(topic, notification, subscription), ...own }, caller);
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
