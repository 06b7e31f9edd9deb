import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, FilterCriteria, FilterRule, Function as LambdaFunction, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq, SqsEventSource, type DynamoEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Lambda } from '../../../../rehearsal/services/lambda';
import type { Sqs } from '../../../../rehearsal/services/sqs';
import { rehearse, synthesize, type Rehearsed } from '../../assembly/synthesized';

const handler = (stack: Stack, code: string): LambdaFunction =>
  new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    timeout: Duration.seconds(10),
  });

/** Prints what each batch holds; fails as told. */
const streamHandler = (failure = ''): string => `
  let calls = 0;
  exports.handler = async ({ Records }) => {
    calls += 1;
    const ids = Records.map(({ dynamodb }) => dynamodb.Keys.pk.S);
    console.log('batch ' + ids.join());
    ${failure}
  };`;

interface Played extends Rehearsed {
  batches: string[];
  dead(): string[];
}

async function play(
  code: string,
  props: Partial<DynamoEventSourceProps>,
  ids: readonly string[],
  afterTenMinutes?: (lambda: Lambda) => void,
): Promise<Played> {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Streamed');
      // Provisioned: one shard, so that the order of all records is the order in which they were written.
      const table = new Table(stack, 'Table', {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        stream: StreamViewType.NEW_AND_OLD_IMAGES,
        readCapacity: 5,
        writeCapacity: 5,
      });
      const failures = new Queue(stack, 'Failures');
      handler(stack, code).addEventSource(
        new DynamoEventSource(table, { startingPosition: StartingPosition.TRIM_HORIZON, onFailure: new SqsDlq(failures), ...props }),
      );
    }),
  );
  await rehearsed.deploy();
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string, group: string): void };
  const ingest = cloudwatch.ingestLogLine.bind(cloudwatch);
  cloudwatch.ingestLogLine = (line, group) => {
    lines.push(line);
    ingest(line, group);
  };
  await rehearsed.run(async () => {
    for (const id of ids)
      await rehearsed.cloud.call(
        'dynamodb',
        'PutItem',
        { TableName: rehearsed.ref('Table'), Item: { pk: { S: id } } },
        {
          kind: 'world',
          principalArn: 'arn:aws:iam::123456789012:user/ann',
        },
      );
  });
  if (afterTenMinutes !== undefined) {
    await rehearsed.clock.run(rehearsed.clock.now() + 600_000);
    afterTenMinutes(rehearsed.cloud.double<Lambda>('lambda'));
  }
  await rehearsed.clock.drain(rehearsed.clock.now() + 24 * 3_600_000, () => rehearsed.cloud.idle());
  const queue = rehearsed.cloud.double<Sqs>('sqs').queueByUrl(rehearsed.ref('Failures'));
  return {
    ...rehearsed,
    batches: lines.filter((line) => line.startsWith('batch ')).map((line) => line.slice('batch '.length)),
    dead: () => queue.waitingMessages().map(({ body }) => body),
  };
}

test('a stream brings records in order, in batches', async () => {
  const { batches, dead } = await play(streamHandler(), { batchSize: 2, maxBatchingWindow: Duration.seconds(5) }, ['a', 'b', 'c']);
  expect(batches).toEqual(['a,b', 'c']);
  expect(dead()).toEqual([]);
});

test('a batch that fails holds up what comes after it until its retries are over, and is told to the destination', async () => {
  const code = streamHandler(`if (ids.includes('bad')) throw new Error('bad');`);
  const played = await play(code, { batchSize: 1, retryAttempts: 2 }, ['a', 'bad', 'c']);
  expect(played.batches).toEqual(['a', 'bad', 'bad', 'bad', 'c']);
  const [told, ...others] = played.dead().map((body) => JSON.parse(body) as Record<string, Record<string, unknown>>);
  expect(others).toEqual([]);
  expect(told).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 } });
  expect(told?.['DDBStreamBatchInfo']).toMatchObject({ batchSize: 1, streamArn: expect.stringContaining('/stream/') as string });
  expect(played.cloud.log.filter(({ event }) => event === 'event-dropped')).toMatchObject([
    { detail: { records: 1, condition: 'RetryAttemptsExhausted' } },
  ]);
});

test('a batch that fails is halved until the bad record stands alone', async () => {
  const code = streamHandler(`if (ids.includes('bad')) throw new Error('bad');`);
  const { batches, dead } = await play(
    code,
    { batchSize: 4, maxBatchingWindow: Duration.seconds(5), bisectBatchOnError: true, retryAttempts: 1 },
    ['a', 'bad', 'c', 'd'],
  );
  expect(batches).toEqual(['a,bad,c,d', 'a,bad', 'a', 'bad', 'bad', 'c,d']);
  expect(dead()).toHaveLength(1);
});

