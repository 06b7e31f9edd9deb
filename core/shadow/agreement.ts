import { search } from 'jmespath';
import { canonicalJson, sha256Hex } from '../hash';

export interface AgreementRule {
  /** Where two answers have to be the same: a JMESPath into the JSON answer; missing: the whole answer. */
  field?: string;
  /** Numbers this close agree. */
  tolerance?: number;
}

/** What is left of an answer to be compared. */
export interface Comparable {
  /** False: the answer does not have the field. */
  found: boolean;
  value?: unknown;
  /** In the place of the value, where only equal answers agree: it takes less room. */
  digest?: string;
}

/** Answers that are no JSON are compared as texts, and have no fields. */
export function comparableOf(body: string, { field, tolerance }: AgreementRule): Comparable {
  const value = valueIn(body, field);
  if (value === undefined || value === null) return { found: field === undefined };
  return tolerance === undefined ? { found: true, digest: sha256Hex(canonicalJson(value)) } : { found: true, value };
}

function valueIn(body: string, field: string | undefined): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return field === undefined ? body : undefined;
  }
  if (field === undefined) return answer;
  try {
    return search(answer, field) as unknown;
  } catch {
    // A function that does not fit what it finds: the answer does not have such a field.
    return undefined;
  }
}

/** Throws where the field is given, and is no JMESPath. */
export function checkField(field: string | undefined): void {
  if (field === undefined) return;
  try {
    search({}, field);
  } catch (error) {
    // A function that finds nothing to work on is no mistake in the expression.
    if (!(error instanceof Error) || error.message.startsWith('TypeError')) return;
    throw new Error(
      `shadow.agreement.field is '${field}', which is no JMESPath (${error.message}): give one such as label or scores[0].value`,
      { cause: error },
    );
  }
}

export function agree(one: Comparable, other: Comparable, tolerance: number | undefined): boolean {
  if (one.found !== other.found) return false;
  return tolerance === undefined ? one.digest === other.digest : isClose(one.value, other.value, tolerance);
}

function isClose(one: unknown, other: unknown, tolerance: number): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) <= tolerance;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isClose(item, other[index], tolerance));
  }
  if (isMapping(one) && isMapping(other)) {
    const keys = Object.keys(one);
    const same = keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key));
    return same && keys.every((key) => isClose(one[key], other[key], tolerance));
  }
  return one === other;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
