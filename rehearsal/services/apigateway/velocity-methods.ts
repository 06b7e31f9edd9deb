import { UnsupportedError } from '../../cloud/types';

type Method = (receiver: never, parameters: unknown[]) => unknown;

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Java's replacements speak of groups as `$1`, as JavaScript's do; a backslash takes the meaning from the sign behind it. */
const replacement = (given: unknown): string => text(given).replace(/\\(.)/gs, (_all, sign: string) => (sign === '$' ? '$$' : sign));

const whole = (pattern: unknown): RegExp => new RegExp(`^(?:${text(pattern)})$`, 's');

/** Methods of Java's strings that templates use. */
const ofText: Record<string, (receiver: string, parameters: unknown[]) => unknown> = {
  charAt: (own, [index]) => own.charAt(Number(index)),
  concat: (own, [other]) => own + text(other),
  contains: (own, [part]) => own.includes(text(part)),
  endsWith: (own, [part]) => own.endsWith(text(part)),
  equals: (own, [other]) => own === other,
  equalsIgnoreCase: (own, [other]) => own.toLowerCase() === text(other).toLowerCase(),
  indexOf: (own, [part]) => own.indexOf(text(part)),
  isEmpty: (own) => own === '',
  lastIndexOf: (own, [part]) => own.lastIndexOf(text(part)),
  length: (own) => own.length,
  matches: (own, [pattern]) => whole(pattern).test(own),
  replace: (own, [from, to]) => own.replaceAll(text(from), () => text(to)),
  replaceAll: (own, [pattern, to]) => own.replace(new RegExp(text(pattern), 'gs'), replacement(to)),
  replaceFirst: (own, [pattern, to]) => own.replace(new RegExp(text(pattern), 's'), replacement(to)),
  split: (own, [pattern]) => own.split(new RegExp(text(pattern), 's')),
  startsWith: (own, [part]) => own.startsWith(text(part)),
  substring: (own, [from, to]) => own.substring(Number(from), to === undefined ? undefined : Number(to)),
  toLowerCase: (own) => own.toLowerCase(),
  toString: (own: string) => own,
  toUpperCase: (own) => own.toUpperCase(),
  trim: (own) => own.trim(),
};

const ofList: Record<string, (receiver: unknown[], parameters: unknown[]) => unknown> = {
  add: (own, [item]) => own.push(item) > 0,
  contains: (own, [item]) => own.includes(item),
  get: (own, [index]) => own[Number(index)],
  isEmpty: (own) => own.length === 0,
  size: (own) => own.length,
  subList: (own, [from, to]) => own.slice(Number(from), Number(to)),
  toString: (own: unknown[]) => JSON.stringify(own),
};

type Entries = Record<string, unknown>;

const ofMap: Record<string, (receiver: Entries, parameters: unknown[]) => unknown> = {
  containsKey: (own, [key]) => Object.hasOwn(own, text(key)),
  entrySet: (own) => Object.entries(own).map(([key, value]) => ({ key, value })),
  get: (own, [key]) => (Object.hasOwn(own, text(key)) ? own[text(key)] : undefined),
  getKey: (own) => own['key'],
  getValue: (own) => own['value'],
  isEmpty: (own) => Object.keys(own).length === 0,
  keySet: (own) => Object.keys(own),
  put: (own, [key, value]) => {
    own[text(key)] = value;
    return undefined;
  },
  remove: (own, [key]) => {
    delete own[text(key)];
    return undefined;
  },
  size: (own) => Object.keys(own).length,
  toString: (own: Entries) => mapText(own),
  values: (own) => Object.values(own),
};

const ofOthers: Record<string, (receiver: unknown, parameters: unknown[]) => unknown> = {
  booleanValue: (own) => own,
  doubleValue: (own) => own,
  equals: (own, [other]) => own === other,
  intValue: (own) => Math.trunc(Number(own)),
  toString: (own: unknown) => text(own),
};

/** As Java writes a map. */
const mapText = (map: Entries): string =>
  `{${Object.entries(map)
    .map(([key, value]) => `${key}=${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)}`)
    .join(', ')}}`;

const known = new Set([ofText, ofList, ofMap, ofOthers].flatMap((methods) => Object.keys(methods)));

/** Whether any value has the method. */
export const isKnownMethod = (name: string): boolean => known.has(name);

/** Calls a method of a value as Java's class would have it. */
export function callMethod(receiver: unknown, name: string, parameters: unknown[]): unknown {
  const methods: Record<string, unknown> =
    typeof receiver === 'string' ? ofText : Array.isArray(receiver) ? ofList : typeof receiver === 'object' ? ofMap : ofOthers;
  const method = Object.hasOwn(methods, name) ? (methods[name] as Method) : undefined;
  if (method === undefined) {
    throw new UnsupportedError(
      `A mapping template calls ${name}() of ${JSON.stringify(receiver) ?? 'nothing'}, which is not supported. Supported there: ${Object.keys(methods).join(', ')}.`,
    );
  }
  return method(receiver as never, parameters);
}
