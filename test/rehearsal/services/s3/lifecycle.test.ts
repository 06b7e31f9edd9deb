import type { Members } from '../../../../rehearsal/cloud/types';
import { createS3, s3Resources } from '../../../../rehearsal/services/s3';
import type { S3 } from '../../../../rehearsal/services/s3';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

const dayMillis = 86_400_000;
let cloud: StubCloud;
let s3: S3;
let told: Members[];

async function bucket(rule: Members, more: Members = {}): Promise<void> {
  cloud = stubCloud();
  s3 = createS3(cloud);
  told = [];
  cloud.add(s3);
  cloud.add({ service: 'eventbridge', operations: {}, emitServiceEvent: (event: Members) => void told.push(event) } as never);
  await create(cloud, s3Resources, 'AWS::S3::Bucket', 'B', {
    BucketName: 'b',
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ...rule }] },
    NotificationConfiguration: { EventBridgeConfiguration: {} },
    ...more,
  });
}

const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
const put = (Key: string, more: Members = {}): Promise<Members> =>
  run(cloud, s3, 'PutObject', { Bucket: 'b', Key, Body: Buffer.from('1'), ...more });
const days = (count: number): Promise<void> => cloud.clock.advance(count * dayMillis);
const keys = (): readonly string[] =>
  s3
    .bucket('b')
    .keys()
    .filter((key) => s3.bucket('b').current(key) !== undefined);

it('lets objects go at the midnight after their days', async () => {
  await bucket({ ExpirationInDays: 1, Prefix: 'tmp/' });
  await put('tmp/a');
  await put('kept/a');
  // From nine in the morning: a day ends at nine, and midnight comes fifteen hours later.
  await days(1.6);
  expect(keys()).toEqual(['kept/a', 'tmp/a']);
  await days(0.1);
  expect(keys()).toEqual(['kept/a']);
  expect(told.at(-1)).toMatchObject({
    detailType: 'Object Deleted',
    detail: {
      object: { key: 'tmp/a' },
      reason: 'Lifecycle Expiration',
      'deletion-type': 'Permanently Deleted',
      requester: 's3.amazonaws.com',
    },
  });
  await put('tmp/b');
  await days(3);
  expect(keys()).toEqual(['kept/a']);
});

it('looks at tags and sizes', async () => {
  await bucket({ ExpirationInDays: 1, TagFilters: [{ Key: 'kind', Value: 'scratch' }], ObjectSizeLessThan: 5 });
  await put('small', { Tagging: 'kind=scratch' });
  await put('large', { Tagging: 'kind=scratch', Body: Buffer.from('12345') });
  await put('other', { Tagging: 'kind=real' });
  await days(3);
  expect(keys()).toEqual(['large', 'other']);
});

it('puts a delete marker where there are versions, and lets old ones go later', async () => {
  await bucket({ ExpirationInDays: 1, NoncurrentVersionExpiration: { NoncurrentDays: 2 }, ExpiredObjectDeleteMarker: true }, versioned);
  await put('a');
  await days(2);
  expect(
    s3
      .bucket('b')
      .versionsOf('a')
      .map(({ body }) => body === undefined),
  ).toEqual([false, true]);
  await days(2);
  // The version was noncurrent for two days; its marker stands alone and goes as well.
  expect(s3.bucket('b').versionsOf('a')).toHaveLength(0);
});

it('keeps as many noncurrent versions as it is told', async () => {
  await bucket({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 } }, versioned);
  for (let count = 0; count < 4; count += 1) await put('a');
  await days(3);
  expect(s3.bucket('b').versionsOf('a')).toHaveLength(2);
});

it('leaves what a lock protects, and what a rule that is off speaks of', async () => {
  await bucket({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }, { ObjectLockEnabled: true });
  await put('a', { ObjectLockLegalHoldStatus: 'ON' });
  await put('a');
  await days(3);
  expect(s3.bucket('b').versionsOf('a')).toHaveLength(2);
  await bucket({ Status: 'Disabled', ExpirationInDays: 1 });
  await put('a');
  await days(3);
  expect(keys()).toEqual(['a']);
});

it('drops uploads that were never completed', async () => {
  await bucket({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  await run(cloud, s3, 'CreateMultipartUpload', { Bucket: 'b', Key: 'a' });
  await days(3);
  expect(s3.bucket('b').uploads.size).toBe(0);
});
