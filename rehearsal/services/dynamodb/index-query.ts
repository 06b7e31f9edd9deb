import type { Members } from '../../cloud/types';
import { validation } from './errors';
import { hashOf } from './partitions';
import { placeOfKey } from './keys';
import type { KeyCondition } from './key-condition';
import type { Expressions } from './parse';
import type { Page } from './query';
import type { SecondaryIndex } from './secondary-index';
import type { Table } from './table';
import type { Item } from './values';

function checkIndexRead(index: SecondaryIndex, input: Members, { projection, filter }: Expressions): void {
  if (input['ConsistentRead'] === true) throw validation('Consistent reads are not supported on global secondary indexes');
  if (input['Select'] === 'ALL_ATTRIBUTES' && index.description.projected !== 'ALL') {
    throw validation(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ' +
        `${index.name} because its projection type is not ALL`,
    );
  }
  index.checkProjects((projection?.paths ?? []).map(([head]) => String(head)));
  index.checkProjects(Object.keys(filter?.pathHeads ?? {}));
}

export function queryIndex(
  table: Table,
  index: SecondaryIndex,
  input: Members,
  condition: KeyCondition,
  page: Page,
  read: Expressions,
): void {
  checkIndexRead(index, input, read);
  const attribute = index.schema.partition;
  const { partition } = placeOfKey({ [attribute.name]: condition.partition }, { partition: attribute });
  const key = input['ExclusiveStartKey'] as Item | undefined;
  const start = key === undefined ? undefined : index.startEntry(key);
  if (start !== undefined && start.partition !== partition) {
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
  }
  const backward = input['ScanIndexForward'] === false;
  const entries = index.inPartition(partition, table.unheardByIndex());
  for (const entry of backward ? entries.reverse() : entries) {
    if (!condition.range.matches(entry.sort)) continue;
    if (start !== undefined && !(backward ? index.isAfter(start, entry, false) : index.isAfter(entry, start, false))) continue;
    if (!page.take(entry.item)) return;
  }
}

export function scanIndex(table: Table, index: SecondaryIndex, input: Members, page: Page, read: Expressions): void {
  checkIndexRead(index, input, read);
  const key = input['ExclusiveStartKey'] as Item | undefined;
  const start = key === undefined ? undefined : index.startEntry(key);
  const total = input['TotalSegments'] as number | undefined;
  for (const entry of index.all(table.unheardByIndex())) {
    if (total !== undefined && hashOf(entry.partition) % total !== input['Segment']) continue;
    if (start !== undefined && !index.isAfter(entry, start, true)) continue;
    if (!page.take(entry.item)) return;
  }
}
