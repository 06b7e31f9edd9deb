import type { CreatedResource, Members } from '../../../../rehearsal/cloud/types';
import { createDynamoDb, dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import type { DynamoDb, StreamRecord, TableStream } from '../../../../rehearsal/services/dynamodb';
import { create, run, stubCloud, stubContext } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

let cloud: StubCloud;
let db: DynamoDb;
let made: CreatedResource;

const keys = { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };
const properties = (StreamViewType: string, more: Members = {}): Members => ({
  TableName: 'orders',
  ...keys,
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType },
  ...more,
});

async function table(viewType: string, more: Members = {}): Promise<TableStream> {
  cloud = stubCloud();
  db = createDynamoDb(cloud);
  cloud.add(db);
  made = await create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', properties(viewType, more));
  return db.stream(made.attributes['StreamArn'] as string)!;
}

const send = (operation: string, input: Members): Promise<Members> => run(cloud, db, operation, { TableName: 'orders', ...input });
const put = (id: string, more: Members = {}): Promise<Members> => send('PutItem', { Item: { id: { S: id }, ...more } });
const recordsOf = (stream: TableStream): StreamRecord[] =>
  stream.shards.flatMap((shard) => shard.read(0, 1000)).map(({ record }) => record);

it('tells of each change, with the images that it is to have', async () => {
  const stream = await table('NEW_AND_OLD_IMAGES');
  await put('a', { n: { N: '1' }, b: { B: Buffer.from('hi') } });
  await put('a', { n: { N: '2' } });
  await send('DeleteItem', { Key: { id: { S: 'a' } } });
  const records = recordsOf(stream);
  expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
  expect(records[0]).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(cloud.clock.now() / 1000),
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' }, n: { N: '1' }, b: { B: 'aGk=' } },
      SequenceNumber: '100000000000000000001',
      // The key, and the item with it: 3, and 3 + 3 + 3 bytes.
      SizeBytes: 12,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: stream.arn,
  });
  expect(records[1]?.dynamodb).toMatchObject({ OldImage: { n: { N: '1' } }, NewImage: { n: { N: '2' } } });
  expect(records[2]?.dynamodb).not.toHaveProperty('NewImage');
});

it.each([
  ['KEYS_ONLY', [false, false]],
  ['NEW_IMAGE', [true, false]],
  ['OLD_IMAGE', [false, true]],
])('%s shows no more than it says', async (viewType, images) => {
  const stream = await table(viewType);
  await put('a', { n: { N: '1' } });
  await put('a', { n: { N: '2' } });
  const changed = recordsOf(stream)[1]!.dynamodb;
  expect(['NewImage' in changed, 'OldImage' in changed]).toEqual(images);
});

