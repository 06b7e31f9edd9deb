/** Cells of a numeric feature. */
const CELLS = 20;

/** A value of the sample, and how many rows it stands for. */
export interface Weighted {
  value: number;
  weight: number;
}

/**
 * Inner edges at the quantiles of the values. A value that fills more than one cell gets one of its own: it begins there, and ends where
 * the next value begins, so that rows that leave a frequent value are seen on whichever side they go.
 */
export const quantileEdges = (values: number[]): number[] => edgesOf(Float64Array.from(values).sort(), () => 1, values.length);

export function weightedEdges(rows: Weighted[]): number[] {
  const sorted = rows.toSorted((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  return edgesOf(
    Float64Array.from(sorted, ({ value }) => value),
    (at) => sorted[at]!.weight,
    total,
  );
}

function edgesOf(sorted: Float64Array, weightOf: (at: number) => number, total: number): number[] {
  if (sorted.length === 0) return [];
  const edges: number[] = [];
  const frequent = new Set<number>();
  let at = 0;
  let upTo = weightOf(0);
  for (let cell = 1; cell < CELLS; cell++) {
    while (upTo <= (cell * total) / CELLS && at < sorted.length - 1) upTo += weightOf(++at);
    const value = sorted[at]!;
    if (value === edges.at(-1)) frequent.add(value);
    else edges.push(value);
  }
  const ends = [...frequent].map((value) => sorted.find((other) => other > value) ?? next(value));
  return [...new Set([...edges, ...ends])].sort((a, b) => a - b);
}

/** The next larger number. */
function next(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return Math.min(bits.getFloat64(0), Number.MAX_VALUE);
}
