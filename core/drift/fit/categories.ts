import type { Cell, FeatureLayout } from '../types';
import { hash32 } from '../count';
import { sumOf } from '../judge/two-gates';

/** Categories with a cell of their own. */
const TOP_CATEGORIES = 50;
/** Beyond this many values nobody can say which are new. */
const MOST_KNOWN = 5_000;

/** A longer value is a text. */
const LONGEST_CATEGORY = 200;
/** Share of rows whose value is about as frequent as a name takes. */
const MOST_CLOSE = 0.05;

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

/** What has a cell and a name of its own. */
export interface Naming {
  /** Values of fewer rows have no name: they may be a person's. */
  fewestRows: number;
  /** Named from one row on: what the charter itself names. */
  always?: readonly string[];
}

export const PRIVATE: Naming = { fewestRows: 10 };

/** The most frequent values by `ranking`; every value of `all` is known. */
export function categoricalLayout(name: string, of: string, all: Tally, ranking: Tally, naming: Naming, isWhole = true): FeatureLayout {
  const { fewestRows, always = [] } = naming;
  const frequent = [...ranking].filter(([value, rows]) => rows >= fewestRows && value.length <= LONGEST_CATEGORY).map(([value]) => value);
  const rowsOf = (value: string): number => ranking.get(value) ?? 0;
  const categories = [...new Set([...frequent, ...always.filter((value) => all.has(value))])]
    .sort((a, b) => rowsOf(b) - rowsOf(a) || (a < b ? -1 : 1))
    .slice(0, TOP_CATEGORIES);
  const known =
    isWhole && all.size > 0 && all.size <= MOST_KNOWN ? [...new Set([...all.keys()].map(hash32))].sort((a, b) => a - b) : undefined;
  return { name, of, kind: 'categorical', categories, ...(known === undefined ? {} : { known }) };
}

/** Whether so much hangs on which values are named that they must not be counted in the rows in which they were chosen. */
export function isRanked(tally: Tally, { fewestRows }: Naming): boolean {
  if (tally.size > TOP_CATEGORIES) return true;
  const counts = [...tally.values()];
  const close = counts.filter((rows) => rows > 0.5 * fewestRows && rows < 1.6 * fewestRows && fewestRows > 1);
  return sumOf(close) > MOST_CLOSE * sumOf(counts);
}
