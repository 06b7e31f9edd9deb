import { bench, key } from './support';
import type { Bench } from './support';

let b: Bench;
beforeEach(async () => {
  b = await bench();
});

const thing = {
  ...key('thing'),
  name: { S: 'Grüße' },
  count: { N: '7' },
  labels: { SS: ['red', 'blue'] },
  octets: { B: new Uint8Array([1, 2, 3]) },
  steps: { L: [{ N: '1' }, { S: 'two' }, { M: { deep: { BOOL: true } } }] },
  doc: { M: { part: { N: '1.50' }, nothing: { NULL: true } } },
};

const used = (names: Record<string, string>, expression: string): Record<string, string> =>
  Object.fromEntries(Object.entries(names).filter(([name]) => expression.includes(name)));

/** Whether the condition holds on `thing`: a put with it goes through. */
async function holds(expression: string, values?: Record<string, object>, names?: Record<string, string>): Promise<boolean> {
  await b.put(thing);
  try {
    await b.send('PutItem', {
      Item: thing,
      ConditionExpression: expression,
      ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      ...(names === undefined ? {} : { ExpressionAttributeNames: used(names, expression) }),
    });
    return true;
  } catch (error) {
    expect((error as Error).name).toBe('ConditionalCheckFailedException');
    return false;
  }
}

const n = { '#n': 'name', '#c': 'count' };

test.each([
  ['attribute_exists(pk)', undefined, undefined, true],
  ['attribute_not_exists(pk)', undefined, undefined, false],
  ['attribute_exists(steps[2].deep) AND NOT attribute_exists(steps[3])', undefined, undefined, true],
  ['#c = :v', { ':v': { N: '7.0' } }, n, true],
  ['#c = :v', { ':v': { S: '7' } }, n, false],
  ['#c < :v AND :v > #c AND #c <> :v', { ':v': { N: '10' } }, n, true],
  ['#c BETWEEN :a AND :b', { ':a': { N: '-3' }, ':b': { N: '7' } }, n, true],
  ['#c BETWEEN :a AND :b', { ':a': { N: '8' }, ':b': { N: '9' } }, n, false],
  ['#c IN (:a, :b)', { ':a': { N: '1' }, ':b': { N: '7' } }, n, true],
  ['#c IN (:a)', { ':a': { N: '1' } }, n, false],
  ['begins_with(#n, :v)', { ':v': { S: 'Grü' } }, n, true],
  ['begins_with(octets, :v)', { ':v': { B: new Uint8Array([1, 2]) } }, undefined, true],
  ['contains(#n, :v)', { ':v': { S: 'üß' } }, n, true],
  ['contains(labels, :v)', { ':v': { S: 'red' } }, undefined, true],
  ['contains(labels, :v)', { ':v': { S: 're' } }, undefined, false],
  ['contains(steps, :v)', { ':v': { S: 'two' } }, undefined, true],
  ['labels = :v', { ':v': { SS: ['blue', 'red'] } }, undefined, true],
  ['attribute_type(labels, :v)', { ':v': { S: 'SS' } }, undefined, true],
  ['attribute_type(labels, :v)', { ':v': { S: 'NS' } }, undefined, false],
  ['size(#n) = :v', { ':v': { N: '5' } }, n, true],
  ['size(labels) > :v', { ':v': { N: '1' } }, undefined, true],
  ['size(absent) > :v', { ':v': { N: '0' } }, undefined, false],
  ['absent <> :v', { ':v': { N: '0' } }, undefined, true],
  ['absent = :v OR doc.part = :w', { ':v': { N: '0' }, ':w': { N: '1.5' } }, undefined, true],
  ['absent < :v', { ':v': { N: '0' } }, undefined, false],
  ['doc = :v', { ':v': { M: { nothing: { NULL: true }, part: { N: '1.5' } } } }, undefined, true],
  ['NOT NOT #n = :v', { ':v': { S: 'no' } }, n, false],
  ['absent = :v OR NOT NOT NOT (#n = :v)', { ':v': { S: 'no' } }, n, true],
])('condition %s %j', async (expression, values, names, expected) => {
  expect(await holds(expression, values, names)).toBe(expected);
});

