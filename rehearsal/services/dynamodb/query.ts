import type { Members } from '../../cloud/types';
import { holds } from './conditions';
import { validation } from './errors';
import { keyCondition } from './key-condition';
import type { KeyCondition } from './key-condition';
import { keyOf, placeOfKey } from './keys';
import type { KeySchema, Place } from './keys';
import { withoutLegacy } from './legacy';
import { queryIndex, scanIndex } from './index-query';
import { parseExpressions } from './parse';
import type { Expressions } from './parse';
import { lowerBound } from './partitions';
import type { Partition } from './partitions';
import { answerItem, capacity, checkNestedPaths, findTable } from './request';
import type { SecondaryIndex } from './secondary-index';
import type { Table } from './table';
import { itemSize } from './values';
import type { Item } from './values';

type Tables = ReadonlyMap<string, Table>;

const pageBytes = 1024 * 1024;

/** Collects one page: stops after `Limit` items looked at, or 1 MB of them, filtered out or not. */
export class Page {
  private readonly found: Item[] = [];
  private count = 0;
  private scanned = 0;
  private bytes = 0;
  private lastKey: Item | undefined;
  private readonly index: SecondaryIndex | undefined;

  constructor(
    private readonly table: Table,
    private readonly input: Members,
    private readonly expressions: Expressions,
  ) {
    this.index = indexOf(table, input);
  }

  /** False when the page is full. */
  take(item: Item): boolean {
    this.scanned += 1;
    this.bytes += itemSize(item);
    const { filter, projection, values } = this.expressions;
    if (filter === undefined || holds(filter.expression, item, values)) {
      this.count += 1;
      if (this.input['Select'] !== 'COUNT') this.found.push(answerItem(item, projection));
    }
    const full = this.scanned === this.input['Limit'] || this.bytes >= pageBytes;
    if (full) this.lastKey = this.index?.keyOf(item) ?? keyOf(item, this.table.schema);
    return !full;
  }

  answer(): Members {
    const units = this.table.read(this.bytes, this.input['ConsistentRead'] === true);
    return {
      ...(this.input['Select'] === 'COUNT' ? {} : { Items: this.found }),
      Count: this.count,
      ScannedCount: this.scanned,
      ...(this.lastKey === undefined ? {} : { LastEvaluatedKey: { ...this.lastKey } }),
      ...capacity(this.input, this.table, units),
    };
  }
}

/** The global secondary index that a request reads, if it does. */
function indexOf(table: Table, input: Members): SecondaryIndex | undefined {
  const name = input['IndexName'] as string | undefined;
  return name === undefined ? undefined : table.index(name);
}

function startPlace(table: Table, input: Members): Place | undefined {
  const key = input['ExclusiveStartKey'] as Item | undefined;
  if (key === undefined) return undefined;
  try {
    return placeOfKey(key, table.schema);
  } catch (error) {
    throw validation(`The provided starting key is invalid: ${(error as Error).message}`);
  }
}

function checkPaths(table: Table, { filter, projection }: Expressions): void {
  checkNestedPaths(projection?.nestedPaths, table);
  checkNestedPaths(filter?.nestedPaths, table);
}

function checkLimit(input: Members): void {
  const limit = input['Limit'] as number | undefined;
  if (limit === undefined || limit >= 1) return;
  throw validation(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: ` +
      'Member must have value greater than or equal to 1',
  );
}

/** Key attributes select in KeyConditionExpression; a filter must not repeat them. */
function checkQueryFilter({ partition, sort }: KeySchema, { filter }: Expressions): void {
  for (const head in filter?.pathHeads) {
    if (head !== partition.name && head !== sort?.name) continue;
    throw validation(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${head}`);
  }
}

