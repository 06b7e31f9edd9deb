import { createHash } from 'node:crypto';
import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import { pageOf } from '../pages';
import type { Bucket, ObjectVersion } from './bucket';
import { checkedChecksums, compositeChecksum, etagOf } from './checksums';
import { checkWriteConditions } from './conditions';
import { compareKeys } from './sorted-keys';
import { describeNew, newVersionId } from './write';
import type { Writer } from './write';

interface Part {
  body: Uint8Array;
  etag: string;
  checksums: Record<string, string>;
  modifiedAtMillis: number;
}

/** A multipart upload under way. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly startedAtMillis: number;
  /** The request that began it: headers, tags and locks of the object to come. */
  readonly input: Members;
  readonly parts: Map<number, Part>;
}

const mostParts = 10_000;
const smallestPartBytes = 5 * 1024 * 1024;
const partsPerPage = 1000;

const noSuchUpload = (id: string): AwsError =>
  new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: id },
  );

const plain = (etag: string): string => etag.replaceAll('"', '');

function uploadOf(bucket: Bucket, input: Members): Upload {
  const id = input['UploadId'] as string;
  const upload = bucket.uploads.get(id);
  if (upload === undefined || upload.key !== input['Key']) throw noSuchUpload(id);
  return upload;
}

export function createUpload({ cloud, random }: Writer, bucket: Bucket, input: Members): Members {
  const algorithm = input['ChecksumAlgorithm'] as string | undefined;
  if (algorithm !== undefined && !['CRC32', 'SHA1', 'SHA256'].includes(algorithm)) {
    throw new UnsupportedError(`s3 CreateMultipartUpload: ChecksumAlgorithm ${algorithm} is not supported. Use CRC32, SHA1 or SHA256.`);
  }
  const now = cloud.clock.now();
  // What it asks for is refused now, not when the parts are there.
  describeNew(bucket, input, now);
  const id = Buffer.from(random.bytes(48)).toString('base64url');
  bucket.uploads.set(id, { id, key: input['Key'] as string, startedAtMillis: now, input, parts: new Map() });
  return {
    Bucket: bucket.name,
    Key: input['Key'] as string,
    UploadId: id,
    ServerSideEncryption: 'AES256',
    ...(algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm, ChecksumType: (input['ChecksumType'] as string) ?? 'COMPOSITE' }),
  };
}

