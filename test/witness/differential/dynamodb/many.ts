import fc from 'fast-check';
import type { Area, Step } from '../engine/hunt';
import { maybe } from '../engine/maybe';
import type { Answer, Side } from '../engine/sides';
import { conditions, plainUpdates, render } from './expressions';
import type { Fragment } from './expressions';
import { Calls, viewed } from './steps';
import { items } from './tables';
import { anyAttributes, attributes } from './values';
import type { Attributes } from './values';

const names = ['x', 'y', 'z'] as const;
const keys = fc.constantFrom(...names);
const keyOf = (id: string, name: string) => ({ pk: { S: `${id}-${name}` } });

interface Action {
  kind: 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
  key: string;
  item: Attributes;
  condition: Fragment | undefined;
  update: Fragment;
  returnsOnFailure: boolean;
}

interface Transaction {
  before: Partial<Record<(typeof names)[number], Attributes>>;
  actions: Action[];
}

const before = fc.record({ x: attributes, y: attributes, z: attributes }, { requiredKeys: [], noNullPrototype: true });

const actions: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('Put' as const, 'Update' as const, 'Delete' as const, 'ConditionCheck' as const),
  key: keys,
  item: attributes,
  condition: maybe(conditions),
  update: plainUpdates,
  returnsOnFailure: fc.boolean(),
});
/** Two actions on one item are refused: seldom generated. */
const listsOfActions = fc.oneof(
  { arbitrary: fc.uniqueArray(actions, { minLength: 1, maxLength: 3, selector: ({ key }) => key }), weight: 9 },
  { arbitrary: fc.array(actions, { minLength: 2, maxLength: 3 }), weight: 1 },
);

const always: Fragment = ['attribute_not_exists(zz)'];

function transactItem({ kind, key, item, condition, update, returnsOnFailure }: Action, id: string): object {
  const Key = keyOf(id, key);
  const { expressions, ...tables } = render({
    ConditionExpression: condition ?? (kind === 'ConditionCheck' ? always : undefined),
    UpdateExpression: kind === 'Update' ? update : undefined,
  });
  return {
    [kind]: {
      TableName: items.name,
      ...(kind === 'Put' ? { Item: { ...item, ...Key } } : { Key }),
      ...expressions,
      ...tables,
      ...(returnsOnFailure ? { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } : {}),
    },
  };
}

async function putBefore(calls: Calls, stored: Transaction['before'], id: string): Promise<void> {
  for (const [name, item] of Object.entries(stored)) {
    await calls.make('PutItem', { TableName: items.name, Item: { ...item, ...keyOf(id, name) } });
  }
}

const gets = (id: string): object => ({ TransactItems: names.map((name) => ({ Get: { TableName: items.name, Key: keyOf(id, name) } })) });

/** Several writes or none: which conditions failed, and what is there afterwards. */
export const transacting: Area<Transaction> = {
  name: 'dynamodb: transactions',
  cases: fc.record({ before, actions: listsOfActions }),
  runs: 250,
  play: async (side: Side, example: Transaction, id: string): Promise<Step[]> => {
    const calls = new Calls(side);
    await putBefore(calls, example.before, id);
    await calls.make('TransactWriteItems', { TransactItems: example.actions.map((action) => transactItem(action, id)) });
    await calls.make('TransactGetItems', gets(id));
    return calls.steps;
  },
};

interface Batch {
  before: Transaction['before'];
  writes: { key: string; item: Attributes | undefined }[];
}

const byKey = (answer: Answer): unknown => {
  const found = Object.values(answer['Responses'] as Record<string, unknown[]>).flat();
  return found.map((item) => JSON.stringify(viewed({ item }))).sort();
};

/** Puts and deletions by the batch, read back by the batch. */
export const batching: Area<Batch> = {
  name: 'dynamodb: batches',
  cases: fc.record({
    before,
    writes: fc.oneof(
      {
        arbitrary: fc.uniqueArray(fc.record({ key: keys, item: maybe(attributes, 3) }), {
          minLength: 1,
          maxLength: 3,
          selector: ({ key }) => key,
        }),
        weight: 6,
      },
      { arbitrary: fc.array(fc.record({ key: keys, item: maybe(anyAttributes, 3) }), { minLength: 1, maxLength: 3 }), weight: 1 },
    ),
  }),
  runs: 80,
  play: async (side: Side, example: Batch, id: string): Promise<Step[]> => {
    const calls = new Calls(side);
    await putBefore(calls, example.before, id);
    const requests = example.writes.map(({ key, item }) =>
      item === undefined ? { DeleteRequest: { Key: keyOf(id, key) } } : { PutRequest: { Item: { ...item, ...keyOf(id, key) } } },
    );
    await calls.make('BatchWriteItem', { RequestItems: { [items.name]: requests } });
    const wanted = { [items.name]: { Keys: names.map((name) => keyOf(id, name)), ConsistentRead: true } };
    await calls.make('BatchGetItem', { RequestItems: wanted }, byKey);
    return calls.steps;
  },
};