test('a function may say from which record on it wants the batch again', async () => {
  const code = `
    let calls = 0;
    exports.handler = async ({ Records }) => {
      calls += 1;
      console.log('batch ' + Records.map(({ dynamodb }) => dynamodb.Keys.pk.S).join());
      return { batchItemFailures: calls === 1 ? [{ itemIdentifier: Records[1].dynamodb.SequenceNumber }] : [] };
    };`;
  const { batches } = await play(code, { batchSize: 3, maxBatchingWindow: Duration.seconds(5), reportBatchItemFailures: true }, [
    'a',
    'b',
    'c',
  ]);
  expect(batches).toEqual(['a,b,c', 'b,c']);
});

test('a batch without an end to its retries is told as stuck', async () => {
  const stuck: unknown[] = [];
  const code = streamHandler(`if (Date.now() < ${Date.parse('2026-03-02T10:00:00Z')}) throw new Error('not yet');`);
  const rehearsed = await play(code, { batchSize: 10, retryAttempts: 10_000 }, ['a', 'b'], (lambda) =>
    stuck.push(...lambda.stuckBatches()),
  );
  expect(stuck[0]).toMatchObject({ constructPath: 'Streamed/Handler', failures: expect.any(Number) as number, records: 2 });
  expect(rehearsed.cloud.double<Lambda>('lambda').stuckBatches()).toEqual([]);
});

test('records older than allowed are given up', async () => {
  const code = streamHandler(`throw new Error('always');`);
  const { batches, dead } = await play(code, { batchSize: 1, maxRecordAge: Duration.minutes(1) }, ['a']);
  expect(batches.length).toBeGreaterThan(2);
  expect(dead().map((body) => (JSON.parse(body) as { requestContext: { condition: string } }).requestContext.condition)).toEqual([
    'RecordAgeExceeded',
  ]);
});

test('filters keep records from the function', async () => {
  const filters = [FilterCriteria.filter({ dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('x') } } } })];
  expect((await play(streamHandler(), { filters }, ['a', 'x1', 'b', 'x2'])).batches.join().split(',')).toEqual(['x1', 'x2']);
});

test('what a mapping asks for and the rehearsal lacks is named before anything is deployed', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Odd');
      const table = new Table(stack, 'Table', {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        stream: StreamViewType.KEYS_ONLY,
      });
      const source = new DynamoEventSource(table, { startingPosition: StartingPosition.LATEST, tumblingWindow: Duration.seconds(30) });
      handler(stack, streamHandler()).addEventSource(source);
    }),
  );
  expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(
    /the property TumblingWindowInSeconds of an event source: Odd\/Handler\/DynamoDBEventSource:OddTable/,
  );
});

test('a FIFO queue brings each group in order, one batch of a group at a time; filtered messages are deleted', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Ordered');
      const queue = new Queue(stack, 'Queue', { fifo: true, contentBasedDeduplication: true, visibilityTimeout: Duration.seconds(30) });
      const code = `
        let failed = false;
        exports.handler = async ({ Records }) => {
          for (const { body, attributes } of Records) {
            console.log('got ' + attributes.MessageGroupId + ' ' + JSON.parse(body).n);
            if (JSON.parse(body).n === 2 && !failed) { failed = true; throw new Error('once'); }
          }
        };`;
      const filters = [FilterCriteria.filter({ body: { n: FilterRule.between(0, 9) } })];
      handler(stack, code).addEventSource(new SqsEventSource(queue, { batchSize: 1, filters }));
    }),
  );
  await rehearsed.deploy();
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string): void };
  cloudwatch.ingestLogLine = (line) => void lines.push(line);
  const queue = rehearsed.cloud.double<Sqs>('sqs').queueByUrl(rehearsed.ref('Queue'));
  for (const n of [1, 2, 3, 99])
    await rehearsed.call('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: JSON.stringify({ n }), MessageGroupId: 'g' });
  await rehearsed.call('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: JSON.stringify({ n: 3 }), MessageGroupId: 'g' });
  await rehearsed.clock.drain(rehearsed.clock.now() + 3_600_000, () => rehearsed.cloud.idle());
  expect(lines.filter((line) => line.startsWith('got'))).toEqual(['got g 1', 'got g 2', 'got g 2', 'got g 3']);
  expect(queue.counts()).toMatchObject({ visible: 0, inFlight: 0 });
});
