import { DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createDynamoDb, dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import type { Item } from '../../../../rehearsal/services/dynamodb';
import { createTestCloud, sdkClient } from '../../support/harness';
import { create, stubCloud } from '../cloud-stub';

const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' } as const;

const properties = (index: Members = {}): Members => ({
  TableName: 'orders',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'status', AttributeType: 'S' },
    { AttributeName: 'amount', AttributeType: 'N' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byStatus',
      KeySchema: [
        { AttributeName: 'status', KeyType: 'HASH' },
        { AttributeName: 'amount', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
      ...index,
    },
  ],
});

async function bench(index: Members = {}) {
  const bed = createTestCloud((cloud) => [createDynamoDb(cloud)]);
  await create(bed.cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', properties(index));
  const call = (operation: string, input: Members): Promise<Members> =>
    bed.cloud.call('dynamodb', operation, { TableName: 'orders', ...input }, world);
  const send = (operation: string, input: Members = {}): Promise<Members> => bed.run(() => call(operation, input));
  const settle = (): Promise<void> => bed.run(() => bed.clock.sleep(1000));
  return { ...bed, call, send, settle };
}

type Bench = Awaited<ReturnType<typeof bench>>;

const order = (id: string, status?: string, amount?: number): Item => ({
  id: { S: id },
  ...(status === undefined ? {} : { status: { S: status } }),
  ...(amount === undefined ? {} : { amount: { N: String(amount) } }),
  note: { S: `note of ${id}` },
});
const byStatus = (status: string, more: Members = {}): Members => {
  const { ExpressionAttributeValues: values, ...rest } = more;
  return {
    IndexName: 'byStatus',
    KeyConditionExpression: '#s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': { S: status }, ...(values as object | undefined) },
    ...rest,
  };
};
const ids = (answer: Members): string[] => (answer['Items'] as Item[]).map((item) => String(item['id']?.S));

async function filled(index: Members = {}): Promise<Bench> {
  const b = await bench(index);
  for (const item of [
    order('a', 'open', 10),
    order('b', 'open', 2),
    order('c', 'open', 2),
    order('d', 'paid', 1),
    order('e', 'open'),
    order('f'),
  ])
    await b.send('PutItem', { Item: item });
  await b.settle();
  return b;
}

test('a query finds the items that have the index’s keys, by the order of its sort key, then by the table’s', async () => {
  const b = await filled();
  expect(ids(await b.send('Query', byStatus('open')))).toEqual(['b', 'c', 'a']);
  expect(ids(await b.send('Query', byStatus('open', { ScanIndexForward: false })))).toEqual(['a', 'c', 'b']);
  const above = { KeyConditionExpression: '#s = :s AND amount > :n', ExpressionAttributeValues: { ':n': { N: '2' } } };
  expect(ids(await b.send('Query', byStatus('open', above)))).toEqual(['a']);
  expect(ids(await b.send('Scan', { IndexName: 'byStatus' })).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(await b.send('Query', byStatus('lost')))).toEqual([]);
});

test('updates and deletions move and remove entries', async () => {
  const b = await filled();
  const pay = { Key: { id: { S: 'b' } }, UpdateExpression: 'SET #s = :s', ExpressionAttributeNames: { '#s': 'status' } };
  await b.send('UpdateItem', { ...pay, ExpressionAttributeValues: { ':s': { S: 'paid' } } });
  await b.send('UpdateItem', { Key: { id: { S: 'c' } }, UpdateExpression: 'REMOVE amount' });
  await b.send('TransactWriteItems', {
    TableName: undefined,
    TransactItems: [{ Delete: { TableName: 'orders', Key: { id: { S: 'a' } } } }],
  });
  await b.settle();
  expect(ids(await b.send('Query', byStatus('open')))).toEqual([]);
  expect(ids(await b.send('Query', byStatus('paid')))).toEqual(['d', 'b']);
});

test('it hears of a write up to a second later', async () => {
  const b = await bench();
  const found: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    found.push(
      await b.run(async () => {
        await b.call('PutItem', { Item: order(`o${round}`, `s${round}`, 1) });
        return (await b.call('Query', byStatus(`s${round}`)))['Count'] as number;
      }),
    );
    await b.settle();
    expect((await b.send('Query', byStatus(`s${round}`)))['Count']).toBe(1);
  }
  expect(new Set(found)).toEqual(new Set([0, 1]));
});

test.each([true, false])('pages, ScanIndexForward %s, also when the item that a page ended with is gone', async (ScanIndexForward) => {
  const b = await filled();
  const whole = ids(await b.send('Query', byStatus('open', { ScanIndexForward })));
  const first = await b.send('Query', byStatus('open', { ScanIndexForward, Limit: 1 }));
  expect(first['LastEvaluatedKey']).toEqual({ status: { S: 'open' }, amount: expect.anything(), id: { S: whole[0] } });
  await b.send('DeleteItem', { Key: { id: { S: whole[0] } } });
  await b.settle();
  const rest = await b.send('Query', byStatus('open', { ScanIndexForward, ExclusiveStartKey: first['LastEvaluatedKey'] as Item }));
  expect(ids(rest)).toEqual(whole.slice(1));
  const elsewhere = b.send('Query', byStatus('paid', { ExclusiveStartKey: first['LastEvaluatedKey'] as Item }));
  await expect(elsewhere).rejects.toThrow(/outside query boundaries/);
  await expect(b.send('Query', byStatus('open', { ExclusiveStartKey: { id: { S: 'a' } } }))).rejects.toThrow(/starting key is invalid/);
});

