import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../../../rehearsal/cloud/types';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createS3, s3Resources } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { create, run, stubCloud, stubContext } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

const day = 86_400_000;
let cloud: StubCloud;
let s3: S3;
let events: Members[];

beforeEach(async () => {
  cloud = stubCloud();
  s3 = createS3(cloud);
  events = [];
  cloud.add(s3);
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: (event: Members) => void events.push(event) };
  cloud.add(bus);
  await create(cloud, s3Resources, 'AWS::S3::Bucket', 'Drop', {
    BucketName: 'drop',
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  await create(cloud, s3Resources, 'AWS::S3::Bucket', 'Evidence', {
    BucketName: 'evidence',
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
    Tags: [{ Key: 'team', Value: 'risk' }],
  });
});

const send = (operation: string, Bucket: string, input: Members = {}): Promise<Members> => run(cloud, s3, operation, { Bucket, ...input });
const put = (Key: string, Body: string, more: Members = {}, bucket = 'drop'): Promise<Members> =>
  send('PutObject', bucket, { Key, Body: Buffer.from(Body), ...more });
const body = async (Key: string, more: Members = {}, bucket = 'drop'): Promise<string> =>
  Buffer.from((await send('GetObject', bucket, { Key, ...more }))['Body'] as Uint8Array).toString();
const md5 = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`;

test('an object comes back with its tag, type and metadata', async () => {
  expect(await put('a.json', '{}', { ContentType: 'application/json', Metadata: { release: 'r1' } })).toMatchObject({ ETag: md5('{}') });
  const got = await send('GetObject', 'drop', { Key: 'a.json' });
  expect(got).toMatchObject({ ContentType: 'application/json', Metadata: { release: 'r1' }, ContentLength: 2, ETag: md5('{}') });
  expect(Buffer.from(got['Body'] as Uint8Array).toString()).toBe('{}');
  const head = await send('HeadObject', 'drop', { Key: 'a.json' });
  expect(head).not.toHaveProperty('Body');
  expect(head).toMatchObject({ ContentLength: 2 });
  await put('empty', '');
  expect(await body('empty')).toBe('');
});

test('missing buckets and keys', async () => {
  await expect(send('GetObject', 'other', { Key: 'a' })).rejects.toMatchObject({ code: 'NoSuchBucket', statusCode: 404 });
  await expect(send('GetObject', 'drop', { Key: 'a' })).rejects.toMatchObject({ code: 'NoSuchKey', statusCode: 404 });
  await expect(send('GetObject', 'evidence', { Key: 'a', VersionId: 'x' })).rejects.toMatchObject({ code: 'NoSuchVersion' });
});

test('who may not list the bucket is not told that a key is missing', async () => {
  const asked: string[] = [];
  cloud.iam.authorise = (_caller, { action, resource }) => {
    asked.push(`${action} ${resource}`);
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  };
  await put('there', 'x');
  expect(await body('there')).toBe('x');
  await expect(send('GetObject', 'drop', { Key: 'missing' })).rejects.toMatchObject({ code: 'AccessDenied', statusCode: 403 });
  expect(asked).toEqual(['s3:ListBucket arn:aws:s3:::drop']);
});

test('conditional writes', async () => {
  await put('a', '1', { IfNoneMatch: '*' });
  await expect(put('a', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ code: 'PreconditionFailed', statusCode: 412 });
  await expect(put('a', '2', { IfMatch: md5('0') })).rejects.toMatchObject({ code: 'PreconditionFailed' });
  await put('a', '2', { IfMatch: md5('1') });
  expect(await body('a')).toBe('2');
  await expect(put('b', '2', { IfMatch: md5('1') })).rejects.toMatchObject({ code: 'NoSuchKey' });
  await expect(put('a', '2', { IfNoneMatch: md5('1') })).rejects.toMatchObject({ code: 'NotImplemented', statusCode: 501 });
  await expect(body('a', { IfMatch: md5('1') })).rejects.toMatchObject({ code: 'PreconditionFailed' });
  await expect(body('a', { IfNoneMatch: md5('2') })).rejects.toMatchObject({ statusCode: 304 });
});

test('checksums are checked, kept and given back', async () => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32('text'));
  const ChecksumCRC32 = bytes.toString('base64');
  expect(await put('a', 'text', { ChecksumCRC32 })).toMatchObject({ ChecksumCRC32 });
  expect(await send('GetObject', 'drop', { Key: 'a', ChecksumMode: 'ENABLED' })).toMatchObject({ ChecksumCRC32 });
  expect(await send('GetObject', 'drop', { Key: 'a', ChecksumMode: 'ENABLED', Range: 'bytes=0-1' })).not.toHaveProperty('ChecksumCRC32');
  await expect(put('a', 'other', { ChecksumCRC32 })).rejects.toMatchObject({ code: 'BadDigest' });
  await expect(put('a', 'other', { ContentMD5: 'AAAA' })).rejects.toMatchObject({ code: 'BadDigest' });
  await expect(put('a', 'text', { ChecksumCRC32C: 'AAAA' })).rejects.toThrow('s3: ChecksumCRC32C is not supported');
  expect(await body('a')).toBe('text');
});

test('ranges', async () => {
  await put('a', 'abcdef');
  expect(await body('a', { Range: 'bytes=1-2' })).toBe('bc');
  expect(await body('a', { Range: 'bytes=-2' })).toBe('ef');
  expect(await send('GetObject', 'drop', { Key: 'a', Range: 'bytes=4-99' })).toMatchObject({
    ContentRange: 'bytes 4-5/6',
    ContentLength: 2,
  });
  await expect(body('a', { Range: 'bytes=6-' })).rejects.toMatchObject({ statusCode: 416 });
});

test('versions stay; deleting hides; deleting a locked version is denied until its time has come', async () => {
  const first = await put('bundle', '1', {}, 'evidence');
  await put('bundle', '2', {}, 'evidence');
  const marker = await send('DeleteObject', 'evidence', { Key: 'bundle' });
  expect(marker).toMatchObject({ DeleteMarker: true });
  await expect(body('bundle', {}, 'evidence')).rejects.toMatchObject({ code: 'NoSuchKey' });
  expect(await body('bundle', { VersionId: first['VersionId'] }, 'evidence')).toBe('1');
  const erase = (): Promise<Members> =>
    send('DeleteObject', 'evidence', { Key: 'bundle', VersionId: first['VersionId'], BypassGovernanceRetention: true });
  await expect(erase()).rejects.toMatchObject({
    code: 'AccessDenied',
    statusCode: 403,
    message: 'Access Denied because object protected by object lock.',
  });
  await send('DeleteObject', 'evidence', { Key: 'bundle', VersionId: marker['VersionId'] });
  expect(await body('bundle', {}, 'evidence')).toBe('2');
  await cloud.clock.advance(30 * day);
  await erase();
  await expect(body('bundle', { VersionId: first['VersionId'] }, 'evidence')).rejects.toMatchObject({ code: 'NoSuchVersion' });
});

test('governance can be bypassed by request, a legal hold cannot; retention grows freely', async () => {
  const until = (days: number): Date => new Date(cloud.clock.now() + days * day);
  const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: until(1) };
  const { VersionId } = await put('g', '1', lock, 'evidence');
  const version = { Key: 'g', VersionId };
  await expect(send('DeleteObject', 'evidence', version)).rejects.toMatchObject({ code: 'AccessDenied' });
  const retain = (days: number, more: Members = {}): Promise<Members> =>
    send('PutObjectRetention', 'evidence', { ...version, Retention: { Mode: 'GOVERNANCE', RetainUntilDate: until(days) }, ...more });
  await retain(5);
  await expect(retain(2)).rejects.toMatchObject({ code: 'AccessDenied' });
  await retain(2, { BypassGovernanceRetention: true });
  expect(await send('GetObjectRetention', 'evidence', version)).toEqual({ Retention: { Mode: 'GOVERNANCE', RetainUntilDate: until(2) } });
  await send('DeleteObject', 'evidence', { ...version, BypassGovernanceRetention: true });
  const held = await put('h', '1', { ...lock, ObjectLockLegalHoldStatus: 'ON' }, 'evidence');
  const deletion = { Key: 'h', VersionId: held['VersionId'], BypassGovernanceRetention: true };
  await cloud.clock.advance(90 * day);
  await expect(send('DeleteObject', 'evidence', deletion)).rejects.toMatchObject({ code: 'AccessDenied' });
  const unlocked = put('x', '1', { ...lock, ObjectLockRetainUntilDate: until(1) });
  await expect(unlocked).rejects.toMatchObject({ code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' });
});

test('lists by prefix and delimiter, page by page, in the order of bytes', async () => {
  const names = ['b/2', 'a/1/x', 'a/2', 'a/1/y', 'a/\u{1F600}', 'a/\uffee', 'c'];
  for (const name of names) await put(name, name);
  const list = (input: Members): Promise<Members> => send('ListObjectsV2', 'drop', input);
  const keys = (answer: Members): unknown[] => ((answer['Contents'] ?? []) as Members[]).map(({ Key }) => Key as unknown);
  expect(keys(await list({}))).toEqual(['a/1/x', 'a/1/y', 'a/2', 'a/\uffee', 'a/\u{1F600}', 'b/2', 'c']);
  const folder = await list({ Prefix: 'a/', Delimiter: '/' });
  expect(keys(folder)).toEqual(['a/2', 'a/\uffee', 'a/\u{1F600}']);
  expect(folder).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/1/' }], KeyCount: 4, IsTruncated: false });
  const first = await list({ Delimiter: '/', MaxKeys: 1 });
  expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/' }], IsTruncated: true });
  const second = await list({ Delimiter: '/', ContinuationToken: first['NextContinuationToken'] });
  expect(second).toMatchObject({ CommonPrefixes: [{ Prefix: 'b/' }], Contents: [{ Key: 'c' }], IsTruncated: false });
  expect(keys(await list({ StartAfter: 'b/2' }))).toEqual(['c']);
  await expect(list({ ContinuationToken: 'not ours' })).rejects.toMatchObject({ code: 'InvalidArgument' });
});

test('many deletions at once report each; versions are listed with their markers', async () => {
  const { VersionId } = await put('a', '1', {}, 'evidence');
  await send('DeleteObject', 'evidence', { Key: 'a' });
  const versions = await send('ListObjectVersions', 'evidence');
  expect(versions).toMatchObject({ Versions: [{ Key: 'a', VersionId, IsLatest: false }], DeleteMarkers: [{ Key: 'a', IsLatest: true }] });
  const marker = versions['DeleteMarkers'][0].VersionId as string;
  const Objects = [{ Key: 'a', VersionId }, { Key: 'a', VersionId: marker }, { Key: 'never' }];
  const answer = await send('DeleteObjects', 'evidence', { Delete: { Objects } });
  expect(answer['Errors']).toMatchObject([{ Key: 'a', VersionId, Code: 'AccessDenied' }]);
  expect(answer['Deleted']).toMatchObject([
    { Key: 'a', VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
    { Key: 'never', DeleteMarker: true },
  ]);
});

test('copies', async () => {
  await put('a b', 'text', { ContentType: 'text/plain' });
  await send('CopyObject', 'evidence', { Key: 'copy', CopySource: 'drop/a%20b' });
  expect(await send('GetObject', 'evidence', { Key: 'copy' })).toMatchObject({ ContentType: 'text/plain', ObjectLockMode: 'COMPLIANCE' });
});

test('events go to the bus of a bucket that says so', async () => {
  await put('kpi/1.jsonl', '{}');
  await put('quiet', '{}', {}, 'evidence');
  await send('DeleteObject', 'drop', { Key: 'kpi/1.jsonl' });
  expect(events).toMatchObject([
    {
      source: 'aws.s3',
      detailType: 'Object Created',
      detail: { bucket: { name: 'drop' }, object: { key: 'kpi/1.jsonl', size: 2 }, reason: 'PutObject' },
      resources: ['arn:aws:s3:::drop'],
    },
    { detailType: 'Object Deleted', detail: { object: { key: 'kpi/1.jsonl' }, 'deletion-type': 'Permanently Deleted' } },
  ]);
});

test('IAM is asked for what the request does', () => {
  const ask = (operation: string, input: Members): string[] =>
    (s3.operations[operation]?.permissions({ Bucket: 'drop', Key: 'k', ...input }, cloud) ?? []).map(
      (one) => `${one.action} ${one.resource}`,
    );
  const object = 'arn:aws:s3:::drop/k';
  expect(ask('GetObject', {})).toEqual([`s3:GetObject ${object}`]);
  expect(ask('GetObject', { VersionId: 'v' })).toEqual([`s3:GetObjectVersion ${object}`]);
  expect(ask('PutObject', { ObjectLockMode: 'COMPLIANCE' })).toEqual([`s3:PutObject ${object}`, `s3:PutObjectRetention ${object}`]);
  expect(ask('DeleteObject', { VersionId: 'v', BypassGovernanceRetention: true })).toEqual([
    `s3:DeleteObjectVersion ${object}`,
    `s3:BypassGovernanceRetention ${object}`,
  ]);
  expect(ask('CopyObject', { CopySource: 'evidence/e' })).toEqual(['s3:GetObject arn:aws:s3:::evidence/e', `s3:PutObject ${object}`]);
  expect(s3.operations['ListObjectsV2']?.permissions({ Bucket: 'drop', Prefix: 'kpi/' }, cloud)).toEqual([
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::drop', context: { 's3:prefix': 'kpi/' } },
  ]);
});

test('policies and resources', async () => {
  const PolicyDocument = { Statement: [] };
  await create(cloud, s3Resources, 'AWS::S3::BucketPolicy', 'Policy', { Bucket: 'drop', PolicyDocument });
  expect(s3.resourcePolicy('arn:aws:s3:::drop/some/key')).toEqual(PolicyDocument);
  expect(s3.resourcePolicy('arn:aws:s3:::evidence')).toBeUndefined();
  expect(await send('GetBucketPolicy', 'drop')).toEqual({ Policy: '{"Statement":[]}' });
  await expect(send('GetBucketPolicy', 'evidence')).rejects.toMatchObject({ code: 'NoSuchBucketPolicy' });
  await expect(send('PutBucketPolicy', 'drop', { Policy: '{' })).rejects.toMatchObject({ code: 'MalformedPolicy' });
  expect(await send('GetBucketTagging', 'evidence')).toEqual({ TagSet: [{ Key: 'team', Value: 'risk' }] });
  const type = s3Resources.find((candidate) => candidate.type === 'AWS::S3::Bucket');
  await put('a', '1');
  expect(() => type?.remove({ ref: 'drop', attributes: {} }, {}, stubContext(cloud, 'Drop'))).toThrow(/not empty/);
  const replicated = create(cloud, s3Resources, 'AWS::S3::Bucket', 'Site', { ReplicationConfiguration: {} });
  await expect(replicated).rejects.toThrow('AWS::S3::Bucket Site: property ReplicationConfiguration is not supported');
});
