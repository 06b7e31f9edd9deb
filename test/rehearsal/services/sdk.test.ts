import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ResourceType } from '../../../rehearsal/cloud/types';
import { cloudwatchLogsResources, createCloudWatchLogs } from '../../../rehearsal/services/cloudwatch-logs';
import { createDynamoDb, dynamodbResources } from '../../../rehearsal/services/dynamodb';
import { createS3, s3Resources } from '../../../rehearsal/services/s3';
import { createSecretsManager, secretsManagerResources } from '../../../rehearsal/services/secrets-manager';
import { createSns, snsResources } from '../../../rehearsal/services/sns';
import { createSqs, sqsResources } from '../../../rehearsal/services/sqs';
import { createSsm, ssmResources } from '../../../rehearsal/services/ssm';
import { createTestCloud, sdkClient } from '../support/harness';
import type { TestCloud } from '../support/harness';
import { create } from './cloud-stub';

// The doubles behind the wire: what an SDK client of a handler sends, and makes of the answer.
let bed: TestCloud;
beforeEach(() => {
  bed = createTestCloud((cloud) => [
    createDynamoDb(cloud),
    createSqs(cloud),
    createS3(cloud),
    createSns(cloud),
    createSecretsManager(cloud),
    createCloudWatchLogs(cloud),
    createSsm(cloud),
  ]);
});

const make = (types: readonly ResourceType[], type: string, properties: Record<string, unknown>): Promise<{ ref: string }> =>
  create(bed.cloud, types, type, 'It', properties);
const run = <T>(work: () => Promise<T>): Promise<T> => bed.run(work);

test('DynamoDB: items, binary values, conditions with the old item, cancellation reasons', async () => {
  const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }];
  await make(dynamodbResources, 'AWS::DynamoDB::Table', {
    TableName: 'ledger',
    AttributeDefinitions,
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  const client = sdkClient(bed.cloud, DynamoDBClient);
  const Item = {
    pk: { S: 'a' },
    n: { N: '1' },
    b: { B: new Uint8Array([1, 2]) },
    m: { M: { l: { L: [{ BOOL: true }, { NULL: true }] } } },
  };
  await run(() => client.send(new PutItemCommand({ TableName: 'ledger', Item })));
  expect(
    (await run(() => client.send(new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: 'a' } }, ConsistentRead: true })))).Item,
  ).toEqual(Item);
  const again = {
    TableName: 'ledger',
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  await expect(run(() => client.send(new PutItemCommand(again)))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item });
  const transaction = new TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName: 'ledger', Item: { pk: { S: 'b' } } } }, { Put: again }],
  });
  await expect(run(() => client.send(transaction))).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item }],
  });
  const query = new QueryCommand({
    TableName: 'ledger',
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': { S: 'a' } },
  });
  expect(await run(() => client.send(query))).toMatchObject({ Count: 1, Items: [Item] });
});

