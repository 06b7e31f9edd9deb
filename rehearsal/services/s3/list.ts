import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import type { Bucket, ObjectVersion } from './bucket';
import { compareKeys, firstFrom } from './sorted-keys';

const maxPageKeys = 1000;

interface Entry<T> {
  /** The key, or the common prefix that stands for many. */
  name: string;
  members: T[];
}

/** Keys under the prefix that come after `start`; with a delimiter those that share the part up to it become one entry. At most `most`. */
function entries<T>(bucket: Bucket, input: Members, start: string | undefined, most: number, membersOf: (key: string) => T[]): Entry<T>[] {
  const prefix = (input['Prefix'] ?? '') as string;
  const delimiter = input['Delimiter'] as string | undefined;
  const found: Entry<T>[] = [];
  const keys = bucket.keys();
  const from = start === undefined || compareKeys(start, prefix) < 0 ? prefix : start;
  for (let index = firstFrom(keys, from); index < keys.length && found.length < most; index += 1) {
    const key = keys[index]!;
    // Those under a prefix stand together.
    if (!key.startsWith(prefix)) break;
    const members = membersOf(key);
    if (members.length === 0) continue;
    const end = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? key : key.slice(0, end + (delimiter as string).length);
    if (start !== undefined && compareKeys(name, start) <= 0) continue;
    if (end < 0) found.push({ name, members });
    else if (found[found.length - 1]?.name !== name) found.push({ name, members: [] });
  }
  return found;
}

const isPrefix = (entry: Entry<unknown>): boolean => entry.members.length === 0;

/** Names as the request wants them: plain, or encoded so that XML can carry every sign. */
type Namer = (name: string) => string;

const namer = (input: Members): Namer =>
  input['EncodingType'] === 'url' ? (name) => encodeURIComponent(name).replaceAll('%2F', '/') : (name) => name;

const commonPrefixes = (page: readonly Entry<unknown>[], named: Namer): Members => {
  const prefixes = page.filter(isPrefix).map(({ name }) => ({ Prefix: named(name) }));
  return prefixes.length === 0 ? {} : { CommonPrefixes: prefixes };
};

const described = (version: ObjectVersion, name: Namer): Members => ({
  Key: name(version.key),
  LastModified: new Date(version.modifiedAtMillis),
  ETag: version.etag,
  Size: version.body?.length ?? 0,
  StorageClass: 'STANDARD',
});

function plainly(input: Members, members: readonly string[]): Members {
  return Object.fromEntries(members.filter((member) => input[member] !== undefined).map((member) => [member, input[member]]));
}

function echoed(input: Members, members: readonly string[]): Members {
  const name = namer(input);
  return Object.fromEntries(
    members.filter((member) => input[member] !== undefined).map((member) => [member, name(input[member] as string)]),
  );
}

const pageSize = (input: Members): number => {
  const asked = (input['MaxKeys'] ?? maxPageKeys) as number;
  if (asked < 0) throw new AwsError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647');
  return Math.min(maxPageKeys, asked);
};

function tokenStart(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const start = Buffer.from(token, 'base64').toString();
  if (Buffer.from(start).toString('base64') === token) return start;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}

export function listObjectsV2(bucket: Bucket, input: Members): Members {
  const start = tokenStart(input['ContinuationToken'] as string | undefined) ?? (input['StartAfter'] as string | undefined);
  const size = pageSize(input);
  // One more than a page tells whether there are more.
  const all = entries(bucket, input, start, size + 1, (key) => {
    const current = bucket.current(key);
    return current === undefined ? [] : [current];
  });
  const page = all.slice(0, size);
  const name = namer(input);
  const objects = page.flatMap(({ members }) => members.map((version) => described(version, name)));
  const last = page.at(-1)?.name;
  // Who asks for no keys at all is told that there are no more.
  const truncated = last !== undefined && page.length < all.length;
  return {
    Name: bucket.name,
    Prefix: '',
    ...echoed(input, ['Prefix', 'Delimiter', 'StartAfter']),
    ...plainly(input, ['ContinuationToken', 'EncodingType']),
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: truncated,
    ...(objects.length === 0 ? {} : { Contents: objects }),
    ...commonPrefixes(page, name),
    ...(truncated ? { NextContinuationToken: Buffer.from(last).toString('base64') } : {}),
  };
}

interface ListedVersion {
  version: ObjectVersion;
  latest: boolean;
}

/** Newest first. After the marker's key, or after one version of it. */
function versionsAfter(bucket: Bucket, key: string, input: Members): ListedVersion[] {
  const all = [...bucket.versionsOf(key)].reverse().map((version, index) => ({ version, latest: index === 0 }));
  const marker = input['VersionIdMarker'] as string | undefined;
  if (key !== input['KeyMarker']) return all;
  // Without a version the marker means all of its key.
  return marker === undefined ? [] : all.slice(all.findIndex(({ version }) => version.versionId === marker) + 1);
}

/** What a page counts: a version, a delete marker or a common prefix. */
type Shown = ListedVersion | { prefix: string };

export function listObjectVersions(bucket: Bucket, input: Members): Members {
  const keyMarker = input['KeyMarker'] as string | undefined;
  if (input['VersionIdMarker'] !== undefined && keyMarker === undefined) {
    throw new AwsError('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  const fromMarker = keyMarker === undefined ? [] : versionsAfter(bucket, keyMarker, input);
  const later = entries(bucket, input, keyMarker, Number.POSITIVE_INFINITY, (key) => versionsAfter(bucket, key, input));
  const all: Shown[] = [...fromMarker, ...later.flatMap((entry): Shown[] => (isPrefix(entry) ? [{ prefix: entry.name }] : entry.members))];
  const page = all.slice(0, pageSize(input));
  const name = namer(input);
  const prefixes = page.flatMap((shown) => ('prefix' in shown ? [{ Prefix: name(shown.prefix) }] : []));
  const versions: Members[] = [];
  const markers: Members[] = [];
  for (const shown of page) {
    if ('prefix' in shown) continue;
    const { version, latest } = shown;
    const common = { VersionId: version.versionId, IsLatest: latest };
    if (version.body !== undefined) versions.push({ ...described(version, name), ...common });
    else markers.push({ Key: name(version.key), LastModified: new Date(version.modifiedAtMillis), ...common });
  }
  const last = page.at(-1);
  return {
    Name: bucket.name,
    Prefix: '',
    KeyMarker: '',
    VersionIdMarker: '',
    ...echoed(input, ['Prefix', 'Delimiter', 'KeyMarker']),
    ...plainly(input, ['VersionIdMarker', 'EncodingType']),
    MaxKeys: pageSize(input),
    IsTruncated: last !== undefined && page.length < all.length,
    ...(versions.length === 0 ? {} : { Versions: versions }),
    ...(markers.length === 0 ? {} : { DeleteMarkers: markers }),
    ...(prefixes.length === 0 ? {} : { CommonPrefixes: prefixes }),
    ...(last === undefined || page.length === all.length ? {} : nextMarkers(last, name)),
  };
}

function nextMarkers(last: Shown, name: Namer): Members {
  if ('prefix' in last) return { NextKeyMarker: name(last.prefix) };
  return { NextKeyMarker: name(last.version.key), NextVersionIdMarker: last.version.versionId };
}
