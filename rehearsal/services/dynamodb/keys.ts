import { normalNumber, sortableNumber } from './decimal';
import { validation } from './errors';
import { typeOf } from './values';
import type { AttributeValue, Item } from './values';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

export interface KeySchema {
  partition: KeyAttribute;
  sort?: KeyAttribute;
}

/** Where an item lies: `sort` orders as DynamoDB does (bytes of UTF-8, numbers by value); '' without a sort key. */
export interface Place {
  partition: string;
  sort: string;
}

const beyondAscii = /[^\x00-\x7f]/; // eslint-disable-line no-control-regex

/** A string whose order by code units is DynamoDB's order of the values. */
export function sortable(value: AttributeValue, type: KeyType): string {
  if (type === 'N') return sortableNumber(value.N as string);
  if (type === 'B') return Buffer.from(value.B as Uint8Array).toString('latin1');
  const text = value.S as string;
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

function checkPiece(value: AttributeValue, { name, type }: KeyAttribute, maxBytes: number): void {
  const content = type === 'S' ? value.S : type === 'B' ? value.B : undefined;
  if (content === undefined) return;
  if (content.length === 0) {
    throw validation(
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
        `empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
    );
  }
  if (content.length <= maxBytes / 4) return;
  if (Buffer.byteLength(content) <= maxBytes) return;
  throw validation(
    maxBytes === 2048
      ? 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes'
      : 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  );
}

function piece(value: AttributeValue, attribute: KeyAttribute, maxBytes: number): string {
  checkPiece(value, attribute, maxBytes);
  return attribute.type === 'N' ? sortableNumber(normalNumber(value.N as string)) : sortable(value, attribute.type);
}

function placed(source: Item, { partition, sort }: KeySchema): Place {
  return {
    partition: piece(source[partition.name] as AttributeValue, partition, 2048),
    sort: sort === undefined ? '' : piece(source[sort.name] as AttributeValue, sort, 1024),
  };
}

const mismatch = (): Error => validation('The provided key element does not match the schema');

/** For a request's `Key`, which must hold the key attributes and nothing else. */
export function placeOfKey(key: Item, schema: KeySchema): Place {
  const { partition, sort } = schema;
  let count = 0;
  for (const name in key) {
    const attribute = name === partition.name ? partition : name === sort?.name ? sort : undefined;
    if (attribute === undefined || key[name]?.[attribute.type] === undefined) throw mismatch();
    count += 1;
  }
  if (count !== (sort === undefined ? 1 : 2)) throw mismatch();
  return placed(key, schema);
}

function checkPresent(item: Item, { name, type }: KeyAttribute): void {
  const value = item[name];
  if (value === undefined) throw validation(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  if (value[type] !== undefined) return;
  throw validation(`One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
}

/** For a whole item that is put. */
export function placeOfItem(item: Item, schema: KeySchema): Place {
  checkPresent(item, schema.partition);
  if (schema.sort !== undefined) checkPresent(item, schema.sort);
  return placed(item, schema);
}

export function keyOf(item: Item, { partition, sort }: KeySchema): Item {
  const key: Item = { [partition.name]: item[partition.name] as AttributeValue };
  if (sort !== undefined) key[sort.name] = item[sort.name] as AttributeValue;
  return key;
}
