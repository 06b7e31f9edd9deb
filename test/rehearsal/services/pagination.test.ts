import { CloudWatchLogsClient, DescribeLogGroupsCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectVersionsCommand, ListObjectsV2Command, PutObjectCommand, S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  paginateListSchedules,
} from '@aws-sdk/client-scheduler';
import { SNSClient, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import type { ResourceType } from '../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';
import { createTestCloud, sdkClient } from '../support/harness';
import type { TestCloud } from '../support/harness';
import { create } from './cloud-stub';

// Real SDK paginators run over every list that a double of these services answers.
let bed: TestCloud;
beforeEach(() => {
  bed = createTestCloud(createDoubles);
});

const make = (type: string, logicalId: string, properties: Record<string, unknown>): Promise<{ ref: string }> =>
  create(bed.cloud, resourceTypes as readonly ResourceType[], type, logicalId, properties);

async function all<P, T>(pages: AsyncIterable<P>, itemsOf: (page: P) => T[] | undefined): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let count = 0;
  for await (const page of pages) {
    count += 1;
    items.push(...(itemsOf(page) ?? []));
  }
  return { items, pages: count };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const names = (count: number, prefix: string): string[] => numbers(count).map((index) => `${prefix}${String(index).padStart(3, '0')}`);

test('DynamoDB: Query and Scan', async () => {
  await make('AWS::DynamoDB::Table', 'T', {
    TableName: 'items',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const client = sdkClient(bed.cloud, DynamoDBClient);
  for (const sk of names(7, 's'))
    await bed.run(() => client.send(new PutItemCommand({ TableName: 'items', Item: { pk: { S: 'a' }, sk: { S: sk } } })));
  const query = {
    TableName: 'items',
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': { S: 'a' } },
  };
  const queried = await bed.run(() => all(paginateQuery({ client, pageSize: 3 }, query), ({ Items }) => Items));
  expect(queried.items.map((item) => item['sk']?.S)).toEqual(names(7, 's'));
  expect(queried.pages).toBe(3);
  const scan = { TableName: 'items', ConsistentRead: true };
  const scanned = await bed.run(() => all(paginateScan({ client, pageSize: 2 }, scan), ({ Items }) => Items));
  expect(scanned.items).toHaveLength(7);
  expect(scanned.pages).toBe(4);
});

test('S3: objects by page, with prefixes; no keys asked for, none owed', async () => {
  await make('AWS::S3::Bucket', 'B', { BucketName: 'bucket' });
  const client = sdkClient(bed.cloud, S3Client);
  for (const Key of ['a/1', 'a/2', 'b', 'c/1', 'd ü'])
    await bed.run(() => client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: 'x' })));
  const flat = await bed.run(() => all(paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: 'bucket' }), ({ Contents }) => Contents));
  expect(flat.items.map(({ Key }) => Key)).toEqual(['a/1', 'a/2', 'b', 'c/1', 'd ü']);
  expect(flat.pages).toBe(3);
  const folders = await bed.run(() =>
    all(paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: 'bucket', Delimiter: '/' }), ({ Contents, CommonPrefixes }) => [
      ...(Contents ?? []).map(({ Key }) => Key),
      ...(CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    ]),
  );
  expect(folders).toEqual({ items: ['b', 'a/', 'd ü', 'c/'], pages: 2 });
  const list = (input: object) => bed.run(() => client.send(new ListObjectsV2Command({ Bucket: 'bucket', ...input })));
  expect(await list({ MaxKeys: 0 })).toMatchObject({ IsTruncated: false, KeyCount: 0 });
  expect((await list({ StartAfter: 'c/1', EncodingType: 'url' })).Contents).toMatchObject([{ Key: 'd%20%C3%BC' }]);
  await expect(list({ ContinuationToken: 'made up' })).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('S3: versions by page, also in the middle of a key', async () => {
  await make('AWS::S3::Bucket', 'B', { BucketName: 'bucket', VersioningConfiguration: { Status: 'Enabled' } });
  const client = sdkClient(bed.cloud, S3Client);
  for (const [Key, Body] of ['a1', 'a2', 'a3', 'b1', 'x/y'].map((name) => [name.charAt(0) === 'x' ? name : name.charAt(0), name] as const))
    await bed.run(() => client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body })));
  const listed: unknown[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let pages = 1; ; pages += 1) {
    const command = new ListObjectVersionsCommand({ Bucket: 'bucket', MaxKeys: 2, Delimiter: '/', ...markers });
    const page = await bed.run(() => client.send(command));
    listed.push(...(page.Versions ?? []).map(({ Key, IsLatest }) => `${Key} ${IsLatest}`), ...(page.CommonPrefixes ?? []));
    if (page.IsTruncated !== true) {
      expect(pages).toBe(3);
      break;
    }
    markers = {
      KeyMarker: page.NextKeyMarker!,
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    };
  }
  expect(listed).toEqual(['a true', 'a false', 'a false', 'b true', { Prefix: 'x/' }]);
  const marker = new ListObjectVersionsCommand({ Bucket: 'bucket', VersionIdMarker: 'v' });
  await expect(bed.run(() => client.send(marker))).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('Scheduler: schedules; a token is opaque, belongs to its listing, and outlives what was shown', async () => {
  const client = sdkClient(bed.cloud, SchedulerClient);
  for (const Name of names(5, 's')) {
    const command = new CreateScheduleCommand({
      Name,
      ScheduleExpression: 'rate(1 day)',
      State: 'DISABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f', RoleArn: 'arn:aws:iam::123456789012:role/r' },
    });
    await bed.run(() => client.send(command));
  }
  const found = await bed.run(() => all(paginateListSchedules({ client, pageSize: 2 }, {}), ({ Schedules }) => Schedules));
  expect(found.items.map(({ Name }) => Name)).toEqual(names(5, 's'));
  expect(found.pages).toBe(3);
  const list = (input: object) => bed.run(() => client.send(new ListSchedulesCommand({ MaxResults: 2, ...input })));
  const { NextToken } = await list({});
  expect(NextToken).not.toMatch(/s001|^\d+$/);
  // What the first page ended with goes: the second one starts where it did.
  await bed.run(() => client.send(new DeleteScheduleCommand({ Name: 's001' })));
  await expect(list({ NextToken, NamePrefix: 's' })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(list({ NextToken: '2' })).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining("'2'") });
  await expect(list({ MaxResults: 101 })).rejects.toMatchObject({ message: expect.stringContaining('less than or equal to 100') });
  expect((await list({ NextToken })).Schedules?.map(({ Name }) => Name)).toEqual(['s002', 's003']);
});

