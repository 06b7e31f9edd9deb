import type { Members } from '../../cloud/types';
import { holds } from './conditions';
import { conditionFailed, validation } from './errors';
import { placeOfItem, placeOfKey } from './keys';
import type { Place } from './keys';
import { withoutLegacy } from './legacy';
import { parseExpressions } from './parse';
import type { Expressions } from './parse';
import { project } from './paths';
import { capacity, checkNestedPaths, findTable } from './request';
import { checkItemSize } from './table';
import type { Table } from './table';
import { applyUpdate, onlyTakesAway } from './updates';
import { copyItem, storedItem } from './values';
import type { Item } from './values';

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A write whose request is checked; what it does still depends on the item. */
export interface PreparedWrite {
  table: Table;
  place: Place;
  expressions: Expressions;
  /** The item afterwards; undefined: deleted. */
  next(before: Item | undefined): Item | undefined;
  /** Answer the item that a failed condition met. */
  returnsItemOnFailure: boolean;
}

function checkUpdate(table: Table, { update }: Expressions): void {
  if (update === undefined) return;
  checkNestedPaths(update.nestedPaths, table);
  for (const { path } of update.sections) {
    if (path[0] !== table.schema.partition.name && path[0] !== table.schema.sort?.name) continue;
    throw validation(`One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`);
  }
}

function nextOf(table: Table, kind: WriteKind, item: Item, { update, values }: Expressions): PreparedWrite['next'] {
  if (kind === 'ConditionCheck') return (before) => before;
  if (kind === 'Delete') return () => undefined;
  if (kind === 'Put') {
    checkItemSize(item, 'Item size has exceeded the maximum allowed size');
    for (const index of table.indexes) index.checkKeys(item);
    return () => item;
  }
  return (before) => {
    const base = before ?? item;
    if (update === undefined) return base;
    if (before === undefined && onlyTakesAway(update)) return undefined;
    const after = applyUpdate(update, base, values);
    checkItemSize(after, 'Item size to update has exceeded the maximum allowed size');
    for (const index of table.indexes) index.checkKeys(after);
    return after;
  };
}

export function prepareWrite(tables: ReadonlyMap<string, Table>, kind: WriteKind, request: Members): PreparedWrite {
  const table = findTable(tables, request['TableName'] as string);
  const expressions = parseExpressions(request);
  checkNestedPaths(expressions.condition?.nestedPaths, table);
  checkUpdate(table, expressions);
  const given = request[kind === 'Put' ? 'Item' : 'Key'] as Item;
  const place = kind === 'Put' ? placeOfItem(given, table.schema) : placeOfKey(given, table.schema);
  return {
    table,
    place,
    expressions,
    next: nextOf(table, kind, storedItem(given), expressions),
    returnsItemOnFailure: request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD',
  };
}

const nothing: Item = {};

/** Whether the write's condition holds on what is there. */
export const conditionHolds = ({ expressions }: PreparedWrite, before: Item | undefined): boolean =>
  expressions.condition === undefined || holds(expressions.condition.expression, before ?? nothing, expressions.values);

function returned(input: Members, { expressions }: PreparedWrite, before: Item | undefined, after: Item | undefined): Members {
  const wanted = (input['ReturnValues'] as string | undefined) ?? 'NONE';
  if (wanted === 'NONE') return {};
  const image = wanted.endsWith('_OLD') ? before : after;
  if (image === undefined) return {};
  if (wanted.startsWith('ALL_')) return { Attributes: copyItem(image) };
  const changed = project(expressions.update?.paths ?? [], image);
  return Object.keys(changed).length === 0 ? {} : { Attributes: copyItem(changed) };
}

/** PutItem, UpdateItem or DeleteItem. */
export function writeItem(tables: ReadonlyMap<string, Table>, kind: 'Put' | 'Update' | 'Delete', given: Members): Members {
  const input = withoutLegacy(given);
  const returns = input['ReturnValues'] as string | undefined;
  if (kind !== 'Update' && returns !== undefined && returns !== 'NONE' && returns !== 'ALL_OLD') {
    throw validation('ReturnValues can only be ALL_OLD or NONE');
  }
  const write = prepareWrite(tables, kind, input);
  const { table, place } = write;
  const before = table.items.get(place);
  if (!conditionHolds(write, before)) {
    throw conditionFailed(write.returnsItemOnFailure && before !== undefined ? copyItem(before) : undefined);
  }
  const after = write.next(before);
  const units = table.write(place, after, before);
  return { ...returned(input, write, before, after), ...capacity(input, table, units) };
}

const maxBatchWrites = 25;

/** All of a batch is done here: nothing throttles, so nothing stays unprocessed. */
export function batchWrite(tables: ReadonlyMap<string, Table>, input: Members): PreparedWrite[] {
  const writes: PreparedWrite[] = [];
  const seen = new Set<string>();
  for (const [name, requests] of Object.entries(input['RequestItems'] as Record<string, Members[]>)) {
    for (const request of requests) {
      if ((request['PutRequest'] === undefined) === (request['DeleteRequest'] === undefined)) {
        throw validation('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
      }
      const kind: WriteKind = request['PutRequest'] === undefined ? 'Delete' : 'Put';
      const write = prepareWrite(tables, kind, { TableName: name, ...(request[`${kind}Request`] as Members) });
      const identity = `${write.table.name}\u0000${write.place.partition}\u0000${write.place.sort}`;
      if (seen.has(identity)) throw validation('Provided list of item keys contains duplicates');
      seen.add(identity);
      writes.push(write);
    }
  }
  if (writes.length === 0) throw validation('The batch write request list for a table cannot be null or empty');
  if (writes.length > maxBatchWrites) throw validation('Too many items requested for the BatchWriteItem call');
  return writes;
}
