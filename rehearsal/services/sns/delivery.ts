import { AwsError, type Caller, type Cloud, type Members } from '../../cloud/types';
import { setLineage } from '../../kernel/lineage';
import { lambdaPayload, queueBody, type Notification } from './notification';
import type { Subscription, Topic } from './topic';

const DELIVERY_MILLIS = 50;
/** Of deliveries within AWS: three at once, two after a second, ten that back off to twenty seconds, then every twenty seconds for 23 days. */
const RETRY_SECONDS = [0, 0, 0, 1, 1, 1, 2, 3, 4, 6, 8, 11, 14, 17, 20];
const LAST_RETRY_SECONDS = 20;
const MOST_RETRIES = 100_015;

/** Missing permissions and missing endpoints are not tried again; trouble on the other side is. */
const isRetryable = ({ statusCode, code }: AwsError): boolean =>
  statusCode >= 500 || statusCode === 429 || /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/.test(code);

/** Brings a notification to a function or a queue, and to the subscription's dead-letter queue when that is over. */
export function deliver(cloud: Cloud, topic: Topic, notification: Notification, subscription: Subscription): void {
  const end = cloud.begin(`a notification of ${topic.name} to ${subscription.endpoint}`);
  cloud.clock.after(DELIVERY_MILLIS, async () => {
    try {
      await tryUntilOver(cloud, topic, notification, subscription);
    } finally {
      end();
    }
  });
}

async function tryUntilOver(cloud: Cloud, topic: Topic, notification: Notification, subscription: Subscription): Promise<void> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await send(cloud, topic, notification, subscription);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (!isRetryable(error) || retries >= MOST_RETRIES) return giveUp(cloud, topic, notification, subscription, error);
      await cloud.clock.sleep((RETRY_SECONDS[retries] ?? LAST_RETRY_SECONDS) * 1000);
    }
  }
}

function callerOf(topic: Topic, { lineage }: Notification): Caller {
  const caller: Caller = { kind: 'service', principal: 'sns.amazonaws.com', sourceArn: topic.arn };
  setLineage(caller, lineage);
  return caller;
}

async function send(cloud: Cloud, topic: Topic, notification: Notification, subscription: Subscription): Promise<void> {
  if (subscription.protocol === 'lambda') {
    const Payload = lambdaPayload(topic, notification, subscription);
    await cloud.call(
      'lambda',
      'Invoke',
      { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload },
      callerOf(topic, notification),
    );
    return;
  }
  const own = subscription.raw && Object.keys(notification.attributes).length > 0 ? { MessageAttributes: notification.attributes } : {};
  const body = queueBody(topic, notification, subscription);
  await toQueue(cloud, callerOf(topic, notification), subscription.endpoint, {
    MessageBody: body,
    ...own,
    ...inOrder(notification, subscription.endpoint),
  });
}

/** To a FIFO queue the group and the id go along. */
const inOrder = ({ fifo }: Notification, queueArn: string): Members =>
  fifo === undefined || !queueArn.endsWith('.fifo') ? {} : { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId };

async function toQueue(cloud: Cloud, caller: Caller, queueArn: string, message: Members): Promise<void> {
  const [, , , region, accountId, name] = queueArn.split(':');
  const suffix = cloud.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  await cloud.call('sqs', 'SendMessage', { QueueUrl: `https://sqs.${region}.${suffix}/${accountId}/${name}`, ...message }, caller);
}

async function giveUp(cloud: Cloud, topic: Topic, notification: Notification, subscription: Subscription, error: AwsError): Promise<void> {
  const { endpoint, deadLetterArn } = subscription;
  const detail = { topic: topic.name, endpoint, error: error.code, message: error.message };
  cloud.record('sns', 'delivery-failed', { ...detail, ...(deadLetterArn === undefined ? {} : { deadLetterArn }) });
  if (deadLetterArn === undefined) return;
  try {
    const body = queueBody(topic, notification, subscription);
    await toQueue(cloud, callerOf(topic, notification), deadLetterArn, { MessageBody: body, ...inOrder(notification, deadLetterArn) });
  } catch (lost) {
    if (!(lost instanceof AwsError)) throw lost;
    cloud.record('sns', 'dead-letter-failed', { ...detail, deadLetterArn, error: lost.code, message: lost.message });
  }
}
