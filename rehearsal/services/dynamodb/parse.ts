/** Parsed expressions, kept by text: a handler sends the same few thousands of times, with other values. */
import { parse as parseCondition } from 'dynalite/db/conditionParser.js';
import { parse as parseProjection } from 'dynalite/db/projectionParser.js';
import { parse as parseUpdate } from 'dynalite/db/updateParser.js';
import { checkCondition } from './conditions';
import { validation } from './errors';
import { isReserved } from './reserved-words';
import { inOrderOfEffect } from './updates';
import { compareValues, storedValue, typeOf } from './values';
import type { AttributeValue, Item, ValueType } from './values';

export type Path = (string | number)[];

/** Stands in the tree for an expression attribute value: its name finds the request's own. */
export interface ValueReference extends AttributeValue {
  reference: string;
}

export interface FunctionNode {
  type: string;
  name: string;
  args: Operand[];
}

/** A path, a value, or what a function or arithmetic answers. */
export type Operand = Path | ValueReference | FunctionNode;

export interface ConditionNode {
  type: string;
  name?: string;
  args: (ConditionNode | Operand)[];
}

export interface ParsedCondition {
  expression: ConditionNode;
  nestedPaths: Record<string, true>;
  pathHeads: Record<string, true>;
}

export interface UpdateSection {
  type: 'set' | 'remove' | 'add' | 'delete';
  path: Path;
  val: Operand;
  attrType?: ValueType | null;
}

export interface ParsedUpdate {
  sections: UpdateSection[];
  paths: Path[];
  nestedPaths: Record<string, true>;
}

export interface ParsedProjection {
  paths: Path[];
  nestedPaths: Record<string, true>;
}

interface Parsed<T> {
  tree: T;
  namesUsed: readonly string[];
  valuesUsed: readonly string[];
}

const parsers = { condition: parseCondition, update: parseUpdate, projection: parseProjection };
type Kind = keyof typeof parsers;

const keptExpressions = 5000;
const kept = new Map<string, Parsed<unknown>>();
const typeNames = new Set(['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M']);

/** The tree depends on a value's type alone, except that `attribute_type` wants the name of a type. */
function standIn(reference: string, value: AttributeValue): ValueReference {
  const type = typeOf(value);
  const shape = type === 'S' && typeNames.has(value.S as string) ? value.S : reference;
  return { [type]: shape, reference } as ValueReference;
}

function signature(values: Item): string {
  let text = '';
  for (const name in values) {
    const value = values[name] as AttributeValue;
    const type = typeOf(value);
    text += `${name}=${type === 'S' && typeNames.has(value.S as string) ? `S ${value.S}` : type};`;
  }
  return text;
}

const namesSignature = (names: Record<string, string>): string => {
  let text = '';
  for (const name in names) text += `${name}=${names[name]};`;
  return text;
};

const doubleNegation = /(^|\(|\bAND\b|\bOR\b)(\s*)NOT\s+NOT(?=[\s(])/gi;

/** The parser knows one NOT before a condition; AWS knows any number. */
function withoutDoubleNegation(text: string): string {
  const shorter = text.replace(doubleNegation, '$1$2');
  return shorter === text ? text : withoutDoubleNegation(shorter);
}

function run(
  kind: Kind,
  text: string,
  names: Record<string, string>,
  values: Item,
  greater: typeof compareValues,
): Parsed<unknown> | string {
  const unusedAttrNames: Record<string, true> = {};
  const unusedAttrVals: Record<string, true> = {};
  for (const name in names) unusedAttrNames[name] = true;
  for (const name in values) unusedAttrVals[name] = true;
  const compare = (_comparison: string, left: unknown, right: unknown): boolean =>
    (greater(left as AttributeValue, right as AttributeValue) ?? 0) > 0;
  let tree: unknown;
  try {
    tree = parsers[kind](kind === 'condition' ? withoutDoubleNegation(text) : text, {
      context: { attrNames: names, attrVals: values, unusedAttrNames, unusedAttrVals, isReserved, compare },
    });
  } catch (error) {
    if ((error as Error).name !== 'SyntaxError') throw error;
    return `Syntax error; ${(error as Error).message}`;
  }
  if (typeof tree === 'string') return tree;
  if (kind === 'update') (tree as ParsedUpdate).sections = inOrderOfEffect((tree as ParsedUpdate).sections);
  return {
    tree,
    namesUsed: Object.keys(names).filter((name) => !(name in unusedAttrNames)),
    valuesUsed: Object.keys(values).filter((name) => !(name in unusedAttrVals)),
  };
}

function parse<T>(kind: Kind, parameter: string, text: string, names: Record<string, string>, values: Item): Parsed<T> {
  const key = `${kind} ${text} ${namesSignature(names)} ${signature(values)}`;
  const known = kept.get(key);
  if (known !== undefined) return known as Parsed<T>;
  if (text === '') throw validation(`Invalid ${parameter}: The expression can not be empty;`);
  const standIns = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, standIn(name, value)]));
  const parsed = run(kind, text, names, standIns, () => 0);
  if (typeof parsed === 'string') {
    // Once more with the values themselves: messages quote them.
    const message = run(kind, text, names, values, compareValues);
    throw validation(`Invalid ${parameter}: ${typeof message === 'string' ? message : parsed}`);
  }
  if (kept.size >= keptExpressions) kept.clear();
  kept.set(key, parsed);
  return parsed as Parsed<T>;
}

