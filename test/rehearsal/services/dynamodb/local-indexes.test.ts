import type { Members } from '../../../../rehearsal/cloud/types';
import { createDynamoDb, dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import type { DynamoDb, Item } from '../../../../rehearsal/services/dynamodb';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

let cloud: StubCloud;
let db: DynamoDb;

beforeEach(async () => {
  cloud = stubCloud();
  db = createDynamoDb(cloud);
  cloud.add(db);
  await create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', {
    TableName: 'orders',
    AttributeDefinitions: ['customer', 'id', 'day'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'customer', KeyType: 'HASH' },
      { AttributeName: 'id', KeyType: 'RANGE' },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'byDay',
        KeySchema: [
          { AttributeName: 'customer', KeyType: 'HASH' },
          { AttributeName: 'day', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  for (const [id, day] of [
    ['1', '03'],
    ['2', '01'],
    ['3', undefined],
    ['4', '02'],
  ] as const) {
    const Item = { customer: { S: 'ann' }, id: { S: id }, note: { S: `note ${id}` }, ...(day === undefined ? {} : { day: { S: day } }) };
    await send('PutItem', { Item });
  }
});

const send = (operation: string, input: Members): Promise<Members> => run(cloud, db, operation, { TableName: 'orders', ...input });
const query = (more: Members = {}): Promise<Members> =>
  send('Query', {
    IndexName: 'byDay',
    ConsistentRead: true,
    KeyConditionExpression: 'customer = :c',
    ExpressionAttributeValues: { ':c': { S: 'ann' } },
    ...more,
  });

it('is read in the order of its own sort key, consistently', async () => {
  const { Items } = await query();
  expect((Items as Item[]).map((item) => [item['id']?.S, item['day']?.S, item['note']?.S])).toEqual([
    ['2', '01', undefined],
    ['4', '02', undefined],
    ['1', '03', undefined],
  ]);
});

it('gives what it does not project to whoever asks for it', async () => {
  const all = await query({ Select: 'ALL_ATTRIBUTES', Limit: 1 });
  expect(all).toMatchObject({
    Items: [{ note: { S: 'note 2' } }],
    LastEvaluatedKey: { customer: { S: 'ann' }, id: { S: '2' }, day: { S: '01' } },
  });
  expect((await query({ ProjectionExpression: 'note', Limit: 1 }))['Items']).toEqual([{ note: { S: 'note 2' } }]);
  expect((await send('Scan', { IndexName: 'byDay', Select: 'ALL_ATTRIBUTES', ConsistentRead: true }))['Count']).toBe(3);
});

it('is described beside the table', async () => {
  expect((await send('DescribeTable', {}))['Table']).toMatchObject({
    LocalSecondaryIndexes: [
      {
        IndexName: 'byDay',
        KeySchema: [
          { AttributeName: 'customer', KeyType: 'HASH' },
          { AttributeName: 'day', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
});
