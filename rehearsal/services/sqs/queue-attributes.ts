import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Queue } from './queue';

function all(queue: Queue): Record<string, string | undefined> {
  const { settings } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const created = String(Math.floor(queue.createdAtMillis / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
    MaximumMessageSize: String(settings.maximumMessageBytes),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(settings.waitSeconds),
    SqsManagedSseEnabled: String(settings.kmsKeyId === undefined),
    KmsMasterKeyId: settings.kmsKeyId,
    Policy: queue.policy === undefined ? undefined : JSON.stringify(queue.policy),
    ...(settings.fifo === undefined ? {} : fifoAttributes(settings.fifo)),
    RedrivePolicy:
      settings.redrive === undefined
        ? undefined
        : JSON.stringify({ deadLetterTargetArn: settings.redrive.deadLetterArn, maxReceiveCount: settings.redrive.maxReceiveCount }),
  };
}

const fifoAttributes = (fifo: NonNullable<Queue['settings']['fifo']>): Record<string, string> => ({
  FifoQueue: 'true',
  ContentBasedDeduplication: String(fifo.deduplicatesByContent),
  DeduplicationScope: fifo.deduplicatesByGroup ? 'messageGroup' : 'queue',
  FifoThroughputLimit: fifo.limitsByGroup ? 'perMessageGroupId' : 'perQueue',
});

export function queueAttributes(queue: Queue, input: Members): Members {
  const attributes = all(queue);
  const names = (input['AttributeNames'] ?? []) as string[];
  const unknown = names.find((name) => name !== 'All' && !(name in attributes));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wanted = Object.entries(attributes).filter(
    ([name, value]) => value !== undefined && (names.includes('All') || names.includes(name)),
  );
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}
