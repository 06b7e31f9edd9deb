import { createHash } from 'node:crypto';
import type { Caller, CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { Lambda } from '../lambda';

const lists = ['LambdaFunctionConfigurations', 'QueueConfigurations', 'TopicConfigurations'] as const;

type Configuration = Members;

const isTrue = (value: unknown, fallback: boolean): boolean => String(value ?? fallback).toLowerCase() === 'true';

const listOf = (configuration: Configuration, list: string): Members[] => (configuration[list] ?? []) as Members[];

/**
 * What the CDK's `Custom::S3BucketNotifications` does through a function in Python: it puts a bucket's notifications, and on a bucket that
 * the application does not own leaves those of others in place. It acts as that function's role.
 */
export const bucketNotifications: ResourceType = {
  type: 'Custom::S3BucketNotifications',
  async create(properties, context) {
    await put(properties, wanted(properties, await standing(properties, context), [], context), context);
    return { ref: context.logicalId, attributes: {} };
  },
  async update(properties, previous, created, context) {
    const ours = lists.flatMap((list) =>
      listOf(previous['NotificationConfiguration'] as Members, list).map((entry) => idOf(entry, context)),
    );
    await put(properties, wanted(properties, await standing(properties, context), ours, context), context);
    return created;
  },
  async remove(_created: CreatedResource, properties, context) {
    if (isTrue(properties['Managed'], true)) return put(properties, {}, context);
    const before = await standing(properties, context);
    const others = (entry: Members): boolean => !String(entry['Id']).startsWith(`${context.stackId}-`);
    await put(properties, { ...before, ...Object.fromEntries(lists.map((list) => [list, listOf(before, list).filter(others)])) }, context);
  },
};

/** What the bucket is to tell: of one that is not managed, what it tells already besides. */
function wanted(properties: Members, before: Configuration, ours: string[], context: ResourceContext): Configuration {
  const asked = properties['NotificationConfiguration'] as Members;
  if (isTrue(properties['Managed'], true)) return asked;
  const merged = lists.map((list) => {
    const others = listOf(before, list).filter((entry) => !ours.includes(String(entry['Id'])));
    return [list, [...others, ...listOf(asked, list).map((entry) => ({ ...entry, Id: idOf(entry, context) }))]] as const;
  });
  const eventBridge = (asked['EventBridgeConfiguration'] ?? before['EventBridgeConfiguration']) as Members | undefined;
  return { ...Object.fromEntries(merged), ...(eventBridge === undefined ? {} : { EventBridgeConfiguration: eventBridge }) };
}

const idOf = (entry: Members, { stackId }: ResourceContext): string =>
  `${stackId}-${createHash('sha256')
    .update(JSON.stringify({ ...entry, Id: '' }))
    .digest('hex')
    .slice(0, 16)}`;

async function standing(properties: Members, context: ResourceContext): Promise<Configuration> {
  if (isTrue(properties['Managed'], true)) return {};
  return context.cloud.call(
    's3',
    'GetBucketNotificationConfiguration',
    { Bucket: properties['BucketName'] as string },
    actor(properties, context),
  );
}

async function put(properties: Members, configuration: Configuration, context: ResourceContext): Promise<void> {
  const input = {
    Bucket: properties['BucketName'] as string,
    NotificationConfiguration: configuration,
    SkipDestinationValidation: isTrue(properties['SkipDestinationValidation'], false),
  };
  await context.cloud.call('s3', 'PutBucketNotificationConfiguration', input, actor(properties, context));
}

function actor({ ServiceToken: token }: Members, { cloud }: ResourceContext): Caller {
  const { roleArn } = cloud.double<Lambda>('lambda').function(token as string).configuration;
  return { kind: 'role', roleArn };
}
