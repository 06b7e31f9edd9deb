import { PutItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AwsError, Caller, Fault, Members } from '../../../rehearsal/cloud/types';
import { UnsupportedError } from '../../../rehearsal/cloud/types';
import type { LaptopCloud } from '../../../rehearsal/kernel/cloud';
import { knownErrorCodes } from '../../../rehearsal/kernel/faults';
import { Sandbox } from '../../../rehearsal/kernel/sandbox/sandbox';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';
import { bundleHandler } from '../support/bundle';
import { createTestCloud, sdkClient, startMillis } from '../support/harness';
import type { TestCloud } from '../support/harness';
import { ResourceMaker } from '../support/resources';

const world: Caller = { kind: 'world', principalArn: 'ann' };
const hourMillis = 3_600_000;

const fault = (some: Partial<Fault>): Fault => ({
  fromMillis: startMillis,
  untilMillis: startMillis + hourMillis,
  service: 'dynamodb',
  operation: 'PutItem',
  error: 'InternalServerError',
  ...some,
});

interface Bench extends TestCloud {
  resources: ResourceMaker;
  put(key: string, table?: string): Promise<string>;
  keys(table?: string): Promise<string[]>;
}

/** Two tables, `stack/One` and `stack/Two`, and what became of writing to them. */
async function bench(faults: Fault[], seed = 1): Promise<Bench> {
  const test = createTestCloud((cloud) => createDoubles(cloud), { faults, seed });
  const resources = new ResourceMaker(test.cloud, resourceTypes);
  const schema = {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  for (const name of ['One', 'Two']) await resources.create('AWS::DynamoDB::Table', name, { TableName: name, ...schema });
  const call = (operation: string, input: Members) => test.run(() => test.cloud.call('dynamodb', operation, input, world));
  return {
    ...test,
    resources,
    put: (key, table = 'One') =>
      call('PutItem', { TableName: table, Item: { pk: { S: key } } }).then(
        () => 'ok',
        (error: AwsError) => error.code,
      ),
    keys: async (table = 'One') =>
      ((await call('Scan', { TableName: table }))['Items'] as Members[]).map(({ pk }) => (pk as { S: string }).S).sort(),
  };
}

async function outcomes(made: Bench, count: number): Promise<string[]> {
  const seen = [];
  for (let turn = 0; turn < count; turn += 1) seen.push(await made.put(String(turn)));
  return seen;
}

describe('faults on calls', () => {
  it('fail before the effect, or after it', async () => {
    const before = await bench([fault({ effect: 'before' })]);
    expect([await before.put('a'), await before.keys()]).toEqual(['InternalServerError', []]);
    const after = await bench([fault({ effect: 'after' })]);
    expect([await after.put('a'), await after.keys()]).toEqual(['InternalServerError', ['a']]);
  });

  it('strike within their time', async () => {
    const made = await bench([fault({ fromMillis: startMillis + 60_000, untilMillis: startMillis + 120_000 })]);
    expect(await made.put('a')).toBe('ok');
    await made.clock.run(startMillis + 60_000);
    expect(await made.put('a')).toBe('InternalServerError');
    await made.clock.run(startMillis + 120_000);
    expect(await made.put('a')).toBe('ok');
  });

  it('strike by chance: a share of the calls, the same for the same seed', async () => {
    const seen = await outcomes(await bench([fault({ share: 0.3 })]), 60);
    const struck = seen.filter((outcome) => outcome !== 'ok').length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(30);
    expect(await outcomes(await bench([fault({ share: 0.3 })]), 60)).toEqual(seen);
    expect(await outcomes(await bench([fault({ share: 0.3 })], 2), 60)).not.toEqual(seen);
    // Another fault draws from a stream of its own.
    expect(await outcomes(await bench([fault({ share: 0.3 }), fault({ operation: 'Scan', share: 0.5 })]), 60)).toEqual(seen);
  });

  it('use up their times only when they strike', async () => {
    const seen = await outcomes(await bench([fault({ share: 0.5, times: 3 })]), 40);
    expect(seen.filter((outcome) => outcome !== 'ok')).toHaveLength(3);
  });

  it.each([['stack/Two'], ['Two'], ['arn:aws:dynamodb:*:*:table/Tw?']])('strike one resource: %s', async (resource) => {
    const made = await bench([fault({ resource })]);
    expect([await made.put('a', 'One'), await made.put('a', 'Two')]).toEqual(['ok', 'InternalServerError']);
  });

  it('strike every operation of a service', async () => {
    const made = await bench([fault({ operation: '*', error: 'ThrottlingException', times: 2 })]);
    expect(await made.put('a')).toBe('ThrottlingException');
    await expect(made.keys()).rejects.toMatchObject({ code: 'ThrottlingException' });
    expect(await made.put('a')).toBe('ok');
  });

  it('answer slowly, with success or with the error', async () => {
    const slow: Fault = { ...fault({ slowMillis: 800, times: 1 }) };
    delete slow.error;
    const made = await bench([slow, fault({ slowMillis: 500 })]);
    const start = made.clock.now();
    expect(await made.put('a')).toBe('ok');
    const first = made.clock.now();
    expect(await made.put('b')).toBe('InternalServerError');
    expect(first - start).toBeGreaterThanOrEqual(800);
    expect(made.clock.now() - first).toBeGreaterThanOrEqual(500);
    expect(made.clock.now() - first).toBeLessThan(800);
    expect(await made.keys()).toEqual(['a']);
  });

  it('do not answer: another service gives up after a minute', async () => {
    const made = await bench([fault({ error: 'timeout', effect: 'after' })]);
    const start = made.clock.now();
    expect(await made.put('a')).toBe('SdkClientException');
    expect(made.clock.now() - start).toBeGreaterThanOrEqual(60_000);
    expect(await made.keys()).toEqual(['a']);
  });

  it('carry the status that the service model gives the error', async () => {
    const { cloud, run } = await bench([fault({ error: 'InternalServerError' })]);
    const client = sdkClient(cloud, DynamoDBClient);
    await expect(run(() => client.send(new PutItemCommand({ TableName: 'One', Item: { pk: { S: 'a' } } })))).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
    expect(knownErrorCodes('scheduler')).toEqual(
      expect.arrayContaining(['timeout', 'ConflictException', 'ThrottlingException', 'ECONNRESET']),
    );
  });
});

describe('faults on a part of a batch', () => {
  const part = (some: Partial<Fault>) => bench([fault({ entries: 0.5, ...some })]);

  it('SQS: some entries fail, the others are sent', async () => {
    const made = await part({ service: 'sqs', operation: 'SendMessageBatch', error: 'InternalError' });
    const { ref: QueueUrl } = await made.resources.create('AWS::SQS::Queue', 'Queue', {});
    const Entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
    const answer = await made.run(() => made.cloud.call('sqs', 'SendMessageBatch', { QueueUrl, Entries }, world));
    const failed = (answer['Failed'] as Members[]).map(({ Id }) => Id as string);
    const sent = (answer['Successful'] as Members[]).map(({ Id }) => Id as string);
    expect(failed.length).toBeGreaterThan(0);
    expect(sent.length).toBeGreaterThan(0);
    expect([...failed, ...sent].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect((answer['Failed'] as Members[])[0]).toMatchObject({ Code: 'InternalError', SenderFault: false });
    const received = await made.run(() => made.cloud.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, world));
    expect((received['Messages'] as Members[]).map(({ Body }) => Body as string).sort()).toEqual(sent.sort());
  });

  it('EventBridge: in the order of the request', async () => {
    const made = await part({ service: 'eventbridge', operation: 'PutEvents', error: 'InternalFailure' });
    const Entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((DetailType) => ({ Source: 's', DetailType, Detail: '{}' }));
    const answer = await made.run(() => made.cloud.call('eventbridge', 'PutEvents', { Entries }, world));
    const results = answer['Entries'] as Members[];
    const failed = results.filter((result) => result['ErrorCode'] === 'InternalFailure');
    expect(results).toHaveLength(6);
    expect(answer['FailedEntryCount']).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    expect(results.filter((result) => typeof result['EventId'] === 'string')).toHaveLength(6 - failed.length);
  });

  it('DynamoDB: what was not processed comes back', async () => {
    const made = await part({ operation: 'BatchWriteItem' });
    const One = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ PutRequest: { Item: { pk: { S: key } } } }));
    const answer = await made.run(() => made.cloud.call('dynamodb', 'BatchWriteItem', { RequestItems: { One } }, world));
    const back = (answer['UnprocessedItems'] as Record<string, typeof One>)['One']!.map(({ PutRequest }) => PutRequest.Item.pk.S);
    expect(back.length).toBeGreaterThan(0);
    expect([...back, ...(await made.keys())].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);

    const reading = await bench([fault({ entries: 1, operation: 'BatchGetItem' })]);
    const Keys = [{ pk: { S: 'a' } }];
    const input = { RequestItems: { One: { Keys } } };
    const read = await reading.run(() => reading.cloud.call('dynamodb', 'BatchGetItem', input, world));
    expect(read).toMatchObject({ Responses: { One: [] }, UnprocessedKeys: { One: { Keys } } });
  });
});