test('the SDK’s paginators run over it; segments meet every item once', async () => {
  const b = await filled();
  const client = sdkClient(b.cloud, DynamoDBClient);
  const collect = async (pages: AsyncIterable<{ Items?: unknown[] | undefined }>): Promise<unknown[]> => {
    const items: unknown[] = [];
    for await (const page of pages) items.push(...(page.Items ?? []));
    return items;
  };
  const input = { TableName: 'orders', ...byStatus('open') };
  expect(await b.run(() => collect(paginateQuery({ client, pageSize: 1 }, input)))).toHaveLength(3);
  const scan = { TableName: 'orders', IndexName: 'byStatus' };
  expect(await b.run(() => collect(paginateScan({ client, pageSize: 1 }, scan)))).toHaveLength(4);
  const segments: string[] = [];
  for (const Segment of [0, 1, 2]) segments.push(...ids(await b.send('Scan', { IndexName: 'byStatus', Segment, TotalSegments: 3 })));
  expect(segments.sort()).toEqual(['a', 'b', 'c', 'd']);
});

test('it holds what is projected, and refuses to answer more', async () => {
  const keysOnly = await filled({ Projection: { ProjectionType: 'KEYS_ONLY' } });
  expect((await keysOnly.send('Query', byStatus('paid')))['Items']).toEqual([
    { id: { S: 'd' }, status: { S: 'paid' }, amount: { N: '1' } },
  ]);
  await expect(keysOnly.send('Query', byStatus('paid', { ProjectionExpression: 'note' }))).rejects.toThrow(
    'Global secondary index byStatus does not project [note]',
  );
  await expect(keysOnly.send('Query', byStatus('paid', { Select: 'ALL_ATTRIBUTES' }))).rejects.toThrow(/its projection type is not ALL/);
  const include = await filled({ Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] } });
  expect((await include.send('Query', byStatus('paid', { ProjectionExpression: 'note' })))['Items']).toEqual([
    { note: { S: 'note of d' } },
  ]);
  expect((await include.send('DescribeTable'))['Table'].GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'byStatus', IndexStatus: 'ACTIVE', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] } },
  ]);
});

test('consistent reads, unknown indexes and keys of a wrong type are refused as DynamoDB does', async () => {
  const b = await filled();
  await expect(b.send('Query', byStatus('open', { ConsistentRead: true }))).rejects.toThrow(
    'Consistent reads are not supported on global secondary indexes',
  );
  await expect(b.send('Scan', { IndexName: 'other' })).rejects.toThrow('The table does not have the specified index: other');
  await expect(b.send('PutItem', { Item: { id: { S: 'x' }, status: { N: '1' } } })).rejects.toThrow(
    'Type mismatch for Index Key status Expected: S Actual: N IndexName: byStatus',
  );
  const empty = { Key: { id: { S: 'a' } }, UpdateExpression: 'SET #s = :s', ExpressionAttributeNames: { '#s': 'status' } };
  await expect(b.send('UpdateItem', { ...empty, ExpressionAttributeValues: { ':s': { S: '' } } })).rejects.toThrow(/IndexKey: status/);
  expect(ids(await b.send('Query', byStatus('open')))).toHaveLength(3);
});

test('IAM is asked for the index', async () => {
  const b = await filled();
  const { operations } = b.cloud.double<ReturnType<typeof createDynamoDb>>('dynamodb');
  const resource = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/byStatus';
  expect(operations['Query']!.permissions({ TableName: 'orders', ...byStatus('open') }, b.cloud)).toEqual([
    { action: 'dynamodb:Query', resource, context: { 'dynamodb:LeadingKeys': ['open'] } },
  ]);
  expect(operations['Scan']!.permissions({ TableName: 'orders', IndexName: 'byStatus' }, b.cloud)).toEqual([
    { action: 'dynamodb:Scan', resource },
  ]);
});

test('what an index cannot have here is refused by name', async () => {
  const cloud = stubCloud();
  cloud.add(createDynamoDb(cloud));
  const make = (more: Members) => create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', more);
  const keys = [
    { AttributeName: 'status', KeyType: 'HASH' },
    { AttributeName: 'id', KeyType: 'HASH' },
  ];
  await expect(make(properties({ KeySchema: keys }))).rejects.toThrow(/several attributes per key \(index byStatus\)/);
  await expect(make(properties({ Filter: 'x' }))).rejects.toThrow(/property Filter of index byStatus is not supported/);
  await expect(make({ ...properties(), LocalSecondaryIndexes: [{ IndexName: 'l' }] })).rejects.toBeInstanceOf(UnsupportedError);
});
