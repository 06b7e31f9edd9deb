import type { Members } from '../../../../rehearsal/cloud/types';
import { dynamodbResources, createDynamoDb } from '../../../../rehearsal/services/dynamodb';
import type { Item } from '../../../../rehearsal/services/dynamodb';
import { createTestCloud } from '../../support/harness';
import type { TestCloud } from '../../support/harness';
import { create } from '../cloud-stub';

const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' } as const;
const rounds = 60;

async function bench(seed = 1) {
  const bed: TestCloud = createTestCloud((cloud) => [createDynamoDb(cloud)], { seed });
  await create(bed.cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'T', {
    TableName: 't',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const send = (operation: string, input: Members): Promise<Members> => bed.cloud.call('dynamodb', operation, input, world);
  return { ...bed, send };
}

type Bench = Awaited<ReturnType<typeof bench>>;

const key = { pk: { S: 'p' }, sk: { S: 's' } };
const put = ({ send }: Bench, n: number) => send('PutItem', { TableName: 't', Item: { ...key, n: { N: String(n) } } });
const query = { TableName: 't', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } };
const valueOf = (items: Item[] | undefined) => items?.map(({ n }) => Number(n?.N));

/** Writes 1, 2, 3 … and reads at once after each: what the reads saw. */
async function readAfterWrite(b: Bench, read: (b: Bench) => Promise<number[] | undefined>): Promise<(number[] | undefined)[]> {
  return b.run(async () => {
    const seen: (number[] | undefined)[] = [];
    for (let n = 1; n <= rounds; n += 1) {
      await put(b, n);
      seen.push(await read(b));
      await b.clock.sleep(400);
    }
    return seen;
  });
}

const readers: [string, (more: Members) => (b: Bench) => Promise<number[] | undefined>][] = [
  [
    'GetItem',
    (more) =>
      async ({ send }) =>
        valueOf([(await send('GetItem', { TableName: 't', Key: key, ...more }))['Item'] ?? {}]),
  ],
  [
    'Query',
    (more) =>
      async ({ send }) =>
        valueOf((await send('Query', { ...query, ...more }))['Items']),
  ],
  [
    'Scan',
    (more) =>
      async ({ send }) =>
        valueOf((await send('Scan', { TableName: 't', ...more }))['Items']),
  ],
  [
    'BatchGetItem',
    (more) =>
      async ({ send }) =>
        valueOf((await send('BatchGetItem', { RequestItems: { t: { Keys: [key], ...more } } }))['Responses'].t),
  ],
];

describe.each(readers)('%s', (_name, reader) => {
  it('sees what was written before, where it reads consistently', async () => {
    const seen = await readAfterWrite(await bench(), reader({ ConsistentRead: true }));
    expect(seen).toEqual(Array.from({ length: rounds }, (_, index) => [index + 1]));
  });

  it('may see what stood there up to a second ago, where it does not', async () => {
    const seen = await readAfterWrite(await bench(), reader({}));
    const behind = seen.map((values, index) => index + 1 - (values?.[0] || 0));
    expect(behind.filter((by) => by > 0).length).toBeGreaterThan(5);
    expect(behind.filter((by) => by === 0).length).toBeGreaterThan(rounds / 2);
    // A write each 410 ms: two of them, and the one just made, at most.
    expect(Math.max(...behind)).toBeLessThanOrEqual(3);
  });

  it('sees the same by the same seed', async () => {
    const [one, same, other] = [await bench(1), await bench(1), await bench(2)];
    const first = await readAfterWrite(one, reader({}));
    expect(await readAfterWrite(same, reader({}))).toEqual(first);
    expect(await readAfterWrite(other, reader({}))).not.toEqual(first);
  });
});

it('may miss what is new and show what is gone, and knows better after a second', async () => {
  const b = await bench();
  await b.run(async () => {
    const found: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await put(b, round);
      found.push((await b.send('Query', query))['Count'] as number);
      await b.clock.sleep(1000);
      expect((await b.send('Query', query))['Count']).toBe(1);
      await b.send('DeleteItem', { TableName: 't', Key: key });
      found.push(1 - ((await b.send('Scan', { TableName: 't' }))['Count'] as number));
      await b.clock.sleep(1000);
      expect((await b.send('Scan', { TableName: 't' }))['Count']).toBe(0);
    }
    expect(found.filter((right) => right === 0).length).toBeGreaterThan(5);
    expect(found.filter((right) => right === 1).length).toBeGreaterThan(rounds);
  });
});

it('keeps conditions, updates and transactional reads at what is', async () => {
  const b = await bench();
  await b.run(async () => {
    await put(b, 0);
    for (let n = 1; n <= 30; n += 1) {
      await b.send('UpdateItem', {
        TableName: 't',
        Key: key,
        UpdateExpression: 'ADD n :one',
        ConditionExpression: 'n = :before',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':before': { N: String(n - 1) } },
      });
      const { Responses } = await b.send('TransactGetItems', { TransactItems: [{ Get: { TableName: 't', Key: key } }] });
      expect(Responses[0].Item.n.N).toBe(String(n));
    }
  });
});
