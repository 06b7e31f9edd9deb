import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import { checkReadConditions } from './conditions';
import { readVersionAnswer } from './write';

interface Range {
  from: number;
  /** The last byte, included. */
  to: number;
}

export function rangeOf(header: string | undefined, size: number): Range | undefined {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header);
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const from = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  // Turned round it is no range, and the whole object is answered.
  if (match[2] !== '' && from > Number(match[2]) && match[1] !== '') return undefined;
  if (from >= size) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { from, to };
}

/** What HeadObject answers, and GetObject besides the body. */
function describe(bucket: Bucket, version: ObjectVersion & { body: Uint8Array }, input: Members): Members {
  const { retention, legalHold } = version;
  return {
    Metadata: {},
    ...version.headers,
    AcceptRanges: 'bytes',
    ContentLength: version.body.length,
    ETag: version.etag,
    LastModified: new Date(Math.floor(version.modifiedAtMillis / 1000) * 1000),
    ServerSideEncryption: 'AES256',
    ...readVersionAnswer(bucket, version),
    ...(input['ChecksumMode'] === 'ENABLED' ? version.checksums : {}),
    ...(retention === undefined ? {} : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.untilMillis) }),
    ...(legalHold === true ? { ObjectLockLegalHoldStatus: 'ON' } : {}),
    ...(version.tags === undefined ? {} : { TagCount: Object.keys(version.tags).length }),
    ...(version.partBytes === undefined || input['PartNumber'] === undefined ? {} : { PartsCount: version.partBytes.length }),
  };
}

/** Headers that the caller wants other than they were kept. */
const overridable = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType', 'Expires'];

function overridden(input: Members): Members {
  const wanted = overridable.filter((name) => input[`Response${name}`] !== undefined);
  return Object.fromEntries(wanted.map((name) => [name, input[`Response${name}`] as unknown]));
}

export function getObject(bucket: Bucket, input: Members): Members {
  const version = bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
  checkReadConditions(version, input);
  const range = partRange(version, input) ?? rangeOf(input['Range'] as string | undefined, version.body.length);
  const all = { ...describe(bucket, version, input), ...overridden(input) };
  if (range === undefined) return { ...all, Body: new Uint8Array(version.body) };
  const { from, to } = range;
  // The checksums are of the whole object: a part goes without.
  for (const checksum of Object.keys(version.checksums)) delete all[checksum];
  return {
    ...all,
    Body: version.body.slice(from, to + 1),
    ContentLength: to - from + 1,
    ContentRange: `bytes ${from}-${to}/${version.body.length}`,
  };
}

/** One part of what was uploaded in several; an object that was put whole is its own first part. */
function partRange({ body, partBytes = [body.length] }: ObjectVersion & { body: Uint8Array }, input: Members): Range | undefined {
  const number = input['PartNumber'] as number | undefined;
  if (number === undefined) return undefined;
  const size = partBytes[number - 1];
  if (size === undefined) throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
  const from = partBytes.slice(0, number - 1).reduce((sum, bytes) => sum + bytes, 0);
  return size === 0 ? undefined : { from, to: from + size - 1 };
}

/** What of an object is asked for by name. */
export function getAttributes(bucket: Bucket, input: Members): Members {
  const version = bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
  const asked = new Set(input['ObjectAttributes'] as string[]);
  const { body, etag, checksums, partBytes } = version;
  return {
    LastModified: new Date(Math.floor(version.modifiedAtMillis / 1000) * 1000),
    ...readVersionAnswer(bucket, version),
    ...(asked.has('ETag') ? { ETag: etag.replaceAll('"', '') } : {}),
    ...(asked.has('Checksum') && Object.keys(checksums).length > 0 ? { Checksum: checksums } : {}),
    ...(asked.has('ObjectParts') && partBytes !== undefined ? { ObjectParts: { TotalPartsCount: partBytes.length } } : {}),
    ...(asked.has('StorageClass') ? { StorageClass: 'STANDARD' } : {}),
    ...(asked.has('ObjectSize') ? { ObjectSize: body.length } : {}),
  };
}

export function headObject(bucket: Bucket, input: Members): Members {
  const version = bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
  checkReadConditions(version, input);
  return describe(bucket, version, input);
}

export function getRetention(bucket: Bucket, input: Members): Members {
  const { retention } = bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
  if (retention === undefined) {
    throw new AwsError('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', 404);
  }
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.untilMillis) } };
}
