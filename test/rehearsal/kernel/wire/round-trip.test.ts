import { CloudWatchClient, PutMetricDataCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient, CreateTopicCommand } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Members } from '../../../../rehearsal/cloud/types';
import { AwsError } from '../../../../rehearsal/cloud/types';
import { createTestCloud, sdkClient } from '../../support/harness';

type Sender = { send(command: never): Promise<unknown> };

/** Sends a command to a double that keeps the input and gives `answer`. */
async function exchange(
  service: string,
  operation: string,
  Client: new (configuration: never) => Sender,
  command: unknown,
  answer: Members | Error,
): Promise<{ input: Members; output: Members }> {
  let input: Members = {};
  const run = (given: Members): Members => {
    input = given;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const test = createTestCloud(() => [{ service, operations: { [operation]: { permissions: () => [], run } } }]);
  const client = sdkClient(test.cloud, Client as never) as Sender;
  const output = (await test.run(() => client.send(command as never))) as Members;
  delete output['$metadata'];
  return { input, output };
}

const at = new Date('2026-03-02T10:00:00Z');
const bytes = new Uint8Array([0, 1, 250]);

describe('requests and answers of real SDK clients', () => {
  it('awsJson: DynamoDB with binary, sets and nested maps', async () => {
    const item = { pk: { S: 'a' }, b: { B: bytes }, m: { M: { l: { L: [{ N: '1.5' }, { NULL: true }] } } }, s: { NS: ['1', '2'] } };
    const request = { TransactItems: [{ Put: { TableName: 't', Item: item } }], ClientRequestToken: 'token' };
    const { input } = await exchange('dynamodb', 'TransactWriteItems', DynamoDBClient, new TransactWriteItemsCommand(request), {});
    expect(input['TransactItems'][0].Put.Item.b.B).toHaveLength(3);
    expect(input).toMatchObject({ TransactItems: [{ Put: { Item: { m: item.m, s: item.s } } }], ClientRequestToken: 'token' });
  });

  it('awsJson: an error with members', async () => {
    const error = new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, {
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Message: 'no', Item: { pk: { S: 'a' } } }, { Code: 'None' }],
    });
    const command = new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName: 't', Key: { pk: { S: 'a' } } } }] });
    await expect(exchange('dynamodb', 'TransactWriteItems', DynamoDBClient, command, error)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: 'Transaction cancelled',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'a' } } }, { Code: 'None' }],
    });
  });

  it('awsJson: dates and numbers of CloudWatch, EventBridge, SageMaker, Step Functions, Logs, SSM, Secrets Manager', async () => {
    const metric = { MetricName: 'm', Timestamp: at, Value: 1.5, Dimensions: [{ Name: 'a', Value: 'b' }] };
    const put = await exchange(
      'cloudwatch',
      'PutMetricData',
      CloudWatchClient,
      new PutMetricDataCommand({ Namespace: 'n', MetricData: [metric] }),
      {},
    );
    expect(put.input).toEqual({ Namespace: 'n', MetricData: [metric] });
    const alarms = { MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: at, Threshold: 0.5 }] };
    expect((await exchange('cloudwatch', 'DescribeAlarms', CloudWatchClient, new DescribeAlarmsCommand({}), alarms)).output).toEqual(
      alarms,
    );
    const event = { Source: 's', DetailType: 'd', Detail: '{}', Time: at };
    expect(
      (
        await exchange('eventbridge', 'PutEvents', EventBridgeClient, new PutEventsCommand({ Entries: [event] }), {
          FailedEntryCount: 0,
          Entries: [{ EventId: 'e' }],
        })
      ).input,
    ).toEqual({ Entries: [event] });
    const endpoint = {
      EndpointName: 'e',
      EndpointArn: 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e',
      EndpointStatus: 'InService',
      CreationTime: at,
      LastModifiedTime: at,
    };
    expect(
      (await exchange('sagemaker', 'DescribeEndpoint', SageMakerClient, new DescribeEndpointCommand({ EndpointName: 'e' }), endpoint))
        .output,
    ).toEqual(endpoint);
    const execution = { executionArn: 'arn:x', stateMachineArn: 'arn:y', status: 'RUNNING', startDate: at };
    expect(
      (await exchange('sfn', 'DescribeExecution', SFNClient, new DescribeExecutionCommand({ executionArn: 'arn:x' }), execution)).output,
    ).toEqual(execution);
    const logs = { events: [{ timestamp: 1, message: 'm' }] };
    expect(
      (await exchange('cloudwatch-logs', 'FilterLogEvents', CloudWatchLogsClient, new FilterLogEventsCommand({ logGroupName: 'g' }), logs))
        .output,
    ).toEqual(logs);
    const parameter = { Parameter: { Name: 'p', Value: 'v', LastModifiedDate: at } };
    expect((await exchange('ssm', 'GetParameter', SSMClient, new GetParameterCommand({ Name: 'p' }), parameter)).output).toEqual(parameter);
    const secret = await exchange('secrets-manager', 'GetSecretValue', SecretsManagerClient, new GetSecretValueCommand({ SecretId: 's' }), {
      SecretBinary: bytes,
      CreatedDate: at,
    });
    expect(Buffer.from(secret.output['SecretBinary'] as Uint8Array)).toEqual(Buffer.from(bytes));
  });

  it('query: SNS and STS', async () => {
    const request = {
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t',
      Message: 'a & <b> ü',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x y' }, raw: { DataType: 'Binary', BinaryValue: bytes } },
    };
    const published = await exchange('sns', 'Publish', SNSClient, new PublishCommand(request), { MessageId: 'm<1>' });
    expect(published.input).toEqual(request);
    expect(published.output).toEqual({ MessageId: 'm<1>' });
    const topic = {
      Name: 't',
      Attributes: { FifoTopic: 'false' },
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'd' },
      ],
    };
    expect((await exchange('sns', 'CreateTopic', SNSClient, new CreateTopicCommand(topic), { TopicArn: 'arn' })).input).toEqual(topic);
    const identity = { UserId: 'u', Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/u' };
    expect((await exchange('sts', 'GetCallerIdentity', STSClient, new GetCallerIdentityCommand({}), identity)).output).toEqual(identity);
  });

  it('query: errors by the code of the query protocol', async () => {
    const error = new AwsError('NotFound', 'Topic does not exist', 404);
    await expect(exchange('sns', 'Publish', SNSClient, new PublishCommand({ Message: 'm' }), error)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('restJson: Lambda, Scheduler and the SageMaker runtime', async () => {
    const request = {
      FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
      InvocationType: 'RequestResponse' as const,
      Payload: bytes,
      Qualifier: 'live',
    };
    const invoked = await exchange('lambda', 'Invoke', LambdaClient, new InvokeCommand(request), {
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: bytes,
      ExecutedVersion: '1',
    });
    expect({ ...invoked.input, Payload: [...(invoked.input['Payload'] as Uint8Array)] }).toEqual({ ...request, Payload: [0, 1, 250] });
    expect({ ...invoked.output, Payload: [...(invoked.output['Payload'] as Uint8Array)] }).toEqual({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '1',
      Payload: [0, 1, 250],
    });
    const schedule = {
      Name: 's',
      ScheduleExpression: 'rate(1 minutes)',
      StartDate: at,
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Target: { Arn: 'a', RoleArn: 'arn:aws:iam::123456789012:role/r' },
      ClientToken: 'c',
    };
    expect(
      (await exchange('scheduler', 'CreateSchedule', SchedulerClient, new CreateScheduleCommand(schedule), { ScheduleArn: 'arn' })).input,
    ).toEqual(schedule);
    expect(
      (
        await exchange('scheduler', 'GetSchedule', SchedulerClient, new GetScheduleCommand({ Name: 's', GroupName: 'g' }), {
          Name: 's',
          CreationDate: at,
        })
      ).input,
    ).toEqual({ Name: 's', GroupName: 'g' });
    const prediction = {
      EndpointName: 'e',
      TargetVariant: 'a',
      InferenceId: 'i',
      ContentType: 'text/csv',
      Body: new TextEncoder().encode('1,2'),
    };
    const predicted = await exchange('sagemaker-runtime', 'InvokeEndpoint', SageMakerRuntimeClient, new InvokeEndpointCommand(prediction), {
      Body: bytes,
      ContentType: 'x/y',
      InvokedProductionVariant: 'a',
    });
    expect({ ...predicted.input, Body: new TextDecoder().decode(predicted.input['Body'] as Uint8Array) }).toEqual({
      ...prediction,
      Body: '1,2',
    });
    expect(predicted.output).toMatchObject({ ContentType: 'x/y', InvokedProductionVariant: 'a' });
  });

  it('restJson: errors by header, status from the model', async () => {
    const error = new AwsError('ResourceNotFoundException', 'no such function', 400, { Type: 'User' });
    await expect(exchange('lambda', 'Invoke', LambdaClient, new InvokeCommand({ FunctionName: 'f' }), error)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      Type: 'User',
      message: 'no such function',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('restXml: S3 with metadata, XML bodies and streams', async () => {
    const put = {
      Bucket: 'bucket',
      Key: 'a b/ü.json',
      Body: 'text',
      ContentType: 'application/json',
      Metadata: { owner: 'me' },
      ObjectLockMode: 'GOVERNANCE' as const,
      ObjectLockRetainUntilDate: at,
      IfNoneMatch: '*',
    };
    const stored = await exchange('s3', 'PutObject', S3Client, new PutObjectCommand(put), { ETag: '"e"', VersionId: 'v' });
    expect(stored.input).toMatchObject({ ...put, Body: expect.anything() as unknown });
    expect(new TextDecoder().decode(stored.input['Body'] as Uint8Array)).toBe('text');
    expect(stored.output).toEqual({ ETag: '"e"', VersionId: 'v' });

    const got = await exchange('s3', 'GetObject', S3Client, new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }), {
      Body: bytes,
      LastModified: at,
      Metadata: { owner: 'me' },
      ContentLength: 3,
    });
    expect(got.input).toEqual({ Bucket: 'bucket', Key: 'k', ChecksumMode: 'ENABLED' });
    expect([...(await (got.output['Body'] as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray())]).toEqual([
      0, 1, 250,
    ]);
    expect(got.output).toMatchObject({ LastModified: at, Metadata: { owner: 'me' } });

    const listed = {
      IsTruncated: false,
      KeyCount: 2,
      Contents: [
        { Key: 'a&b', Size: 1, LastModified: at },
        { Key: 'c', Size: 2 },
      ],
      CommonPrefixes: [{ Prefix: 'p/' }],
    };
    const list = await exchange(
      's3',
      'ListObjectsV2',
      S3Client,
      new ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'p', MaxKeys: 2 }),
      listed,
    );
    expect(list.input).toEqual({ Bucket: 'bucket', Prefix: 'p', MaxKeys: 2 });
    expect(list.output).toEqual(listed);

    const remove = { Bucket: 'bucket', Delete: { Objects: [{ Key: 'a' }, { Key: 'b', VersionId: 'v' }], Quiet: true } };
    expect((await exchange('s3', 'DeleteObjects', S3Client, new DeleteObjectsCommand(remove), {})).input).toMatchObject(remove);
    const retention = { Bucket: 'bucket', Key: 'k', Retention: { Mode: 'COMPLIANCE' as const, RetainUntilDate: at } };
    expect((await exchange('s3', 'PutObjectRetention', S3Client, new PutObjectRetentionCommand(retention), {})).input).toMatchObject(
      retention,
    );
  });

  it('restXml: errors with and without a body', async () => {
    const missing = new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: 'k' });
    await expect(
      exchange('s3', 'GetObject', S3Client, new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }), missing),
    ).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'k' });
    await expect(
      exchange('s3', 'HeadObject', S3Client, new HeadObjectCommand({ Bucket: 'bucket', Key: 'k' }), missing),
    ).rejects.toMatchObject({ name: 'NotFound' });
  });
});
