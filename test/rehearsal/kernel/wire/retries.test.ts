import type { ServiceDouble } from '../../../../rehearsal/cloud/types';
import { AwsError, UnsupportedError } from '../../../../rehearsal/cloud/types';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { bundleHandler } from '../../support/bundle';
import { createTestCloud, startMillis } from '../../support/harness';

// The SDK inside a handler decides by code, status and shape of an answer whether to try again: real clients, virtual time.
const source = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
  import { S3Client, DeleteObjectCommand } from '@aws-sdk/client-s3';
  import { SchedulerClient, GetScheduleCommand } from '@aws-sdk/client-scheduler';
  import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
  import { SQSClient, PurgeQueueCommand } from '@aws-sdk/client-sqs';
  const send = {
    dynamodb: () => new DynamoDBClient({}).send(new PutItemCommand({ TableName: 'table', Item: { pk: { S: 'a' } } })),
    lambda: () => new LambdaClient({}).send(new InvokeCommand({ FunctionName: 'f' })),
    s3: () => new S3Client({}).send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'k' })),
    scheduler: () => new SchedulerClient({}).send(new GetScheduleCommand({ Name: 's' })),
    sns: () => new SNSClient({}).send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Message: 'm' })),
    sqs: () => new SQSClient({}).send(new PurgeQueueCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q' })),
  };
  export const handler = async ({ service }) => {
    try {
      const { $metadata } = await send[service]();
      return { attempts: $metadata.attempts };
    } catch (error) {
      return { error: error.name, message: error.message, attempts: error.$metadata.attempts };
    }
  };`;

const operations: Record<string, string> = {
  dynamodb: 'PutItem',
  lambda: 'Invoke',
  s3: 'DeleteObject',
  scheduler: 'GetSchedule',
  sns: 'Publish',
  sqs: 'PurgeQueue',
};

interface Outcome {
  result: { error?: string; message?: string; attempts: number };
  calledAtMillis: number[];
}

let asset: string;
beforeAll(() => {
  asset = bundleHandler(source);
});

/** Calls once; the service fails the first `times` calls. */
async function callOf(service: string, failure: AwsError, times = 2): Promise<Outcome> {
  const calledAtMillis: number[] = [];
  const operation = operations[service]!;
  const run: ServiceDouble['operations'][string]['run'] = (_input, { cloud }) => {
    calledAtMillis.push(cloud.clock.now() - startMillis);
    if (calledAtMillis.length <= times) throw failure;
    return {};
  };
  const test = createTestCloud(() => [{ service, operations: { [operation]: { permissions: () => [], run } } }]);
  const { accessKeyId, secretAccessKey, sessionToken } = test.cloud.credentials.issue({
    kind: 'world',
    principalArn: 'arn:aws:iam::1:user/u',
  });
  const sandbox = new Sandbox({
    name: 'handler',
    assetDirectory: asset,
    env: {
      AWS_REGION: test.cloud.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
    clock: test.cloud.clock,
    random: test.cloud.random.fork('handler'),
    transport: (request) => test.cloud.answerHttp(request),
    print: () => undefined,
    crash: (error) => {
      throw error;
    },
    unsupported: (what) => new UnsupportedError(what),
  });
  const handler = sandbox.load('index')['handler'] as (event: unknown) => Promise<Outcome['result']>;
  return { result: await test.run(() => handler({ service })), calledAtMillis };
}

const retried: [string, string, number][] = [
  ['dynamodb', 'ThrottlingException', 400],
  ['dynamodb', 'ProvisionedThroughputExceededException', 400],
  ['dynamodb', 'RequestLimitExceeded', 400],
  ['dynamodb', 'TransactionInProgressException', 400],
  ['dynamodb', 'InternalServerError', 500],
  ['lambda', 'TooManyRequestsException', 429],
  ['lambda', 'ServiceException', 500],
  ['s3', 'SlowDown', 503],
  ['s3', 'InternalError', 500],
  ['scheduler', 'ThrottlingException', 429],
  ['sns', 'ThrottledException', 429],
  ['sns', 'InternalErrorException', 500],
  ['sqs', 'RequestThrottled', 400],
  ['sqs', 'ThrottlingException', 400],
];

test.each(retried)('%s: %s (%i) is tried again, in virtual time', async (service, code, status) => {
  const { result, calledAtMillis } = await callOf(service, new AwsError(code, 'not now', status));
  expect(result).toEqual({ attempts: 3 });
  expect(calledAtMillis).toHaveLength(3);
  const [first, second] = calledAtMillis as [number, number, number];
  expect(second - first).toBeGreaterThan(5);
});

const final: [string, string, number][] = [
  ['dynamodb', 'ValidationException', 400],
  ['dynamodb', 'ConditionalCheckFailedException', 400],
  ['dynamodb', 'ResourceNotFoundException', 400],
  ['dynamodb', 'TransactionCanceledException', 400],
  ['lambda', 'ResourceNotFoundException', 404],
  ['s3', 'NoSuchBucket', 404],
  ['s3', 'PreconditionFailed', 412],
  ['scheduler', 'ConflictException', 409],
  ['sns', 'NotFoundException', 404],
  ['sqs', 'QueueDoesNotExist', 400],
];

test.each(final)('%s: %s (%i) is final', async (service, code, status) => {
  const { result, calledAtMillis } = await callOf(service, new AwsError(code, 'no', status));
  expect(result).toMatchObject({ message: 'no', attempts: 1 });
  expect(calledAtMillis).toHaveLength(1);
});

test('after three attempts the last error is the handler’s', async () => {
  const { result, calledAtMillis } = await callOf('sqs', new AwsError('ThrottlingException', 'not now'), 9);
  expect(result).toEqual({ error: 'ThrottlingException', message: 'not now', attempts: 3 });
  expect(calledAtMillis).toHaveLength(3);
});

test('a request that the service model does not allow reaches no double', async () => {
  let asked = 0;
  const run = (): Record<string, never> => {
    asked += 1;
    return {};
  };
  const bed = createTestCloud(() => [{ service: 'scheduler', operations: { GetSchedule: { permissions: () => [], run } } }]);
  const get = (Name: string) =>
    bed.run(() => bed.cloud.call('scheduler', 'GetSchedule', { Name }, { kind: 'world', principalArn: 'arn:aws:iam::1:user/u' }));
  await expect(get('a b')).rejects.toMatchObject({ code: 'ValidationException', statusCode: 400 });
  expect(asked).toBe(0);
  await get('a-b');
  expect(asked).toBe(1);
});