export function uploadPart({ cloud }: Writer, bucket: Bucket, input: Members, body: Uint8Array): Part {
  const upload = uploadOf(bucket, input);
  const number = input['PartNumber'] as number;
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}, inclusive`);
  }
  const part = { body, etag: etagOf(body), checksums: checkedChecksums(input, body), modifiedAtMillis: cloud.clock.now() };
  upload.parts.set(number, part);
  return part;
}

export function abortUpload(bucket: Bucket, input: Members): Members {
  bucket.uploads.delete(uploadOf(bucket, input).id);
  return {};
}

/** Joins the parts that are named. A part that is too small, another one than was sent, or a wrong order is refused. */
export function completeUpload(writer: Writer, bucket: Bucket, input: Members): ObjectVersion {
  const upload = uploadOf(bucket, input);
  const named = ((input['MultipartUpload'] as Members | undefined)?.['Parts'] ?? []) as Members[];
  if (named.length === 0) {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
  const parts = named.map((entry, index) => namedPart(upload, entry, named[index - 1]));
  for (const { body } of parts.slice(0, -1)) {
    if (body.length >= smallestPartBytes) continue;
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ProposedSize: body.length,
      MinSizeAllowed: smallestPartBytes,
    });
  }
  checkWriteConditions(bucket, input);
  const now = writer.cloud.clock.now();
  const body = new Uint8Array(Buffer.concat(parts.map((part) => part.body)));
  const digest = createHash('md5').update(Buffer.concat(parts.map(({ etag }) => Buffer.from(plain(etag), 'hex'))));
  const version: ObjectVersion = {
    key: upload.key,
    versionId: newVersionId(bucket, writer.random),
    modifiedAtMillis: now,
    body,
    etag: `"${digest.digest('hex')}-${parts.length}"`,
    checksums: checksumsOf(upload, parts, body),
    partBytes: parts.map((part) => part.body.length),
    ...describeNew(bucket, upload.input, now),
  };
  bucket.uploads.delete(upload.id);
  bucket.add(version);
  writer.events.tell(bucket, 'ObjectCreated:CompleteMultipartUpload', version, writer.cause);
  return version;
}

function namedPart(upload: Upload, entry: Members, before: Members | undefined): Part {
  const number = entry['PartNumber'] as number;
  if (before !== undefined && (before['PartNumber'] as number) >= number) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
    );
  }
  const part = upload.parts.get(number);
  if (part !== undefined && plain(part.etag) === plain((entry['ETag'] ?? '') as string)) return part;
  throw new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: upload.id, PartNumber: number, ETag: plain((entry['ETag'] ?? '') as string) },
  );
}

function checksumsOf({ input }: Upload, parts: Part[], body: Uint8Array): Record<string, string> {
  const algorithm = input['ChecksumAlgorithm'] as string | undefined;
  if (algorithm === undefined) return {};
  const member = `Checksum${algorithm}`;
  if (input['ChecksumType'] === 'FULL_OBJECT') return compositeChecksum(member, [body], false);
  return compositeChecksum(
    member,
    parts.map((part) => part.body),
    true,
  );
}

export function listParts(bucket: Bucket, input: Members): Members {
  const upload = uploadOf(bucket, input);
  const marker = Number(input['PartNumberMarker'] ?? 0);
  const most = Math.min(Number(input['MaxParts'] ?? partsPerPage), partsPerPage);
  const following = [...upload.parts].sort(([one], [other]) => one - other).filter(([number]) => number > marker);
  const page = following.slice(0, most);
  const last = page.at(-1)?.[0];
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: String(marker),
    MaxParts: most,
    IsTruncated: following.length > page.length,
    ...(last === undefined ? {} : { NextPartNumberMarker: String(last) }),
    StorageClass: 'STANDARD',
    ...(page.length === 0 ? {} : { Parts: page.map(([PartNumber, part]) => ({ PartNumber, ...partAnswer(part) })) }),
  };
}

const partAnswer = ({ body, etag, checksums, modifiedAtMillis }: Part): Members => ({
  ETag: etag,
  Size: body.length,
  LastModified: new Date(modifiedAtMillis),
  ...checksums,
});

export function listUploads(bucket: Bucket, input: Members): Members {
  if (input['Delimiter'] !== undefined) throw new UnsupportedError('s3 ListMultipartUploads: Delimiter is not supported. Leave it out.');
  const prefix = (input['Prefix'] ?? '') as string;
  const all = [...bucket.uploads.values()]
    .filter(({ key }) => key.startsWith(prefix))
    .sort((one, other) => compareKeys(one.key, other.key));
  const page = pageOf({
    items: all,
    keyOf: ({ key, id }) => `${key} ${id}`,
    limit: Number(input['MaxUploads'] ?? partsPerPage),
    token: input['UploadIdMarker'] as string | undefined,
    listing: `ListMultipartUploads ${bucket.name} ${prefix}`,
    invalidToken: () => new AwsError('InvalidArgument', 'Invalid uploadId marker'),
  });
  return {
    Bucket: bucket.name,
    Prefix: prefix,
    IsTruncated: page.nextToken !== undefined,
    ...(page.nextToken === undefined ? {} : { NextKeyMarker: page.items.at(-1)?.key, NextUploadIdMarker: page.nextToken }),
    Uploads: page.items.map(({ key, id, startedAtMillis }) => ({ Key: key, UploadId: id, Initiated: new Date(startedAtMillis) })),
  };
}
