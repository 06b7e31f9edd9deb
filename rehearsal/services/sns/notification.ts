import type { Members } from '../../cloud/types';
import type { Lineage } from '../../kernel/lineage';
import type { Protocol, Subscription, Topic } from './topic';

export interface Notification {
  messageId: string;
  timestamp: string;
  subject: string | undefined;
  /** The text for a protocol: MessageStructure `json` gives each its own. */
  textFor(protocol: Protocol | 'default'): string;
  attributes: Record<string, Members>;
  /** The chain of invocations that published it. */
  lineage?: Lineage;
  /** Of a FIFO topic. */
  fifo?: { groupId: string; deduplicationId: string; sequenceNumber: string };
}

const documentedAttributes = (attributes: Record<string, Members>): Record<string, { Type: string; Value: string }> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType: type, StringValue: text, BinaryValue: binary }]) => [
      name,
      { Type: type as string, Value: (text as string | undefined) ?? Buffer.from(binary as Uint8Array).toString('base64') },
    ]),
  );

/** Signatures are not simulated: the fields are there, and verify nothing. */
function envelope(topic: Topic, notification: Notification, protocol: Protocol): Members {
  return {
    Type: 'Notification',
    MessageId: notification.messageId,
    TopicArn: topic.arn,
    ...(notification.subject === undefined ? {} : { Subject: notification.subject }),
    Message: notification.textFor(protocol),
    Timestamp: notification.timestamp,
    ...(notification.fifo === undefined ? {} : { SequenceNumber: notification.fifo.sequenceNumber }),
    SignatureVersion: '1',
    Signature: 'not-signed',
  };
}

export function queueBody(topic: Topic, notification: Notification, subscription: Subscription): string {
  if (subscription.raw) return notification.textFor('sqs');
  const attributes = documentedAttributes(notification.attributes);
  return JSON.stringify({
    ...envelope(topic, notification, 'sqs'),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
  });
}

export function lambdaPayload(topic: Topic, notification: Notification, subscription: Subscription): Uint8Array {
  const { Subject: subject, ...rest } = envelope(topic, notification, 'lambda');
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscription.arn,
    Sns: { ...rest, Subject: (subject as string | undefined) ?? null, MessageAttributes: documentedAttributes(notification.attributes) },
  };
  return Buffer.from(JSON.stringify({ Records: [record] }));
}
