import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import { noSuchKey, preconditionFailed } from './errors';

const plain = (etag: string): string => etag.replaceAll('"', '');
const matches = (etag: string, version: ObjectVersion): boolean => etag === '*' || plain(etag) === plain(version.etag);
/** HTTP dates know whole seconds. */
const seconds = (date: Date | number): number => Math.floor(Number(date) / 1000);

const notImplemented = (header: string): AwsError =>
  new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, { Header: header });

/** GetObject and HeadObject: an If-Match that holds outweighs If-Unmodified-Since, an If-None-Match that holds If-Modified-Since. */
export function checkReadConditions(version: ObjectVersion, input: Members): void {
  const { IfMatch: match, IfNoneMatch: noneMatch, IfModifiedSince: since, IfUnmodifiedSince: unmodified } = input;
  const modified = seconds(version.modifiedAtMillis);
  if (match !== undefined && !matches(match as string, version)) throw preconditionFailed('If-Match');
  if (match === undefined && unmodified !== undefined && modified > seconds(unmodified as Date))
    throw preconditionFailed('If-Unmodified-Since');
  const same = noneMatch === undefined ? since !== undefined && modified <= seconds(since as Date) : matches(noneMatch as string, version);
  if (same) throw new AwsError('NotModified', 'Not Modified', 304);
}

/** CopyObject's conditions on what it copies: all of them end in 412. */
export function checkCopyConditions(source: ObjectVersion, input: Members): void {
  const { CopySourceIfMatch: match, CopySourceIfNoneMatch: noneMatch } = input;
  const { CopySourceIfModifiedSince: since, CopySourceIfUnmodifiedSince: unmodified } = input;
  const modified = seconds(source.modifiedAtMillis);
  const failed = (header: string): AwsError => preconditionFailed(`x-amz-copy-source-${header}`);
  if (match !== undefined && !matches(match as string, source)) throw failed('If-Match');
  if (match === undefined && unmodified !== undefined && modified > seconds(unmodified as Date)) throw failed('If-Unmodified-Since');
  if (noneMatch !== undefined && matches(noneMatch as string, source)) throw failed('If-None-Match');
  if (noneMatch === undefined && since !== undefined && modified <= seconds(since as Date)) throw failed('If-Modified-Since');
}

/** Conditional writes: `If-None-Match: *` creates, `If-Match` replaces what is known. */
export function checkWriteConditions(bucket: Bucket, input: Members): void {
  const key = input['Key'] as string;
  const current = bucket.current(key);
  const noneMatch = input['IfNoneMatch'] as string | undefined;
  const match = input['IfMatch'] as string | undefined;
  if (noneMatch !== undefined && noneMatch !== '*') throw notImplemented('If-None-Match');
  if (noneMatch === '*' && current !== undefined) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!matches(match, current)) throw preconditionFailed('If-Match');
}

/** Conditional deletes: of what is still as it was known. Time and size are conditions of directory buckets alone. */
export function checkDeleteConditions(bucket: Bucket, key: string, input: Members): void {
  for (const member of ['IfMatchLastModifiedTime', 'IfMatchSize', 'LastModifiedTime', 'Size']) {
    if (input[member] !== undefined) throw notImplemented(`x-amz-if-match-${member}`);
  }
  const match = (input['IfMatch'] ?? input['ETag']) as string | undefined;
  if (match === undefined) return;
  const current = bucket.current(key);
  if (current === undefined) throw noSuchKey(key);
  if (!matches(match, current)) throw preconditionFailed('If-Match');
}
