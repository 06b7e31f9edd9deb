import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { KeyType } from '../../../../rehearsal/services/dynamodb/keys';
import type { Area, Step } from '../engine/hunt';
import { maybe } from '../engine/maybe';
import type { Answer, Side } from '../engine/sides';
import { conditions, projections, render } from './expressions';
import type { Fragment } from './expressions';
import { Calls, viewed } from './steps';
import { bySort, scanned } from './tables';
import { attributes } from './values';
import type { Attributes } from './values';

const sortValues: Record<KeyType, readonly AttributeValue[]> = {
  S: ['a', 'ab', 'abc', 'b', 'B', 'é', '10', '9', 'aé', 'z'].map((S) => ({ S })),
  N: ['0', '1', '-1', '2', '10', '1.5', '-10', '100', '1e-5', '12345678901234567890123456789012345678', '-1e125'].map((N) => ({ N })),
  B: [[0], [0, 1], [1], [97], [97, 98], [255], [255, 0]].map((bytes) => ({ B: Uint8Array.from(bytes) })),
};

const operators = ['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with'] as const;

interface Sort {
  operator: (typeof operators)[number];
  low: AttributeValue;
  high: AttributeValue;
}

interface Row {
  sk: AttributeValue;
  group: string | undefined;
  rank: string | undefined;
  attributes: Attributes;
}

interface Query {
  type: KeyType;
  rows: Row[];
  index: string | undefined;
  sort: Sort | undefined;
  filter: Fragment | undefined;
  projection: Fragment | undefined;
  count: boolean;
  limit: number | undefined;
  forward: boolean;
}

const ranks = ['1', '2', '2.0', '10', '-1', '0.5'];

const rowsOf = (type: KeyType): fc.Arbitrary<Row[]> =>
  fc.uniqueArray(
    fc.record({
      sk: fc.constantFrom(...sortValues[type]),
      group: fc.constantFrom('g1', 'g1', 'g2', undefined),
      rank: fc.constantFrom(...ranks, undefined),
      attributes,
    }),
    { maxLength: 8, selector: ({ sk }) => JSON.stringify(sk) },
  );

const sortOf = (type: KeyType, onIndex: boolean): fc.Arbitrary<Sort> => {
  const values = onIndex ? ranks.map((N) => ({ N })) : sortValues[type];
  const allowed = onIndex || type === 'N' ? operators.filter((operator) => operator !== 'begins_with') : operators;
  return fc.record({ operator: fc.constantFrom(...allowed), low: fc.constantFrom(...values), high: fc.constantFrom(...values) });
};

const queries: fc.Arbitrary<Query> = fc
  .tuple(fc.constantFrom<KeyType>('S', 'S', 'N', 'B'), fc.constantFrom(undefined, undefined, 'by-group', 'by-group-brief', 'by-group-keys'))
  .chain(([type, wanted]) => {
    const index = type === 'S' ? wanted : undefined;
    return fc.record({
      type: fc.constant(type),
      index: fc.constant(index),
      rows: rowsOf(type),
      sort: maybe(sortOf(type, index !== undefined)),
      filter: maybe(conditions),
      projection: maybe(projections, 8),
      count: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      limit: maybe(fc.integer({ min: 1, max: 4 })),
      forward: fc.boolean(),
    });
  });

const itemOf = ({ sk, group, rank, attributes: more }: Row, pk: string): Attributes => ({
  ...more,
  pk: { S: pk },
  sk,
  // Each case has groups of its own: an index spans the table.
  ...(group === undefined ? {} : { g: { S: `${group}-${pk}` } }),
  ...(rank === undefined ? {} : { r: { N: rank } }),
});

function keyFragment({ index, sort }: Query, pk: string): Fragment {
  const partition: Fragment = index === undefined ? ['pk = ', { value: { S: pk } }] : ['g = ', { value: { S: `g1-${pk}` } }];
  if (sort === undefined) return partition;
  const name = index === undefined ? 'sk' : 'r';
  const { operator, low, high } = sort;
  if (operator === 'begins_with') return [...partition, ` AND begins_with(${name}, `, { value: low }, ')'];
  if (operator === 'BETWEEN') return [...partition, ` AND ${name} BETWEEN `, { value: low }, ' AND ', { value: high }];
  return [...partition, ` AND ${name} ${operator} `, { value: low }];
}

