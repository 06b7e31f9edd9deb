import type { Item } from '../../../../rehearsal/services/dynamodb';
import { createDynamoDb, dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import { create, run, stubCloud } from '../cloud-stub';
import { bench, key } from './support';
import type { Bench } from './support';

let b: Bench;
const sorts = ['hour#09', 'minute#09:00', 'minute#09:01', 'minute#09:02', 'minute#é', 'minute#\u{1F600}', 'minute#\uffee'];
beforeEach(async () => {
  b = await bench();
  for (const [index, sk] of [...sorts].reverse().entries()) await b.put({ ...key('counters', sk), n: { N: String(index) } });
  await b.put(key('other', 'minute#09:00'));
});

const found = (answer: { Items?: Item[] }): unknown[] => (answer.Items ?? []).map((item) => item['sk']?.S);

async function query(condition: string, values: Record<string, string>, more: object = {}): Promise<unknown[]> {
  const all = { ':p': 'counters', ...values };
  const answer = await b.send('Query', {
    KeyConditionExpression: condition,
    ExpressionAttributeValues: Object.fromEntries(Object.entries(all).map(([name, S]) => [name, { S }])),
    ...more,
  });
  return found(answer);
}

// Bytes of UTF-8 decide: the emoji (4 bytes) sorts after U+FFEE (3 bytes), unlike in UTF-16.
const inOrder = [...sorts.slice(0, 5), 'minute#\uffee', 'minute#\u{1F600}'];

test.each([
  ['pk = :p', {}, inOrder],
  ['pk = :p AND begins_with(sk, :s)', { ':s': 'minute#' }, inOrder.slice(1)],
  ['pk = :p AND begins_with(sk, :s)', { ':s': 'minute#\uffee' }, ['minute#\uffee']],
  ['pk = :p AND sk BETWEEN :a AND :b', { ':a': 'minute#09:00', ':b': 'minute#09:01' }, inOrder.slice(1, 3)],
  ['pk = :p AND sk > :s', { ':s': 'minute#09:01' }, inOrder.slice(3)],
  [':p = pk AND :s < sk', { ':s': 'minute#09:01' }, inOrder.slice(3)],
  ['pk = :p AND sk >= :s', { ':s': 'minute#09:01' }, inOrder.slice(2)],
  ['pk = :p AND sk < :s', { ':s': 'minute#09:01' }, inOrder.slice(0, 2)],
  ['pk = :p AND sk <= :s', { ':s': 'minute#09:01' }, inOrder.slice(0, 3)],
  ['pk = :p AND sk = :s', { ':s': 'minute#09:01' }, ['minute#09:01']],
  ['pk = :p AND sk = :s', { ':s': 'minute#10:00' }, []],
])('%s %j, forwards and backwards', async (condition, values, expected) => {
  expect(await query(condition, values)).toEqual(expected);
  expect(await query(condition, values, { ScanIndexForward: false })).toEqual([...expected].reverse());
});

test.each([true, false])('pages by Limit, ScanIndexForward %s', async (ScanIndexForward) => {
  const request = { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'counters' } }, ScanIndexForward, Limit: 3 };
  const seen: unknown[] = [];
  const sizes: number[] = [];
  let start: unknown;
  do {
    const answer = await b.send('Query', { ...request, ...(start === undefined ? {} : { ExclusiveStartKey: start }) });
    seen.push(...found(answer));
    sizes.push(answer['Count'] as number);
    start = answer['LastEvaluatedKey'];
  } while (start !== undefined);
  expect(sizes).toEqual([3, 3, 1]);
  expect(seen).toEqual(ScanIndexForward ? inOrder : [...inOrder].reverse());
});

