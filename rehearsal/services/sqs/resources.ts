import { AwsError, UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { Queue, QueueSettings } from './queue';
import type { Sqs } from './sqs';

const understood = new Set([
  'QueueName',
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'MaximumMessageSize',
  'RedrivePolicy',
  'KmsMasterKeyId',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);
/** Kept by the service, without effect on what a handler sees. */
const withoutEffect = new Set(['KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'RedriveAllowPolicy', 'Tags']);

const othersOf = (properties: Members): string[] =>
  Object.entries(properties)
    .filter(([name, value]) => !(value === undefined || String(value) === 'false' || understood.has(name) || withoutEffect.has(name)))
    .map(([name]) => name);

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  const [name] = othersOf(properties);
  if (name !== undefined) throw new UnsupportedError(`AWS::SQS::Queue ${logicalId}: property ${name} is not supported.`);
}

/** JSON properties arrive as an object, or as its text. */
const parsed = (value: unknown): Members => (typeof value === 'string' ? (JSON.parse(value) as Members) : (value as Members));

function settings(properties: Members): QueueSettings {
  const redrive = properties['RedrivePolicy'] === undefined ? undefined : parsed(properties['RedrivePolicy']);
  const isFifo = String(properties['FifoQueue'] ?? false) === 'true';
  const keyId = properties['KmsMasterKeyId'] as string | undefined;
  return {
    visibilityTimeoutSeconds: Number(properties['VisibilityTimeout'] ?? 30),
    delaySeconds: Number(properties['DelaySeconds'] ?? 0),
    retentionSeconds: Number(properties['MessageRetentionPeriod'] ?? 345_600),
    waitSeconds: Number(properties['ReceiveMessageWaitTimeSeconds'] ?? 0),
    maximumMessageBytes: Number(properties['MaximumMessageSize'] ?? 1_048_576),
    ...(redrive === undefined
      ? {}
      : { redrive: { deadLetterArn: redrive['deadLetterTargetArn'] as string, maxReceiveCount: Number(redrive['maxReceiveCount']) } }),
    ...(keyId === undefined ? {} : { kmsKeyId: keyId }),
    ...(isFifo ? { fifo: fifoSettings(properties) } : {}),
  };
}

const fifoSettings = (properties: Members): NonNullable<QueueSettings['fifo']> => ({
  deduplicatesByContent: String(properties['ContentBasedDeduplication'] ?? false) === 'true',
  deduplicatesByGroup: properties['DeduplicationScope'] === 'messageGroup',
  limitsByGroup: properties['FifoThroughputLimit'] === 'perMessageGroupId',
});

/** CloudFormation ends the names that it makes for FIFO queues as they must end. */
const nameOf = (properties: Members, context: ResourceContext): string => {
  const isFifo = String(properties['FifoQueue'] ?? false) === 'true';
  const name = (properties['QueueName'] as string | undefined) ?? `${context.physicalName(isFifo ? 75 : 80)}${isFifo ? '.fifo' : ''}`;
  if (isFifo === name.endsWith('.fifo')) return name;
  throw new AwsError(
    'InvalidParameterValue',
    isFifo
      ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
      : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  );
};

const sqs = ({ cloud }: ResourceContext): Sqs => cloud.double<Sqs>('sqs');

const answer = (queue: Queue): CreatedResource => ({
  ref: queue.url,
  attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: queue.url },
});

const queueResource: ResourceType = {
  type: 'AWS::SQS::Queue',
  create(properties, context) {
    refuseOthers(properties, context);
    return answer(sqs(context).createQueue(nameOf(properties, context), settings(properties)));
  },
  update(properties, previous, created, context) {
    refuseOthers(properties, context);
    if (properties['QueueName'] !== previous['QueueName']) {
      throw new UnsupportedError(
        `AWS::SQS::Queue ${context.logicalId}: a change of QueueName replaces the queue, which is not supported. Keep the name.`,
      );
    }
    const queue = sqs(context).queueByUrl(created.ref);
    queue.settings = settings(properties);
    return answer(queue);
  },
  remove: (created, _properties, context) => sqs(context).deleteQueue(created.attributes['Arn'] as string),
  refuse: (properties) => othersOf(properties).map((name) => `the property ${name} of a queue`),
};

function setPolicy(properties: Members, context: ResourceContext, policy: PolicyDocument | undefined): void {
  for (const url of properties['Queues'] as string[]) sqs(context).queueByUrl(url).policy = policy;
}

const policyResource: ResourceType = {
  type: 'AWS::SQS::QueuePolicy',
  create(properties, context) {
    setPolicy(properties, context, properties['PolicyDocument'] as PolicyDocument);
    return { ref: context.physicalName(), attributes: { Id: context.logicalId } };
  },
  update(properties, previous, created, context) {
    setPolicy(previous, context, undefined);
    setPolicy(properties, context, properties['PolicyDocument'] as PolicyDocument);
    return created;
  },
  remove: (_created, properties, context) => setPolicy(properties, context, undefined),
};

export const sqsResources: ResourceType[] = [queueResource, policyResource];
