import { dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import { create, stubCloud } from '../cloud-stub';
import { bench, key, tableName } from './support';
import type { Bench } from './support';

let b: Bench;
beforeEach(async () => {
  b = await bench();
});

test('an item comes back as it was put, and belongs to whoever reads it', async () => {
  const item = { ...key('a'), n: { N: '1.0e2' }, m: { M: { l: { L: [{ S: '' }] } } } };
  await b.put(item);
  item.m.M.l.L.push({ S: 'changed by the writer' });
  const read = await b.get('a');
  expect(read).toEqual({ ...key('a'), n: { N: '100' }, m: { M: { l: { L: [{ S: '' }] } } } });
  (read as typeof item).m.M.l.L.push({ S: 'changed by the reader' });
  expect(await b.get('a')).toMatchObject({ m: { M: { l: { L: [{ S: '' }] } } } });
  expect(await b.get('b')).toBeUndefined();
});

test.each([
  [{ pk: { S: 'a' } }, 'One or more parameter values were invalid: Missing the key sk in the item'],
  [{ pk: { S: 'a' }, sk: { N: '1' } }, 'One or more parameter values were invalid: Type mismatch for key sk expected: S actual: N'],
  [{ pk: { S: '' }, sk: { S: 'x' } }, /cannot contain an empty string value. Key: pk$/],
  [{ pk: { S: 'é'.repeat(1025) }, sk: { S: 'x' } }, /Size of hashkey has exceeded/],
  [{ ...key('a'), s: { SS: [] } }, /set {2}may not be empty/],
  [{ ...key('a'), s: { SS: ['x', 'x'] } }, /contains duplicates/],
  [{ ...key('a'), n: { N: '1e126' } }, /Number overflow/],
  [{ ...key('a'), n: { N: '1e-131' } }, /Number underflow/],
  [{ ...key('a'), n: { N: '1'.repeat(39) } }, /more than 38 significant digits/],
  [{ ...key('a'), big: { S: 'x'.repeat(400 * 1024) } }, 'Item size has exceeded the maximum allowed size'],
  [{ ...key('a'), v: { S: 'x', N: '1' } }, /more than one datatypes set/],
  [{ ...key('a'), v: { NULL: false } }, /Null attribute value types must have the value of true/],
])('refuses item %#', async (item, message) => {
  const error = await b.refused('PutItem', { Item: item });
  expect(error.name).toBe('ValidationException');
  expect(error.message).toMatch(message);
});

test('a failed condition shows the item only to who asks for it', async () => {
  await b.put({ ...key('a'), v: { N: '1' } });
  const request = { Item: key('a'), ConditionExpression: 'attribute_not_exists(pk)' };
  expect((await b.refused('PutItem', request)).members).toEqual({});
  const asked = await b.refused('PutItem', { ...request, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  expect(asked).toMatchObject({ name: 'ConditionalCheckFailedException', members: { Item: { v: { N: '1' } } } });
});

test('deletes, with the old item where asked', async () => {
  await b.put({ ...key('a'), v: { N: '1' } });
  const request = { Key: key('a'), ConditionExpression: 'v = :v', ExpressionAttributeValues: { ':v': { N: '2' } } };
  expect((await b.refused('DeleteItem', request)).name).toBe('ConditionalCheckFailedException');
  expect(await b.send('DeleteItem', { Key: key('a'), ReturnValues: 'ALL_OLD' })).toEqual({ Attributes: { ...key('a'), v: { N: '1' } } });
  expect(await b.send('DeleteItem', { Key: key('a'), ReturnValues: 'ALL_OLD' })).toEqual({});
});

test('keys must be the schema’s, tables must exist', async () => {
  expect((await b.refused('GetItem', { Key: { pk: { S: 'a' } } })).message).toBe('The provided key element does not match the schema');
  expect((await b.refused('GetItem', { TableName: 'other', Key: key('a') })).name).toBe('ResourceNotFoundException');
  expect((await b.refused('DescribeTable', { TableName: 'other' })).message).toBe('Requested resource not found: Table: other not found');
});

test('numbers add exactly, beyond what a double holds', async () => {
  await b.put({ ...key('a'), v: { N: '12345678901234567890123456789012345.67' } });
  const add = (v: string): Promise<unknown> =>
    b.send('UpdateItem', { Key: key('a'), UpdateExpression: 'ADD v :v', ExpressionAttributeValues: { ':v': { N: v } } });
  await add('0.03');
  expect((await b.get('a'))?.['v']).toEqual({ N: '12345678901234567890123456789012345.7' });
  await add('-12345678901234567890123456789012345.9');
  expect((await b.get('a'))?.['v']).toEqual({ N: '-0.2' });
});

test('batches read and write, each item once', async () => {
  await b.send('BatchWriteItem', {
    RequestItems: { [tableName]: [{ PutRequest: { Item: key('a') } }, { PutRequest: { Item: key('b') } }] },
  });
  await b.send('BatchWriteItem', { RequestItems: { [tableName]: [{ DeleteRequest: { Key: key('a') } }] } });
  const answer = await b.send('BatchGetItem', { RequestItems: { [tableName]: { Keys: [key('a'), key('b')], ConsistentRead: true } } });
  expect(answer).toEqual({ Responses: { [tableName]: [key('b')] }, UnprocessedKeys: {} });
  const twice = await b.refused('BatchGetItem', { RequestItems: { [tableName]: { Keys: [key('a'), key('a')] } } });
  expect(twice.message).toBe('Provided list of item keys contains duplicates');
  const many = Array.from({ length: 26 }, (_, index) => ({ PutRequest: { Item: key(`m${index}`) } }));
  expect((await b.refused('BatchWriteItem', { RequestItems: { [tableName]: many } })).message).toMatch(/Too many items/);
});

test('listeners hear every change with both images; a failed write is no change', async () => {
  const heard: unknown[] = [];
  b.db.onWrite(tableName, (written, newImage, oldImage) => heard.push([written, newImage, oldImage]));
  await b.put({ ...key('a'), v: { N: '1' } });
  await b.refused('PutItem', { Item: key('a'), ConditionExpression: 'attribute_not_exists(pk)' });
  await b.send('DeleteItem', { Key: key('a') });
  await b.send('DeleteItem', { Key: key('a') });
  const item = { ...key('a'), v: { N: '1' } };
  expect(heard).toEqual([
    [key('a'), item, undefined],
    [key('a'), undefined, item],
  ]);
  await b.put(key('b'));
  expect([...(b.db.tables().get(tableName) ?? [])]).toEqual([key('b')]);
});

test('time to live deletes two days late, unless the expiry moved meanwhile', async () => {
  const heard: unknown[] = [];
  const inAnHour = Math.floor(b.cloud.clock.now() / 1000) + 3600;
  await b.put({ ...key('a'), expiresAt: { N: String(inAnHour) } });
  await b.put({ ...key('b'), expiresAt: { N: String(inAnHour) } });
  await b.put({ ...key('b'), expiresAt: { N: String(inAnHour + 30 * 86_400) } });
  await b.put({ ...key('c'), expiresAt: { N: '1' } });
  b.db.onWrite(tableName, (written, newImage) => heard.push([written, newImage]));
  await b.cloud.clock.advance(47 * 3_600_000);
  expect(await b.get('a')).toBeDefined();
  await b.cloud.clock.advance(4 * 3_600_000);
  expect(await b.get('a')).toBeUndefined();
  expect(heard).toEqual([[key('a'), undefined]]);
  expect([await b.get('b'), await b.get('c')]).not.toContain(undefined);
  await b.cloud.clock.advance(33 * 86_400_000);
  expect(await b.get('b')).toBeUndefined();
});

test('describes the table and changes its time to live', async () => {
  expect((await b.send('DescribeTable'))['Table']).toMatchObject({ TableName: tableName, TableStatus: 'ACTIVE', ItemCount: 0 });
  const specification = { TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' } };
  expect((await b.refused('UpdateTimeToLive', specification)).message).toBe('TimeToLive is already enabled');
  await b.send('UpdateTimeToLive', { TimeToLiveSpecification: { Enabled: false, AttributeName: 'expiresAt' } });
  expect(await b.send('DescribeTimeToLive')).toEqual({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } });
});

test('counts capacity units', async () => {
  const put = await b.send('PutItem', { Item: { ...key('a'), s: { S: 'x'.repeat(1500) } }, ReturnConsumedCapacity: 'TOTAL' });
  expect(put['ConsumedCapacity']).toEqual({ TableName: tableName, CapacityUnits: 2 });
  await b.send('TransactWriteItems', { TransactItems: [{ Put: { TableName: tableName, Item: key('b') } }] });
  await b.send('GetItem', { Key: key('a'), ConsistentRead: false });
  expect(b.db.tables().get(tableName)?.consumed).toEqual({ readUnits: 0.5, writeUnits: 4 });
});

test('what is not supported stops the rehearsal by name', async () => {
  const cloud = stubCloud();
  cloud.add(b.db);
  const withKinesis = {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    KinesisStreamSpecification: { StreamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s' },
  };
  await expect(create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', withKinesis)).rejects.toThrow(
    /T: the property KinesisStreamSpecification/,
  );
});

test('IAM is asked for each action on the table, with its leading keys', () => {
  const arn = 'arn:aws:dynamodb:eu-central-1:123456789012:table/ledger';
  const ask = (operation: string, input: object): unknown => b.db.operations[operation]?.permissions(input, b.cloud);
  const context = (...keys: string[]): object => ({ context: { 'dynamodb:LeadingKeys': keys } });
  expect(ask('GetItem', { TableName: arn, Key: key('a') })).toEqual([{ action: 'dynamodb:GetItem', resource: arn, ...context('a') }]);
  expect(
    ask('TransactWriteItems', {
      TransactItems: [
        { Update: { TableName: tableName, Key: key('a') } },
        { Update: { TableName: tableName, Key: key('b') } },
        { ConditionCheck: { TableName: tableName, Key: key('c') } },
      ],
    }),
  ).toEqual([
    { action: 'dynamodb:UpdateItem', resource: arn, ...context('a', 'b') },
    { action: 'dynamodb:ConditionCheckItem', resource: arn, ...context('c') },
  ]);
  const query = { TableName: tableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } };
  expect(ask('Query', query)).toEqual([{ action: 'dynamodb:Query', resource: arn, ...context('a') }]);
  expect(ask('Scan', { TableName: tableName })).toEqual([{ action: 'dynamodb:Scan', resource: arn }]);
});
