import { UnsupportedError } from '../../cloud/types';
import type { Members } from '../../cloud/types';

/** Whether a subscription gets a message with these attributes. */
export type MessageFilter = (attributes: Record<string, Members>) => boolean;

type Value = string | number | boolean | null;

const isValue = (value: unknown): value is Value => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/**
 * A filter policy over message attributes: exact values and `exists`, any of them per attribute, all attributes. A message without any
 * attribute passes no policy, `exists: false` included: so AWS documents it.
 */
export function messageFilter(policy: unknown, subscription: string): MessageFilter {
  const parsed = typeof policy === 'string' ? (JSON.parse(policy) as unknown) : policy;
  const attributes = Object.entries((parsed ?? {}) as Record<string, unknown>).map(([name, conditions]) => {
    if (!Array.isArray(conditions) || conditions.length === 0) {
      throw new UnsupportedError(`${subscription}: filter policy of ${name} is no list of values. Give a list.`);
    }
    return { name, conditions: conditions.map((condition) => conditionOf(condition, name, subscription)) };
  });
  return (given) =>
    Object.keys(given).length > 0 &&
    attributes.every(({ name, conditions }) =>
      conditions.some((fits) => fits(given[name] === undefined ? undefined : valuesOf(given[name]))),
    );
}

type Condition = (values: Value[] | undefined) => boolean;

function conditionOf(condition: unknown, name: string, subscription: string): Condition {
  if (isValue(condition)) return (values) => values?.includes(condition) === true;
  const { exists, ...others } = condition as Record<string, unknown>;
  if (typeof exists === 'boolean' && Object.keys(others).length === 0) return (values) => (values !== undefined) === exists;
  throw new UnsupportedError(
    `${subscription}: the filter ${JSON.stringify(condition)} of ${name} is not supported. Use exact values, or { "exists": true | false }.`,
  );
}

/** Bytes are ignored, as SNS does. */
function valuesOf({ DataType: type, StringValue: text }: Members): Value[] {
  if (text === undefined) return [];
  if (type === 'Number') return [Number(text)];
  if (type !== 'String.Array') return [text as string];
  const parsed = JSON.parse(text as string) as Value | Value[];
  return Array.isArray(parsed) ? parsed : [parsed];
}
