import type { ComparedCell, FeatureComparison, RateComparison } from '../judge/types';
import { categoricalPicture, smallCategoricalPicture } from './categorical-picture';
import { numericPicture, smallNumericPicture } from './numeric-picture';

/** Both distributions of a feature, large or small. */
export function pictureOf({ kind, cells }: FeatureComparison, size: 'large' | 'small', label: string): string {
  const [baseline, window] = [sharesOf(cells, 'baseline'), sharesOf(cells, 'window')];
  if (kind === 'numeric') {
    const shares = { edges: cells.slice(1).map(({ from }) => from ?? Number.NaN), baseline, window };
    return size === 'large' ? numericPicture(shares, label) : smallNumericPicture(shares, label);
  }
  const shares = cells
    .map((cell, index) => ({ name: cell.label, baseline: baseline[index]!, window: window[index]! }))
    .filter((share) => share.baseline > 0 || share.window > 0);
  return size === 'large' ? categoricalPicture(shares, label) : smallCategoricalPicture(shares, label);
}

/** Nothing to draw where no row had a usable value on either side. */
export const hasValues = ({ cells }: FeatureComparison): boolean => cells.some(({ baseline, window }) => baseline + window > 0);

function sharesOf(cells: ComparedCell[], side: 'baseline' | 'window'): number[] {
  const all = cells.reduce((total, cell) => total + cell[side], 0);
  return cells.map((cell) => (all === 0 ? 0 : cell[side] / all));
}

/** Shares of rows that have no place in the picture, where there are any. */
export function sideShares(feature: FeatureComparison): { name: string; before: number; after: number }[] {
  const rates: [string, RateComparison | undefined][] = [
    ['missing', feature.missing],
    ['another type', feature.wrongType],
    ['never seen before', feature.unseen],
  ];
  const shares = rates.flatMap(([name, rate]) =>
    rate === undefined
      ? []
      : [{ name, before: share(rate.baseline.count, rate.baseline.rows), after: share(rate.window.count, rate.window.rows) }],
  );
  const out = { name: 'out of range', before: 0, after: share(feature.outOfRange, feature.missing.window.rows) };
  return [...shares, out].filter(({ before, after }) => before > 0 || after > 0);
}

const share = (count: number, rows: number): number => (rows === 0 ? 0 : Math.min(1, count / rows));
