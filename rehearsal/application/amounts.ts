import type { Amount } from './schema-parts';

/** Without an amount at least one is wanted. */
export function fits(count: number, wanted: Amount | undefined): boolean {
  if (wanted === undefined) return count > 0;
  if (typeof wanted === 'number') return count === wanted;
  return count >= (wanted.atLeast ?? 0) && count <= (wanted.atMost ?? Number.POSITIVE_INFINITY);
}

export function amountText(wanted: Amount | undefined): string {
  if (wanted === undefined) return 'at least 1';
  if (typeof wanted === 'number') return String(wanted);
  const { atLeast, atMost } = wanted;
  if (atLeast === undefined) return `at most ${atMost}`;
  return atMost === undefined ? `at least ${atLeast}` : `${atLeast} to ${atMost}`;
}
