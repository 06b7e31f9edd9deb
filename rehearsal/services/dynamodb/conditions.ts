import { validation } from './errors';
import { valueAt } from './paths';
import type { ConditionNode, FunctionNode, Operand, ValueReference } from './parse';
import { beginsWith, compareValues, containsValue, sameValue, sizeOf, typeOf } from './values';
import type { AttributeValue, Item } from './values';

/** The request's own value behind the stand-in of a kept tree. */
export const valueOf = (reference: ValueReference, values: Item): AttributeValue => values[reference.reference] as AttributeValue;

const isFunction = (operand: Operand): operand is FunctionNode => 'args' in operand;

function resolve(operand: Operand, item: Item, values: Item): AttributeValue | undefined {
  if (Array.isArray(operand)) return valueAt(operand, item);
  if (!isFunction(operand)) return valueOf(operand, values);
  const measured = resolve(operand.args[0] as Operand, item, values);
  const size = measured === undefined ? undefined : sizeOf(measured);
  return size === undefined ? undefined : { N: String(size) };
}

type Comparison = (left: AttributeValue | undefined, right: AttributeValue | undefined) => boolean;

const ordered =
  (holds: (order: number) => boolean): Comparison =>
  (left, right) => {
    const order = left === undefined || right === undefined ? undefined : compareValues(left, right);
    return order !== undefined && holds(order);
  };

const equal: Comparison = (left, right) => left !== undefined && right !== undefined && sameValue(left, right);

const comparisons: Record<string, Comparison> = {
  '=': equal,
  '<>': (left, right) => !equal(left, right),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
};

/** Bounds given as values are checked when the request comes, as DynamoDB does; those in the item are not. */
function checkBounds(low: Operand, high: Operand, values: Item, parameter: string): void {
  if (Array.isArray(low) || Array.isArray(high) || isFunction(low) || isFunction(high)) return;
  const [from, to] = [valueOf(low, values), valueOf(high, values)];
  if ((compareValues(from, to) ?? 0) <= 0) return;
  const quote = (value: AttributeValue): string => `AttributeValue: {${typeOf(value)}:${String(Object.values(value)[0])}}`;
  throw validation(
    `Invalid ${parameter}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ` +
      `lower bound operand: ${quote(from)}, upper bound operand: ${quote(to)}`,
  );
}

function holdsFunction(name: string | undefined, subject: AttributeValue | undefined, argument: AttributeValue | undefined): boolean {
  if (name === 'attribute_exists') return subject !== undefined;
  if (name === 'attribute_not_exists') return subject === undefined;
  if (subject === undefined || argument === undefined) return false;
  if (name === 'attribute_type') return typeOf(subject) === argument.S;
  return name === 'begins_with' ? beginsWith(subject, argument) : containsValue(subject, argument);
}

export function holds(node: ConditionNode, item: Item, values: Item): boolean {
  const { type, args } = node;
  if (type === 'and') return holds(args[0] as ConditionNode, item, values) && holds(args[1] as ConditionNode, item, values);
  if (type === 'or') return holds(args[0] as ConditionNode, item, values) || holds(args[1] as ConditionNode, item, values);
  if (type === 'not') return !holds(args[0] as ConditionNode, item, values);
  const at = (index: number): AttributeValue | undefined =>
    args[index] === undefined ? undefined : resolve(args[index] as Operand, item, values);
  if (type === 'function') return holdsFunction(node.name, at(0), at(1));
  if (type === 'in') {
    const subject = at(0);
    return args.slice(1).some((candidate) => equal(subject, resolve(candidate as Operand, item, values)));
  }
  if (type === 'between') {
    const subject = at(0);
    return (comparisons['>='] as Comparison)(subject, at(1)) && (comparisons['<='] as Comparison)(subject, at(2));
  }
  return (comparisons[type] as Comparison)(at(0), at(1));
}

/** Only texts, numbers and bytes have an order: a value of another type is refused when the request comes, an attribute is just not ordered. */
function checkOrdered(type: string, args: readonly Operand[], values: Item, parameter: string): void {
  for (const operand of args) {
    if (Array.isArray(operand) || isFunction(operand)) continue;
    const given = typeOf(valueOf(operand, values));
    if (given === 'S' || given === 'N' || given === 'B') continue;
    throw validation(
      `Invalid ${parameter}: Incorrect operand type for operator or function; operator or function: ${type.toUpperCase()}, operand type: ${given}`,
    );
  }
}

const ordering = new Set(['<', '<=', '>', '>=', 'between']);

/** What depends on the request's values and not on the item: checked once, before anything is read. */
export function checkCondition(node: ConditionNode, values: Item, parameter: string): void {
  if (ordering.has(node.type)) checkOrdered(node.type, node.args as Operand[], values, parameter);
  if (node.type === 'between') checkBounds(node.args[1] as Operand, node.args[2] as Operand, values, parameter);
  if (node.type !== 'and' && node.type !== 'or' && node.type !== 'not') return;
  for (const part of node.args) checkCondition(part as ConditionNode, values, parameter);
}
