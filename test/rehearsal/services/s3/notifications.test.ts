import { createTestCloud } from '../../support/harness';
import type { TestCloud } from '../../support/harness';
import { ResourceMaker } from '../../support/resources';
import { bundleHandler } from '../../support/bundle';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../../rehearsal/services';
import type { S3 } from '../../../../rehearsal/services/s3';

const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/ann' } as const;
const region = 'eu-west-1';
const queueArn = (name: string): string => `arn:aws:sqs:${region}:123456789012:${name}`;
const letS3In = (bucket: string): Members => ({
  Principal: { Service: 's3.amazonaws.com' },
  Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` }, StringEquals: { 'aws:SourceAccount': '123456789012' } },
});

let test: TestCloud;
let resources: ResourceMaker;

beforeEach(async () => {
  test = createTestCloud((cloud) => createDoubles(cloud));
  resources = new ResourceMaker(test.cloud, resourceTypes);
  await make('AWS::SQS::Queue', 'Told', { QueueName: 'told' });
  await make('AWS::SQS::QueuePolicy', 'ToldPolicy', {
    Queues: [`https://sqs.${region}.amazonaws.com/123456789012/told`],
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('told'), ...letS3In('photos') }] },
  });
});

const make = (type: string, logicalId: string, properties: Members): Promise<{ ref: string }> =>
  test.run(() => resources.create(type, logicalId, properties));
const call = (service: string, operation: string, input: Members): Promise<Members> =>
  test.run(() => test.cloud.call(service, operation, input, world));
const put = (Key: string, Body = 'x'): Promise<Members> => call('s3', 'PutObject', { Bucket: 'photos', Key, Body: Buffer.from(Body) });
const bucket = (NotificationConfiguration: Members, more: Members = {}): Promise<{ ref: string }> =>
  make('AWS::S3::Bucket', 'Photos', { BucketName: 'photos', NotificationConfiguration, ...more });
const toQueue = (Event: string, rules: Members[] = [], name = 'told'): Members => ({
  Event,
  Queue: queueArn(name),
  ...(rules.length === 0 ? {} : { Filter: { S3Key: { Rules: rules } } }),
});

async function received(name = 'told'): Promise<Members[]> {
  await test.run(() => test.clock.sleep(60_000));
  const QueueUrl = `https://sqs.${region}.amazonaws.com/123456789012/${name}`;
  const { Messages: messages } = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  return ((messages ?? []) as Members[]).map(({ Body }) => JSON.parse(Body as string) as Members);
}

const recordsOf = (messages: Members[]): Members[] => messages.flatMap(({ Records }) => (Records ?? []) as Members[]);

it('announces itself to the queue, then tells of each object that matches', async () => {
  await bucket({
    QueueConfigurations: [
      toQueue('s3:ObjectCreated:*', [
        { Name: 'prefix', Value: 'in/' },
        { Name: 'suffix', Value: '.jpg' },
      ]),
    ],
  });
  await put('in/red flower é.jpg', 'abc');
  await put('out/red.jpg');
  await put('in/red.png');
  const messages = await received();
  const announced = messages.filter((message) => message['Event'] === 's3:TestEvent');
  expect(announced).toEqual([
    {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: expect.stringMatching(/^2026-03-02T09:00:\d\d\.\d{3}Z$/) as string,
      Bucket: 'photos',
      RequestId: expect.stringMatching(/^[0-9A-F]{16}$/) as string,
      HostId: expect.any(String) as string,
    },
  ]);
  expect(recordsOf(messages)).toEqual([
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: region,
      eventTime: expect.stringMatching(/^2026-03-02T09:00:\d\d\.\d{3}Z$/) as string,
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: expect.stringMatching(/^AWS:AROA[0-9A-F]{17}:ann$/) as string },
      requestParameters: { sourceIPAddress: '192.0.2.10' },
      responseElements: { 'x-amz-request-id': expect.any(String) as string, 'x-amz-id-2': expect.any(String) as string },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: expect.any(String) as string,
        bucket: { name: 'photos', ownerIdentity: { principalId: expect.any(String) as string }, arn: 'arn:aws:s3:::photos' },
        object: {
          key: 'in/red+flower+%C3%A9.jpg',
          size: 3,
          eTag: '900150983cd24fb0d6963f7d28e17f72',
          sequencer: expect.stringMatching(/^00[0-9A-F]{16}$/) as string,
        },
      },
    },
  ]);
});

