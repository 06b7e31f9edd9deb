const SWEEPS = 100;
const SMALL = 1e-12;

export interface Component {
  /** Variance along it. */
  value: number;
  vector: number[];
}

/** Eigenvalues and -vectors of a symmetric matrix by Jacobi's rotations, the largest first; of each vector the largest entry is positive. */
export function eigenOf(symmetric: number[][]): Component[] {
  const size = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const vectors = a.map((_, row) => Array.from({ length: size }, (_unused, column) => (row === column ? 1 : 0)));
  const scale = a.flat().reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  for (let sweep = 0; sweep < SWEEPS && outside(a) > SMALL * scale; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return a
    .map((row, index) => ({ value: row[index]!, vector: signed(vectors.map((vector) => vector[index]!)) }))
    .sort((left, right) => right.value - left.value);
}

/** The largest entry that is not on the diagonal. */
const outside = (a: number[][]): number =>
  Math.max(0, ...a.map((row, index) => Math.max(0, ...row.map((value, column) => (column === index ? 0 : Math.abs(value))))));

/** Turns the plane of p and q so that their entry becomes zero. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const off = a[p]![q]!;
  if (off === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  for (let column = 0; column < a.length; column++) {
    const [upper, lower] = [a[p]![column]!, a[q]![column]!];
    a[p]![column] = c * upper - s * lower;
    a[q]![column] = s * upper + c * lower;
  }
  for (const row of vectors) turn(row, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [left, right] = [row[p]!, row[q]!];
  row[p] = c * left - s * right;
  row[q] = s * left + c * right;
}

function signed(vector: number[]): number[] {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) + SMALL ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
