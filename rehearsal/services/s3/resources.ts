import { UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, PolicyDocument, ResourceContext, ResourceType } from '../../cloud/types';
import type { Bucket, BucketSettings, Retention } from './bucket';
import type { S3 } from './s3';

const understood = new Set([
  'BucketName',
  'VersioningConfiguration',
  'ObjectLockEnabled',
  'ObjectLockConfiguration',
  'NotificationConfiguration',
  'Tags',
]);
/** Kept by the service, without effect on what a handler sees while a rehearsal lasts. */
const withoutEffect = new Set([
  'AccessControl',
  'BucketEncryption',
  'IntelligentTieringConfigurations',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'MetricsConfigurations',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
]);

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  for (const name of Object.keys(properties)) {
    if (properties[name] === undefined || understood.has(name) || withoutEffect.has(name)) continue;
    throw new UnsupportedError(`AWS::S3::Bucket ${logicalId}: property ${name} is not supported. Remove it for the rehearsal.`);
  }
}

const dayMillis = 86_400_000;

function defaultRetention(properties: Members): BucketSettings['defaultRetention'] {
  const rule = (properties['ObjectLockConfiguration'] as Members | undefined)?.['Rule']?.['DefaultRetention'] as Members | undefined;
  if (rule === undefined) return undefined;
  const days = rule['Days'] === undefined ? Number(rule['Years'] ?? 0) * 365 : Number(rule['Days']);
  return { mode: rule['Mode'] as Retention['mode'], millis: days * dayMillis };
}

function sendsEvents(properties: Members, { logicalId }: ResourceContext): boolean {
  const notifications = (properties['NotificationConfiguration'] ?? {}) as Members;
  for (const name of Object.keys(notifications)) {
    if (name === 'EventBridgeConfiguration') continue;
    throw new UnsupportedError(`AWS::S3::Bucket ${logicalId}: ${name} are not supported. Use EventBridgeConfiguration and a rule.`);
  }
  const eventBridge = notifications['EventBridgeConfiguration'] as Members | undefined;
  return eventBridge !== undefined && String(eventBridge['EventBridgeEnabled'] ?? true) === 'true';
}

function settings(properties: Members, context: ResourceContext): BucketSettings {
  refuseOthers(properties, context);
  const objectLock = String(properties['ObjectLockEnabled'] ?? false) === 'true';
  const retention = defaultRetention(properties);
  const status = (properties['VersioningConfiguration'] as Members | undefined)?.['Status'] as BucketSettings['versioning'];
  return {
    // Object Lock works on versions and turns versioning on.
    versioning: objectLock ? 'Enabled' : status,
    objectLock,
    ...(retention === undefined ? {} : { defaultRetention: retention }),
    eventBridge: sendsEvents(properties, context),
    tags: (properties['Tags'] ?? []) as BucketSettings['tags'],
  };
}

const s3 = ({ cloud }: ResourceContext): S3 => cloud.double<S3>('s3');

function answer({ name, arn }: Bucket, { cloud }: ResourceContext): CreatedResource {
  const suffix = cloud.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    ref: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${cloud.region}.${suffix}`,
    },
  };
}

const bucketResource: ResourceType = {
  type: 'AWS::S3::Bucket',
  create(properties, context) {
    const name = (properties['BucketName'] as string | undefined) ?? context.physicalName(63).toLowerCase();
    return answer(s3(context).createBucket(name, settings(properties, context)), context);
  },
  update(properties, previous, created, context) {
    if (properties['BucketName'] !== previous['BucketName']) {
      throw new UnsupportedError(
        `AWS::S3::Bucket ${context.logicalId}: a change of BucketName replaces the bucket, which is not supported. Keep the name.`,
      );
    }
    s3(context).bucket(created.ref).settings = settings(properties, context);
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

export const s3Resources: ResourceType[] = [bucketResource, policyResource];
