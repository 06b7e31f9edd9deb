import { Random } from '../verdict/random';
import { type Cell, type Effect, labelOf } from './cells';

/** One feature of one window and its baseline: categories are numbers from 0. */
export interface Pair {
  baseline: Float64Array;
  window: Float64Array;
}

// Read once: under jest every look at a global is slow.
const { sqrt, log, cos, PI } = Math;

const TRIVIAL_SHIFT = 0.05;
const SHIFT = 0.3;
const SCALE = 1.5;

/** As many pairs as asked, each with rows of its own: the same for every run. */
export function drawPairs(cell: Cell, count: number, first: number): Pair[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(labelOf(cell), first + index);
    const draw = cell.kind === 'numeric' ? drawNormal : drawCategory;
    return {
      baseline: filled(cell.baselineRows, () => draw(random, 'none')),
      window: filled(cell.rows, () => draw(random, cell.effect)),
    };
  });
}

function filled(rows: number, draw: () => number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = draw();
  return values;
}

function drawNormal(random: Random, effect: Effect): number {
  const value = sqrt(-2 * log(random.uniform())) * cos(2 * PI * random.uniform());
  if (effect === 'scale') return SCALE * value;
  return value + (effect === 'shift' ? SHIFT : effect === 'trivial' ? TRIVIAL_SHIFT : 0);
}

/** Categories of Zipf's frequencies; rows of a shift move from the most frequent one to the last. */
export const CATEGORIES = 20;
/** Of all rows. */
const MOVED = { none: 0, trivial: 0.005, shift: 0.05, scale: 0 };

const CUMULATIVE = cumulative(Array.from({ length: CATEGORIES }, (_, index) => 1 / (index + 1)));

function drawCategory(random: Random, effect: Effect): number {
  const place = random.uniform();
  if (place < MOVED[effect]) return CATEGORIES - 1;
  return CUMULATIVE.findIndex((limit) => place < limit);
}

function cumulative(weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight, index) => (index === weights.length - 1 ? 1 : (sum += weight / total)));
}
