import { createHash } from 'node:crypto';
import type { Random } from '../../../cloud/types';
import type { Json } from '../definition';

/** What an intrinsic function cannot do with its arguments. */
export class IntrinsicError extends Error {
  override readonly name = 'IntrinsicError';
}

/** The most characters that Base64 functions and Hash take, and elements that ArrayRange gives. */
const LONGEST_TEXT = 10_000;
const MOST_ELEMENTS = 1000;

function kindOf(value: Json | undefined): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function expectKind<T extends Json>(kind: string, value: Json | undefined, what: string): T {
  if (kindOf(value) !== kind) throw new IntrinsicError(`${what} must be of type ${kind}, got ${kindOf(value)}`);
  return value as T;
}

const list = (value: Json | undefined, what = 'The array'): Json[] => expectKind<Json[]>('array', value, what);
const text = (value: Json | undefined, what = 'The argument'): string => expectKind<string>('string', value, what);

/** Numbers that are not whole are rounded. */
const whole = (value: Json | undefined, what: string): number => Math.round(expectKind<number>('number', value, what)) + 0;

function bounded(value: string): string {
  if (value.length > LONGEST_TEXT) throw new IntrinsicError(`The argument has more than ${LONGEST_TEXT} characters`);
  return value;
}

/** Whether two documents are the same, whatever order their members have. */
function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right))
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    );
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}

/** As Java writes a document into text. */
function javaText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${javaText(member)}`)
    .join(', ')}}`;
}

/** `raw`: the template before its escapes are taken away, so that `\{}` stays as it is. */
function format([template, ...values]: readonly Json[], raw: string | undefined): string {
  let used = 0;
  const filled = (raw ?? text(template, 'The template')).replace(/\\(['\\{}])|\{\}/g, (_found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[used++];
    return value === undefined ? '' : javaText(value);
  });
  if (used !== values.length) throw new IntrinsicError(`The template has ${used} places {} for ${values.length} arguments`);
  return filled;
}

function arrayRange([first, last, step]: readonly Json[]): number[] {
  const [from, to, by] = [whole(first, 'The first number'), whole(last, 'The last number'), whole(step, 'The step')];
  if (by === 0) throw new IntrinsicError('The step must not be 0');
  const count = Math.max(0, Math.floor((to - from) / by) + 1);
  if (count > MOST_ELEMENTS) throw new IntrinsicError(`The array would have ${count} elements; at most ${MOST_ELEMENTS} are allowed`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function arrayPartition([array, size]: readonly Json[]): Json[] {
  const items = list(array);
  const length = whole(size, 'The chunk size');
  if (length < 1) throw new IntrinsicError(`The chunk size must be a positive number, got ${length}`);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length));
}

function arrayGetItem([array, place]: readonly Json[]): Json {
  const items = list(array);
  const index = expectKind<number>('number', place, 'The index');
  const item = items[index];
  if (item === undefined) throw new IntrinsicError(`The index ${index} is out of bounds of an array of ${items.length}`);
  return item;
}

function stringToJson([value]: readonly Json[]): Json {
  const json = text(value).trim();
  if (json === '') return null;
  try {
    return (JSON.parse(json) as Json) === 0 ? 0 : (JSON.parse(json) as Json);
  } catch (failure) {
    throw new IntrinsicError(`The argument is no valid JSON: ${(failure as Error).message}`);
  }
}

function decode(value: string): string {
  const symbols = /^([A-Za-z0-9+/]*)={0,2}$/.exec(value)?.[1];
  // One symbol alone holds no whole byte.
  if (symbols === undefined || symbols.length % 4 === 1) throw new IntrinsicError('The argument is not valid in Base64');
  return Buffer.from(value, 'base64').toString('utf8');
}

const HASHES: Record<string, string> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

function hash([data, algorithm]: readonly Json[]): string {
  const name = HASHES[text(algorithm, 'The algorithm')];
  if (name === undefined)
    throw new IntrinsicError(`The algorithm must be one of ${Object.keys(HASHES).join(', ')}, got ${String(algorithm)}`);
  return createHash(name)
    .update(bounded(typeof data === 'string' ? data : JSON.stringify(data)))
    .digest('hex');
}

function jsonMerge([left, right, deep]: readonly Json[]): Json {
  if (deep !== false) throw new IntrinsicError('Only the shallow merging mode is supported: the third argument must be false');
  const first = expectKind<Record<string, Json>>('object', left, 'The first argument');
  return { ...first, ...expectKind<Record<string, Json>>('object', right, 'The second argument') };
}

function mathRandom([first, end, seed]: readonly Json[], random: Random): number {
  const [from, to] = [whole(first, 'The start'), whole(end, 'The end')];
  if (from >= to) throw new IntrinsicError(`The start must be less than the end, got ${from} and ${to}`);
  const fraction = seed === undefined ? random.next() : seededFraction(whole(seed, 'The seed'));
  return from + Math.floor(fraction * (to - from));
}

/** A fraction that depends on the seed alone. */
function seededFraction(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}

function stringSplit([value, splitters]: readonly Json[]): string[] {
  const separators = new Set(text(splitters, 'The splitter'));
  const parts = [''];
  for (const letter of text(value)) {
    if (separators.has(letter)) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part !== '');
}

function arrayUnique([array]: readonly Json[]): Json[] {
  const unique: Json[] = [];
  for (const item of list(array)) if (!unique.some((other) => sameJson(other, item))) unique.push(item);
  return unique;
}

const FUNCTIONS: Record<string, (args: readonly Json[], random: Random, raw: string | undefined) => Json> = {
  Format: (args, _random, raw) => format(args, raw),
  StringToJson: stringToJson,
  JsonToString: ([value = null]) => JSON.stringify(value),
  Array: (args) => [...args],
  ArrayPartition: arrayPartition,
  ArrayContains: ([array, value]) => list(array).some((item) => sameJson(item, value)),
  ArrayRange: arrayRange,
  ArrayGetItem: arrayGetItem,
  ArrayLength: ([array]) => list(array).length,
  ArrayUnique: arrayUnique,
  Base64Encode: ([value]) => Buffer.from(bounded(text(value))).toString('base64'),
  Base64Decode: ([value]) => decode(bounded(text(value))),
  Hash: hash,
  JsonMerge: jsonMerge,
  MathRandom: mathRandom,
  MathAdd: ([left, right]) => whole(left, 'The first number') + whole(right, 'The second number') + 0,
  StringSplit: stringSplit,
  UUID: (_args, random) => random.uuid(),
};

/** Calls an intrinsic function by its name without `States.`; `raw` is Format's template as it is written. */
export function callIntrinsic(name: string, args: readonly Json[], random: Random, raw?: string): Json {
  const run = FUNCTIONS[name];
  if (run === undefined) throw new Error(`States.${name} passed validation but is not there`);
  return run(args, random, raw);
}
