import { AwsError } from '../../cloud/types';
import { compilePattern, type EventPattern } from '../eventbridge/pattern';

/** Whether a record goes to the function: any of the filters of the event source takes it. */
export type RecordFilter = (record: unknown) => boolean;

export function recordFilter(criteria: unknown): RecordFilter | undefined {
  const filters = (criteria as { Filters?: { Pattern?: unknown }[] } | undefined)?.Filters ?? [];
  if (filters.length === 0) return undefined;
  const patterns = filters.map(({ Pattern }) => compiled(Pattern));
  return (record) => patterns.some((matches) => matches(record));
}

function compiled(pattern: unknown): EventPattern {
  try {
    return compilePattern(typeof pattern === 'string' ? (JSON.parse(pattern) as unknown) : pattern);
  } catch (error) {
    throw new AwsError('InvalidParameterValueException', `Invalid filter pattern definition. (${(error as Error).message})`);
  }
}

/** A queue's record as filters see it: a body that is JSON counts as what it says. */
export function withParsedBody(record: { body: string }): unknown {
  try {
    return { ...record, body: JSON.parse(record.body) as unknown };
  } catch {
    return record;
  }
}
