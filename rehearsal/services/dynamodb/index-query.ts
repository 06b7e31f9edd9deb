import type { Members } from '../../cloud/types';
import { validation } from './errors';
import { hashOf } from './partitions';
import { placeOfKey } from './keys';
import type { KeyCondition } from './key-condition';
import type { Expressions } from './parse';
import type { Page } from './query';
import type { PastImages } from './replicas';
import type { SecondaryIndex } from './secondary-index';
import type { Table } from './table';
import type { Item } from './values';

function checkIndexRead(index: SecondaryIndex, input: Members, { projection, filter }: Expressions): void {
  if (index.isLocal) return;
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

/** A local index gives whole items to whoever asks for more than it projects. */
const readsWhole = (index: SecondaryIndex, input: Members, { projection }: Expressions): boolean =>
  index.isLocal && (input['Select'] === 'ALL_ATTRIBUTES' || projection !== undefined);

/** What this read does not see yet: a local index lags no more than its table. */
function unheardBy(table: Table, index: SecondaryIndex, input: Members): PastImages | undefined {
  if (!index.isLocal) return table.unheardByIndex();
  return input['ConsistentRead'] === true ? undefined : table.unheardByReplica();
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
  const whole = readsWhole(index, input, read);
  const entries = index.inPartition(partition, unheardBy(table, index, input));
  for (const entry of backward ? entries.reverse() : entries) {
    if (!condition.range.matches(entry.sort)) continue;
    if (start !== undefined && !(backward ? index.isAfter(start, entry, false) : index.isAfter(entry, start, false))) continue;
    if (!page.take(whole ? entry.whole : entry.item)) return;
  }
}

export function scanIndex(table: Table, index: SecondaryIndex, input: Members, page: Page, read: Expressions): void {
  checkIndexRead(index, input, read);
  const key = input['ExclusiveStartKey'] as Item | undefined;
  const start = key === undefined ? undefined : index.startEntry(key);
  const total = input['TotalSegments'] as number | undefined;
  const whole = readsWhole(index, input, read);
  for (const entry of index.all(unheardBy(table, index, input))) {
    if (total !== undefined && hashOf(entry.partition) % total !== input['Segment']) continue;
    if (start !== undefined && !index.isAfter(entry, start, true)) continue;
    if (!page.take(whole ? entry.whole : entry.item)) return;
  }
}
