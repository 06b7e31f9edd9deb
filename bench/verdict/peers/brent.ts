const MAX_ITERATIONS = 1001;
/** How far from the root the result may be. */
export const TOLERANCE = 1e-4;
const EPSILON = 2 ** -52;

/**
 * Brent's root finder ("zeroin", Algorithms for Minimization Without Derivatives, chapter 4) with the tolerance that R's `wilcox.test`
 * and Kayenta use: on step functions the tolerance shows in the result. `from` and `to` bracket the root.
 */
export function brentRoot(of: (x: number) => number, from: number, to: number): number {
  let previous = { x: from, y: of(from) };
  let best = { x: to, y: of(to) };
  if (previous.y === 0) return from;
  if (best.y === 0) return to;
  let opposite = previous;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const lastStep = best.x - previous.x;
    if (Math.abs(opposite.y) < Math.abs(best.y)) {
      previous = best;
      best = opposite;
      opposite = previous;
    }
    const tolerance = 2 * EPSILON * Math.abs(best.x) + TOLERANCE / 2;
    const half = (opposite.x - best.x) / 2;
    if (Math.abs(half) <= tolerance || best.y === 0) return best.x;
    let step = half;
    if (Math.abs(lastStep) >= tolerance && Math.abs(previous.y) > Math.abs(best.y)) {
      step = interpolated(previous, best, opposite, lastStep, tolerance) ?? half;
    }
    if (Math.abs(step) < tolerance) step = step > 0 ? tolerance : -tolerance;
    previous = best;
    best = { x: best.x + step, y: of(best.x + step) };
    if (best.y * opposite.y > 0) opposite = previous;
  }
  return best.x;
}

interface Point {
  x: number;
  y: number;
}

/** Secant or inverse quadratic step, where it stays well within the bracket. */
function interpolated(previous: Point, best: Point, opposite: Point, lastStep: number, tolerance: number): number | undefined {
  const width = opposite.x - best.x;
  let p: number;
  let q: number;
  if (previous.x === opposite.x) {
    const ratio = best.y / previous.y;
    p = width * ratio;
    q = 1 - ratio;
  } else {
    const toOpposite = previous.y / opposite.y;
    const r = best.y / opposite.y;
    const s = best.y / previous.y;
    p = s * (width * toOpposite * (toOpposite - r) - (best.x - previous.x) * (r - 1));
    q = (toOpposite - 1) * (r - 1) * (s - 1);
  }
  if (p > 0) q = -q;
  else p = -p;
  return p < 0.75 * width * q - Math.abs(tolerance * q) / 2 && p < Math.abs((lastStep * q) / 2) ? p / q : undefined;
}
