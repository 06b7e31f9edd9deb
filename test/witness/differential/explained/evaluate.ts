import type { Difference } from '../engine/explanation';

/** Enough of DynamoDB's expressions to see which operands meet in which item. */
export type Value = Record<string, unknown>;
export type Item = Record<string, Value>;

export interface Request {
  UpdateExpression?: string;
  ConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
  ReturnValues?: string;
  ExpressionAttributeValues?: Item;
  Item?: Item;
}

export const requestOf = ({ input }: { input: unknown }): Request => input as Request;

/** The requests of a call: those within a transaction one by one. */
export function requestsOf({ input }: { input: unknown }): Request[] {
  const inner = (input as { TransactItems?: Record<string, Request>[] }).TransactItems;
  return inner === undefined ? [input as Request] : inner.flatMap((one) => Object.values(one));
}

/** The items that were put earlier in the case, and none: what a condition meets where there is no item. */
export const itemsBefore = ({ before }: Difference): Item[] => [
  {},
  ...before.map(requestOf).flatMap(({ Item: item }) => (item === undefined ? [] : [item])),
];

const operandPattern = '(?:size\\(#?[a-d][\\w.[\\]]*\\)|:v\\d+|#?[a-d](?:\\.[xyz]|\\[\\d\\])*)';

/** An attribute value by its path, or a value of the request; undefined: not there. */
export function operandAt(operand: string, item: Item, request: Request): Value | undefined {
  if (operand.startsWith(':')) return request.ExpressionAttributeValues?.[operand];
  const steps = operand
    .replace('#', '')
    .split(/[.[\]]+/)
    .filter((step) => step !== '');
  let value: Value | undefined = { M: item };
  for (const step of steps) {
    const held = (/^\d/.test(step) ? value?.['L'] : value?.['M']) as Record<string, Value> | undefined;
    value = held?.[step];
  }
  return value;
}

/** Pairs of operands that a request's conditions hold against each other for equality. */
export function comparedPairs(request: Request): [string, string][] {
  const text = `${request.ConditionExpression ?? ''} ${request.FilterExpression ?? ''}`;
  const equalities = [...text.matchAll(new RegExp(`(${operandPattern}) (?:=|<>) (${operandPattern})`, 'g'))].map(
    ([, left, right]): [string, string] => [left!, right!],
  );
  const lists = [...text.matchAll(new RegExp(`(${operandPattern}) IN \\(([^)]*)\\)`, 'g'))].flatMap(([, subject, list]) =>
    list!.split(', ').map((member): [string, string] => [subject!, member]),
  );
  return [...equalities, ...lists];
}

export function measuredPaths(request: Request): string[] {
  const text = `${request.ConditionExpression ?? ''} ${request.FilterExpression ?? ''}`;
  return [...text.matchAll(/size\(([^)]*)\)/g)].map(([, path]) => path!);
}
