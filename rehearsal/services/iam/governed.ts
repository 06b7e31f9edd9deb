import type { CreatedResource, Members, PolicyDocument, PolicyStatement, ResourceContext, ResourceType } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { checkPolicy } from '../../kernel/iam/policy';
import type { Kms } from '../kms';
import { refusePolicies } from './resources';

/** Where each type names the key that encrypts it. */
const keyOf: Record<string, (properties: Members) => unknown> = {
  'AWS::SQS::Queue': (properties) => properties['KmsMasterKeyId'] as unknown,
  'AWS::SNS::Topic': (properties) => properties['KmsMasterKeyId'] as unknown,
  'AWS::SecretsManager::Secret': (properties) => properties['KmsKeyId'] as unknown,
  'AWS::DynamoDB::Table': (properties) => (properties['SSESpecification'] as Members | undefined)?.['KMSMasterKeyId'] as unknown,
  'AWS::DynamoDB::GlobalTable': (properties) => {
    const [replica] = (properties['Replicas'] ?? []) as Members[];
    return (replica?.['SSESpecification'] as Members | undefined)?.['KMSMasterKeyId'] as unknown;
  },
  'AWS::S3::Bucket': (properties) => {
    const rules = (properties['BucketEncryption'] as Members | undefined)?.['ServerSideEncryptionConfiguration'] as Members[] | undefined;
    return (rules?.[0]?.['ServerSideEncryptionByDefault'] as Members | undefined)?.['KMSMasterKeyID'] as unknown;
  },
};

/** Where each type carries a policy of its own. */
const policyOf: Record<string, (properties: Members) => unknown> = {
  'AWS::SQS::QueuePolicy': (properties) => properties['PolicyDocument'] as unknown,
  'AWS::SNS::TopicPolicy': (properties) => properties['PolicyDocument'] as unknown,
  'AWS::S3::BucketPolicy': (properties) => properties['PolicyDocument'] as unknown,
  'AWS::KMS::Key': (properties) => properties['KeyPolicy'] as unknown,
  'AWS::SecretsManager::ResourcePolicy': (properties) => properties['ResourcePolicy'] as unknown,
  'AWS::DynamoDB::Table': (properties) => (properties['ResourcePolicy'] as Members | undefined)?.['PolicyDocument'] as unknown,
  'AWS::Events::EventBus': (properties) => properties['Policy'] as unknown,
  'AWS::Events::EventBusPolicy': ({ Statement }) => (Statement === undefined ? undefined : { Statement: Statement as PolicyStatement }),
};

interface Handed {
  principal: string;
  role(properties: Members): unknown;
  source(properties: Members, arn: string, context: ResourceContext): string;
}

/** Roles that a service is given to act as. Lambda's own resource type asks itself. */
const handedTo: Record<string, Handed> = {
  'AWS::StepFunctions::StateMachine': {
    principal: 'states.amazonaws.com',
    role: (properties) => properties['RoleArn'] as unknown,
    source: (_properties, arn) => arn,
  },
  'AWS::Scheduler::Schedule': {
    principal: 'scheduler.amazonaws.com',
    role: (properties) => (properties['Target'] as Members | undefined)?.['RoleArn'] as unknown,
    source: (properties, _arn, { cloud }) => cloud.arn('scheduler', `schedule-group/${String(properties['GroupName'] ?? 'default')}`),
  },
  'AWS::SageMaker::Model': {
    principal: 'sagemaker.amazonaws.com',
    role: (properties) => properties['ExecutionRoleArn'] as unknown,
    source: (_properties, arn) => arn,
  },
};

/** What IAM, KMS and the scenario's faults must know of a resource, whatever its type: its policy, role, key, tags and ARN. */
export function governed(type: ResourceType): ResourceType {
  const { update } = type;
  const note = (properties: Members, created: CreatedResource, context: ResourceContext): void => {
    const cloud = context.cloud as LaptopCloud;
    const arn = arnOf(created);
    if (arn === undefined) return;
    cloud.constructs.note(context.constructPath.replace(/\/Resource$/, ''), arn);
    if (tagged(type.type)) cloud.iam.tagResource(arn, tagsOf(properties));
    const key = keyOf[type.type]?.(properties);
    if (keyOf[type.type] !== undefined) cloud.encryption.protect(arn, cloud.double<Kms>('kms').customerKey(key));
    if (type.type === 'AWS::Logs::LogGroup') checkLogKey(properties['KmsKeyId'] as unknown, arn, cloud);
    const handed = handedTo[type.type];
    const role = handed?.role(properties);
    if (handed !== undefined && typeof role === 'string')
      cloud.trust.check(role, handed.principal, handed.source(properties, arn, context));
  };
  const check = (properties: Members, context: ResourceContext): void => {
    const policy = policyOf[type.type]?.(properties) as PolicyDocument | undefined;
    if (policy !== undefined) checkPolicy(policy, `Policy of ${context.constructPath || context.logicalId}`);
  };
  return {
    ...type,
    refuse: (properties, context) => [
      ...(type.refuse?.(properties, context) ?? []),
      ...refusePolicies([policyOf[type.type]?.(properties)]),
    ],
    create: async (properties, context) => {
      check(properties, context);
      const created = await type.create(properties, context);
      try {
        note(properties, created, context);
      } catch (error) {
        // CloudFormation would not have made it.
        await type.remove(created, properties, context);
        throw error;
      }
      return created;
    },
    ...(update === undefined
      ? {}
      : {
          update: async (properties, previous, created, context) => {
            check(properties, context);
            const updated = await update.call(type, properties, previous, created, context);
            note(properties, updated, context);
            return updated;
          },
        }),
    remove: async (created, properties, context) => {
      const arn = arnOf(created);
      if (arn !== undefined) (context.cloud as LaptopCloud).encryption.protect(arn, undefined);
      await type.remove(created, properties, context);
    },
  };
}

/** A log group under a key: the logs service of the region must be let in by the key's policy, else the group is not made. */
function checkLogKey(keyId: unknown, groupArn: string, cloud: LaptopCloud): void {
  const key = cloud.double<Kms>('kms').customerKey(keyId);
  if (key === undefined) return;
  const caller = { kind: 'service', principal: `logs.${cloud.region}.amazonaws.com`, sourceArn: groupArn } as const;
  cloud.encryption.use(caller, 'kms:GenerateDataKey', key, 'logs', { 'kms:EncryptionContext:aws:logs:arn': groupArn });
}

function arnOf({ ref, attributes }: CreatedResource): string | undefined {
  const found = [attributes['Arn'], attributes['TopicArn'], ref].find((value) => typeof value === 'string' && value.startsWith('arn:'));
  return (found as string | undefined)?.replace(/:\*$/, '');
}

/** Buckets: S3 knows no `aws:ResourceTag`. Roles: their tags are the principal's. */
const tagged = (type: string): boolean => type !== 'AWS::S3::Bucket' && !type.startsWith('AWS::IAM::');

/** Tags as a list of keys and values, or as a mapping. */
function tagsOf(properties: Members): Record<string, string> {
  const tags = properties['Tags'] as unknown;
  if (!Array.isArray(tags)) return (tags ?? {}) as Record<string, string>;
  return Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}
