import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, createHmac } from 'node:crypto';
import { CreateMultipartUploadCommand, CompleteMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import type { CompletedPart } from '@aws-sdk/client-s3';
import type { Caller, HttpResponse } from '../../../../rehearsal/cloud/types';
import { createS3 } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { createTestCloud, sdkClient } from '../../support/harness';
import type { TestCloud } from '../../support/harness';

const roleArn = 'arn:aws:iam::123456789012:role/signer';
const role: Caller = { kind: 'role', roleArn };

let test: TestCloud;
let s3: S3;

beforeEach(() => {
  test = createTestCloud((cloud) => [createS3(cloud)]);
  s3 = test.cloud.double<S3>('s3');
  s3.createBucket('b', { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  test.cloud.iam.putRole({ arn: roleArn, name: 'signer', trust: { Statement: [] } });
  const objects = { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'], Resource: '*' } as const;
  test.cloud.iam.putRolePolicy(roleArn, 'p', { Statement: [{ ...objects, Action: [...objects.Action] }] });
});

class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }
  reset(): void {
    throw new Error('not needed');
  }
}

const encoded = (part: string): string => encodeURIComponent(part).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'));

/** As the SDK's request presigner signs. */
async function presign(
  method: string,
  key: string,
  options: { headers?: Record<string, string>; query?: Record<string, string> } = {},
): Promise<string> {
  const credentials = test.cloud.credentials.issue(role);
  const signer = new SignatureV4({ service: 's3', region: 'eu-west-1', credentials, sha256: Sha256 as never, uriEscapePath: false });
  const hostname = 'b.s3.eu-west-1.amazonaws.com';
  const path = `/${key.split('/').map(encoded).join('/')}`;
  const headers = { host: hostname, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...options.headers };
  const request = {
    method,
    protocol: 'https:',
    hostname,
    path,
    headers,
    query: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD', ...options.query },
  };
  const signed = await signer.presign(request as never, {
    expiresIn: 900,
    signingDate: new Date(test.clock.now()),
    unsignableHeaders: new Set(['content-length']),
    signableHeaders: new Set(['host', ...Object.keys(options.headers ?? {})]),
  });
  const url = new URL(`https://${hostname}${path}`);
  for (const [name, value] of Object.entries(signed.query ?? {})) url.searchParams.set(name, String(value));
  return url.toString();
}

const request = (method: string, url: string, body = '', headers: Record<string, string> = {}): Promise<HttpResponse> =>
  test.run(() => test.cloud.requestHttp({ method, url, headers, body: new TextEncoder().encode(body) }));
const text = ({ body }: HttpResponse): string => new TextDecoder().decode(body);

describe('presigned URLs', () => {
  it('put and get an object for whoever has them', async () => {
    const url = await presign('PUT', 'in/a b(1).txt', { headers: { 'content-type': 'text/plain' } });
    expect((await request('PUT', url, 'hello', { 'content-type': 'text/plain' })).status).toBe(200);
    expect(s3.bucket('b').current('in/a b(1).txt')?.headers).toMatchObject({ ContentType: 'text/plain' });
    const answer = await request('GET', await presign('GET', 'in/a b(1).txt', { query: { 'response-content-disposition': 'attachment' } }));
    expect([answer.status, text(answer)]).toEqual([200, 'hello']);
    expect(answer.headers['content-disposition']).toBe('attachment');
  });

  it('carry headers of S3 in the query', async () => {
    const url = await presign('PUT', 'a', { query: { 'x-amz-meta-who': 'ann', 'x-id': 'PutObject' } });
    expect((await request('PUT', url, 'x')).status).toBe(200);
    expect(s3.bucket('b').current('a')?.headers['Metadata']).toEqual({ who: 'ann' });
  });

  it.each<[string, (url: string) => Promise<HttpResponse>, string]>([
    ['another key', (url) => request('PUT', url.replace('/a?', '/b?'), 'x', { 'content-type': 'text/plain' }), 'SignatureDoesNotMatch'],
    ['another type than was signed', (url) => request('PUT', url, 'x', { 'content-type': 'text/html' }), 'SignatureDoesNotMatch'],
    ['another method', (url) => request('GET', url, '', { 'content-type': 'text/plain' }), 'SignatureDoesNotMatch'],
    [
      'an unknown signer',
      (url) => request('PUT', url.replace('ASIA', 'AKIA'), 'x', { 'content-type': 'text/plain' }),
      'InvalidAccessKeyId',
    ],
    [
      'use after its time',
      async (url) => {
        await test.run(() => test.clock.sleep(901_000));
        return request('PUT', url, 'x', { 'content-type': 'text/plain' });
      },
      'Request has expired',
    ],
  ])('are refused for %s', async (_what, use, message) => {
    const answer = await use(await presign('PUT', 'a', { headers: { 'content-type': 'text/plain' } }));
    expect(answer.status).toBe(403);
    expect(text(answer)).toContain(message);
  });

  it('let their bearer do no more than the signer may', async () => {
    const answer = await request('DELETE', await presign('DELETE', 'a'));
    expect([answer.status, text(answer)]).toEqual([403, expect.stringContaining('s3:DeleteObject')]);
  });

  it('are needed by whoever does not sign', async () => {
    expect(text(await request('GET', 'https://b.s3.eu-west-1.amazonaws.com/a'))).toContain('AccessDenied');
  });

  it('by form are refused by name', async () => {
    await expect(request('POST', 'https://b.s3.eu-west-1.amazonaws.com/', 'form')).rejects.toThrow(/HTML form/);
  });
});

it('uploads in parts as the SDK sends them', async () => {
  const client = sdkClient(test.cloud, S3Client);
  const send = <T>(work: () => Promise<T>): Promise<T> => test.run(work);
  const target = { Bucket: 'b', Key: 'large file' };
  const { UploadId } = await send(() =>
    client.send(new CreateMultipartUploadCommand({ ...target, ContentType: 'text/plain', ChecksumAlgorithm: 'CRC32' })),
  );
  const large = Buffer.alloc(5 * 1024 * 1024, 'a');
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of [large, Buffer.from('end')].entries()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumCRC32 } = await send(() =>
      client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' })),
    );
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  const done = await send(() => client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } })));
  expect(done).toMatchObject({ Bucket: 'b', Key: 'large file', ETag: expect.stringMatching(/^"[0-9a-f]{32}-2"$/) as string });
  expect(done.ChecksumCRC32).toMatch(/-2$/);
  expect(s3.bucket('b').current('large file')).toMatchObject({ headers: { ContentType: 'text/plain' }, partBytes: [large.length, 3] });
  expect(s3.bucket('b').uploads.size).toBe(0);
});
