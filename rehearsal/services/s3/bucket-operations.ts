import { AwsError } from '../../cloud/types';
import type { Members, Operation, PolicyDocument } from '../../cloud/types';
import { readRules, writeRules } from './notification-rules';
import { hostIdOf, requestIdOf } from './object-events';
import { onBucket } from './permissions';
import type { Bucket } from './bucket';
import type { Shop } from './s3';
import { compareKeys } from './sorted-keys';
import type { Writer } from './write';

export function bucketOperations(shop: Shop): Record<string, Operation> {
  return {
    HeadBucket: shop.onBucket(onBucket('ListBucket'), () => ({ BucketRegion: shop.cloud.region })),
    ListBuckets: {
      permissions: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
      run: () => ({
        Buckets: [...shop.buckets()]
          .sort((one, other) => compareKeys(one.name, other.name))
          .map(({ name, createdAtMillis }) => ({ Name: name, CreationDate: new Date(createdAtMillis) })),
      }),
    },
    GetBucketLocation: shop.onBucket(onBucket('GetBucketLocation'), () =>
      // The oldest region has no constraint to name.
      shop.cloud.region === 'us-east-1' ? {} : { LocationConstraint: shop.cloud.region },
    ),
    GetBucketVersioning: shop.onBucket(onBucket('GetBucketVersioning'), ({ settings }) =>
      settings.versioning === undefined ? {} : { Status: settings.versioning },
    ),
    GetBucketTagging: shop.onBucket(onBucket('GetBucketTagging'), ({ settings }) => {
      if (settings.tags.length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404);
      return { TagSet: settings.tags };
    }),
    GetBucketPolicy: shop.onBucket(onBucket('GetBucketPolicy'), ({ policy }) => {
      if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
      return { Policy: JSON.stringify(policy) };
    }),
    PutBucketPolicy: shop.onBucket(onBucket('PutBucketPolicy'), (bucket, input) => {
      bucket.policy = parsedPolicy(input['Policy'] as string);
      return {};
    }),
    GetBucketNotificationConfiguration: shop.onBucket(onBucket('GetBucketNotification'), ({ notifications, settings }) =>
      writeRules(notifications, settings.eventBridge),
    ),
    PutBucketNotificationConfiguration: shop.onBucket(onBucket('PutBucketNotification'), async (bucket, input, writer) => {
      const isAsked = input['SkipDestinationValidation'] !== true;
      await putNotifications(writer, bucket, (input['NotificationConfiguration'] ?? {}) as Members, isAsked);
      return {};
    }),
  };
}

/** Takes the place of all that the bucket told before. Each destination must let S3 in. */
export async function putNotifications(writer: Writer, bucket: Bucket, configuration: Members, areAsked: boolean): Promise<void> {
  const { random, events, cause } = writer;
  const rules = readRules(configuration, () => Buffer.from(random.uuid()).toString('base64url'));
  const requestId = requestIdOf(cause);
  if (areAsked) for (const rule of rules) await events.notifier.validate(bucket, rule, requestId, hostIdOf(requestId));
  bucket.notifications = rules;
  bucket.settings.eventBridge = configuration['EventBridgeConfiguration'] !== undefined;
}

function parsedPolicy(text: string): PolicyDocument {
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch (error) {
    throw new AwsError('MalformedPolicy', `Policies must be valid JSON: ${(error as Error).message}`);
  }
}
