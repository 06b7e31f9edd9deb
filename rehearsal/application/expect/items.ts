import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { holds, shown } from '../partial';
import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { counted, members, outcome } from './outcome';

type Wanted = Sight['scenario']['expect']['items'][number];
type Item = Record<string, unknown>;

/** As JSON shows it: sets are lists. */
const plain = (item: Parameters<typeof unmarshall>[0]): Item =>
  JSON.parse(JSON.stringify(unmarshall(item), (_key, value: unknown) => (value instanceof Set ? [...value].sort() : value))) as Item;

function itemsOf({ places, laptop }: Sight, path: string): Item[] {
  const name = places.at(path, 'table')?.ref;
  const table = name === undefined ? undefined : laptop.dynamoDb.tables().get(name);
  return table === undefined ? [] : [...table].map((item) => plain(item as Parameters<typeof unmarshall>[0]));
}

export const expectedItems = (sight: Sight): ExpectationOutcome[] =>
  sight.scenario.expect.items.map((wanted, index) => {
    const where = `expect.items[${index}]`;
    const items = itemsOf(sight, wanted.table);
    if (wanted.key === undefined) {
      const what = `items of ${wanted.table}${wanted.item === undefined ? '' : ` with ${shown(wanted.item)}`}`;
      return counted(
        where,
        what,
        wanted.count,
        items,
        (item) => holds(item, wanted.item ?? {}),
        (item) => item,
      );
    }
    return keyed(where, wanted, items);
  });

function keyed(where: string, { table, key = {}, item, absent }: Wanted, items: Item[]): ExpectationOutcome {
  // As the table keeps it: a number is a number.
  const wanted = plain(marshall(key));
  const found = items.find((one) => holds(one, wanted));
  const what = `item ${members(key)} of ${table}`;
  if (absent === true) return outcome(where, `${what} is absent`, found === undefined, shown(found ?? {}));
  const text = item === undefined ? `${what} is there` : `${what} has ${shown(item)}`;
  return outcome(where, text, found !== undefined && holds(found, item ?? {}), found === undefined ? 'no such item' : shown(found));
}
