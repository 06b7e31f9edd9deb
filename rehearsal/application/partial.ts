const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Mappings hold at least the members that are wanted; lists, texts, numbers and the like are equal. */
export function holds(actual: unknown, wanted: unknown): boolean {
  if (isMapping(wanted)) return isMapping(actual) && Object.entries(wanted).every(([key, value]) => holds(actual[key], value));
  if (!Array.isArray(wanted)) return Object.is(actual, wanted) || (actual === 0 && wanted === 0);
  return Array.isArray(actual) && actual.length === wanted.length && wanted.every((value, index) => equal(actual[index], value));
}

function equal(actual: unknown, wanted: unknown): boolean {
  if (isMapping(wanted) && isMapping(actual))
    return (
      Object.keys(actual).length === Object.keys(wanted).length && Object.entries(wanted).every(([key, value]) => equal(actual[key], value))
    );
  return isMapping(wanted) ? false : holds(actual, wanted);
}

/** A text that is wanted must be part of it; anything else is held against the JSON that it is. */
export function textHolds(actual: string, wanted: unknown): boolean {
  if (typeof wanted === 'string') return actual.includes(wanted);
  const parsed = parsedJson(actual);
  return parsed !== undefined && holds(parsed.value, wanted);
}

function parsedJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const LONGEST = 160;

/** A value as a person would recognise it, on one line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