function queryRequest(example: Query, pk: string): object {
  const { type, index, filter, projection, count, limit, forward } = example;
  const { expressions, ...tables } = render({
    KeyConditionExpression: keyFragment(example, pk),
    FilterExpression: filter,
    ProjectionExpression: count ? undefined : projection,
  });
  return {
    TableName: bySort[type].name,
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    ...expressions,
    ...tables,
    ...(count ? { Select: 'COUNT' } : {}),
    ...(limit === undefined ? {} : { Limit: limit }),
    ScanIndexForward: forward,
  };
}

const mostPages = 20;

/** Follows the pages of a query or scan to their end. */
async function pages(
  calls: Calls,
  operation: 'Query' | 'Scan',
  request: object,
  view: (answer: Answer) => unknown = viewed,
): Promise<Answer[]> {
  const all: Answer[] = [];
  let start: unknown;
  do {
    const seen = await calls.make(operation, start === undefined ? request : { ...request, ExclusiveStartKey: start }, (answer) => {
      all.push(answer);
      start = answer['LastEvaluatedKey'];
      return view(answer);
    });
    if ('error' in seen) break;
  } while (start !== undefined && all.length < mostPages);
  return all;
}

async function putAll(calls: Calls, TableName: string, items: readonly Attributes[]): Promise<void> {
  for (const Item of items) await calls.make('PutItem', { TableName, Item });
  await calls.side.settle();
}

/** Items of one partition, or of one group of an index, in order and page by page. */
export const querying: Area<Query> = {
  name: 'dynamodb: queries',
  cases: queries,
  runs: 350,
  play: async (side: Side, example: Query, id: string): Promise<Step[]> => {
    const calls = new Calls(side);
    const { name } = bySort[example.type];
    await putAll(
      calls,
      name,
      example.rows.map((row) => itemOf(row, id)),
    );
    await pages(calls, 'Query', queryRequest(example, id));
    return calls.steps;
  },
};

interface Scan {
  rows: (Row & { partition: number })[];
  index: string | undefined;
  filter: Fragment | undefined;
  limit: number | undefined;
}

const scans: fc.Arbitrary<Scan> = fc.record({
  rows: fc
    .tuple(rowsOf('S'), fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 }))
    .map(([rows, partitions]) => rows.map((row, index) => ({ ...row, partition: partitions[index]! }))),
  index: fc.constantFrom(undefined, undefined, 'by-group', 'by-group-keys'),
  filter: maybe(conditions),
  limit: maybe(fc.integer({ min: 1, max: 4 })),
});

/** In which order a scan meets partitions is nobody's promise: what all pages hold together is compared. */
function together(answers: readonly Answer[]): unknown {
  const sum = (member: string): number => answers.reduce((total, answer) => total + (answer[member] as number), 0);
  const items = answers.flatMap((answer) => answer['Items'] as unknown[]).map((item) => JSON.stringify(viewed({ item })));
  return { pages: answers.length, count: sum('Count'), scanned: sum('ScannedCount'), items: items.sort() };
}

/** A whole table, or a whole index, page by page. */
export const scanning: Area<Scan> = {
  name: 'dynamodb: scans',
  cases: scans,
  runs: 120,
  play: async (side: Side, { rows, index, filter, limit }: Scan, id: string): Promise<Step[]> => {
    const calls = new Calls(side);
    const { name: TableName } = scanned;
    const items = rows.map((row) => itemOf(row, `${id}-${row.partition}`));
    await putAll(calls, TableName, items);
    const { expressions, ...tables } = render({ FilterExpression: filter });
    const where = index === undefined ? { ConsistentRead: true } : { IndexName: index };
    const request = { TableName, ...where, ...expressions, ...tables, ...(limit === undefined ? {} : { Limit: limit }) };
    const found = new Calls(side);
    const answers = await pages(found, 'Scan', request);
    const failed = found.steps.find(({ outcome }) => 'error' in outcome);
    calls.steps.push({ operation: 'Scan', input: request, outcome: failed?.outcome ?? { answer: together(answers) } });
    for (const { pk, sk } of items) await calls.make('DeleteItem', { TableName, Key: { pk, sk } });
    await side.settle();
    return calls.steps;
  },
};