test('SNS: a hundred subscriptions a page', async () => {
  const { ref: TopicArn } = await make('AWS::SNS::Topic', 'T', {
    TopicName: 'topic',
    Subscription: names(230, 'a').map((name) => ({ Protocol: 'email', Endpoint: `${name}@example.org` })),
  });
  const client = sdkClient(bed.cloud, SNSClient);
  const found = await bed.run(() => all(paginateListSubscriptionsByTopic({ client }, { TopicArn }), ({ Subscriptions }) => Subscriptions));
  expect(new Set(found.items.map(({ Endpoint }) => Endpoint)).size).toBe(230);
  expect(found.pages).toBe(3);
});

test('CloudWatch Logs: log groups', async () => {
  for (const LogGroupName of names(7, '/g/')) await make('AWS::Logs::LogGroup', LogGroupName, { LogGroupName });
  const client = sdkClient(bed.cloud, CloudWatchLogsClient);
  const found = await bed.run(() => all(paginateDescribeLogGroups({ client, pageSize: 3 }, {}), ({ logGroups }) => logGroups));
  expect(found.items.map(({ logGroupName }) => logGroupName)).toEqual(names(7, '/g/'));
  expect(found.pages).toBe(3);
  const describe = (input: object) => bed.run(() => client.send(new DescribeLogGroupsCommand(input)));
  expect((await describe({ logGroupNamePattern: '003' })).logGroups).toHaveLength(1);
  await expect(describe({ nextToken: '3' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(describe({ limit: 51 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(describe({ logGroupNamePattern: 'a', logGroupNamePrefix: 'b' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('EventBridge: targets of a rule', async () => {
  await make('AWS::Events::Rule', 'R', {
    Name: 'rule',
    EventPattern: { source: ['a'] },
    Targets: names(5, 't').map((Id) => ({ Id, Arn: `arn:aws:sqs:eu-west-1:123456789012:${Id}` })),
  });
  const client = sdkClient(bed.cloud, EventBridgeClient);
  const list = (input: object) => bed.run(() => client.send(new ListTargetsByRuleCommand({ Rule: 'rule', Limit: 2, ...input })));
  const ids: unknown[] = [];
  let token: string | undefined;
  do {
    const page = await list({ NextToken: token });
    ids.push(...(page.Targets ?? []).map(({ Id }) => Id));
    token = page.NextToken;
  } while (token !== undefined);
  expect(ids).toEqual(names(5, 't'));
  await expect(list({ NextToken: 'x' })).rejects.toMatchObject({ name: 'ValidationException' });
});