it('tells of copies, multipart uploads, delete markers and deletions apart', async () => {
  await bucket(
    { QueueConfigurations: [toQueue('s3:ObjectCreated:*'), toQueue('s3:ObjectRemoved:*')] },
    { VersioningConfiguration: { Status: 'Enabled' } },
  );
  const { VersionId } = await put('a');
  await call('s3', 'CopyObject', { Bucket: 'photos', Key: 'b', CopySource: 'photos/a' });
  const { UploadId } = await call('s3', 'CreateMultipartUpload', { Bucket: 'photos', Key: 'c' });
  const { ETag } = await call('s3', 'UploadPart', { Bucket: 'photos', Key: 'c', UploadId, PartNumber: 1, Body: Buffer.from('c') });
  await call('s3', 'CompleteMultipartUpload', {
    Bucket: 'photos',
    Key: 'c',
    UploadId,
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
  });
  await call('s3', 'DeleteObject', { Bucket: 'photos', Key: 'a' });
  await call('s3', 'DeleteObject', { Bucket: 'photos', Key: 'a', VersionId });
  const told = recordsOf(await received()).map((record) => {
    const object = (record['s3'] as Members)['object'] as Members;
    return [object['sequencer'] as string, record['eventName'] as string, Object.keys(object).sort().join(' ')] as const;
  });
  expect(told.sort().map(([, name, members]) => [name, members])).toEqual([
    ['ObjectCreated:Put', 'eTag key sequencer size versionId'],
    ['ObjectCreated:Copy', 'eTag key sequencer size versionId'],
    ['ObjectCreated:CompleteMultipartUpload', 'eTag key sequencer size versionId'],
    ['ObjectRemoved:DeleteMarkerCreated', 'eTag key sequencer versionId'],
    ['ObjectRemoved:Delete', 'key sequencer versionId'],
  ]);
});

it('does not come to be while a destination does not let S3 in', async () => {
  await make('AWS::SQS::Queue', 'Closed', { QueueName: 'closed' });
  const closed = bucket({ QueueConfigurations: [toQueue('s3:ObjectCreated:*', [], 'closed')] });
  await expect(closed).rejects.toThrow('Unable to validate the following destination configurations');
  expect(test.cloud.double<S3>('s3').findBucket('photos')).toBeUndefined();
});

it.each([
  ['the same event twice', [toQueue('s3:ObjectCreated:*'), toQueue('s3:ObjectCreated:Put')], /Cannot have overlapping suffixes/],
  [
    'prefixes of which one holds the other',
    [toQueue('s3:ObjectCreated:*', [{ Name: 'prefix', Value: 'in/' }]), toQueue('s3:ObjectCreated:*', [{ Name: 'prefix', Value: 'in/a' }])],
    /Cannot have overlapping suffixes/,
  ],
  ['an event that S3 does not have', [toQueue('s3:ObjectRead:*')], "'s3:ObjectRead:*' is not supported"],
  ['a filter on something else', [toQueue('s3:ObjectCreated:*', [{ Name: 'infix', Value: 'a' }])], 'must be either prefix or suffix'],
  [
    'two suffixes in one filter',
    [
      toQueue('s3:ObjectCreated:*', [
        { Name: 'suffix', Value: 'a' },
        { Name: 'suffix', Value: 'b' },
      ]),
    ],
    'more than one suffix rule',
  ],
])('refuses %s', async (_what, QueueConfigurations, message) => {
  await expect(bucket({ QueueConfigurations })).rejects.toThrow(message);
});

it('lets rules share a prefix whose suffixes differ', async () => {
  await bucket({
    QueueConfigurations: [
      toQueue('s3:ObjectCreated:*', [{ Name: 'suffix', Value: '.jpg' }]),
      toQueue('s3:ObjectCreated:*', [{ Name: 'suffix', Value: '.png' }]),
    ],
  });
  await put('a.jpg');
  await put('a.gif');
  expect(recordsOf(await received())).toHaveLength(1);
});

const trust = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } } };

async function deploy(name: string, source: string, actions: string[] = []): Promise<string> {
  const role = await test.run(() =>
    resources.create('AWS::IAM::Role', `${name}Role`, {
      RoleName: `${name}-role`,
      AssumeRolePolicyDocument: trust,
      Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['logs:*', ...actions], Resource: '*' }] } }],
    }),
  );
  const created = await test.run(() =>
    resources.create('AWS::Lambda::Function', name, {
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: resources.asset(bundleHandler(source)),
      Role: role.attributes['Arn'] as string,
    }),
  );
  return created.attributes['Arn'] as string;
}

const onUpload = (arn: string): Members => ({ LambdaFunctionConfigurations: [{ Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: arn }] });

