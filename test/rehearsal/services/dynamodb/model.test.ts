import fc from 'fast-check';
import type { AwsError, Members } from '../../../../rehearsal/cloud/types';
import { bench, key, tableName } from './support';
import type { Bench } from './support';

interface Write {
  pk: string;
  kind: 'create' | 'compare' | 'add' | 'delete';
  expected: number;
  by: number;
}

/** The counters as a plain map: what the table must agree with. */
type Model = Map<string, number>;

const write = fc.record<Write>({
  pk: fc.constantFrom('a', 'b', 'c', 'd'),
  kind: fc.constantFrom('create', 'compare', 'add', 'delete'),
  expected: fc.integer({ min: -2, max: 2 }),
  by: fc.integer({ min: -2, max: 2 }),
});

const numbers = (values: Record<string, number>): Members =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { N: String(value) }]));

function request({ pk, kind, expected, by }: Write): { operation: string; member: string; input: Members } {
  const at = { TableName: tableName, Key: key(pk) };
  switch (kind) {
    case 'create':
      return {
        operation: 'PutItem',
        member: 'Put',
        input: {
          TableName: tableName,
          Item: { ...key(pk), n: { N: String(by) } },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      };
    case 'compare':
      return {
        operation: 'UpdateItem',
        member: 'Update',
        input: {
          ...at,
          UpdateExpression: 'SET n = :new',
          ConditionExpression: 'n = :old',
          ExpressionAttributeValues: numbers({ ':new': by, ':old': expected }),
        },
      };
    case 'add':
      return {
        operation: 'UpdateItem',
        member: 'Update',
        input: { ...at, UpdateExpression: 'ADD n :by', ExpressionAttributeValues: numbers({ ':by': by }) },
      };
    case 'delete':
      return {
        operation: 'DeleteItem',
        member: 'Delete',
        input: { ...at, ConditionExpression: 'n <> :old', ExpressionAttributeValues: numbers({ ':old': expected }) },
      };
  }
}

/** Whether the write's condition holds; if so, the model changes. */
function apply(model: Model, { pk, kind, expected, by }: Write): boolean {
  const value = model.get(pk);
  if (kind === 'create') {
    if (value !== undefined) return false;
    model.set(pk, by);
  } else if (kind === 'compare') {
    if (value !== expected) return false;
    model.set(pk, by);
  } else if (kind === 'add') model.set(pk, (value ?? 0) + by);
  else {
    if (value === expected) return false;
    model.delete(pk);
  }
  return true;
}

async function outcome(sent: Promise<unknown>): Promise<AwsError | undefined> {
  return sent.then(
    () => undefined,
    (error: AwsError) => error,
  );
}

function contents({ db }: Bench): Model {
  return new Map([...(db.tables().get(tableName) ?? [])].map((item) => [item['pk']?.S ?? '', Number(item['n']?.N)]));
}

const sorted = (model: Model): [string, number][] => [...model].sort(([left], [right]) => left.localeCompare(right));

test('conditional writes agree with a plain map', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (writes) => {
      const b = await bench();
      const model: Model = new Map();
      for (const one of writes) {
        const { operation, input } = request(one);
        const error = await outcome(b.send(operation, input));
        expect(error?.name).toBe(apply(model, one) ? undefined : 'ConditionalCheckFailedException');
      }
      expect(sorted(contents(b))).toEqual(sorted(model));
    }),
    { numRuns: 150 },
  );
});

test('transactions agree with a plain map: all or nothing, with the reasons in order', async () => {
  const transaction = fc.uniqueArray(write, { selector: ({ pk }) => pk, minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { maxLength: 12 }), async (transactions) => {
      const b = await bench();
      let model: Model = new Map();
      for (const writes of transactions) {
        const after: Model = new Map(model);
        const held = writes.map((one) => apply(after, one));
        const items = writes.map(request).map(({ member, input }) => ({ [member]: input }));
        const error = await outcome(b.send('TransactWriteItems', { TransactItems: items }));
        if (held.every(Boolean)) model = after;
        const reasons = (error?.members['CancellationReasons'] as { Code: string }[] | undefined)?.map(({ Code }) => Code);
        expect(reasons).toEqual(held.every(Boolean) ? undefined : held.map((holds) => (holds ? 'None' : 'ConditionalCheckFailed')));
        expect(sorted(contents(b))).toEqual(sorted(model));
      }
    }),
    { numRuns: 150 },
  );
});

test('decimals add as scaled whole numbers do', async () => {
  const cents = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
  const text = (value: bigint): string => {
    const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(cents, { minLength: 1, maxLength: 10 }), async (amounts) => {
      const b = await bench();
      for (const amount of amounts) {
        await b.send('UpdateItem', {
          Key: key('sum'),
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': { N: text(amount) } },
        });
      }
      const expected = text(amounts.reduce((sum, amount) => sum + amount, 0n)).replace(/\.?0+$/, '');
      expect((await b.get('sum'))?.['n']?.N).toBe(expected === '' || expected === '-0' ? '0' : expected);
    }),
    { numRuns: 100 },
  );
});