export interface ExpressionRequest {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  UpdateExpression?: string;
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
}

export interface Expressions {
  update?: ParsedUpdate;
  condition?: ParsedCondition;
  keyCondition?: ParsedCondition;
  filter?: ParsedCondition;
  projection?: ParsedProjection;
  values: Item;
}

const namePattern = /^#[0-9a-zA-Z_]+$/;
const valuePattern = /^:[0-9a-zA-Z_]+$/;

function checkedNames(names: Record<string, string>): void {
  let any = false;
  for (const name in names) {
    any = true;
    if (!namePattern.test(name)) throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${name}"`);
  }
  if (!any) throw validation('ExpressionAttributeNames must not be empty');
}

function checkedValues(values: Item): Item {
  const checked: Item = {};
  let any = false;
  for (const name in values) {
    any = true;
    if (!valuePattern.test(name)) throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`);
    try {
      checked[name] = storedValue(values[name] as AttributeValue);
    } catch (error) {
      throw validation(`ExpressionAttributeValues contains invalid value: ${(error as Error).message} for key ${name}`);
    }
  }
  if (!any) throw validation('ExpressionAttributeValues must not be empty');
  return checked;
}

function refuseUnused(given: object, used: ReadonlySet<string>, parameter: string): void {
  const unused = Object.keys(given).filter((name) => !used.has(name));
  if (unused.length > 0) throw validation(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}

const kinds = [
  ['UpdateExpression', 'update', 'update'],
  ['ConditionExpression', 'condition', 'condition'],
  ['KeyConditionExpression', 'keyCondition', 'condition'],
  ['FilterExpression', 'filter', 'condition'],
  ['ProjectionExpression', 'projection', 'projection'],
] as const;

const noNames: Record<string, string> = {};
const noValues: Item = {};

/** Parses and checks every expression of a request together: each name and value must be used by one of them. */
export function parseExpressions(request: ExpressionRequest): Expressions {
  const { ExpressionAttributeNames: givenNames, ExpressionAttributeValues: givenValues } = request;
  const present = kinds.filter(([parameter]) => request[parameter] !== undefined);
  if (present.length === 0) {
    if (givenNames !== undefined) throw validation('ExpressionAttributeNames can only be specified when using expressions');
    if (givenValues !== undefined) throw validation('ExpressionAttributeValues can only be specified when using expressions');
    return { values: noValues };
  }
  if (givenNames !== undefined) checkedNames(givenNames);
  const names = givenNames ?? noNames;
  const values = givenValues === undefined ? noValues : checkedValues(givenValues);
  const expressions: Record<string, unknown> & { values: Item } = { values };
  const namesUsed = new Set<string>();
  const valuesUsed = new Set<string>();
  for (const [parameter, member, kind] of present) {
    const parsed = parse(kind, parameter, request[parameter] as string, names, values);
    expressions[member] = parsed.tree;
    for (const name of parsed.namesUsed) namesUsed.add(name);
    for (const name of parsed.valuesUsed) valuesUsed.add(name);
    if (kind === 'condition') checkCondition((parsed.tree as ParsedCondition).expression, values, parameter);
  }
  if (givenNames !== undefined) refuseUnused(givenNames, namesUsed, 'ExpressionAttributeNames');
  if (givenValues !== undefined) refuseUnused(givenValues, valuesUsed, 'ExpressionAttributeValues');
  return expressions as unknown as Expressions;
}
