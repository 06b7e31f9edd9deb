import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Random, ServiceDouble, ServiceEventSink } from '../../cloud/types';
import { checkUnlocked } from './bucket';
import type { Bucket, ObjectVersion, Retention } from './bucket';
import { checkedChecksums, etagOf } from './checksums';
import { checkWriteConditions } from './conditions';
import { invalidRequest } from './errors';

/** Headers that S3 keeps with an object and gives back. */
const keptHeaders = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Expires',
  'Metadata',
  'WebsiteRedirectLocation',
];

const bytesOf = (body: unknown): Uint8Array => {
  if (body === undefined) return new Uint8Array();
  return typeof body === 'string' ? Buffer.from(body) : new Uint8Array(body as Uint8Array);
};

function retentionOf({ settings }: Bucket, input: Members, nowMillis: number): Retention | undefined {
  const mode = input['ObjectLockMode'] as Retention['mode'] | undefined;
  const until = input['ObjectLockRetainUntilDate'] as Date | undefined;
  const held = input['ObjectLockLegalHoldStatus'] as string | undefined;
  if ((mode !== undefined || until !== undefined || held !== undefined) && !settings.objectLock) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  if ((mode === undefined) !== (until === undefined)) {
    throw new AwsError('InvalidArgument', 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  }
  if (mode !== undefined && until !== undefined) {
    if (until.getTime() <= nowMillis) throw new AwsError('InvalidArgument', 'The retain until date must be in the future!');
    return { mode, untilMillis: until.getTime() };
  }
  const preset = settings.defaultRetention;
  return preset === undefined ? undefined : { mode: preset.mode, untilMillis: nowMillis + preset.millis };
}

export const newVersionId = (bucket: Bucket, random: Random): string =>
  bucket.settings.versioning === 'Enabled' ? Buffer.from(random.bytes(24)).toString('base64url') : 'null';

export const versionAnswer = ({ versionId }: ObjectVersion): Members => (versionId === 'null' ? {} : { VersionId: versionId });

function announce(cloud: Cloud, bucket: Bucket, version: ObjectVersion, reason: string): void {
  if (!bucket.settings.eventBridge) return;
  emit(cloud, bucket, 'Object Created', {
    object: { key: version.key, size: version.body?.length ?? 0, etag: version.etag.replaceAll('"', ''), ...eventVersion(version) },
    reason,
  });
}

export const eventVersion = ({ versionId }: ObjectVersion): Members => (versionId === 'null' ? {} : { 'version-id': versionId });

/** What S3 puts on the default event bus, where the bucket's notifications say so. */
export function emit(cloud: Cloud, bucket: Bucket, detailType: string, detail: Members): void {
  cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
    source: 'aws.s3',
    detailType,
    detail: { version: '0', bucket: { name: bucket.name }, ...detail },
    resources: [bucket.arn],
  });
}

export function putObject(cloud: Cloud, random: Random, bucket: Bucket, input: Members, reason = 'PutObject'): ObjectVersion {
  checkWriteConditions(bucket, input);
  const now = cloud.clock.now();
  const key = input['Key'] as string;
  const body = bytesOf(input['Body']);
  const retention = retentionOf(bucket, input, now);
  const headers = Object.fromEntries(keptHeaders.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
  const version: ObjectVersion = {
    key,
    versionId: newVersionId(bucket, random),
    modifiedAtMillis: now,
    body,
    etag: etagOf(body),
    checksums: checkedChecksums(input, body),
    headers: { ContentType: 'application/octet-stream', ...headers },
    ...(retention === undefined ? {} : { retention }),
    ...(input['ObjectLockLegalHoldStatus'] === 'ON' ? { legalHold: true } : {}),
  };
  bucket.add(version);
  announce(cloud, bucket, version, reason);
  return version;
}

export function putRetention(bucket: Bucket, input: Members, nowMillis: number): void {
  if (!bucket.settings.objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
  const version = bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
  const { Mode: mode, RetainUntilDate: until } = (input['Retention'] ?? {}) as { Mode?: Retention['mode']; RetainUntilDate?: Date };
  const longer = version.retention?.untilMillis ?? 0;
  const loosens = mode === undefined || until === undefined || until.getTime() < longer || mode !== (version.retention?.mode ?? mode);
  if (loosens) checkUnlocked(version, nowMillis, input['BypassGovernanceRetention'] === true);
  if (mode === undefined || until === undefined) delete version.retention;
  else version.retention = { mode, untilMillis: until.getTime() };
}
