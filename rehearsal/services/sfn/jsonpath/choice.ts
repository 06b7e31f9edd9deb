import type { ChoiceTest, Json } from '../definition';
import { parseTimestamp } from '../timestamp';
import { PathNotFoundError } from './path-evaluate';
import { readPath, type Sources } from './template';

/** A Choice rule reads what is not there. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

type Order = 'Equals' | 'LessThan' | 'GreaterThan' | 'LessThanEquals' | 'GreaterThanEquals';
type Kind = 'String' | 'Numeric' | 'Boolean' | 'Timestamp';

const ORDERS: Record<Order, (order: number) => boolean> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** The value as it is compared; undefined: it is of another type. */
const COMPARABLE: Record<Kind, (value: Json) => string | number | undefined> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  Timestamp: (value) => (typeof value === 'string' ? parseTimestamp(value) : undefined),
};

function compares(kind: Kind, order: Order): (value: Json, other: Json) => boolean {
  return (value, other) => {
    const [left, right] = [COMPARABLE[kind](value), COMPARABLE[kind](other)];
    if (left === undefined || right === undefined) return false;
    return ORDERS[order](left < right ? -1 : left > right ? 1 : 0);
  };
}

type Comparator = (value: Json, other: Json) => boolean;

function family(kind: Kind, orders: readonly Order[]): [string, Comparator][] {
  return orders.map((order) => [`${kind}${order}`, compares(kind, order)]);
}

const ALL_ORDERS = Object.keys(ORDERS) as Order[];

/** Each has a variant that ends in Path. */
const COMPARATORS: Record<string, Comparator> = Object.fromEntries([
  ...family('String', ALL_ORDERS),
  ...family('Numeric', ALL_ORDERS),
  ...family('Timestamp', ALL_ORDERS),
  ...family('Boolean', ['Equals']),
]);

const IS: Record<string, (value: Json) => boolean> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== undefined,
};

export const TYPE_TESTS = [...Object.keys(IS), 'IsPresent'];

/** Whether a rule holds; And and Or stop at what decides them. */
export function holds(test: ChoiceTest, sources: Sources): boolean {
  if (test.And !== undefined) return test.And.every((inner) => holds(inner, sources));
  if (test.Or !== undefined) return test.Or.some((inner) => holds(inner, sources));
  if (test.Not !== undefined) return !holds(test.Not, sources);
  const variable = test.Variable ?? '';
  if (test.IsPresent !== undefined) return isPresent(variable, sources) === test.IsPresent;
  const [name = '', operand = null] =
    Object.entries(test).find(([key]) => Object.hasOwn(IS, key) || key === 'StringMatches' || isComparator(key)) ?? [];
  const value = read(variable, sources);
  const is = IS[name];
  if (is !== undefined) return is(value) === operand;
  if (name === 'StringMatches') return typeof value === 'string' && pattern(operand as string).test(value);
  const compare = COMPARATORS[name] ?? COMPARATORS[name.slice(0, -4)];
  if (compare === undefined) throw new Error(`${name} passed validation but is no comparator`);
  return compare(value, name in COMPARATORS ? (operand as Json) : read(operand as string, sources));
}

export function isComparator(name: string): boolean {
  return Object.hasOwn(COMPARATORS, name) || (name.endsWith('Path') && Object.hasOwn(COMPARATORS, name.slice(0, -4)));
}

function isPresent(path: string, sources: Sources): boolean {
  try {
    readPath(path, sources);
    return true;
  } catch (failure) {
    if (failure instanceof PathNotFoundError) return false;
    throw failure;
  }
}

function read(path: string, sources: Sources): Json {
  try {
    return readPath(path, sources);
  } catch (failure) {
    if (failure instanceof PathNotFoundError)
      throw new ConditionError(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    throw failure;
  }
}

const patterns = new Map<string, RegExp>();

/** `*` stands for any text, `\*` for a star, `\\` for a backslash. */
function pattern(text: string): RegExp {
  let expression = patterns.get(text);
  if (expression === undefined) {
    const source = text.replace(/\\([*\\])|[\s\S]/g, (letter, escaped: string | undefined) => {
      if (letter === '*') return '[\\s\\S]*';
      return (escaped ?? letter).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    });
    expression = new RegExp(`^${source}$`);
    patterns.set(text, expression);
  }
  return expression;
}
