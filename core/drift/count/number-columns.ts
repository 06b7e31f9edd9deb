import type { FeaturePolicy } from '../../contracts/drift';
import { type Cell, type FeatureCounts, MISSING } from '../types';
import { CellFinder, GRID } from './histogram';
import type { Reconstruction } from './joint';

/** A numeric feature of the layout that is no part of a text. */
export interface NumberColumn {
  /** Index in `Row.cells`. */
  cell: number;
  edges: number[];
  range: Pick<FeaturePolicy, 'atLeast' | 'atMost'>;
  /** Index among the features of the joint layout, or -1. */
  joint: number;
}

/** Counts all numeric features of a row in flat arrays: most values are numbers, and every one of them comes through here. */
export class NumberColumns {
  private readonly cell: Int32Array;
  private readonly joint: Int32Array;
  private readonly low: Float64Array;
  private readonly scale: Float64Array;
  private readonly atLeast: Float64Array;
  private readonly atMost: Float64Array;
  /** Grids of all columns, one after the other: a cell's place in `counts`, or one before it. */
  private readonly begin: Int32Array;
  /** At the place of a cell: the edge above it; none above the last. */
  private readonly edges: Float64Array;
  private readonly counts: Float64Array;
  private readonly first: number[] = [];
  private readonly missing: Float64Array;
  private readonly wrongType: Float64Array;
  private readonly outOfRange: Float64Array;

  constructor(columns: NumberColumn[]) {
    const size = columns.length;
    this.cell = Int32Array.from(columns, ({ cell }) => cell);
    this.joint = Int32Array.from(columns, ({ joint }) => joint);
    this.atLeast = Float64Array.from(columns, ({ range }) => range.atLeast ?? Number.NEGATIVE_INFINITY);
    this.atMost = Float64Array.from(columns, ({ range }) => range.atMost ?? Number.POSITIVE_INFINITY);
    const finders = columns.map(({ edges }) => new CellFinder(edges));
    this.low = Float64Array.from(finders, ({ low }) => low);
    this.scale = Float64Array.from(finders, ({ scale }) => scale);
    this.begin = new Int32Array(size * GRID);
    const edges: number[] = [];
    for (const [index, finder] of finders.entries()) {
      this.first.push(edges.length);
      for (let at = 0; at < GRID; at += 1) this.begin[index * GRID + at] = edges.length + (finder.begin[at] as number);
      edges.push(...(columns[index]?.edges ?? []), Infinity);
    }
    this.edges = Float64Array.from(edges);
    this.counts = new Float64Array(edges.length);
    this.missing = new Float64Array(size);
    this.wrongType = new Float64Array(size);
    this.outOfRange = new Float64Array(size);
  }

  add(cells: readonly Cell[], reconstruction: Reconstruction | undefined): void {
    const { cell, joint, low, scale, begin, edges, counts, atLeast, atMost } = this;
    for (let index = 0; index < cell.length; index += 1) {
      const value = cells[cell[index] as number];
      const part = joint[index] as number;
      if (part >= 0) reconstruction?.set(part, typeof value === 'number' ? value : undefined);
      if (typeof value !== 'number') {
        const tally = value === MISSING ? this.missing : this.wrongType;
        (tally[index] as number) += 1;
        continue;
      }
      const place = (value - (low[index] as number)) * (scale[index] as number);
      let at = begin[index * GRID + (place > 0 ? (place < GRID ? place | 0 : GRID - 1) : 0)] as number;
      while ((edges[at] as number) <= value) at += 1;
      (counts[at] as number) += 1;
      if (value < (atLeast[index] as number) || value > (atMost[index] as number)) (this.outOfRange[index] as number) += 1;
    }
  }

  result(index: number): FeatureCounts {
    const { counts, missing, wrongType, outOfRange, first } = this;
    return {
      cells: Array.from(counts.subarray(first[index], first[index + 1])),
      missing: missing[index] as number,
      wrongType: wrongType[index] as number,
      unseen: 0,
      outOfRange: outOfRange[index] as number,
    };
  }
}
