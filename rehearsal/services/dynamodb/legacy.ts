import type { Members } from '../../cloud/types';
import { validation } from './errors';
import type { AttributeValue } from './values';

const legacyParameters = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

const expressionParameters = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];

/** A condition of the older parameters: `Expected` also knows `Value` and `Exists` alone. */
interface LegacyCondition {
  ComparisonOperator?: string;
  AttributeValueList?: AttributeValue[];
  Value?: AttributeValue;
  Exists?: boolean;
}

/** Collects the names and values that the expressions of one request refer to. */
class Words {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  private count = 0;

  name(attribute: string): string {
    const word = `#legacy${(this.count += 1)}`;
    this.names[word] = attribute;
    return word;
  }

  value(value: AttributeValue): string {
    const word = `:legacy${(this.count += 1)}`;
    this.values[word] = value;
    return word;
  }
}

/** The same request in expressions, where it speaks in the older parameters; most do not, and come back as they are. */
export function withoutLegacy(input: Members): Members {
  if (!speaksLegacy(input)) return input;
  const used = legacyParameters.filter((parameter) => input[parameter] !== undefined);
  const mixed = expressionParameters.filter((parameter) => input[parameter] !== undefined);
  if (mixed.length > 0) {
    throw validation(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${used.join(', ')}} Expression parameters: {${mixed.join(', ')}}`,
    );
  }
  const words = new Words();
  const expressions: Members = {
    ProjectionExpression: projection(input['AttributesToGet'] as string[] | undefined, words),
    UpdateExpression: update(input['AttributeUpdates'] as Record<string, Members> | undefined, words),
    ConditionExpression: joined(input, 'Expected', words),
    KeyConditionExpression: joined({ KeyConditions: input['KeyConditions'] as unknown }, 'KeyConditions', words),
    FilterExpression: joined(input, input['QueryFilter'] === undefined ? 'ScanFilter' : 'QueryFilter', words),
  };
  const kept = Object.fromEntries(Object.entries(input).filter(([name]) => !legacyParameters.includes(name)));
  return {
    ...kept,
    ...Object.fromEntries(Object.entries(expressions).filter(([, text]) => text !== undefined)),
    ...(Object.keys(words.names).length === 0 ? {} : { ExpressionAttributeNames: words.names }),
    ...(Object.keys(words.values).length === 0 ? {} : { ExpressionAttributeValues: words.values }),
  };
}

/** Asked of every request: allocates nothing. */
function speaksLegacy(input: Members): boolean {
  for (const parameter of legacyParameters) if (input[parameter] !== undefined) return true;
  return false;
}

function projection(attributes: string[] | undefined, words: Words): string | undefined {
  return attributes?.map((attribute) => words.name(attribute)).join(', ');
}

function update(updates: Record<string, Members> | undefined, words: Words): string | undefined {
  if (updates === undefined || Object.keys(updates).length === 0) return undefined;
  const clauses: Record<string, string[]> = { SET: [], ADD: [], DELETE: [], REMOVE: [] };
  for (const [attribute, { Action: action = 'PUT', Value: value }] of Object.entries(updates)) {
    const name = words.name(attribute);
    if (action === 'DELETE' && value === undefined) clauses['REMOVE']!.push(name);
    else if (value === undefined)
      throw validation(`One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified`);
    else if (action === 'PUT') clauses['SET']!.push(`${name} = ${words.value(value as AttributeValue)}`);
    else clauses[action as string]?.push(`${name} ${words.value(value as AttributeValue)}`);
  }
  return Object.entries(clauses)
    .filter(([, parts]) => parts.length > 0)
    .map(([clause, parts]) => `${clause} ${parts.join(', ')}`)
    .join(' ');
}

/** The conditions of a parameter, which all must hold unless the request says `OR`. */
function joined(input: Members, parameter: string, words: Words): string | undefined {
  const conditions = Object.entries((input[parameter] ?? {}) as Record<string, LegacyCondition>);
  if (conditions.length === 0) return undefined;
  return conditions
    .map(([attribute, one]) => condition(words.name(attribute), one, words))
    .join(` ${String(input['ConditionalOperator'] ?? 'AND')} `);
}

const comparators: Record<string, string> = { EQ: '=', NE: '<>', LE: '<=', LT: '<', GE: '>=', GT: '>' };

/** Operators by how many values they take; undefined: any number from one on. */
const operands: Record<string, number | undefined> = {
  EQ: 1,
  NE: 1,
  LE: 1,
  LT: 1,
  GE: 1,
  GT: 1,
  BETWEEN: 2,
  NOT_NULL: 0,
  NULL: 0,
  CONTAINS: 1,
  NOT_CONTAINS: 1,
  BEGINS_WITH: 1,
  IN: undefined,
};

function condition(name: string, given: LegacyCondition, words: Words): string {
  const operator = given.ComparisonOperator ?? (given.Exists === false ? 'NULL' : 'EQ');
  const list = given.AttributeValueList ?? (given.Value === undefined ? [] : [given.Value]);
  const wanted = operands[operator];
  if (list.length !== (wanted ?? Math.max(1, list.length))) {
    throw validation(`One or more parameter values were invalid: Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const [first = '', second = ''] = list.map((value) => words.value(value));
  const comparator = comparators[operator];
  if (comparator !== undefined) return `${name} ${comparator} ${first}`;
  switch (operator) {
    case 'BETWEEN':
      return `${name} BETWEEN ${first} AND ${second}`;
    case 'NOT_NULL':
      return `attribute_exists(${name})`;
    case 'NULL':
      return `attribute_not_exists(${name})`;
    case 'CONTAINS':
      return `contains(${name}, ${first})`;
    case 'NOT_CONTAINS':
      return `NOT contains(${name}, ${first})`;
    case 'BEGINS_WITH':
      return `begins_with(${name}, ${first})`;
    default:
      return `${name} IN (${Object.keys(words.values).slice(-list.length).join(', ')})`;
  }
}
