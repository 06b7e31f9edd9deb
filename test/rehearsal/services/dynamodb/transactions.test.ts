import { bench, key, tableName } from './support';
import type { Bench } from './support';

let b: Bench;
beforeEach(async () => {
  b = await bench();
  await b.put({ ...key('counter'), n: { N: '5' } });
});

const add = (pk: string, by: string): object => ({
  Update: {
    TableName: tableName,
    Key: key(pk),
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: by } },
  },
});
const putNew = (pk: string, more: object = {}): object => ({
  Put: { TableName: tableName, Item: key(pk), ConditionExpression: 'attribute_not_exists(pk)', ...more },
});

test('all of it is written', async () => {
  await b.send('TransactWriteItems', { TransactItems: [add('counter', '2'), putNew('event#1')] });
  expect(await b.get('counter')).toMatchObject({ n: { N: '7' } });
  expect(await b.get('event#1')).toBeDefined();
});

test('or nothing, with the reason of each item', async () => {
  await b.put({ ...key('event#1'), at: { N: '1' } });
  const error = await b.refused('TransactWriteItems', {
    TransactItems: [
      add('counter', '2'),
      putNew('event#1', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      putNew('event#2'),
      { Update: { ...(add('event#1', '1') as { Update: object }).Update, Key: key('x'), UpdateExpression: 'SET q = q + :n' } },
    ],
  });
  expect(error.name).toBe('TransactionCanceledException');
  expect(error.message).toBe(
    'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None, ValidationError]',
  );
  expect(error.members).toEqual({
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { ...key('event#1'), at: { N: '1' } } },
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided expression refers to an attribute that does not exist in the item' },
    ],
  });
  expect(await b.get('counter')).toMatchObject({ n: { N: '5' } });
  expect(await b.get('event#2')).toBeUndefined();
});

test('a condition check writes nothing', async () => {
  const heard: unknown[] = [];
  b.db.onWrite(tableName, (written) => heard.push(written));
  const check = {
    TableName: tableName,
    Key: key('counter'),
    ConditionExpression: 'n = :n',
    ExpressionAttributeValues: { ':n': { N: '5' } },
  };
  await b.send('TransactWriteItems', { TransactItems: [{ ConditionCheck: check }, putNew('event#1')] });
  expect(heard).toEqual([key('event#1')]);
  const other = { ...check, ExpressionAttributeValues: { ':n': { N: '6' } } };
  expect((await b.refused('TransactWriteItems', { TransactItems: [{ ConditionCheck: other }] })).message).toMatch(
    /\[ConditionalCheckFailed\]$/,
  );
});

test('no item twice, no more than a hundred, one action each', async () => {
  const twice = await b.refused('TransactWriteItems', { TransactItems: [add('counter', '1'), add('counter', '1')] });
  expect(twice).toMatchObject({
    name: 'ValidationException',
    message: 'Transaction request cannot include multiple operations on one item',
  });
  const many = Array.from({ length: 101 }, (_, index) => putNew(`p${index}`));
  expect((await b.refused('TransactWriteItems', { TransactItems: many })).message).toMatch(/less than or equal to 100/);
  const both = { ...add('counter', '1'), ...putNew('x') };
  expect((await b.refused('TransactWriteItems', { TransactItems: [both] })).message).toMatch(/only contain one of/);
});

test('a client request token writes once in ten minutes', async () => {
  const request = { TransactItems: [add('counter', '1')], ClientRequestToken: 't' };
  await b.send('TransactWriteItems', request);
  await b.send('TransactWriteItems', request);
  expect(await b.get('counter')).toMatchObject({ n: { N: '6' } });
  const other = await b.refused('TransactWriteItems', { ...request, TransactItems: [add('counter', '2')] });
  expect(other.name).toBe('IdempotentParameterMismatchException');
  await b.cloud.clock.advance(10 * 60_000);
  await b.send('TransactWriteItems', request);
  expect(await b.get('counter')).toMatchObject({ n: { N: '7' } });
});

test('reads several items at once', async () => {
  const get = (pk: string): object => ({ Get: { TableName: tableName, Key: key(pk), ProjectionExpression: 'n' } });
  const answer = await b.send('TransactGetItems', { TransactItems: [get('counter'), get('absent')] });
  expect(answer['Responses']).toEqual([{ Item: { n: { N: '5' } } }, {}]);
});
