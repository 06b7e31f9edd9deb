import { valueOf } from './conditions';
import { validation } from './errors';
import { sortable } from './keys';
import type { KeyAttribute, KeySchema } from './keys';
import type { ConditionNode, Operand, Path, ValueReference } from './parse';
import type { AttributeValue, Item } from './values';

interface KeyTerm {
  attribute: string;
  operator: string;
  values: AttributeValue[];
}

/** The part of a partition that a query asks for, in sortable form. */
export interface SortRange {
  matches(sort: string): boolean;
  /** First sort key that can match. */
  from: string;
}

export interface KeyCondition {
  partition: AttributeValue;
  range: SortRange;
}

const mirrored: Record<string, string> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const refusedOperators = ['or', 'not', 'in', '<>'];

const invalid = (message: string): Error => validation(`Invalid KeyConditionExpression: ${message}`);

function isPath(operand: Operand | ConditionNode | undefined): operand is Path {
  return Array.isArray(operand);
}

function term(node: ConditionNode, values: Item): KeyTerm {
  const operator = node.type === 'function' ? (node.name as string) : node.type;
  if (refusedOperators.includes(operator)) throw invalid(`Invalid operator used in KeyConditionExpression: ${operator.toUpperCase()}`);
  if (node.type === 'function' && operator !== 'begins_with') {
    throw invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
  }
  const { args } = node;
  const paths = args.filter(isPath);
  if (args.some((argument) => !isPath(argument) && 'args' in argument)) {
    throw invalid('KeyConditionExpressions cannot contain nested operations');
  }
  if (paths.length === 0) throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  if (paths.length > 1) throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  const [path] = paths as [Path];
  if (path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  const first = isPath(args[0]);
  if (!first && mirrored[operator] === undefined) {
    throw invalid(
      `Invalid condition in KeyConditionExpression: ${operator === 'between' ? 'BETWEEN' : operator} operator must have the key attribute as its first operand`,
    );
  }
  return {
    attribute: path[0] as string,
    operator: first ? operator : (mirrored[operator] as string),
    values: args.filter((argument) => !isPath(argument)).map((argument) => valueOf(argument as ValueReference, values)),
  };
}

function terms(node: ConditionNode, values: Item): KeyTerm[] {
  if (node.type !== 'and') return [term(node, values)];
  return node.args.flatMap((part) => terms(part as ConditionNode, values));
}

const everything: SortRange = { from: '', matches: () => true };

function rangeOf({ operator, values }: KeyTerm, { type }: KeyAttribute): SortRange {
  const [low, high] = values.map((value) => sortable(value, type)) as [string, string | undefined];
  switch (operator) {
    case '=':
      return { from: low, matches: (sort) => sort === low };
    case '<':
      return { from: '', matches: (sort) => sort < low };
    case '<=':
      return { from: '', matches: (sort) => sort <= low };
    case '>':
      return { from: low, matches: (sort) => sort > low };
    case '>=':
      return { from: low, matches: (sort) => sort >= low };
    case 'between':
      return { from: low, matches: (sort) => sort >= low && sort <= (high as string) };
    default:
      if (type === 'N')
        throw invalid('Incorrect operand type for operator or function; operator or function: begins_with, operand type: N');
      return { from: low, matches: (sort) => sort.startsWith(low) };
  }
}

function checkTypes(given: KeyTerm, { type }: KeyAttribute): void {
  if (given.values.every((value) => value[type] !== undefined)) return;
  throw validation('One or more parameter values were invalid: Condition parameter type does not match schema type');
}

/** Reads `pk = :pk AND sk …`; throws what DynamoDB throws where the expression asks for something else. */
export function keyCondition(expression: ConditionNode, values: Item, schema: KeySchema): KeyCondition {
  const given = new Map<string, KeyTerm>();
  for (const one of terms(expression, values)) {
    if (given.has(one.attribute)) throw invalid('KeyConditionExpressions must only contain one condition per key');
    given.set(one.attribute, one);
  }
  const partition = given.get(schema.partition.name);
  if (partition === undefined) throw validation(`Query condition missed key schema element: ${schema.partition.name}`);
  if (partition.operator !== '=') throw validation('Query key condition not supported');
  checkTypes(partition, schema.partition);
  const sort = schema.sort === undefined ? undefined : given.get(schema.sort.name);
  if (given.size > (sort === undefined ? 1 : 2)) {
    throw validation(
      schema.sort === undefined ? 'Query key condition not supported' : `Query condition missed key schema element: ${schema.sort.name}`,
    );
  }
  if (sort !== undefined) checkTypes(sort, schema.sort as KeyAttribute);
  return {
    partition: partition.values[0] as AttributeValue,
    range: sort === undefined ? everything : rangeOf(sort, schema.sort as KeyAttribute),
  };
}