describe('a handler under faults', () => {
  const asset = bundleHandler(`
    import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
    import { NodeHttpHandler } from '@smithy/node-http-handler';
    export const handler = async (options) => {
      const client = new DynamoDBClient({ ...options, ...(options.requestTimeout ? { requestHandler: new NodeHttpHandler({ requestTimeout: options.requestTimeout, throwOnRequestTimeout: true }) } : {}) });
      const start = performance.now();
      try { await client.send(new PutItemCommand({ TableName: 'One', Item: { pk: { S: 'a' } } })); return { ok: true, millis: performance.now() - start }; }
      catch (error) { return { name: error.name, code: error.code, message: error.message, attempts: error.$metadata?.attempts, millis: performance.now() - start }; }
    };`);

  async function invoke(faults: Fault[], options: Members, seed = 1): Promise<{ result: Members; keys: string[] }> {
    const made = await bench(faults, seed);
    const sandbox = sandboxOf(made.cloud);
    const result = await made.run(async () => (sandbox.load('index')['handler'] as (options: Members) => Promise<Members>)(options));
    return { result, keys: await made.keys() };
  }

  function sandboxOf(cloud: LaptopCloud): Sandbox {
    const { accessKeyId, secretAccessKey } = cloud.credentials.issue(world);
    return new Sandbox({
      name: 'handler',
      assetDirectory: asset,
      env: { AWS_REGION: cloud.region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
      clock: cloud.clock,
      random: cloud.random.fork('handler'),
      transport: (request) => cloud.answerHttp(request),
      print: () => undefined,
      crash: (error) => {
        throw error;
      },
      unsupported: (what) => new UnsupportedError(what),
    });
  }

  it('waits for an answer as long as its SDK is set to, and tries again', async () => {
    const { result, keys } = await invoke([fault({ error: 'timeout', times: 1 })], { requestTimeout: 2000, maxAttempts: 3 });
    expect(result).toMatchObject({ ok: true });
    expect(result['millis']).toBeGreaterThanOrEqual(2000);
    expect(result['millis']).toBeLessThan(4000);
    expect(keys).toEqual(['a']);
  });

  it('gives up in the end; what the call did stays done', async () => {
    const { result, keys } = await invoke([fault({ error: 'timeout', effect: 'after' })], { requestTimeout: 1000, maxAttempts: 2 });
    expect(result).toMatchObject({ name: 'TimeoutError', attempts: 2 });
    expect(keys).toEqual(['a']);
  });

  it('waits a quarter of an hour where its SDK has no limit: by then the function is over', async () => {
    const { result } = await invoke([fault({ error: 'timeout' })], { maxAttempts: 1 });
    expect(result).toMatchObject({ attempts: 1, message: expect.stringContaining('ETIMEDOUT') as string });
    expect(result['millis']).toBeGreaterThanOrEqual(900_000);
  });

  it('backs off in virtual time, by the seed', async () => {
    const faults = [fault({ error: 'ThrottlingException', times: 2 })];
    const one = await invoke(faults, { maxAttempts: 3 });
    expect(one.result).toMatchObject({ ok: true });
    expect(await invoke(faults, { maxAttempts: 3 })).toEqual(one);
    expect((await invoke(faults, { maxAttempts: 3 }, 2)).result['millis']).not.toBe(one.result['millis']);
  });
});
