import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createS3, s3Resources } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { createTestCloud, sdkClient } from '../../support/harness';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

/** Answers of AWS to calls that are seldom made. */
let cloud: StubCloud;
let s3: S3;
const send = (operation: string, input: Members): Promise<Members> => run(cloud, s3, operation, { Bucket: 'shop', ...input });
const put = (more: Members = {}): Promise<Members> => send('PutObject', { Key: 'k', Body: Buffer.from('0123456789'), ...more });
const setVersioning = (versioning: 'Enabled' | 'Suspended'): void => {
  const bucket = s3.bucket('shop');
  bucket.settings = { ...bucket.settings, versioning };
};

beforeEach(async () => {
  cloud = stubCloud();
  s3 = createS3(cloud);
  cloud.add(s3);
  await create(cloud, s3Resources, 'AWS::S3::Bucket', 'Shop', { BucketName: 'shop' });
});

test('the version "null" is told once the bucket has had versions', async () => {
  await put();
  expect(await send('GetObject', { Key: 'k' })).not.toHaveProperty('VersionId');
  setVersioning('Suspended');
  expect(await put()).not.toHaveProperty('VersionId');
  expect(await send('HeadObject', { Key: 'k' })).toMatchObject({ VersionId: 'null' });
  expect(await send('CopyObject', { Key: 'copy', CopySource: 'shop/k' })).toMatchObject({ VersionId: 'null' });
});

test('a bucket without versions refuses version ids', async () => {
  await put();
  await expect(send('GetObject', { Key: 'k', VersionId: 'v' })).rejects.toMatchObject({ code: 'InvalidArgument', statusCode: 400 });
  setVersioning('Enabled');
  await expect(send('GetObject', { Key: 'k', VersionId: 'v' })).rejects.toMatchObject({ code: 'NoSuchVersion' });
});

test('a delete marker is neither read nor copied by its version', async () => {
  setVersioning('Enabled');
  await put();
  const { VersionId } = await send('DeleteObject', { Key: 'k' });
  await expect(send('GetObject', { Key: 'k', VersionId })).rejects.toMatchObject({ code: 'MethodNotAllowed', statusCode: 405 });
  const copy = send('CopyObject', { Key: 'copy', CopySource: `shop/k?versionId=${String(VersionId)}` });
  await expect(copy).rejects.toMatchObject({ code: 'InvalidRequest' });
  await expect(send('GetObject', { Key: 'k' })).rejects.toMatchObject({ code: 'NoSuchKey' });
});

test('a range that is turned round is none, and one without a byte is refused', async () => {
  await put();
  const ranged = (Range: string): Promise<Members> => send('GetObject', { Key: 'k', Range });
  expect(await ranged('bytes=3-1')).toMatchObject({ ContentLength: 10 });
  expect(await ranged('bytes=3-1')).not.toHaveProperty('ContentRange');
  expect(await ranged('bytes=0-99')).toMatchObject({ ContentLength: 10, ContentRange: 'bytes 0-9/10' });
  await expect(ranged('bytes=-0')).rejects.toMatchObject({ code: 'InvalidRange' });
});

test('without a content type of its own an object is a binary stream; a list of versions tells empty markers', async () => {
  await put();
  expect(await send('HeadObject', { Key: 'k' })).toMatchObject({ ContentType: 'binary/octet-stream' });
  expect(await send('ListObjectVersions', {})).toMatchObject({ KeyMarker: '', VersionIdMarker: '' });
});

test('what is not modified is told by the status alone', async () => {
  const bed = createTestCloud((made) => [createS3(made)]);
  await create(bed.cloud, s3Resources, 'AWS::S3::Bucket', 'Shop', { BucketName: 'shop' });
  const client = sdkClient(bed.cloud, S3Client);
  const { ETag } = await bed.run(() => client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body: 'x' })));
  const again = bed.run(() => client.send(new GetObjectCommand({ Bucket: 'shop', Key: 'k', IfNoneMatch: ETag })));
  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 }, message: 'UnknownError' });
});
