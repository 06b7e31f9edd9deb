import type { Cell, FeatureLayout } from '../types';
import { hash32 } from '../count';

/** Categories with a cell of their own. */
export const TOP_CATEGORIES = 50;
/** Beyond this many values nobody can say which are new. */
const MOST_KNOWN = 5_000;

/** Rows by value. */
export type Tally = Map<string, number>;

export function tallyOf(cells: Iterable<Cell>): Tally {
  const tally: Tally = new Map();
  for (const cell of cells) {
    const value = categoryOf(cell);
    if (value !== undefined) tally.set(value, (tally.get(value) ?? 0) + 1);
  }
  return tally;
}

export const categoryOf = (cell: Cell | undefined): string | undefined =>
  typeof cell === 'string' ? cell : typeof cell === 'number' ? String(cell) : undefined;

/** The most frequent values by `ranking`; every value of `all` is known. */
export function categoricalLayout(name: string, of: string, all: Tally, ranking: Tally, isWhole = true): FeatureLayout {
  const categories = [...ranking]
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .slice(0, TOP_CATEGORIES)
    .map(([value]) => value);
  const known =
    isWhole && all.size > 0 && all.size <= MOST_KNOWN ? [...new Set([...all.keys()].map(hash32))].sort((a, b) => a - b) : undefined;
  return { name, of, kind: 'categorical', categories, ...(known === undefined ? {} : { known }) };
}
