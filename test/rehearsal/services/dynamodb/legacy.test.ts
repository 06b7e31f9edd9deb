import type { Members } from '../../../../rehearsal/cloud/types';
import type { Item } from '../../../../rehearsal/services/dynamodb';
import { bench, key, tableName } from './support';
import type { Bench } from './support';

let b: Bench;
beforeEach(async () => {
  b = await bench();
  for (const [sk, n, tags] of [
    ['a1', 1, ['x']],
    ['a2', 2, ['x', 'y']],
    ['b1', 3, ['z']],
  ] as const) {
    await b.put({ ...key('p', sk), n: { N: String(n) }, tags: { SS: [...tags] }, note: { S: `note ${sk}` } });
  }
});

const one = (ComparisonOperator: string, ...AttributeValueList: Members[]): Members => ({ ComparisonOperator, AttributeValueList });
const sorts = (answer: Members): unknown[] => (answer['Items'] as Item[]).map((item) => item['sk']?.S);

it('queries by KeyConditions and QueryFilter', async () => {
  const pk = one('EQ', { S: 'p' });
  const query = async (more: Members): Promise<unknown[]> => sorts(await b.send('Query', more));
  expect(await query({ KeyConditions: { pk } })).toEqual(['a1', 'a2', 'b1']);
  expect(await query({ KeyConditions: { pk, sk: one('BEGINS_WITH', { S: 'a' }) } })).toEqual(['a1', 'a2']);
  expect(await query({ KeyConditions: { pk, sk: one('BETWEEN', { S: 'a2' }, { S: 'b1' }) } })).toEqual(['a2', 'b1']);
  expect(await query({ KeyConditions: { pk }, QueryFilter: { n: one('GT', { N: '1' }) } })).toEqual(['a2', 'b1']);
});

it.each<[string, Members, string[]]>([
  ['NE', { n: one('NE', { N: '2' }) }, ['a1', 'b1']],
  ['IN', { n: one('IN', { N: '1' }, { N: '3' }) }, ['a1', 'b1']],
  ['CONTAINS', { tags: one('CONTAINS', { S: 'y' }) }, ['a2']],
  ['NOT_CONTAINS', { tags: one('NOT_CONTAINS', { S: 'x' }) }, ['b1']],
  ['NULL', { other: one('NULL') }, ['a1', 'a2', 'b1']],
  ['NOT_NULL', { other: one('NOT_NULL') }, []],
  ['two at once', { n: one('LE', { N: '2' }), tags: one('CONTAINS', { S: 'y' }) }, ['a2']],
])('scans with %s', async (_operator, ScanFilter, expected) => {
  expect(sorts(await b.send('Scan', { ScanFilter }))).toEqual(expected);
});

it('lets one condition do, where the request says OR', async () => {
  const ScanFilter = { n: one('EQ', { N: '1' }), tags: one('CONTAINS', { S: 'z' }) };
  expect(sorts(await b.send('Scan', { ScanFilter, ConditionalOperator: 'OR' }))).toEqual(['a1', 'b1']);
});

it('updates by AttributeUpdates', async () => {
  const answer = await b.send('UpdateItem', {
    Key: key('p', 'a1'),
    ReturnValues: 'ALL_NEW',
    AttributeUpdates: {
      n: { Action: 'ADD', Value: { N: '5' } },
      note: { Value: { S: 'new' } },
      tags: { Action: 'DELETE', Value: { SS: ['x'] } },
      other: { Action: 'DELETE' },
    },
  });
  expect(answer['Attributes']).toEqual({ ...key('p', 'a1'), n: { N: '6' }, note: { S: 'new' } });
  expect((await b.refused('UpdateItem', { Key: key('p'), AttributeUpdates: { n: { Action: 'ADD' } } })).code).toBe('ValidationException');
});

it('writes only what is as Expected', async () => {
  const put = (Expected: Members): Promise<Members> => b.send('PutItem', { Item: key('p', 'new'), Expected });
  await put({ pk: { Exists: false } });
  await expect(put({ pk: { Exists: false } })).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
  await put({ sk: { Value: { S: 'new' } } });
  await b.send('DeleteItem', { Key: key('p', 'new'), Expected: { sk: one('BEGINS_WITH', { S: 'n' }) } });
  expect(await b.get('p', 'new')).toBeUndefined();
});

it('reads AttributesToGet', async () => {
  expect((await b.send('GetItem', { Key: key('p', 'a1'), AttributesToGet: ['n', 'none'] }))['Item']).toEqual({ n: { N: '1' } });
  const batch = await b.send('BatchGetItem', {
    RequestItems: { [tableName]: { Keys: [key('p', 'a1')], AttributesToGet: ['sk'], ConsistentRead: true } },
  });
  expect(batch['Responses']).toEqual({ [tableName]: [{ sk: { S: 'a1' } }] });
});

it('is not mixed with expressions, and counts its values', async () => {
  const mixed = await b.refused('Scan', { ScanFilter: { n: one('NULL') }, FilterExpression: 'attribute_exists(n)' });
  expect(mixed.message).toBe(
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {ScanFilter} Expression parameters: {FilterExpression}',
  );
  expect((await b.refused('Scan', { ScanFilter: { n: one('BETWEEN', { N: '1' }) } })).message).toMatch(
    /number of argument\(s\) for the BETWEEN/,
  );
});

it('tells IAM the keys that are queried', () => {
  const asked = b.db.operations['Query']!.permissions({ TableName: tableName, KeyConditions: { pk: one('EQ', { S: 'p' }) } }, b.cloud);
  expect(asked).toMatchObject([{ action: 'dynamodb:Query', context: { 'dynamodb:LeadingKeys': ['p'] } }]);
});
