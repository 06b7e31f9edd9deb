import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import type { Writer } from './write';
import { versionAnswer } from './write';

const mostTags = 10;
const longestKey = 128;
const longestValue = 256;

type Tags = Readonly<Record<string, string>>;

const invalidTag = (message: string): AwsError => new AwsError('InvalidTag', message);

function checked(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > mostTags) throw new AwsError('BadRequest', `Object tags cannot be greater than ${mostTags}`);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > longestKey) throw invalidTag('The TagKey you have provided is invalid');
    if (value.length > longestValue) throw invalidTag('The TagValue you have provided is invalid');
    if (key.startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester');
  }
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalidTag('Cannot provide multiple Tags with the same key');
  return Object.fromEntries(pairs);
}

/** `x-amz-tagging`: written as a query string. */
export function tagsOfHeader(header: string | undefined): Tags | undefined {
  return header === undefined || header === '' ? undefined : checked([...new URLSearchParams(header)]);
}

function versionFor(bucket: Bucket, input: Members): ObjectVersion {
  return bucket.read(input['Key'] as string, input['VersionId'] as string | undefined);
}

export function getTagging(bucket: Bucket, input: Members): Members {
  const version = versionFor(bucket, input);
  return {
    ...versionAnswer(version),
    TagSet: Object.entries(version.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  };
}

export function putTagging(writer: Writer, bucket: Bucket, input: Members): Members {
  const version = versionFor(bucket, input);
  const { TagSet: set } = input['Tagging'] as { TagSet?: { Key: string; Value: string }[] };
  version.tags = checked((set ?? []).map(({ Key, Value }) => [Key, Value]));
  writer.events.tell(bucket, 'ObjectTagging:Put', version, writer.cause);
  return versionAnswer(version);
}

export function deleteTagging(writer: Writer, bucket: Bucket, input: Members): Members {
  const version = versionFor(bucket, input);
  delete version.tags;
  writer.events.tell(bucket, 'ObjectTagging:Delete', version, writer.cause);
  return versionAnswer(version);
}