test('SQS: send, receive with the digests the SDK checks, delete, errors by name', async () => {
  const { ref: QueueUrl } = await make(sqsResources, 'AWS::SQS::Queue', { QueueName: 'work' });
  const client = sdkClient(bed.cloud, SQSClient);
  await run(() =>
    client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'Grüße', MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } }),
    ),
  );
  const batch = await run(() => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody: 'two' }] })));
  expect(batch.Successful).toHaveLength(1);
  const received = await run(() =>
    client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    ),
  );
  expect(received.Messages).toMatchObject([
    { Body: 'Grüße', MessageAttributes: { a: { StringValue: 'b' } } },
    { Body: 'two', Attributes: { ApproximateReceiveCount: '1' } },
  ]);
  for (const { ReceiptHandle } of received.Messages ?? [])
    await run(() => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
  expect(await run(() => client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })))).not.toHaveProperty('Messages');
  const other = new SendMessageCommand({ QueueUrl: `${QueueUrl}s`, MessageBody: 'x' });
  await expect(run(() => client.send(other))).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('S3: bodies with checksums, metadata, lists, deletions, errors by name', async () => {
  await make(s3Resources, 'AWS::S3::Bucket', {
    BucketName: 'evidence',
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } } },
  });
  const client = sdkClient(bed.cloud, S3Client);
  const put = {
    Bucket: 'evidence',
    Key: 'r1/bundle ü.json',
    Body: '{"a":1}',
    ContentType: 'application/json',
    Metadata: { release: 'r1' },
    IfNoneMatch: '*',
  };
  const { VersionId, ChecksumCRC32 } = await run(() => client.send(new PutObjectCommand(put)));
  expect(ChecksumCRC32).toBeDefined();
  await expect(run(() => client.send(new PutObjectCommand(put)))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const got = await run(() => client.send(new GetObjectCommand({ Bucket: 'evidence', Key: put.Key })));
  expect(await got.Body?.transformToString()).toBe('{"a":1}');
  expect(got).toMatchObject({ ContentType: 'application/json', Metadata: { release: 'r1' }, VersionId, ObjectLockMode: 'COMPLIANCE' });
  expect(got.ObjectLockRetainUntilDate).toBeInstanceOf(Date);
  const list = await run(() => client.send(new ListObjectsV2Command({ Bucket: 'evidence', Prefix: 'r1/' })));
  expect(list).toMatchObject({ KeyCount: 1, Contents: [{ Key: put.Key, Size: 7 }] });
  const deletion = new DeleteObjectsCommand({ Bucket: 'evidence', Delete: { Objects: [{ Key: put.Key, VersionId }] } });
  expect((await run(() => client.send(deletion))).Errors).toMatchObject([{ Key: put.Key, Code: 'AccessDenied' }]);
  await expect(run(() => client.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'none' })))).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
  await expect(run(() => client.send(new HeadObjectCommand({ Bucket: 'evidence', Key: 'none' })))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await expect(run(() => client.send(new GetObjectCommand({ Bucket: 'none', Key: 'k' })))).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('SNS, Secrets Manager, Logs and Parameter Store', async () => {
  const { ref: TopicArn } = await make(snsResources, 'AWS::SNS::Topic', {
    TopicName: 'owners',
    Subscription: [{ Protocol: 'email', Endpoint: 'a@example.org' }],
  });
  const sns = sdkClient(bed.cloud, SNSClient);
  const publish = { TopicArn, Subject: 'Approval', Message: 'Grüße', MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } };
  expect((await run(() => sns.send(new PublishCommand(publish)))).MessageId).toBeDefined();
  expect(bed.cloud.log).toMatchObject([{ event: 'email', detail: { subject: 'Approval', addresses: 1 } }]);
  await expect(run(() => sns.send(new PublishCommand({ TopicArn: `${TopicArn}s`, Message: 'x' })))).rejects.toMatchObject({
    name: 'NotFoundException',
  });

  await make(secretsManagerResources, 'AWS::SecretsManager::Secret', { Name: 'keyring', SecretString: '{"current":"k1"}' });
  const secrets = sdkClient(bed.cloud, SecretsManagerClient);
  expect(await run(() => secrets.send(new GetSecretValueCommand({ SecretId: 'keyring' })))).toMatchObject({
    SecretString: '{"current":"k1"}',
  });
  await expect(run(() => secrets.send(new GetSecretValueCommand({ SecretId: 'none' })))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });

  await make(cloudwatchLogsResources, 'AWS::Logs::LogGroup', { LogGroupName: '/a', RetentionInDays: 7 });
  const logs = sdkClient(bed.cloud, CloudWatchLogsClient);
  expect((await run(() => logs.send(new DescribeLogGroupsCommand({})))).logGroups).toMatchObject([
    { logGroupName: '/a', retentionInDays: 7 },
  ]);

  await make(ssmResources, 'AWS::SSM::Parameter', { Name: '/p', Type: 'String', Value: 'v' });
  const ssm = sdkClient(bed.cloud, SSMClient);
  expect((await run(() => ssm.send(new GetParameterCommand({ Name: '/p' })))).Parameter).toMatchObject({ Value: 'v', Version: 1 });
});
