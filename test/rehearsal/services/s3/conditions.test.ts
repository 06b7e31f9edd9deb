import type { Members } from '../../../../rehearsal/cloud/types';
import { createS3, s3Resources } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

let cloud: StubCloud;
let s3: S3;
let etag: string;
beforeEach(async () => {
  cloud = stubCloud();
  s3 = createS3(cloud);
  cloud.add(s3);
  await create(cloud, s3Resources, 'AWS::S3::Bucket', 'B', { BucketName: 'b' });
  etag = (await send('PutObject', { Key: 'k', Body: 'one' }))['ETag'] as string;
});

const send = (operation: string, input: Members): Promise<Members> => run(cloud, s3, operation, { Bucket: 'b', ...input });
const failed = { code: 'PreconditionFailed', statusCode: 412 };
const earlier = () => new Date(cloud.clock.now() - 10_000);
const later = () => new Date(cloud.clock.now() + 10_000);

test('a conditional write creates, or replaces what is known', async () => {
  await expect(send('PutObject', { Key: 'k', Body: 'two', IfNoneMatch: '*' })).rejects.toMatchObject(failed);
  await expect(send('PutObject', { Key: 'k', Body: 'two', IfMatch: '"other"' })).rejects.toMatchObject(failed);
  await expect(send('PutObject', { Key: 'none', Body: 'two', IfMatch: etag })).rejects.toMatchObject({ code: 'NoSuchKey' });
  await expect(send('PutObject', { Key: 'k', Body: 'two', IfNoneMatch: etag })).rejects.toMatchObject({
    code: 'NotImplemented',
    statusCode: 501,
  });
  await send('PutObject', { Key: 'k', Body: 'two', IfMatch: etag });
  await send('PutObject', { Key: 'new', Body: 'two', IfNoneMatch: '*' });
  await expect(send('PutObject', { Key: 'k', Body: 'three', IfMatch: etag })).rejects.toMatchObject(failed);
});

test('a conditional delete takes what is still as it was', async () => {
  await expect(send('DeleteObject', { Key: 'k', IfMatch: '"other"' })).rejects.toMatchObject(failed);
  await expect(send('DeleteObject', { Key: 'none', IfMatch: etag })).rejects.toMatchObject({ code: 'NoSuchKey' });
  await expect(send('DeleteObject', { Key: 'k', IfMatchSize: 3 })).rejects.toMatchObject({ code: 'NotImplemented' });
  const many = await send('DeleteObjects', { Delete: { Objects: [{ Key: 'k', ETag: '"other"' }] } });
  expect(many).toMatchObject({ Errors: [{ Key: 'k', Code: 'PreconditionFailed' }] });
  await send('DeleteObject', { Key: 'k', IfMatch: etag });
  await expect(send('GetObject', { Key: 'k' })).rejects.toMatchObject({ code: 'NoSuchKey' });
});

test('conditional reads, and which condition outweighs which', async () => {
  const notModified = { code: 'NotModified', statusCode: 304 };
  await expect(send('GetObject', { Key: 'k', IfMatch: '"other"' })).rejects.toMatchObject(failed);
  await expect(send('HeadObject', { Key: 'k', IfNoneMatch: etag })).rejects.toMatchObject(notModified);
  await expect(send('GetObject', { Key: 'k', IfModifiedSince: later() })).rejects.toMatchObject(notModified);
  await expect(send('GetObject', { Key: 'k', IfUnmodifiedSince: earlier() })).rejects.toMatchObject(failed);
  await send('GetObject', { Key: 'k', IfModifiedSince: earlier(), IfUnmodifiedSince: later() });
  await send('GetObject', { Key: 'k', IfMatch: etag, IfUnmodifiedSince: earlier() });
  await send('GetObject', { Key: 'k', IfNoneMatch: '"other"', IfModifiedSince: later() });
});

test('a copy asks about its source, and about what it would replace', async () => {
  const copy = (more: Members) => send('CopyObject', { Key: 'copy', CopySource: 'b/k', ...more });
  await expect(copy({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject(failed);
  await expect(copy({ CopySourceIfNoneMatch: etag })).rejects.toMatchObject(failed);
  await expect(copy({ CopySourceIfModifiedSince: later() })).rejects.toMatchObject(failed);
  await expect(copy({ CopySourceIfUnmodifiedSince: earlier() })).rejects.toMatchObject(failed);
  await copy({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: earlier(), IfNoneMatch: '*' });
  await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject(failed);
});
