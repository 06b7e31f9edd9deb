import type { DriftPolicy } from '../../contracts/drift';
import { type Derived, derivationsOf, derivedCell, type SampleRow } from '../count';
import type { Cell } from '../types';
import { type Tally, tallyOf } from './categories';

/** A feature of the layout with its values, in the order of the rows. */
export interface Column extends Derived {
  of: string;
  values: { row: SampleRow; cell: Cell }[];
  /** Of categories: rows by value. */
  tally: Tally;
  /** Of categories: rows whose value no other row has. */
  once: Set<SampleRow>;
}

export function columnsOf(rows: SampleRow[], { features }: DriftPolicy, vocabularies: Record<string, number[]>): Column[] {
  return features.flatMap((feature, index) => {
    const vocabulary = new Set(vocabularies[feature.name]);
    return derivationsOf(feature).map((derived): Column => {
      const values = rows.map((row): { row: SampleRow; cell: Cell } => {
        return { row, cell: derivedCell(row.cells[index] ?? null, derived.derivation, vocabulary) };
      });
      const tally: Tally = derived.kind === 'categorical' ? tallyOf(values.flatMap(({ cell }) => categoryOf(cell) ?? [])) : new Map();
      const once = new Set(
        values.filter(({ cell }) => tally.get(categoryOf(cell) ?? '') === 1 && categoryOf(cell) !== undefined).map(({ row }) => row),
      );
      return { ...derived, of: feature.name, values, tally, once };
    });
  });
}

export const numberOf = (cell: Cell): number | undefined => (typeof cell === 'number' ? cell : undefined);

export const categoryOf = (cell: Cell): string | undefined =>
  typeof cell === 'string' ? cell : typeof cell === 'number' ? String(cell) : undefined;