test('a page ends at 1 MB; Limit counts what is looked at, not what the filter lets through', async () => {
  for (let index = 0; index < 5; index += 1) await b.put({ ...key('large', String(index)), s: { S: 'x'.repeat(300_000) } });
  const large = await b.send('Query', { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'large' } } });
  expect(large).toMatchObject({ Count: 4, LastEvaluatedKey: key('large', '3') });
  const filtered = await b.send('Query', {
    KeyConditionExpression: 'pk = :p',
    FilterExpression: 'n < :n',
    ProjectionExpression: 'n',
    ExpressionAttributeValues: { ':p': { S: 'counters' }, ':n': { N: '5' } },
    Limit: 3,
  });
  expect(filtered).toMatchObject({ Items: [{ n: { N: '4' } }], Count: 1, ScannedCount: 3 });
  const counted = await b.send('Query', {
    KeyConditionExpression: 'pk = :p',
    ExpressionAttributeValues: { ':p': { S: 'counters' } },
    Select: 'COUNT',
  });
  expect(counted).toEqual({ Count: 7, ScannedCount: 7 });
});

test.each([
  ['sk = :p', /Query condition missed key schema element: pk/],
  ['pk > :p', 'Query key condition not supported'],
  ['pk = :p OR pk = :p', /Invalid operator used in KeyConditionExpression: OR/],
  ['pk = :p AND n = :p', 'Query condition missed key schema element: sk'],
  ['pk = :p AND contains(sk, :p)', /Invalid operator used in KeyConditionExpression: contains/],
  ['pk = :p AND pk = :p', /must only contain one condition per key/],
])('refuses %s', async (condition, message) => {
  await expect(query(condition, {})).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
});

test('refuses key attributes in a filter and keys of the wrong type', async () => {
  await expect(query('pk = :p', {}, { FilterExpression: 'sk = :p' })).rejects.toThrow('Primary key attribute: sk');
  const number = b.send('Query', { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { N: '1' } } });
  await expect(number).rejects.toThrow('Condition parameter type does not match schema type');
  await expect(query('pk = :p', {}, { ExclusiveStartKey: key('other') })).rejects.toThrow('outside query boundaries');
});

test('scans meet every item once: in pages, in segments, and when the start item is gone', async () => {
  for (let index = 0; index < 40; index += 1) await b.put(key(`p${index}`, String(index)));
  const seen: unknown[] = [];
  let start: Item | undefined;
  do {
    const answer = await b.send('Scan', { Limit: 7, ...(start === undefined ? {} : { ExclusiveStartKey: start }) });
    seen.push(...(answer['Items'] as Item[]).map((item) => `${item['pk']?.S} ${item['sk']?.S}`));
    start = answer['LastEvaluatedKey'] as Item | undefined;
    if (start !== undefined) await b.send('DeleteItem', { Key: start });
  } while (start !== undefined);
  expect(new Set(seen).size).toBe(48);
  expect(seen).toHaveLength(48);
  const segments = await Promise.all([0, 1, 2].map((Segment) => b.send('Scan', { Segment, TotalSegments: 3 })));
  const counts = segments.map((answer) => answer['Count'] as number);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(48 - 6);
  expect(Math.max(...counts)).toBeLessThan(42);
  expect((await b.refused('Scan', { Segment: 3, TotalSegments: 3 })).message).toMatch(/3 is not less than TotalSegments: 3/);
});

test('number keys sort by value', async () => {
  const cloud = stubCloud();
  const db = createDynamoDb(cloud);
  cloud.add(db);
  await create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'Numbers', {
    TableName: 'numbers',
    AttributeDefinitions: ['p', 's'].map((AttributeName) => ({ AttributeName, AttributeType: 'N' })),
    KeySchema: [
      { AttributeName: 'p', KeyType: 'HASH' },
      { AttributeName: 's', KeyType: 'RANGE' },
    ],
  });
  const ordered = ['-1000000', '-12', '-1.2', '-1', '-0.05', '0', '0.0003', '0.9', '1', '1.05', '2', '10', '99999999999999999999'];
  for (const s of [...ordered].sort()) {
    await run(cloud, db, 'PutItem', { TableName: 'numbers', Item: { p: { N: '1.0' }, s: { N: s } } });
  }
  const answer = await run(cloud, db, 'Query', {
    TableName: 'numbers',
    ConsistentRead: true,
    KeyConditionExpression: 'p = :p AND s BETWEEN :a AND :b',
    ExpressionAttributeValues: { ':p': { N: '1' }, ':a': { N: '-12' }, ':b': { N: '10.0' } },
  });
  expect((answer['Items'] as Item[]).map((item) => item['s']?.N)).toEqual(ordered.slice(1, -1));
});
