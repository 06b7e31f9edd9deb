import type { DriftPolicy, FeaturePolicy } from '../../contracts/drift';
import { type Derived, derivationsOf, derivedCell, type SampleRow } from '../count';
import type { Cell } from '../types';
import { categoryOf, type Naming, PRIVATE, type Tally, tallyOf } from './categories';

/** A feature of the layout with its cells, in the order of the rows. */
export interface Column extends Derived {
  of: string;
  cells: Cell[];
  naming: Naming;
  /** Of categories: rows by value. */
  tally: Tally;
  /** Of categories: rows whose value no other row has. */
  once: Set<SampleRow>;
}

export function columnsOf(rows: SampleRow[], { features }: DriftPolicy, vocabularies: Record<string, number[]>): Column[] {
  return features.flatMap((feature, index) => {
    const vocabulary = new Set(Object.hasOwn(vocabularies, feature.name) ? vocabularies[feature.name] : []);
    return derivationsOf(feature).map((derived): Column => {
      const cells = rows.map((row) => derivedCell(row.cells[index] ?? null, derived.derivation, vocabulary));
      const isCategorical = derived.kind === 'categorical';
      const tally: Tally = isCategorical ? tallyOf(cells) : new Map();
      const isOnce = (cell: Cell | undefined): boolean => tally.get(categoryOf(cell) ?? '') === 1 && categoryOf(cell) !== undefined;
      const once = new Set(isCategorical ? rows.filter((_, row) => isOnce(cells[row])) : []);
      return { ...derived, of: feature.name, naming: namingOf(feature, derived), cells, tally, once };
    });
  });
}

/** Languages, and whether a model refuses, are nobody's. */
const namingOf = ({ oneOf = [] }: FeaturePolicy, { derivation }: Derived): Naming =>
  derivation === undefined ? { ...PRIVATE, always: oneOf } : { fewestRows: 1 };

export const numberOf = (cell: Cell | undefined): number | undefined => (typeof cell === 'number' ? cell : undefined);
