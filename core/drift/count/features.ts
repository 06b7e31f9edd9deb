import type { FeaturePolicy } from '../../contracts/drift';
import type { FeatureCounts, FeatureLayout } from '../types';
import { hash32 } from './hash';
import { CellFinder } from './histogram';

/** Counts what one feature of the layout has. */
export interface FeatureTally {
  number(value: number): void;
  text(value: string): void;
  missing(): void;
  wrongType(): void;
  result(): FeatureCounts;
}

/** A number that is derived from a text. */
export class NumericTally implements FeatureTally {
  private readonly finder: CellFinder;
  private readonly cells: Float64Array;
  private missed = 0;
  private wrong = 0;

  constructor({ edges }: Extract<FeatureLayout, { kind: 'numeric' }>) {
    this.finder = new CellFinder(edges);
    this.cells = new Float64Array(edges.length + 1);
  }

  number(value: number): void {
    (this.cells[this.finder.find(value)] as number) += 1;
  }

  /** A number is wanted. */
  text(): void {
    this.wrong += 1;
  }

  missing(): void {
    this.missed += 1;
  }

  wrongType(): void {
    this.wrong += 1;
  }

  result(): FeatureCounts {
    return { cells: Array.from(this.cells), missing: this.missed, wrongType: this.wrong, unseen: 0, outOfRange: 0 };
  }
}

export class CategoricalTally implements FeatureTally {
  private readonly index: Map<string, number>;
  private readonly cells: Float64Array;
  private readonly known: Set<number> | undefined;
  private readonly allowed: Set<string> | undefined;
  private missed = 0;
  private wrong = 0;
  private notSeen = 0;
  private outside = 0;

  constructor({ categories, known }: Extract<FeatureLayout, { kind: 'categorical' }>, { oneOf }: Pick<FeaturePolicy, 'oneOf'>) {
    this.index = new Map(categories.map((category, at) => [category, at]));
    this.cells = new Float64Array(categories.length + 1);
    this.known = known === undefined ? undefined : new Set(known);
    this.allowed = oneOf === undefined ? undefined : new Set(oneOf);
  }

  number(value: number): void {
    this.text(String(value));
  }

  text(value: string): void {
    const at = this.index.get(value);
    (this.cells[at ?? this.cells.length - 1] as number) += 1;
    if (at === undefined && this.known?.has(hash32(value)) === false) this.notSeen += 1;
    if (this.allowed?.has(value) === false) this.outside += 1;
  }

  missing(): void {
    this.missed += 1;
  }

  wrongType(): void {
    this.wrong += 1;
  }

  result(): FeatureCounts {
    return {
      cells: Array.from(this.cells),
      missing: this.missed,
      wrongType: this.wrong,
      unseen: this.notSeen,
      outOfRange: this.outside,
    };
  }
}
