import type { Cloud, Members, Operation, Permission } from '../../cloud/types';
import { checkCopyConditions } from './conditions';
import { abortUpload, completeUpload, createUpload, listParts, listUploads, uploadPart } from './multipart';
import { copySource, onBucket, onObject, onVersion, putPermissions } from './permissions';
import { rangeOf } from './read';
import type { Shop } from './s3';
import { bytesOf, versionAnswer } from './write';

/** The permission to put the object is that to send its parts. */
const parts = onObject('PutObject');

const partCopy = (input: Members, cloud: Cloud): Permission[] => {
  const { bucket, key, versionId } = copySource(input);
  return [...onVersion('GetObject')({ Bucket: bucket, Key: key, VersionId: versionId }, cloud), ...parts(input, cloud)];
};

export function uploadOperations(shop: Shop): Record<string, Operation> {
  return {
    CreateMultipartUpload: shop.onBucket(putPermissions, (bucket, input, writer) => createUpload(writer, bucket, input)),
    UploadPart: shop.onBucket(parts, (bucket, input, writer) => {
      const { etag, checksums } = uploadPart(writer, bucket, input, bytesOf(input['Body']));
      return { ETag: etag, ServerSideEncryption: 'AES256', ...checksums };
    }),
    UploadPartCopy: shop.onBucket(partCopy, (bucket, input, writer) => {
      const from = copySource(input);
      const source = shop.bucket(from.bucket).read(from.key, from.versionId);
      checkCopyConditions(source, input);
      const range = rangeOf(input['CopySourceRange'] as string | undefined, source.body.length);
      const body = range === undefined ? source.body : source.body.slice(range.from, range.to + 1);
      const { etag, modifiedAtMillis } = uploadPart(writer, bucket, input, body);
      return {
        CopyPartResult: { ETag: etag, LastModified: new Date(modifiedAtMillis) },
        ...(source.versionId === 'null' ? {} : { CopySourceVersionId: source.versionId }),
      };
    }),
    CompleteMultipartUpload: shop.onBucket(parts, (bucket, input, writer) => {
      const version = completeUpload(writer, bucket, input);
      const Location = `https://${bucket.name}.s3.${shop.cloud.region}.amazonaws.com/${version.key.split('/').map(encodeURIComponent).join('%2F')}`;
      return { Bucket: bucket.name, Key: version.key, Location, ETag: version.etag, ...version.checksums, ...versionAnswer(version) };
    }),
    AbortMultipartUpload: shop.onBucket(onObject('AbortMultipartUpload'), abortUpload),
    ListParts: shop.onBucket(onObject('ListMultipartUploadParts'), listParts),
    ListMultipartUploads: shop.onBucket(onBucket('ListBucketMultipartUploads'), listUploads),
  };
}
