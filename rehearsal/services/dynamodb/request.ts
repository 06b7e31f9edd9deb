import type { Members } from '../../cloud/types';
import { tableNotFound, validation } from './errors';
import { copyItem } from './values';
import type { Item } from './values';
import type { Table } from './table';
import { project } from './paths';
import type { ParsedProjection } from './parse';

/** A request names a table by name or by ARN. */
export const tableName = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

export function findTable(tables: ReadonlyMap<string, Table>, nameOrArn: string): Table {
  const table = tables.get(tableName(nameOrArn));
  if (table === undefined) throw tableNotFound();
  table.sweep();
  return table;
}

/** Key attributes are scalars: an expression must not look inside them. */
export function checkNestedPaths(nestedPaths: Record<string, true> | undefined, { schema }: Table): void {
  for (const path in nestedPaths) {
    if (path !== schema.partition.name && path !== schema.sort?.name) continue;
    throw validation(`Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${path}`);
  }
}

/** What a reader gets: its own copy, cut to the projection. */
export const answerItem = (item: Item, projection: ParsedProjection | undefined): Item =>
  copyItem(projection === undefined ? item : project(projection.paths, item));

/** Member `ConsumedCapacity`, where the request asks for it. */
export function capacity(input: Members, table: Table, units: number): Members {
  if (input['ReturnConsumedCapacity'] === undefined || input['ReturnConsumedCapacity'] === 'NONE') return {};
  return { ConsumedCapacity: { TableName: table.name, CapacityUnits: units } };
}

export class CapacityByTable {
  private readonly units = new Map<Table, number>();

  add(table: Table, units: number): void {
    this.units.set(table, (this.units.get(table) ?? 0) + units);
  }

  answer(input: Members): Members {
    if (input['ReturnConsumedCapacity'] === undefined || input['ReturnConsumedCapacity'] === 'NONE') return {};
    return { ConsumedCapacity: [...this.units].map(([table, units]) => ({ TableName: table.name, CapacityUnits: units })) };
  }
}
