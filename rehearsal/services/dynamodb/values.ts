import { addNumbers, compareNumbers, normalNumber, numberSize } from './decimal';
import { validation } from './errors';

/** An attribute value as SDK v3 shapes it. Stored values are never changed in place. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: Uint8Array;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
  L?: AttributeValue[];
  M?: Item;
}

export interface Item {
  [attribute: string]: AttributeValue;
}

export type ValueType = keyof AttributeValue;

const valueTypes: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) {
    if (value[type as ValueType] !== undefined) return type as ValueType;
  }
  throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

const bytes = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => bytes(left).equals(bytes(right));

function distinct(values: readonly string[], kind: 'string' | 'number'): void {
  if (values.length === 0) throw validation(`One or more parameter values were invalid: An ${kind} set  may not be empty`);
  if (new Set(values).size === values.length) return;
  throw validation(
    kind === 'number'
      ? 'Input collection contains duplicates'
      : `One or more parameter values were invalid: Input collection [${values.join(', ')}] contains duplicates.`,
  );
}

function distinctBytes(values: readonly Uint8Array[]): void {
  if (values.length === 0) throw validation('One or more parameter values were invalid: Binary sets should not be empty');
  if (new Set(values.map((value) => bytes(value).toString('latin1'))).size !== values.length) {
    throw validation('One or more parameter values were invalid: Input collection of type BS contains duplicates.');
  }
}

function storedSet(value: AttributeValue, type: ValueType): AttributeValue {
  if (type === 'SS') {
    const members = [...(value.SS ?? [])];
    distinct(members, 'string');
    return { SS: members };
  }
  if (type === 'NS') {
    const members = (value.NS ?? []).map(normalNumber);
    distinct(members, 'number');
    return { NS: members };
  }
  const members = (value.BS ?? []).map((member) => new Uint8Array(member));
  distinctBytes(members);
  return { BS: members };
}

/** Checks a value and answers a copy in the form DynamoDB keeps. */
export function storedValue(value: AttributeValue): AttributeValue {
  const type = typeOf(value);
  if (!valueTypes.includes(type)) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  for (const other in value) {
    if (other !== type && value[other as ValueType] !== undefined) {
      throw validation('Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes');
    }
  }
  switch (type) {
    case 'S':
      return { S: value.S as string };
    case 'N':
      return { N: normalNumber(value.N as string) };
    case 'B':
      return { B: new Uint8Array(value.B as Uint8Array) };
    case 'BOOL':
      return { BOOL: value.BOOL as boolean };
    case 'NULL':
      if (value.NULL !== true) {
        throw validation('One or more parameter values were invalid: Null attribute value types must have the value of true');
      }
      return { NULL: true };
    case 'L':
      return { L: (value.L ?? []).map(storedValue) };
    case 'M':
      return { M: storedItem(value.M ?? {}) };
    default:
      return storedSet(value, type);
  }
}

export function storedItem(item: Item): Item {
  const stored: Item = {};
  for (const name in item) stored[name] = storedValue(item[name] as AttributeValue);
  return stored;
}

/** A copy that a caller may change without reaching the store. */
export function copyValue(value: AttributeValue): AttributeValue {
  const copy: AttributeValue = { ...value };
  if (copy.M !== undefined) copy.M = copyItem(copy.M);
  else if (copy.L !== undefined) copy.L = copy.L.map(copyValue);
  else if (copy.SS !== undefined) copy.SS = [...copy.SS];
  else if (copy.NS !== undefined) copy.NS = [...copy.NS];
  else if (copy.B !== undefined) copy.B = new Uint8Array(copy.B);
  else if (copy.BS !== undefined) copy.BS = copy.BS.map((member) => new Uint8Array(member));
  return copy;
}

export function copyItem(item: Item): Item {
  const copy: Item = {};
  for (const name in item) copy[name] = copyValue(item[name] as AttributeValue);
  return copy;
}

function sameMembers<T>(left: readonly T[], right: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return left.length === right.length && left.every((member) => right.some((other) => same(member, other)));
}

