import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';

const maxPageKeys = 1000;

interface Entry<T> {
  /** The key, or the common prefix that stands for many. */
  name: string;
  members: T[];
}

const after = (left: string, right: string): boolean => Buffer.compare(Buffer.from(left), Buffer.from(right)) > 0;

/** Keys under the prefix that come after `start`; with a delimiter those that share the part up to it become one entry. */
function entries<T>(bucket: Bucket, input: Members, start: string | undefined, membersOf: (key: string) => T[]): Entry<T>[] {
  const prefix = (input['Prefix'] ?? '') as string;
  const delimiter = input['Delimiter'] as string | undefined;
  const found: Entry<T>[] = [];
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue;
    const members = membersOf(key);
    if (members.length === 0) continue;
    const end = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + (delimiter as string).length);
    if (start !== undefined && !after(name, start)) continue;
    if (end < 0) found.push({ name, members });
    else if (found[found.length - 1]?.name !== name) found.push({ name, members: [] });
  }
  return found;
}

const isPrefix = (entry: Entry<unknown>): boolean => entry.members.length === 0;

const commonPrefixes = (page: readonly Entry<unknown>[]): Members => {
  const prefixes = page.filter(isPrefix).map(({ name }) => ({ Prefix: name }));
  return prefixes.length === 0 ? {} : { CommonPrefixes: prefixes };
};

const described = (version: ObjectVersion): Members => ({
  Key: version.key,
  LastModified: new Date(version.modifiedAtMillis),
  ETag: version.etag,
  Size: version.body?.length ?? 0,
  StorageClass: 'STANDARD',
});

function echoed(input: Members, names: readonly string[]): Members {
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}

const pageSize = (input: Members): number => Math.min(maxPageKeys, (input['MaxKeys'] ?? maxPageKeys) as number);

function tokenStart(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const start = Buffer.from(token, 'base64').toString();
  if (Buffer.from(start).toString('base64') === token) return start;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}

export function listObjectsV2(bucket: Bucket, input: Members): Members {
  const start = tokenStart(input['ContinuationToken'] as string | undefined) ?? (input['StartAfter'] as string | undefined);
  const all = entries(bucket, input, start, (key) => {
    const current = bucket.current(key);
    return current === undefined ? [] : [current];
  });
  const page = all.slice(0, pageSize(input));
  const objects = page.flatMap(({ members }) => members.map(described));
  const truncated = page.length < all.length;
  const last = page[page.length - 1]?.name ?? '';
  return {
    Name: bucket.name,
    Prefix: '',
    ...echoed(input, ['Prefix', 'Delimiter', 'StartAfter', 'ContinuationToken']),
    MaxKeys: pageSize(input),
    KeyCount: page.length,
    IsTruncated: truncated,
    ...(objects.length === 0 ? {} : { Contents: objects }),
    ...commonPrefixes(page),
    ...(truncated ? { NextContinuationToken: Buffer.from(last).toString('base64') } : {}),
  };
}

/** Pages hold whole keys: all versions of a key come together. */
export function listObjectVersions(bucket: Bucket, input: Members): Members {
  const all = entries(bucket, input, input['KeyMarker'] as string | undefined, (key) => [...bucket.versionsOf(key)].reverse());
  const page = all.slice(0, pageSize(input));
  const versions: Members[] = [];
  const markers: Members[] = [];
  for (const { members } of page) {
    for (const [index, version] of members.entries()) {
      const common = { VersionId: version.versionId, IsLatest: index === 0 };
      if (version.body !== undefined) versions.push({ ...described(version), ...common });
      else markers.push({ Key: version.key, LastModified: new Date(version.modifiedAtMillis), ...common });
    }
  }
  const truncated = page.length < all.length;
  return {
    Name: bucket.name,
    Prefix: '',
    ...echoed(input, ['Prefix', 'Delimiter', 'KeyMarker']),
    MaxKeys: pageSize(input),
    IsTruncated: truncated,
    ...(versions.length === 0 ? {} : { Versions: versions }),
    ...(markers.length === 0 ? {} : { DeleteMarkers: markers }),
    ...commonPrefixes(page),
    ...(truncated ? { NextKeyMarker: page[page.length - 1]?.name } : {}),
  };
}
