import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Area, Step } from '../engine/hunt';
import { maybe } from '../engine/maybe';
import type { Side } from '../engine/sides';
import { conditions, projections, render, updates } from './expressions';
import type { Fragment } from './expressions';
import { Calls } from './steps';
import { items } from './tables';
import { anyAttributes, attributes } from './values';
import type { Attributes } from './values';

interface Write {
  before: Attributes | undefined;
  kind: 'PutItem' | 'UpdateItem' | 'DeleteItem';
  item: Attributes;
  condition: Fragment | undefined;
  update: Fragment | undefined;
  returns: string | undefined;
  returnsOnFailure: boolean;
}

const common = {
  before: maybe(attributes, 3),
  returnsOnFailure: fc.boolean(),
};

const put = fc.record({
  ...common,
  kind: fc.constant('PutItem' as const),
  item: anyAttributes,
  condition: conditions,
  update: fc.constant(undefined),
  returns: maybe(fc.constantFrom('ALL_OLD', 'NONE', 'ALL_NEW')),
});
const remove = fc.record({
  ...common,
  kind: fc.constant('DeleteItem' as const),
  item: fc.constant({}),
  condition: conditions,
  update: fc.constant(undefined),
  returns: maybe(fc.constantFrom('ALL_OLD', 'NONE', 'UPDATED_NEW')),
});
const update = fc.record({
  ...common,
  kind: fc.constant('UpdateItem' as const),
  item: fc.constant({}),
  condition: maybe(conditions, 7),
  update: maybe(updates, 1),
  returns: fc.constantFrom('ALL_NEW', 'ALL_OLD', 'UPDATED_NEW', 'UPDATED_OLD', 'NONE', undefined),
});

const writes: fc.Arbitrary<Write> = fc.oneof(
  { arbitrary: put, weight: 1 },
  { arbitrary: remove, weight: 1 },
  { arbitrary: update, weight: 4 },
);

function request({ kind, item, condition, update: change, returns, returnsOnFailure }: Write, Key: Record<string, AttributeValue>): object {
  const { expressions, ...tables } = render({ ConditionExpression: condition, UpdateExpression: change });
  return {
    TableName: items.name,
    ...(kind === 'PutItem' ? { Item: { ...item, ...Key } } : { Key }),
    ...expressions,
    ...tables,
    ...(returns === undefined ? {} : { ReturnValues: returns }),
    ...(returnsOnFailure ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {}),
  };
}

async function play(side: Side, example: Write, id: string): Promise<Step[]> {
  const Key = { pk: { S: id } };
  const calls = new Calls(side);
  if (example.before !== undefined) await calls.make('PutItem', { TableName: items.name, Item: { ...example.before, ...Key } });
  await calls.make(example.kind, request(example, Key));
  await calls.make('GetItem', { TableName: items.name, Key, ConsistentRead: true });
  return calls.steps;
}

/** One write with its condition and update, and what is there afterwards. */
export const writing: Area<Write> = { name: 'dynamodb: writes', cases: writes, runs: 900, play };

interface Read {
  item: Attributes;
  projection: Fragment;
}

/** One item, cut to generated paths. */
export const projecting: Area<Read> = {
  name: 'dynamodb: projections',
  cases: fc.record({ item: anyAttributes, projection: projections }),
  runs: 150,
  play: async (side, { item, projection }, id) => {
    const Key = { pk: { S: id } };
    const calls = new Calls(side);
    await calls.make('PutItem', { TableName: items.name, Item: { ...item, ...Key } });
    const { expressions, ...tables } = render({ ProjectionExpression: projection });
    await calls.make('GetItem', { TableName: items.name, Key, ConsistentRead: true, ...expressions, ...tables });
    return calls.steps;
  },
};