it('says nothing of a write that changes nothing, or of one that fails', async () => {
  const stream = await table('KEYS_ONLY');
  await put('a', { tags: { SS: ['x', 'y'] } });
  await put('a', { tags: { SS: ['y', 'x'] } });
  await expect(send('PutItem', { Item: { id: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(id)' })).rejects.toThrow();
  await send('DeleteItem', { Key: { id: { S: 'none' } } });
  await send('BatchWriteItem', { RequestItems: { orders: [{ PutRequest: { Item: { id: { S: 'b' } } } }] } });
  await send('TransactWriteItems', { TransactItems: [{ Put: { TableName: 'orders', Item: { id: { S: 'c' } } } }] });
  expect(recordsOf(stream).map(({ dynamodb }) => dynamodb.Keys['id'])).toEqual(
    expect.arrayContaining([{ S: 'a' }, { S: 'b' }, { S: 'c' }]),
  );
  expect(recordsOf(stream)).toHaveLength(3);
});

it('keeps the changes of an item in one shard, in order', async () => {
  const stream = await table('NEW_IMAGE');
  expect(stream.shards).toHaveLength(4);
  for (let round = 0; round < 3; round += 1) for (let id = 0; id < 20; id += 1) await put(`o${id}`, { round: { N: String(round) } });
  const used = stream.shards.filter((shard) => shard.nextPosition > 0);
  expect(used.length).toBeGreaterThan(1);
  for (const shard of used) {
    const rounds = new Map<string, number[]>();
    for (const { record } of shard.read(shard.firstPosition, 1000)) {
      const id = (record.dynamodb.Keys['id'] as { S: string }).S;
      rounds.set(id, [...(rounds.get(id) ?? []), Number((record.dynamodb.NewImage!['round'] as { N: string }).N)]);
    }
    for (const seen of rounds.values()) expect(seen).toEqual([0, 1, 2]);
  }
});

it('has one shard where throughput is provisioned', async () => {
  const stream = await table('KEYS_ONLY', {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  });
  expect(stream.shards).toHaveLength(1);
});

it('is heard at once, and forgets after a day', async () => {
  const stream = await table('KEYS_ONLY', {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
  });
  const [shard] = stream.shards;
  let heard = 0;
  const stop = shard!.onRecord(() => (heard += 1));
  await put('a');
  await put('b');
  stop();
  await put('c');
  expect(heard).toBe(2);
  expect([shard!.firstPosition, shard!.nextPosition]).toEqual([0, 3]);
  expect(shard!.read(1, 1).map(({ position }) => position)).toEqual([1]);
  await cloud.clock.advance(24 * 3_600_000);
  await put('d');
  expect([shard!.firstPosition, shard!.nextPosition]).toEqual([3, 4]);
  expect(shard!.read(0, 10).map(({ record }) => record.dynamodb.Keys)).toEqual([{ id: { S: 'd' } }]);
});

it('says that DynamoDB itself deleted what expired, while nobody asks for the table', async () => {
  const stream = await table('OLD_IMAGE', { TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } });
  await put('a', { until: { N: String(Math.floor(cloud.clock.now() / 1000) + 60) } });
  await cloud.clock.advance(3 * 24 * 3_600_000);
  const entries = stream.shards.flatMap((shard) => shard.read(0, 10));
  expect(entries.map(({ record }) => record)).toMatchObject([
    {
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      dynamodb: { OldImage: { id: { S: 'a' } } },
    },
  ]);
});

it('begins and ends with its specification', async () => {
  const stream = await table('KEYS_ONLY');
  const { Table: described } = await send('DescribeTable', {});
  expect(described).toMatchObject({
    LatestStreamArn: stream.arn,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  });
  const type = dynamodbResources.find((one) => one.type === 'AWS::DynamoDB::Table')!;
  const without = { ...properties('KEYS_ONLY'), StreamSpecification: undefined };
  const updated = await type.update!(without, properties('KEYS_ONLY'), made, stubContext(cloud, 'T'));
  expect(updated.attributes).not.toHaveProperty('StreamArn');
  expect(db.stream(stream.arn)).toBeUndefined();
});

it('is listed with its table', async () => {
  await table('KEYS_ONLY');
  await create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'U', { TableName: 'a', ...keys });
  const first = await run(cloud, db, 'ListTables', { Limit: 1 });
  expect(first).toEqual({ TableNames: ['a'], LastEvaluatedTableName: 'a' });
  expect(await run(cloud, db, 'ListTables', { ExclusiveStartTableName: 'a' })).toEqual({ TableNames: ['orders'] });
});

it('belongs to a global table of one region too, as TableV2 writes it', async () => {
  cloud = stubCloud();
  db = createDynamoDb(cloud);
  cloud.add(db);
  const global = {
    ...keys,
    BillingMode: 'PAY_PER_REQUEST',
    TableName: 'orders',
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [{ Region: 'eu-central-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
  };
  const { ref, attributes } = await create(cloud, dynamodbResources, 'AWS::DynamoDB::GlobalTable', 'T', global);
  expect(ref).toBe('orders');
  await put('a');
  expect(recordsOf(db.stream(attributes['StreamArn'] as string)!)).toHaveLength(1);
  const type = dynamodbResources.find((one) => one.type === 'AWS::DynamoDB::GlobalTable')!;
  const elsewhere = { ...global, Replicas: [...global.Replicas, { Region: 'us-east-1', KinesisStreamSpecification: {} }] };
  expect(type.refuse!(elsewhere, stubContext(cloud, 'T'))).toEqual([
    'a replica of a global table in us-east-1',
    'the property KinesisStreamSpecification of a replica of AWS::DynamoDB::GlobalTable',
  ]);
});