test('a kept expression takes the values of each request', async () => {
  expect(await holds('#c = :v', { ':v': { N: '7' } }, { '#c': 'count' })).toBe(true);
  expect(await holds('#c = :v', { ':v': { N: '8' } }, { '#c': 'count' })).toBe(false);
  expect(await holds('#c = :v', { ':v': { S: 'Grüße' } }, { '#c': 'name' })).toBe(true);
});

test.each([
  ['name = :v', { ':v': { N: '1' } }, 'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name'],
  ['pk = ', undefined, /^Invalid ConditionExpression: Syntax error; /],
  ['', undefined, 'Invalid ConditionExpression: The expression can not be empty;'],
  ['pk = :w', { ':v': { N: '1' } }, /attribute value: :w$/],
  ['attribute_exists(pk)', { ':v': { N: '1' } }, 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}'],
  ['pk = :v', { ':v': { N: 'one' } }, /^ExpressionAttributeValues contains invalid value: .*one for key :v$/],
  ['attribute_type(pk, :v)', { ':v': { S: 'TEXT' } }, /Invalid attribute type name found; type: TEXT/],
  ['pk BETWEEN :a AND :b', { ':a': { S: 'b' }, ':b': { S: 'a' } }, /AttributeValue: \{S:b\}, upper bound operand: AttributeValue: \{S:a\}/],
  ['pk BETWEEN :a AND :b', { ':a': { S: 'b' }, ':b': { N: '1' } }, /same data type .* \{S:b\}, .* \{N:1\}/],
  ['pk[0] = :v', { ':v': { N: '1' } }, /^Key attributes must be scalars/],
  ['pk < :v', { ':v': { BOOL: true } }, /operator or function: <, operand type: BOOL$/],
  ['pk BETWEEN :a AND :b', { ':a': { L: [] }, ':b': { L: [] } }, /operator or function: BETWEEN, operand type: L$/],
  ['bogus(pk)', undefined, 'Invalid ConditionExpression: Invalid function name; function: bogus'],
])('refuses condition %s', async (expression, values, message) => {
  const error = await b.refused('PutItem', { Item: thing, ConditionExpression: expression, ExpressionAttributeValues: values });
  expect(error.name).toBe('ValidationException');
  expect(error.message).toMatch(message);
});

async function updated(expression: string, values?: Record<string, object>, returns = 'ALL_NEW'): Promise<Record<string, unknown>> {
  await b.put(thing);
  const answer = await b.send('UpdateItem', {
    Key: key('thing'),
    UpdateExpression: expression,
    ExpressionAttributeNames: expression.includes('#c') ? { '#c': 'count' } : undefined,
    ExpressionAttributeValues: values,
    ReturnValues: returns,
  });
  return answer['Attributes'] as Record<string, unknown>;
}

test.each([
  ['SET #c = #c + :v', { ':v': { N: '0.1' } }, { count: { N: '7.1' } }],
  ['SET #c = :v - #c', { ':v': { N: '1' } }, { count: { N: '-6' } }],
  ['SET seen = if_not_exists(seen, :v)', { ':v': { N: '1' } }, { seen: { N: '1' } }],
  ['SET #c = if_not_exists(#c, :v) + :v', { ':v': { N: '1' } }, { count: { N: '8' } }],
  ['SET steps = list_append(steps, :v)', { ':v': { L: [{ N: '3' }] } }, { steps: { L: [...thing.steps.L, { N: '3' }] } }],
  ['SET steps[9] = :v', { ':v': { N: '3' } }, { steps: { L: [...thing.steps.L, { N: '3' }] } }],
  [
    'SET steps[9] = :a, steps[7] = :b',
    { ':a': { N: '9' }, ':b': { N: '7' } },
    { steps: { L: [...thing.steps.L, { N: '7' }, { N: '9' }] } },
  ],
  ['SET steps[9] = :v REMOVE steps[3]', { ':v': { N: '3' } }, { steps: { L: [...thing.steps.L, { N: '3' }] } }],
  ['SET doc.part = :v', { ':v': { S: 'x' } }, { doc: { M: { part: { S: 'x' }, nothing: { NULL: true } } } }],
  ['SET steps[2].deep = :v', { ':v': { N: '3' } }, { steps: { L: [{ N: '1' }, { S: 'two' }, { M: { deep: { N: '3' } } }] } }],
  ['REMOVE steps[0], steps[1]', undefined, { steps: { L: [{ M: { deep: { BOOL: true } } }] } }],
  ['REMOVE doc.part', undefined, { doc: { M: { nothing: { NULL: true } } } }],
  ['ADD #c :v', { ':v': { N: '-7' } }, { count: { N: '0' } }],
  ['ADD fresh :v', { ':v': { N: '2.50' } }, { fresh: { N: '2.5' } }],
  ['ADD labels :v', { ':v': { SS: ['red', 'green'] } }, { labels: { SS: ['red', 'blue', 'green'] } }],
  ['DELETE labels :v', { ':v': { SS: ['red'] } }, { labels: { SS: ['blue'] } }],
])('update %s %j', async (expression, values, changed) => {
  expect(await updated(expression, values)).toMatchObject(changed);
  expect(await b.get('thing')).toMatchObject(changed);
});

