import { Readable } from 'node:stream';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Members } from '../../../../rehearsal/cloud/types';
import { dechunk, takeBucket } from '../../../../rehearsal/kernel/wire/s3';
import type { WireRequest } from '../../../../rehearsal/kernel/wire/message';
import { createTestCloud, sdkClient } from '../../support/harness';

const request = (changes: Partial<WireRequest>): WireRequest => ({
  method: 'PUT',
  host: 's3.eu-west-1.amazonaws.com',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: new Uint8Array(0),
  ...changes,
});

describe('S3 requests', () => {
  it('finds the bucket in the host or in the path', () => {
    expect(takeBucket(request({ host: 'my.bucket.s3.eu-west-1.amazonaws.com', path: '/k' }))).toMatchObject({
      bucket: 'my.bucket',
      request: { path: '/k' },
    });
    expect(takeBucket(request({ path: '/bucket/a/b' }))).toMatchObject({ bucket: 'bucket', request: { path: '/a/b' } });
    expect(takeBucket(request({ path: '/bucket' }))).toMatchObject({ bucket: 'bucket', request: { path: '/' } });
    expect(takeBucket(request({})).bucket).toBeUndefined();
  });

  it('takes a stream’s chunks and trailers apart', async () => {
    let input: Members = {};
    const run = (given: Members): Members => {
      input = given;
      return {};
    };
    const test = createTestCloud(() => [{ service: 's3', operations: { PutObject: { permissions: () => [], run } } }]);
    const body = Readable.from([Buffer.from('one '), Buffer.from('two')], { objectMode: false });
    const command = new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body: body, ContentLength: 7 });
    await test.run(() => sdkClient(test.cloud, S3Client).send(command));
    expect(new TextDecoder().decode(input['Body'] as Uint8Array)).toBe('one two');
    expect(input['ContentEncoding']).toBeUndefined();
    expect(input['ChecksumCRC32']).toMatch(/^[\w+/]{6}==$/);
  });

  it('refuses chunks that end too early', () => {
    const headers = { 'content-encoding': 'aws-chunked' };
    expect(() => dechunk(request({ headers, body: new TextEncoder().encode('5\r\nhello') }))).toThrow(TypeError);
    expect(() => dechunk(request({ headers, body: new TextEncoder().encode('zz\r\n') }))).toThrow(/cannot be read/);
  });
});
