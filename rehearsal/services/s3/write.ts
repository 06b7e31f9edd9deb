import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Random } from '../../cloud/types';
import { checkUnlocked } from './bucket';
import type { Bucket, ObjectVersion, Retention } from './bucket';
import { checkedChecksums, etagOf } from './checksums';
import { checkWriteConditions } from './conditions';
import { invalidRequest } from './errors';
import type { Cause, EventName, ObjectEvents } from './object-events';
import { tagsOfHeader } from './tags';

/** What a change of objects needs, whichever bucket it is in. */
export interface Writer {
  cloud: Cloud;
  random: Random;
  events: ObjectEvents;
  cause: Cause;
}

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

export const bytesOf = (body: unknown): Uint8Array => {
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

/** Who reads is told of the version "null" as well, where versions were ever kept. */
export const readVersionAnswer = ({ settings }: Bucket, { versionId }: ObjectVersion): Members =>
  versionId === 'null' && settings.versioning === undefined ? {} : { VersionId: versionId };

export const versionAnswer = ({ versionId }: ObjectVersion): Members => (versionId === 'null' ? {} : { VersionId: versionId });

/** The checksums of an object that was put in one piece. */
export const checksumAnswer = ({ checksums }: ObjectVersion): Members =>
  Object.keys(checksums).length === 0 ? {} : { ...checksums, ChecksumType: 'FULL_OBJECT' };

/** Headers, locks and tags as a request asks for them. */
export function describeNew(
  bucket: Bucket,
  input: Members,
  nowMillis: number,
): Pick<ObjectVersion, 'headers' | 'retention' | 'legalHold' | 'tags'> {
  const retention = retentionOf(bucket, input, nowMillis);
  const headers = Object.fromEntries(keptHeaders.filter((name) => input[name] !== undefined).map((name) => [name, input[name] as unknown]));
  const tags = tagsOfHeader(input['Tagging'] as string | undefined);
  return {
    headers: { ContentType: 'binary/octet-stream', ...headers },
    ...(retention === undefined ? {} : { retention }),
    ...(input['ObjectLockLegalHoldStatus'] === 'ON' ? { legalHold: true } : {}),
    ...(tags === undefined ? {} : { tags }),
  };
}

export function putObject(writer: Writer, bucket: Bucket, input: Members, name: EventName = 'ObjectCreated:Put'): ObjectVersion {
  checkWriteConditions(bucket, input);
  const now = writer.cloud.clock.now();
  const body = bytesOf(input['Body']);
  const version: ObjectVersion = {
    key: input['Key'] as string,
    versionId: newVersionId(bucket, writer.random),
    modifiedAtMillis: now,
    body,
    etag: etagOf(body),
    checksums: checkedChecksums(input, body),
    ...describeNew(bucket, input, now),
  };
  bucket.add(version);
  writer.events.tell(bucket, name, version, writer.cause);
  return version;
}

export function deleteMarker({ cloud, random }: Writer, bucket: Bucket, key: string): ObjectVersion {
  const marker: ObjectVersion = {
    key,
    versionId: newVersionId(bucket, random),
    modifiedAtMillis: cloud.clock.now(),
    body: undefined,
    // The digest of nothing, as notifications tell it.
    etag: '"d41d8cd98f00b204e9800998ecf8427e"',
    checksums: {},
    headers: {},
  };
  bucket.add(marker);
  return marker;
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
