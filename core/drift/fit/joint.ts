import type { JointLayout } from '../types';
import { eigenOf } from './eigen';

/** Components are kept until they explain this share of the variance. */
const EXPLAINED = 0.65;
const FEWEST_ROWS = 10;
/** A constant's deviation, as a share of it. */
const ROUNDING = 1e-9;

/** Loadings of the numeric features that vary; undefined where fewer than two do. `columns`: by feature, undefined for missing. */
export function fitJoint(columns: { name: string; values: (number | undefined)[] }[]): JointLayout | undefined {
  const kept = columns.map(standardised).filter((column) => column !== undefined);
  const rows = kept[0]?.values.length ?? 0;
  if (kept.length < 2 || rows < FEWEST_ROWS) return undefined;
  const components = eigenOf(correlationsOf(kept, rows));
  const total = components.reduce((sum, { value }) => sum + value, 0);
  let explained = 0;
  const enough = components.findIndex(({ value }) => (explained += value) >= EXPLAINED * total) + 1;
  return {
    features: kept.map(({ name }) => name),
    means: kept.map(({ mean }) => mean),
    deviations: kept.map(({ deviation }) => deviation),
    // All of them would leave nothing.
    loadings: components.slice(0, Math.min(enough, kept.length - 1)).map(({ vector }) => vector),
  };
}

interface Standardised {
  name: string;
  mean: number;
  deviation: number;
  /** Missing values count as the mean. */
  values: Float64Array;
}

function standardised({ name, values }: { name: string; values: (number | undefined)[] }): Standardised | undefined {
  const present = values.filter((value) => value !== undefined);
  const mean = present.reduce((sum, value) => sum + value / present.length, 0);
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2 / present.length, 0));
  const largest = present.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (present.length < 2 || !(deviation > ROUNDING * largest) || !Number.isFinite(deviation)) return undefined;
  return { name, mean, deviation, values: Float64Array.from(values, (value) => (value === undefined ? 0 : (value - mean) / deviation)) };
}

/** Each pair once: it is the same both ways. */
function correlationsOf(columns: Standardised[], rows: number): number[][] {
  const matrix = columns.map(() => columns.map(() => 0));
  for (const [i, left] of columns.entries()) {
    for (let j = 0; j <= i; j++) matrix[i]![j] = matrix[j]![i] = product(left.values, columns[j]!.values) / rows;
  }
  return matrix;
}

function product(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < left.length; row++) sum += left[row]! * right[row]!;
  return sum;
}
