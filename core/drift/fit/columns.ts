import type { DriftPolicy } from '../../contracts/drift';
import { type Derived, derivationsOf, derivedCell, type SampleRow } from '../count';
import type { Cell } from '../types';
import { categoryOf, type Tally, tallyOf } from './categories';

/** A feature of the layout with its cells, in the order of the rows. */
export interface Column extends Derived {
  of: string;
  cells: Cell[];
  /** Of categories: rows by value. */
  tally: Tally;
  /** Of categories: rows whose value no other row has. */
  once: Set<SampleRow>;
}

export function columnsOf(rows: SampleRow[], { features }: DriftPolicy, vocabularies: Record<string, number[]>): Column[] {
  return features.flatMap((feature, index) => {
    const vocabulary = new Set(vocabularies[feature.name]);
    return derivationsOf(feature).map((derived): Column => {
      const cells = rows.map((row) => derivedCell(row.cells[index] ?? null, derived.derivation, vocabulary));
      const tally = derived.kind === 'categorical' ? tallyOf(cells) : new Map<string, number>();
      const once = new Set(rows.filter((_, row) => tally.get(categoryOf(cells[row]) ?? '') === 1 && categoryOf(cells[row]) !== undefined));
      return { ...derived, of: feature.name, cells, tally, once };
    });
  });
}

export const numberOf = (cell: Cell | undefined): number | undefined => (typeof cell === 'number' ? cell : undefined);