it("does what the CDK's custom resource does, as its role", async () => {
  const function_ = await deploy(
    'thumb',
    `import { S3 } from '@aws-sdk/client-s3'; const s3 = new S3({});
     export const handler = async ({ Records: [{ s3: { bucket, object } }] }: any) =>
       s3.putObject({ Bucket: bucket.name, Key: 'copy-of', Body: object.key, Tagging: 'from=' + object.key });`,
    ['s3:PutObject', 's3:PutObjectTagging'],
  );
  await bucket({});
  const provider = await deploy('provider', 'export const handler = () => undefined;', ['s3:PutBucketNotification']);
  const properties = { ServiceToken: provider, BucketName: 'photos', Managed: 'true', NotificationConfiguration: onUpload(function_) };
  const refused = make('Custom::S3BucketNotifications', 'Notifications', properties);
  await expect(refused).rejects.toThrow('Unable to validate the following destination configurations');
  await make('AWS::Lambda::Permission', 'Let', {
    Action: 'lambda:InvokeFunction',
    FunctionName: function_,
    Principal: 's3.amazonaws.com',
    SourceAccount: '123456789012',
    SourceArn: 'arn:aws:s3:::photos',
  });
  const filtered = {
    LambdaFunctionConfigurations: [
      {
        Events: ['s3:ObjectCreated:*'],
        LambdaFunctionArn: function_,
        Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.jpg' }] } },
      },
    ],
  };
  const created = await make('Custom::S3BucketNotifications', 'Notifications', { ...properties, NotificationConfiguration: filtered });
  expect(await call('s3', 'GetBucketNotificationConfiguration', { Bucket: 'photos' })).toEqual({
    LambdaFunctionConfigurations: [
      {
        Id: expect.any(String) as string,
        LambdaFunctionArn: function_,
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: [{ Name: 'Suffix', Value: '.jpg' }] } },
      },
    ],
  });
  await put('a b.jpg');
  await test.run(() => test.clock.sleep(30_000));
  expect(await call('s3', 'GetObjectTagging', { Bucket: 'photos', Key: 'copy-of' })).toEqual({
    TagSet: [{ Key: 'from', Value: 'a b.jpg' }],
  });
  await test.run(() => resources.remove('Custom::S3BucketNotifications', 'Notifications', properties, { ...created, attributes: {} }));
  expect(await call('s3', 'GetBucketNotificationConfiguration', { Bucket: 'photos' })).toEqual({});
});

it("leaves others' notifications on a bucket that the application does not own", async () => {
  await bucket({ QueueConfigurations: [toQueue('s3:ObjectCreated:*')] });
  const provider = await deploy('provider', 'export const handler = () => undefined;', ['s3:*']);
  const properties = {
    ServiceToken: provider,
    BucketName: 'photos',
    Managed: 'false',
    SkipDestinationValidation: 'true',
    NotificationConfiguration: { QueueConfigurations: [{ Events: ['s3:ObjectRemoved:*'], QueueArn: queueArn('elsewhere') }] },
  };
  const created = await test.run(() => resources.create('Custom::S3BucketNotifications', 'N', properties));
  const arns = async (): Promise<unknown[]> => {
    const { QueueConfigurations: queues } = await call('s3', 'GetBucketNotificationConfiguration', { Bucket: 'photos' });
    return ((queues ?? []) as Members[]).map(({ QueueArn }) => QueueArn as unknown);
  };
  expect(await arns()).toEqual([queueArn('told'), queueArn('elsewhere')]);
  const changed = {
    ...properties,
    NotificationConfiguration: { QueueConfigurations: [{ Events: ['s3:ObjectRemoved:Delete'], QueueArn: queueArn('elsewhere') }] },
  };
  await test.run(() => resources.update('Custom::S3BucketNotifications', 'N', changed, properties, created));
  expect(await arns()).toEqual([queueArn('told'), queueArn('elsewhere')]);
  await test.run(() => resources.remove('Custom::S3BucketNotifications', 'N', changed, created));
  expect(await arns()).toEqual([queueArn('told')]);
});

it('notes what could not be told', async () => {
  await bucket({ QueueConfigurations: [toQueue('s3:ObjectCreated:*')] });
  await make('AWS::SQS::QueuePolicy', 'Closed', {
    Queues: [`https://sqs.${region}.amazonaws.com/123456789012/told`],
    PolicyDocument: { Statement: [] },
  });
  await put('a');
  await test.run(() => test.clock.sleep(30_000));
  expect(test.cloud.log.filter(({ event }) => event === 'notification-failed')).toMatchObject([
    { source: 's3', detail: { bucket: 'photos', target: queueArn('told'), error: expect.stringMatching(/AccessDenied/) as string } },
  ]);
});