/** The key condition of a Query, as IAM and the store need it. */
export function queriedKey(table: Table, input: Members): { condition: KeyCondition; expressions: Expressions } {
  const expressions = parseExpressions(input);
  if (expressions.keyCondition === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const { schema } = indexOf(table, input) ?? table;
  return { condition: keyCondition(expressions.keyCondition.expression, expressions.values, schema), expressions };
}

function forward(partition: Partition, { range }: KeyCondition, after: string | undefined, page: Page): void {
  const { sorts, items } = partition;
  let index = lowerBound(sorts, after !== undefined && after > range.from ? after : range.from);
  if (after !== undefined && sorts[index] === after) index += 1;
  // A bound that is left out (`>`) comes first; from there the matches lie side by side.
  while (index < sorts.length && sorts[index] === range.from && !range.matches(range.from)) index += 1;
  for (; index < sorts.length && range.matches(sorts[index] as string); index += 1) {
    if (!page.take(items[index] as Item)) return;
  }
}

function backward(partition: Partition, { range }: KeyCondition, before: string | undefined, page: Page): void {
  const { sorts, items } = partition;
  let index = (before === undefined ? sorts.length : lowerBound(sorts, before)) - 1;
  for (; index >= 0; index -= 1) {
    const sort = sorts[index] as string;
    if (sort < range.from) return;
    if (range.matches(sort) && !page.take(items[index] as Item)) return;
  }
}

export function query(tables: Tables, given: Members): Members {
  const input = withoutLegacy(given);
  checkLimit(input);
  const table = findTable(tables, input['TableName'] as string);
  const { condition, expressions } = queriedKey(table, input);
  checkPaths(table, expressions);
  const index = indexOf(table, input);
  checkQueryFilter((index ?? table).schema, expressions);
  if (index !== undefined) {
    const page = new Page(table, input, expressions);
    queryIndex(table, index, input, condition, page, expressions);
    return page.answer();
  }
  const { partition: attribute, sort } = table.schema;
  const start = startPlace(table, input);
  const place = placeOfKey({ [attribute.name]: condition.partition }, { partition: attribute });
  if (start !== undefined && start.partition !== place.partition) {
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
  const page = new Page(table, input, expressions);
  const partition = table.itemsFor(input['ConsistentRead'] === true).partition(place.partition);
  if (partition === undefined) return page.answer();
  const from = start === undefined ? undefined : sort === undefined ? '' : start.sort;
  if (input['ScanIndexForward'] === false) backward(partition, condition, from, page);
  else forward(partition, condition, from, page);
  return page.answer();
}

function checkSegments(input: Members): void {
  const { Segment: segment, TotalSegments: total } = input as { Segment?: number; TotalSegments?: number };
  if ((segment === undefined) !== (total === undefined)) {
    throw validation(
      segment === undefined
        ? 'The Segment parameter is required but was not present in the request when parameter TotalSegments is present'
        : 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment === undefined || total === undefined || segment < total) return;
  throw validation(
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
      `Segment: ${segment} is not less than TotalSegments: ${total}`,
  );
}

export function scan(tables: Tables, given: Members): Members {
  const input = withoutLegacy(given);
  checkLimit(input);
  checkSegments(input);
  const table = findTable(tables, input['TableName'] as string);
  const expressions = parseExpressions(input);
  checkPaths(table, expressions);
  const page = new Page(table, input, expressions);
  const index = indexOf(table, input);
  if (index !== undefined) {
    scanIndex(table, index, input, page, expressions);
    return page.answer();
  }
  const start = startPlace(table, input);
  const total = input['TotalSegments'] as number | undefined;
  for (const { name, hash, partition } of table.itemsFor(input['ConsistentRead'] === true).inScanOrder(start?.partition)) {
    if (total !== undefined && hash % total !== input['Segment']) continue;
    const { sorts, items } = partition;
    let index = start?.partition === name ? lowerBound(sorts, start.sort) : 0;
    if (start?.partition === name && sorts[index] === start.sort) index += 1;
    for (; index < sorts.length; index += 1) {
      if (!page.take(items[index] as Item)) return page.answer();
    }
  }
  return page.answer();
}
