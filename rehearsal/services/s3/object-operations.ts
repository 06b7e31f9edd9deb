import { AwsError } from '../../cloud/types';
import type { Members, Operation } from '../../cloud/types';
import type { Bucket } from './bucket';
import { checkCopyConditions } from './conditions';
import { deleteObject, deleteObjects } from './delete';
import { listObjects } from './list-v1';
import { listObjectsV2, listObjectVersions } from './list';
import {
  copyPermissions,
  copySource,
  deleteManyPermissions,
  deletePermissions,
  listPermissions,
  onObject,
  onVersion,
  putPermissions,
  retentionPermissions,
} from './permissions';
import { getAttributes, getObject, getRetention, headObject } from './read';
import type { Shop } from './s3';
import { deleteTagging, getTagging, putTagging } from './tags';
import { checksumAnswer, putObject, putRetention, readVersionAnswer, versionAnswer } from './write';
import type { Writer } from './write';

export function objectOperations(shop: Shop): Record<string, Operation> {
  return {
    GetObject: reading(shop, onVersion('GetObject'), getObject),
    HeadObject: reading(shop, onVersion('GetObject'), headObject),
    GetObjectAttributes: reading(
      shop,
      (input, cloud) => [
        ...onVersion('GetObject')(input, cloud),
        ...onObject(`GetObject${input['VersionId'] === undefined ? '' : 'Version'}Attributes`)(input, cloud),
      ],
      getAttributes,
    ),
    PutObject: shop.onBucket(putPermissions, (bucket, input, writer) => {
      const version = putObject(writer, bucket, input);
      return { ETag: version.etag, ServerSideEncryption: 'AES256', ...checksumAnswer(version), ...versionAnswer(version) };
    }),
    CopyObject: shop.onBucket(copyPermissions, (bucket, input, writer) => copyObject(shop, bucket, input, writer)),
    DeleteObject: shop.onBucket(deletePermissions, (bucket, input, writer) => deleteObject(writer, bucket, input)),
    DeleteObjects: shop.onBucket(deleteManyPermissions, (bucket, input, writer) => deleteObjects(writer, bucket, input)),
    GetObjectRetention: shop.onBucket(onObject('GetObjectRetention'), getRetention),
    PutObjectRetention: shop.onBucket(retentionPermissions, (bucket, input) => {
      putRetention(bucket, input, shop.cloud.clock.now());
      return {};
    }),
    GetObjectTagging: shop.onBucket(onTags('Get'), getTagging),
    PutObjectTagging: shop.onBucket(onTags('Put'), (bucket, input, writer) => putTagging(writer, bucket, input)),
    DeleteObjectTagging: shop.onBucket(onTags('Delete'), (bucket, input, writer) => deleteTagging(writer, bucket, input)),
    ListObjects: shop.onBucket(listPermissions('ListBucket'), listObjects),
    ListObjectsV2: shop.onBucket(listPermissions('ListBucket'), listObjectsV2),
    ListObjectVersions: shop.onBucket(listPermissions('ListBucketVersions'), listObjectVersions),
  };
}

const onTags =
  (verb: string): Operation['permissions'] =>
  (input, cloud) =>
    onObject(`${verb}Object${input['VersionId'] === undefined ? '' : 'Version'}Tagging`)(input, cloud);

/** Whoever may not list the bucket is not told that a key is missing: AWS answers 403. */
function reading(shop: Shop, permissions: Operation['permissions'], read: (bucket: Bucket, input: Members) => Members): Operation {
  return shop.onBucket(permissions, (bucket, input, { cloud, cause }) => {
    if (input['VersionId'] === undefined && bucket.current(input['Key'] as string) === undefined) {
      cloud.iam.authorise(cause.caller, { action: 's3:ListBucket', resource: bucket.arn }, bucket.policy);
    }
    return read(bucket, input);
  });
}

/** What a copy onto itself must change. */
const changing = ['MetadataDirective', 'TaggingDirective', 'StorageClass', 'WebsiteRedirectLocation', 'ServerSideEncryption'];

function copied(bucket: Bucket, key: string, versionId: string | undefined): ReturnType<Bucket['read']> {
  if (versionId !== undefined && bucket.versionsOf(key).some((version) => version.versionId === versionId && version.body === undefined))
    throw new AwsError('InvalidRequest', 'The source of a copy request may not specifically refer to a delete marker by version id.');
  return bucket.read(key, versionId);
}

function copyObject(shop: Shop, bucket: Bucket, input: Members, writer: Writer): Members {
  const from = copySource(input);
  const source = copied(shop.bucket(from.bucket), from.key, from.versionId);
  checkCopyConditions(source, input);
  const isSame = from.bucket === bucket.name && from.key === input['Key'] && from.versionId === undefined;
  if (isSame && !changing.some((member) => input[member] !== undefined && input[member] !== 'COPY')) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const headers = input['MetadataDirective'] === 'REPLACE' ? {} : source.headers;
  const Tagging =
    input['TaggingDirective'] === 'REPLACE' ? (input['Tagging'] as string | undefined) : new URLSearchParams(source.tags ?? {}).toString();
  const version = putObject(writer, bucket, { ...headers, ...input, Tagging, Body: source.body }, 'ObjectCreated:Copy');
  return {
    CopyObjectResult: { ETag: version.etag, LastModified: new Date(version.modifiedAtMillis) },
    ...readVersionAnswer(bucket, version),
    ...(source.versionId === 'null' ? {} : { CopySourceVersionId: source.versionId }),
  };
}
