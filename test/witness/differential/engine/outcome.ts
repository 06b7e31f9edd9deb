import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './sides';

/** What one call came to, in a form that can be compared: the answer without what must differ, or the error by its code. */
export type Outcome =
  { answer: unknown } | { error: string; status: number | undefined; reasons?: (string | undefined)[]; message: string };

/** Bytes as text, no metadata, no members without a value. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name, member]) => name !== '$metadata' && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

interface ServiceError extends Error {
  $fault?: string;
  $metadata?: { httpStatusCode?: number };
  CancellationReasons?: { Code?: string }[];
}

export async function outcomeOf(call: Promise<Answer>, view: (answer: Answer) => unknown = plain): Promise<Outcome> {
  try {
    return { answer: view(await call) };
  } catch (error) {
    const { name, $fault, $metadata, message, CancellationReasons: reasons } = error as ServiceError;
    if ($fault === undefined) throw error;
    const status = $metadata?.httpStatusCode;
    return { error: name, status, ...(reasons === undefined ? {} : { reasons: reasons.map(({ Code }) => Code) }), message };
  }
}

/** Messages help whoever reads a difference; they are worded as each side likes. */
export function sameOutcome(left: Outcome, right: Outcome): boolean {
  const compared = (outcome: Outcome): unknown => ('error' in outcome ? { ...outcome, message: '' } : outcome.answer);
  return isDeepStrictEqual(compared(left), compared(right));
}
