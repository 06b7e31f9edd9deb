import { isDeepStrictEqual } from 'node:util';
import { UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { Bucket, BucketSettings, Retention } from './bucket';
import { putNotifications } from './bucket-operations';
import { lifecycleRules } from './lifecycle';
import { bucketNotifications } from './notifications-resource';
import { configurationOfTemplate } from './notification-rules';
import type { S3 } from './s3';
import type { Writer } from './write';

const understood = new Set([
  'BucketName',
  'VersioningConfiguration',
  'ObjectLockEnabled',
  'ObjectLockConfiguration',
  'LifecycleConfiguration',
  'NotificationConfiguration',
  'Tags',
]);
/** Kept by the service, without effect on what a handler sees while a rehearsal lasts. */
const withoutEffect = new Set([
  'AccelerateConfiguration',
  'AccessControl',
  'AnalyticsConfigurations',
  'BucketEncryption',
  // Browsers ask, and no browser takes part.
  'CorsConfiguration',
  'IntelligentTieringConfigurations',
  'InventoryConfigurations',
  'LoggingConfiguration',
  'MetricsConfigurations',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  // Nobody browses: requests to the website's host are refused by name.
  'WebsiteConfiguration',
]);

/** Properties that are neither understood nor without effect. */
const others = (properties: Members): string[] =>
  Object.keys(properties).filter((name) => properties[name] !== undefined && !understood.has(name) && !withoutEffect.has(name));

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  const [name] = others(properties);
  if (name === undefined) return;
  throw new UnsupportedError(`AWS::S3::Bucket ${logicalId}: property ${name} is not supported. Remove it for the rehearsal.`);
}

const dayMillis = 86_400_000;

function defaultRetention(properties: Members): BucketSettings['defaultRetention'] {
  const rule = (properties['ObjectLockConfiguration'] as Members | undefined)?.['Rule']?.['DefaultRetention'] as Members | undefined;
  if (rule === undefined) return undefined;
  const days = rule['Days'] === undefined ? Number(rule['Years'] ?? 0) * 365 : Number(rule['Days']);
  return { mode: rule['Mode'] as Retention['mode'], millis: days * dayMillis };
}

function settings(properties: Members, context: ResourceContext, eventBridge: boolean): BucketSettings {
  refuseOthers(properties, context);
  const objectLock = String(properties['ObjectLockEnabled'] ?? false) === 'true';
  const retention = defaultRetention(properties);
  const status = (properties['VersioningConfiguration'] as Members | undefined)?.['Status'] as BucketSettings['versioning'];
  return {
    // Object Lock works on versions and turns versioning on.
    versioning: objectLock ? 'Enabled' : status,
    objectLock,
    ...(retention === undefined ? {} : { defaultRetention: retention }),
    eventBridge,
    lifecycle: lifecycleRules(properties['LifecycleConfiguration'] as Members | undefined),
    tags: (properties['Tags'] ?? []) as BucketSettings['tags'],
  };
}

/** Regions whose website hosts are written with a dash. */
const oldWebsiteRegions = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]);

const s3 = ({ cloud }: ResourceContext): S3 => cloud.double<S3>('s3');

function answer({ name, arn }: Bucket, { cloud }: ResourceContext): CreatedResource {
  const suffix = cloud.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    ref: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${cloud.region}.${suffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${cloud.region}.${suffix}`,
      WebsiteURL: `http://${name}.s3-website${oldWebsiteRegions.has(cloud.region) ? '-' : '.'}${cloud.region}.${suffix}`,
    },
  };
}

/** CloudFormation, as S3 hears it. */
function writerFor({ cloud, stackId, logicalId }: ResourceContext): Writer {
  const cause = { caller: { kind: 'world', principalArn: 'cloudformation.amazonaws.com' }, requestId: `${stackId} ${logicalId}` } as const;
  return { cloud, random: cloud.random.fork(`s3 notifications of ${logicalId}`), events: cloud.double<S3>('s3').events, cause };
}

async function tellAsAsked(bucket: Bucket, properties: Members, context: ResourceContext): Promise<void> {
  const notifications = properties['NotificationConfiguration'] as Members | undefined;
  await putNotifications(writerFor(context), bucket, configurationOfTemplate(notifications ?? {}), true);
}

const bucketResource: ResourceType = {
  type: 'AWS::S3::Bucket',
  refuse: (properties) => others(properties).map((name) => `the property ${name} of AWS::S3::Bucket`),
  async create(properties, context) {
    const name = (properties['BucketName'] as string | undefined) ?? context.physicalName(63).toLowerCase();
    const bucket = s3(context).createBucket(name, settings(properties, context, false));
    if (bucket.settings.lifecycle?.length !== 0) s3(context).lifecycle.watch();
    try {
      if (properties['NotificationConfiguration'] !== undefined) await tellAsAsked(bucket, properties, context);
    } catch (error) {
      s3(context).deleteBucket(name);
      throw error;
    }
    return answer(bucket, context);
  },
  async update(properties, previous, created, context) {
    if (properties['BucketName'] !== previous['BucketName']) {
      throw new UnsupportedError(
        `AWS::S3::Bucket ${context.logicalId}: a change of BucketName replaces the bucket, which is not supported. Keep the name.`,
      );
    }
    const bucket = s3(context).bucket(created.ref);
    bucket.settings = settings(properties, context, bucket.settings.eventBridge);
    if (bucket.settings.lifecycle?.length !== 0) s3(context).lifecycle.watch();
    // What others told the bucket to tell stays, unless the template changes its own word.
    if (!isDeepStrictEqual(properties['NotificationConfiguration'], previous['NotificationConfiguration'])) {
      await tellAsAsked(bucket, properties, context);
    }
    return created;
  },
  remove: (created, _properties, context) => s3(context).deleteBucket(created.ref),
};

function setPolicy(properties: Members, context: ResourceContext): void {
  s3(context).bucket(properties['Bucket'] as string).policy = properties['PolicyDocument'] as PolicyDocument;
}

const policyResource: ResourceType = {
  type: 'AWS::S3::BucketPolicy',
  create(properties, context) {
    setPolicy(properties, context);
    return { ref: properties['Bucket'] as string, attributes: {} };
  },
  update(properties, _previous, created, context) {
    setPolicy(properties, context);
    return created;
  },
  remove(_created, properties, context) {
    s3(context).bucket(properties['Bucket'] as string).policy = undefined;
  },
};

export const s3Resources: ResourceType[] = [bucketResource, policyResource, bucketNotifications];