export function sameValue(left: AttributeValue, right: AttributeValue): boolean {
  if (left.S !== undefined) return left.S === right.S;
  if (left.N !== undefined) return right.N !== undefined && compareNumbers(left.N, right.N) === 0;
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.NULL !== undefined) return left.NULL === right.NULL;
  if (left.B !== undefined) return right.B !== undefined && sameBytes(left.B, right.B);
  if (left.SS !== undefined) return right.SS !== undefined && sameMembers(left.SS, right.SS, Object.is);
  if (left.NS !== undefined) return right.NS !== undefined && sameMembers(left.NS, right.NS, (a, b) => compareNumbers(a, b) === 0);
  if (left.BS !== undefined) return right.BS !== undefined && sameMembers(left.BS, right.BS, sameBytes);
  if (left.L !== undefined) {
    const others = right.L;
    return (
      others !== undefined &&
      others.length === left.L.length &&
      left.L.every((member, index) => sameValue(member, others[index] as AttributeValue))
    );
  }
  const mine = left.M ?? {};
  const others = right.M;
  if (others === undefined || Object.keys(mine).length !== Object.keys(others).length) return false;
  return Object.entries(mine).every(([name, member]) => others[name] !== undefined && sameValue(member, others[name]));
}

/** Negative, zero or positive; undefined where DynamoDB does not order the two. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.S !== undefined && right.S !== undefined)
    return left.S === right.S ? 0 : Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(left.B, right.B);
  return undefined;
}

const beyondAscii = /[^\x00-\x7f]/; // eslint-disable-line no-control-regex

const textSize = (text: string): number => (beyondAscii.test(text) ? Buffer.byteLength(text) : text.length);

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return textSize(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.SS !== undefined) return value.SS.reduce((sum, member) => sum + textSize(member), 0);
  if (value.NS !== undefined) return value.NS.reduce((sum, member) => sum + numberSize(member), 0);
  if (value.BS !== undefined) return value.BS.reduce((sum, member) => sum + member.length, 0);
  if (value.L !== undefined) return value.L.reduce((sum, member) => sum + 1 + valueSize(member), 3);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** Bytes that DynamoDB counts: limits and capacity units come from it. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += textSize(name) + valueSize(item[name] as AttributeValue);
  return size;
}

/** What `size(path)` answers; undefined where it has no size. Of a text DynamoDB counts UTF-16 units here, not the bytes that it stores. */
export function sizeOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.B ?? value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
}

function contains<T>(members: readonly T[] | undefined, same: (member: T) => boolean): boolean {
  return members?.some(same) ?? false;
}

export function containsValue(whole: AttributeValue, part: AttributeValue): boolean {
  if (contains(whole.L, (member) => sameValue(member, part))) return true;
  if (part.S !== undefined) return (whole.S?.includes(part.S) ?? false) || contains(whole.SS, (member) => member === part.S);
  const { N: number, B: binary } = part;
  if (number !== undefined) return contains(whole.NS, (member) => compareNumbers(member, number) === 0);
  if (binary === undefined) return false;
  return (whole.B !== undefined && bytes(whole.B).includes(bytes(binary))) || contains(whole.BS, (member) => sameBytes(member, binary));
}

export function beginsWith(whole: AttributeValue, prefix: AttributeValue): boolean {
  if (whole.S !== undefined && prefix.S !== undefined) return whole.S.startsWith(prefix.S);
  if (whole.B === undefined || prefix.B === undefined) return false;
  return bytes(whole.B).subarray(0, prefix.B.length).equals(bytes(prefix.B));
}

type SetMembers = { SS: string[] } | { NS: string[] } | { BS: Uint8Array[] };

const memberKey = (member: string | Uint8Array): string => (typeof member === 'string' ? member : bytes(member).toString('latin1'));

/** `ADD` of a set (union) or `DELETE` from one (difference); undefined where nothing is left. */
export function changeSet(existing: AttributeValue | undefined, change: AttributeValue, remove: boolean): AttributeValue | undefined {
  const type = typeOf(change) as 'SS' | 'NS' | 'BS';
  const before = (existing?.[type] ?? []) as (string | Uint8Array)[];
  const named = change[type] as (string | Uint8Array)[];
  const namedKeys = new Set(named.map(memberKey));
  const beforeKeys = new Set(before.map(memberKey));
  const after = remove
    ? before.filter((member) => !namedKeys.has(memberKey(member)))
    : [...before, ...named.filter((member) => !beforeKeys.has(memberKey(member)))];
  return after.length === 0 ? undefined : ({ [type]: after } as unknown as SetMembers);
}

export const addToNumber = (existing: AttributeValue | undefined, change: AttributeValue): AttributeValue => ({
  N: addNumbers(existing?.N ?? '0', change.N as string),
});
