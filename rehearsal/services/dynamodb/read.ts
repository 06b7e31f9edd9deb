import type { Members } from '../../cloud/types';
import { validation } from './errors';
import { placeOfKey } from './keys';
import { withoutLegacy } from './legacy';
import { parseExpressions } from './parse';
import type { ExpressionRequest } from './parse';
import { answerItem, capacity, CapacityByTable, checkNestedPaths, findTable } from './request';
import type { Table } from './table';
import { itemSize } from './values';
import type { Item } from './values';

type Tables = ReadonlyMap<string, Table>;

interface Found {
  item: Item | undefined;
  units: number;
}

function readOne(table: Table, key: Item, request: ExpressionRequest, consistent: boolean, factor: 1 | 2 = 1): Found {
  const { projection } = parseExpressions(request);
  checkNestedPaths(projection?.nestedPaths, table);
  const item = table.itemsFor(consistent).get(placeOfKey(key, table.schema));
  const units = table.read(item === undefined ? 0 : itemSize(item), consistent, factor);
  return { item: item === undefined ? undefined : answerItem(item, projection), units };
}

export function getItem(tables: Tables, given: Members): Members {
  const input = withoutLegacy(given);
  const table = findTable(tables, input['TableName'] as string);
  const { item, units } = readOne(table, input['Key'] as Item, input, input['ConsistentRead'] === true);
  return { ...(item === undefined ? {} : { Item: item }), ...capacity(input, table, units) };
}

const maxBatchReads = 100;
const maxBatchBytes = 16 * 1024 * 1024;

export function batchGetItem(tables: Tables, input: Members): Members {
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, Members> = {};
  const consumed = new CapacityByTable();
  const requested = Object.entries(input['RequestItems'] as Record<string, Members>);
  const count = requested.reduce((sum, [, request]) => sum + (request['Keys'] as Item[]).length, 0);
  if (count > maxBatchReads) throw validation('Too many items requested for the BatchGetItem call');
  let bytes = 0;
  for (const [name, given] of requested) {
    const request = withoutLegacy(given);
    const table = findTable(tables, name);
    const keys = request['Keys'] as Item[];
    const places = new Set(keys.map((key) => JSON.stringify(placeOfKey(key, table.schema))));
    if (places.size !== keys.length) throw validation('Provided list of item keys contains duplicates');
    const found: Item[] = (responses[name] = []);
    for (const key of keys) {
      if (bytes >= maxBatchBytes) {
        const rest = (unprocessed[name] ??= { ...request, Keys: [] });
        (rest['Keys'] as Item[]).push(key);
        continue;
      }
      const { item, units } = readOne(table, key, request, request['ConsistentRead'] === true);
      consumed.add(table, units);
      if (item === undefined) continue;
      bytes += itemSize(item);
      found.push(item);
    }
  }
  return { Responses: responses, UnprocessedKeys: unprocessed, ...consumed.answer(input) };
}

export function transactGetItems(tables: Tables, input: Members): Members {
  const gets = (input['TransactItems'] as Members[]).map((entry) => entry['Get'] as Members);
  if (gets.length > 100) throw validation('Member must have length less than or equal to 100');
  const consumed = new CapacityByTable();
  const places = new Set<string>();
  const responses = gets.map((get) => {
    const table = findTable(tables, get['TableName'] as string);
    const place = placeOfKey(get['Key'] as Item, table.schema);
    places.add(JSON.stringify([table.name, place]));
    const { item, units } = readOne(table, get['Key'] as Item, get, true, 2);
    consumed.add(table, units);
    return item === undefined ? {} : { Item: item };
  });
  if (places.size !== gets.length) throw validation('Transaction request cannot include multiple operations on one item');
  return { Responses: responses, ...consumed.answer(input) };
}
