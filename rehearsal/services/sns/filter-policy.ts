import { AwsError } from '../../cloud/types';
import type { Members } from '../../cloud/types';
import { compilePattern, type EventPattern } from '../eventbridge/pattern';

/** What a filter policy looks at. */
export interface Filtered {
  attributes: Record<string, Members>;
  /** The text that the subscription's protocol gets. */
  message: string;
}

/** Whether a subscription gets a message. */
export type MessageFilter = (message: Filtered) => boolean;

type Value = string | number | boolean | null;

/** A filter policy over message attributes, or over the message as JSON: the operators of event patterns, but for `wildcard`. */
export function messageFilter(policy: unknown, scope: unknown): MessageFilter {
  const parsed = typeof policy === 'string' ? (JSON.parse(policy) as unknown) : policy;
  if (typeof parsed === 'object' && parsed !== null && Object.keys(parsed).length === 0) return () => true;
  const matches = compiled(parsed);
  if (scope === 'MessageBody') return ({ message }) => matches(bodyOf(message));
  // A message without any attribute passes no policy, `exists: false` included: so AWS documents it.
  return ({ attributes }) =>
    Object.keys(attributes).length > 0 &&
    matches(Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, valuesOf(value)])));
}

function compiled(policy: unknown): EventPattern {
  if (/"wildcard"\s*:/.test(JSON.stringify(policy)))
    throw new AwsError('InvalidParameterException', 'Invalid parameter: FilterPolicy: Unrecognized match type wildcard');
  try {
    return compilePattern(policy);
  } catch (error) {
    throw new AwsError('InvalidParameterException', `Invalid parameter: FilterPolicy: ${(error as Error).message}`);
  }
}

/** A message that is no JSON object passes no policy over the message. */
function bodyOf(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return {};
  }
}

/** Bytes are ignored, as SNS does. */
function valuesOf({ DataType: type, StringValue: text }: Members): Value[] {
  if (text === undefined) return [];
  if (type === 'Number') return [Number(text)];
  if (type !== 'String.Array') return [text as string];
  const parsed = JSON.parse(text as string) as Value | Value[];
  return Array.isArray(parsed) ? parsed : [parsed];
}
