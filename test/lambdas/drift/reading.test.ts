import { FakeS3 } from './world';
import { fakeClient, named } from '../support';
import { packagePropertiesOf } from '../../../lambdas/drift/package-properties';
import { CapturesChanged, readObjects } from '../../../lambdas/drift/read-objects';
import { requestsOf } from '../../../lambdas/drift/requests';
import { sampleRowsOf } from '../../../lambdas/drift/sample-size';
import { Bucket } from '../../../lambdas/shared/bucket';
import { placeOf, readDriftPolicy } from '../../../lambdas/shared/drift-policy';

function taken() {
  const files: { place: string; bytes: number; blocks: number; text: string }[] = [];
  return {
    files,
    begin: (place: string) => void files.push({ place, bytes: 0, blocks: 0, text: '' }),
    take: (block: Uint8Array) => {
      const file = files.at(-1)!;
      file.bytes += block.length;
      file.blocks += 1;
      if (file.bytes < 100) file.text += Buffer.from(block).toString();
    },
  };
}

describe('files', () => {
  test('are read in their order, small ones whole and large ones block by block', async () => {
    const s3 = new FakeS3();
    const bucket = new Bucket(s3.client, 'captures');
    const large = 5 * 1024 * 1024;
    for (let index = 0; index < 40; index += 1)
      s3.put('captures', `f${String(index).padStart(2, '0')}`, index % 10 === 0 ? Buffer.alloc(large) : `n${index}`);
    const taker = taken();
    const listed = await bucket.list('f');
    await readObjects(bucket, listed, taker);
    expect(taker.files.map(({ place }) => place)).toEqual(listed.map(({ key }) => key));
    expect(taker.files[11]).toMatchObject({ text: 'n11', blocks: 1 });
    expect(taker.files[10]).toMatchObject({ bytes: large, blocks: 2 });
  });

  test.each([
    ['is gone', (s3: FakeS3) => s3.objects.delete('captures/b')],
    ['is another one', (s3: FakeS3) => s3.put('captures', 'b', 'other')],
  ])('of which one %s are listed anew', async (_, change) => {
    const s3 = new FakeS3();
    const bucket = new Bucket(s3.client, 'captures');
    for (const key of ['a', 'b', 'c']) s3.put('captures', key, key);
    const listed = await bucket.list('');
    change(s3);
    await expect(readObjects(bucket, listed, taken())).rejects.toThrow(CapturesChanged);
  });

  test('that may not be read are an error of their own', async () => {
    const s3 = new FakeS3();
    s3.put('captures', 'a', 'a');
    const bucket = new Bucket(s3.client, 'captures');
    const listed = await bucket.list('');
    s3.before = () => {
      throw named('AccessDenied');
    };
    await expect(readObjects(bucket, listed, taken())).rejects.toThrow('AccessDenied');
  });
});

describe('a bucket', () => {
  test('lists between two keys, page by page', async () => {
    const s3 = new FakeS3();
    const bucket = new Bucket(s3.client, 'b');
    for (let index = 0; index < 200; index += 1) s3.put('b', `k/${String(index).padStart(3, '0')}`, 'x');
    const keys = (await bucket.list('k/', 'k/009', 'k/140')).map(({ key }) => key);
    expect(keys).toHaveLength(130);
    expect([keys[0], keys.at(-1)]).toEqual(['k/010', 'k/139']);
    expect(await bucket.list('k/')).toHaveLength(200);
  });

  test('writes on condition', async () => {
    const s3 = new FakeS3();
    const bucket = new Bucket(s3.client, 'b');
    const etag = await bucket.put('k', 'one', 'absent');
    expect(etag).toBeDefined();
    expect(await bucket.put('k', 'two', 'absent')).toBeUndefined();
    expect(await bucket.put('k', 'two', { etag: '"other"' })).toBeUndefined();
    expect(await bucket.put('k', 'two', { etag: etag! })).toBeDefined();
    expect(await bucket.read('k')).toMatchObject({ text: 'two' });
    expect(await bucket.put('gone', 'x', { etag: etag! })).toBeUndefined();
    expect(await bucket.read('gone')).toBeUndefined();
    s3.before = () => {
      throw named('AccessDenied');
    };
    await expect(bucket.put('k', 'x', 'absent')).rejects.toThrow('AccessDenied');
    await expect(bucket.read('k')).rejects.toThrow('AccessDenied');
  });
});

describe('requests', () => {
  const answered = (result: object) => requestsOf(fakeClient<never>({ GetMetricData: () => ({ MetricDataResults: [result] }) }).client);

  test('are those that SageMaker counted', async () => {
    expect(await answered({ Values: [3, 4], StatusCode: 'Complete' })('e', 'v', 0, 3_600_000)).toBe(7);
    expect(await answered({ StatusCode: 'Complete' })('e', 'v', 0, 3_600_000)).toBe(0);
  });

  test('that could not be read are not none', async () => {
    await expect(answered({ Values: [], StatusCode: 'InternalError' })('e', 'v', 0, 1)).rejects.toThrow(
      'InternalError: the next look asks again',
    );
  });
});

describe('properties of a package', () => {
  const ARN = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/triage/3';

  test('are read of the group alone', async () => {
    const { client, sent } = fakeClient<never>({ DescribeModelPackage: () => ({ CustomerMetadataProperties: { a: 'b' } }) });
    expect(await packagePropertiesOf(() => client, 'triage')(ARN)).toEqual({ a: 'b' });
    expect(await packagePropertiesOf(() => client, 'other')(ARN)).toBeUndefined();
    expect(await packagePropertiesOf(() => client, undefined)(ARN)).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  test('of one that was deleted are none; another error is one', async () => {
    const failing = (name: string) =>
      packagePropertiesOf(
        () =>
          fakeClient<never>({
            DescribeModelPackage: () => {
              throw named(name);
            },
          }).client,
        'triage',
      );
    expect(await failing('ValidationException')(ARN)).toBeUndefined();
    await expect(failing('ThrottlingException')(ARN)).rejects.toThrow('ThrottlingException');
  });
});

describe('the policy', () => {
  test('has its files beside it', async () => {
    const s3 = new FakeS3();
    const policy = {
      features: [],
      baseline: { kind: 'statistics', statistics: { bucket: '', key: 's' }, constraints: { bucket: 'b', key: 'c' } },
    };
    s3.put('assets', 'p.json', JSON.stringify(policy));
    expect((await readDriftPolicy(s3.client, 's3://assets/p.json')).baseline).toEqual({
      kind: 'statistics',
      statistics: { bucket: 'assets', key: 's' },
      constraints: { bucket: 'b', key: 'c' },
    });
  });

  test('stands at a place in S3', () => {
    expect(() => placeOf('https://x')).toThrow("'https://x' is no place in S3");
  });
});

test('samples are smaller where many texts are watched', () => {
  const of = (texts: number) =>
    sampleRowsOf({
      features: Array.from({ length: texts }, (_, index) => ({ name: `t${index}`, side: 'input', path: 't', kind: 'text' }) as const),
    });
  expect([of(0), of(1), of(2), of(4), of(40)]).toEqual([20_000, 20_000, 20_000, 10_000, 1_000]);
});