test.each(['REMOVE a, b.c, d[0]', 'DELETE labels :v'])('%s makes no item where there is none', async (UpdateExpression) => {
  const values = UpdateExpression.includes(':v') ? { ExpressionAttributeValues: { ':v': { SS: ['red'] } } } : {};
  expect(await b.send('UpdateItem', { Key: key('none'), UpdateExpression, ...values, ReturnValues: 'ALL_NEW' })).toEqual({});
  expect(await b.get('none')).toBeUndefined();
});

test('removing the last member of a set removes the attribute; swaps read the item as it was', async () => {
  expect(await updated('DELETE labels :v', { ':v': { SS: ['red', 'blue'] } })).not.toHaveProperty('labels');
  expect(await updated('SET #c = octets, octets = #c')).toMatchObject({ octets: { N: '7' }, count: { B: new Uint8Array([1, 2, 3]) } });
});

test('ReturnValues', async () => {
  expect(await updated('ADD #c :v', { ':v': { N: '1' } }, 'UPDATED_NEW')).toEqual({ count: { N: '8' } });
  expect(await updated('ADD #c :v', { ':v': { N: '1' } }, 'UPDATED_OLD')).toEqual({ count: { N: '7' } });
  expect(await updated('SET doc.part = :v', { ':v': { N: '2' } }, 'UPDATED_NEW')).toEqual({ doc: { M: { part: { N: '2' } } } });
  expect(await updated('ADD fresh :v', { ':v': { N: '1' } }, 'UPDATED_OLD')).toBeUndefined();
  expect(await updated('ADD fresh :v', { ':v': { N: '1' } }, 'ALL_OLD')).toMatchObject({ count: { N: '7' } });
  expect((await b.refused('PutItem', { Item: thing, ReturnValues: 'ALL_NEW' })).message).toBe('ReturnValues can only be ALL_OLD or NONE');
});

test.each([
  ['SET sk = :v', { ':v': { S: 'y' } }, /Cannot update attribute sk. This attribute is part of the key/],
  ['SET #c = labels + :v', { ':v': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
  ['SET #c = absent + :v', { ':v': { N: '1' } }, 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET absent.part = :v', { ':v': { N: '1' } }, 'The document path provided in the update expression is invalid for update'],
  ['ADD labels :v', { ':v': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
  ['ADD #c :v', { ':v': { S: '1' } }, /operator: ADD, operand type: STRING/],
  ['SET #c = :v, #c = :v', { ':v': { N: '1' } }, /Two document paths overlap/],
  ['SET #c = :v SET octets = :v', { ':v': { N: '1' } }, /section can only be used once/],
])('refuses update %s', async (expression, values, message) => {
  await b.put(thing);
  const error = await b.refused('UpdateItem', {
    Key: key('thing'),
    UpdateExpression: expression,
    ExpressionAttributeNames: expression.includes('#c') ? { '#c': 'count' } : undefined,
    ExpressionAttributeValues: values,
  });
  expect(error.name).toBe('ValidationException');
  expect(error.message).toMatch(message);
  expect(await b.get('thing')).toMatchObject({ count: { N: '7' }, doc: { M: { part: { N: '1.5' } } } });
});
