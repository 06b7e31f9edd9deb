import { amountText, fits } from '../amounts';
import type { ExpectationOutcome } from '../result';
import type { Amount } from '../schema-parts';
import { shown } from '../partial';

/** `seen` is told only where the expectation does not hold. */
export const outcome = (where: string, text: string, held: boolean, seen: string): ExpectationOutcome =>
  held ? { where, text, held } : { where, text, held, seen };

const MOST_SHOWN = 3;

/** What there was, the first few of it. */
export function listed(values: readonly unknown[], none: string): string {
  if (values.length === 0) return none;
  const more = values.length > MOST_SHOWN ? ` … (${values.length})` : '';
  return values.slice(0, MOST_SHOWN).map(shown).join('; ') + more;
}

/** So many of these are as they are wanted; where they are not, what there is instead. */
export function counted<T>(
  where: string,
  what: string,
  wanted: Amount | undefined,
  all: readonly T[],
  isWanted: (one: T) => boolean,
  words: (one: T) => unknown,
): ExpectationOutcome {
  const found = all.filter(isWanted);
  const held = fits(found.length, wanted);
  // Too many: those that fit; too few: those that there are.
  const tooMany = found.length > 0;
  const seen = `${found.length}${tooMany ? '' : all.length === 0 ? '' : `, but ${all.length} others`}: ${listed((tooMany ? found : all).map(words), 'nothing')}`;
  return outcome(where, `${what}: ${amountText(wanted)}`, held, seen);
}

/** The members that are given, in words. */
export const members = (given: Record<string, unknown>): string =>
  Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ');
