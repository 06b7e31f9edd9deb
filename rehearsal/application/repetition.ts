const PLACE = /\{\{\s*n\s*\}\}/g;

/** Each `{{n}}` in any text becomes the number of the repetition. */
export function numbered<T>(value: T, n: number): T {
  return replaced(value, String(n)) as T;
}

function replaced(value: unknown, n: string): unknown {
  if (typeof value === 'string') return value.replace(PLACE, n);
  if (Array.isArray(value)) return value.map((member) => replaced(member, n));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaced(member, n)]));
}
