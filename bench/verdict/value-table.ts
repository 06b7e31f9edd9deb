import type { KpiPolicy } from '../../core/contracts';
import type { ValueScale } from '../../core/verdict';
import { countValue, valueScaleOf } from '../../core/verdict';
import { policyOf, type ValueKpi } from './kpis';
import type { Random } from './random';
import type { Tally } from './tally';
import { SQUARES, SUM, TALLY_LENGTH, UNITS } from './tally';

/** Values are drawn from 1 024 equally likely ones: three draws fit into 32 random bits. */
const DRAW_BITS = 10;
const DRAWS = 2 ** DRAW_BITS;
const MASK = DRAWS - 1;
/** Above so many units, counting how often each value came is faster than adding each. */
const HISTOGRAM_ABOVE = 600;
/** Points within each of the equally likely parts that its value is the mean of. */
const POINTS = 4;
/** The level moves in steps, so that a day needs few tables. */
export const LEVEL_STEPS = 32;

/** Everything a value adds to the counters, for each of the equally likely values. */
export interface ValueTable {
  /** By draw: units, sum, squares, tilts. */
  adds: Float64Array;
  /** Mean of what is counted, in the scale's whole numbers. */
  meanSteps: number;
}

export interface ValueWorld {
  policy: KpiPolicy;
  scale: ValueScale;
  table(level: number, factor: number): ValueTable;
}

export function valueWorld(kpi: ValueKpi): ValueWorld {
  const cap = kpi.quantile(kpi.capQuantile, 1, 1);
  const usual = draws(kpi, 1, 1).map((value) => Math.min(value, cap));
  const mean = usual.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
  const policy = policyOf(kpi, { cap, typical: { mean, standardDeviation: Math.sqrt(variance) } });
  const scale = valueScaleOf(policy);
  const byFactor = new Map<number, ValueTable[]>();
  return {
    policy,
    scale,
    table: (level, factor) => {
      const tables = byFactor.get(factor) ?? [];
      byFactor.set(factor, tables);
      const step = Math.round(level * LEVEL_STEPS);
      return (tables[step] ??= tableOf(draws(kpi, step / LEVEL_STEPS, factor), scale));
    },
  };
}

/** The factor that makes the mean of what is counted (winsorised) `ratio` times the usual one. */
export function factorForRatio(kpi: ValueKpi, ratio: number): number {
  const { scale } = valueWorld(kpi);
  const meanOf = (factor: number): number => tableOf(draws(kpi, 1, factor), scale).meanSteps;
  const usual = meanOf(1);
  let [low, high] = ratio > 1 ? [1, 2 * ratio] : [ratio / 2, 1];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (meanOf(middle) < ratio * usual) low = middle;
    else high = middle;
  }
  // Counts are whole numbers and their mean moves in steps: no better than asked for.
  return kpi.better === 'lower' ? high : low;
}

/** The mean of each of the equally likely parts; of counts a whole number, the middle one. */
function draws(kpi: ValueKpi, level: number, factor: number): number[] {
  return Array.from({ length: DRAWS }, (_, part) => {
    if (kpi.name === 'counts') return kpi.quantile((part + 0.5) / DRAWS, level, factor);
    let sum = 0;
    for (let point = 0; point < POINTS; point++) sum += kpi.quantile((part + (point + 0.5) / POINTS) / DRAWS, level, factor);
    return sum / POINTS;
  });
}

function tableOf(values: number[], scale: ValueScale): ValueTable {
  const adds = new Float64Array(DRAWS * TALLY_LENGTH);
  let steps = 0;
  values.forEach((value, draw) => {
    const { sum, squares, tilts } = countValue(scale, value);
    adds.set([1, sum, squares, ...tilts], draw * TALLY_LENGTH);
    steps += sum;
  });
  return { adds, meanSteps: steps / DRAWS };
}

const histogram = new Uint32Array(DRAWS);

/** Adds `units` random values. */
export function addValues(random: Random, { adds }: ValueTable, units: number, tally: Tally): void {
  if (units > HISTOGRAM_ABOVE) {
    addByHistogram(random, adds, units, tally);
    return;
  }
  for (let unit = 0; unit < units; unit++) {
    const from = (random.bits() & MASK) * TALLY_LENGTH;
    for (let field = 0; field < TALLY_LENGTH; field++) tally[field] = (tally[field] ?? 0) + (adds[from + field] ?? 0);
  }
}

function addByHistogram(random: Random, adds: Float64Array, units: number, tally: Tally): void {
  histogram.fill(0);
  let left = units;
  for (; left >= 3; left -= 3) {
    const bits = random.bits();
    histogram[bits & MASK] = (histogram[bits & MASK] ?? 0) + 1;
    histogram[(bits >>> DRAW_BITS) & MASK] = (histogram[(bits >>> DRAW_BITS) & MASK] ?? 0) + 1;
    histogram[(bits >>> (2 * DRAW_BITS)) & MASK] = (histogram[(bits >>> (2 * DRAW_BITS)) & MASK] ?? 0) + 1;
  }
  for (; left > 0; left--) {
    const draw = random.bits() & MASK;
    histogram[draw] = (histogram[draw] ?? 0) + 1;
  }
  for (let draw = 0; draw < DRAWS; draw++) {
    const times = histogram[draw] ?? 0;
    if (times === 0) continue;
    const from = draw * TALLY_LENGTH;
    for (let field = 0; field < TALLY_LENGTH; field++) tally[field] = (tally[field] ?? 0) + times * (adds[from + field] ?? 0);
  }
}

/** One random value; says which, for streams that follow each unit. */
export function drawValue(random: Random): number {
  return random.bits() & MASK;
}

export function addDraw({ adds }: ValueTable, draw: number, tally: Tally): void {
  const from = draw * TALLY_LENGTH;
  for (let field = 0; field < TALLY_LENGTH; field++) tally[field] = (tally[field] ?? 0) + (adds[from + field] ?? 0);
}

/** Sum and squares only, of what is seen at a later minute. */
export function addSeen({ adds }: ValueTable, draw: number, seen: Float64Array, slot: number): void {
  const from = draw * TALLY_LENGTH;
  seen[slot + UNITS] = (seen[slot + UNITS] ?? 0) + 1;
  seen[slot + SUM] = (seen[slot + SUM] ?? 0) + (adds[from + SUM] ?? 0);
  seen[slot + SQUARES] = (seen[slot + SQUARES] ?? 0) + (adds[from + SQUARES] ?? 0);
}
