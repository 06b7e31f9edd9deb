import { UnsupportedError } from '../../cloud/types';
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
]);
/** Kept by the service, without effect on what a handler sees. */
const withoutEffect = new Set(['KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'RedriveAllowPolicy', 'Tags']);

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || String(value) === 'false' || understood.has(name) || withoutEffect.has(name)) continue;
    throw new UnsupportedError(`AWS::SQS::Queue ${logicalId}: property ${name} is not supported. Use a standard queue.`);
  }
}

/** JSON properties arrive as an object, or as its text. */
const parsed = (value: unknown): Members => (typeof value === 'string' ? (JSON.parse(value) as Members) : (value as Members));

function settings(properties: Members): QueueSettings {
  const redrive = properties['RedrivePolicy'] === undefined ? undefined : parsed(properties['RedrivePolicy']);
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
  };
}

const sqs = ({ cloud }: ResourceContext): Sqs => cloud.double<Sqs>('sqs');

const answer = (queue: Queue): CreatedResource => ({
  ref: queue.url,
  attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: queue.url },
});

const queueResource: ResourceType = {
  type: 'AWS::SQS::Queue',
  create(properties, context) {
    refuseOthers(properties, context);
    const name = (properties['QueueName'] as string | undefined) ?? context.physicalName(80);
    return answer(sqs(context).createQueue(name, settings(properties)));
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
