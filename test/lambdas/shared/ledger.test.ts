import { fakeClient, fakeLedger } from '../support';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../../lambdas/shared/ledger';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

interface BatchWrite {
  RequestItems: Record<string, object[]>;
}

const puts = (count: number) => Array.from({ length: count }, (_, index) => ({ key: { pk: 'p', sk: String(index) }, item: { index } }));

/** Leaves so many of the items of each call unwritten. */
function leaving(unwritten: (call: number) => number) {
  let calls = 0;
  const { client, sent } = fakeClient<DynamoDBClient>({
    BatchWriteItem: (input) => {
      const [[table, requests] = ['', []]] = Object.entries((input as BatchWrite).RequestItems);
      calls += 1;
      const left = requests.slice(requests.length - unwritten(calls));
      return { UnprocessedItems: unwritten(calls) === 0 ? {} : { [table]: left } };
    },
  });
  return {
    ledger: new Ledger(client, 'ledger'),
    sizes: () => sent.map(({ input }) => (input as BatchWrite).RequestItems['ledger']?.length),
  };
}

describe('putting many items', () => {
  test('takes 25 at a time', async () => {
    const { ledger, sizes } = leaving(() => 0);
    await ledger.batchPut(puts(60));
    expect(sizes()).toEqual([25, 25, 10]);
  });

  test('sends again what was left unwritten', async () => {
    const { ledger, sizes } = leaving((call) => (call <= 2 ? 3 : 0));
    await ledger.batchPut(puts(10));
    expect(sizes()).toEqual([10, 3, 3]);
  });

  test('gives up when nothing helps, and says how much is missing', async () => {
    const { ledger } = leaving(() => 2);
    await expect(ledger.batchPut(puts(10))).rejects.toThrow('left 2 of 10 items unwritten after 6 attempts');
  });

  test('names no key twice: the last one stands', async () => {
    const { ledger, item } = fakeLedger();
    const key = { pk: 'p', sk: 's' };
    await ledger.batchPut([
      { key, item: { value: 1 } },
      { key, item: { value: 2 } },
    ]);
    expect(item(key)).toMatchObject({ value: 2 });
  });

  test('of none sends nothing', async () => {
    const { ledger, sizes } = leaving(() => 0);
    await ledger.batchPut([]);
    expect(sizes()).toEqual([]);
  });
});

test('sums that are larger than whole numbers are exact are read all the same', async () => {
  const { client } = fakeClient<DynamoDBClient>({
    Query: () => ({ Items: [{ pk: { S: 'p' }, sk: { S: 's' }, sum: { N: '123456789012345678901' } }] }),
  });
  expect(await new Ledger(client, 'ledger').query('p')).toEqual([{ pk: 'p', sk: 's', sum: Number('123456789012345678901') }]);
});
