import type { KpiPolicy } from '../contracts';

/** Values are counted in whole steps of cap / 10 000: whole numbers add up to the same in any order. */
export const VALUE_STEPS = 10_000;
/** e^(λ·harm) is counted in whole millionths, rounded up: never less than it is. */
export const TILT_PARTS = 1_000_000;
/** Relative worsening of the mean that each bet is tuned to. */
const EFFECTS = [0.06, 0.15, 0.4, 1.2, 5];

/** How the values of a `mean` or `count` KPI are counted. */
export interface ValueScale {
  cap: number;
  /** One bet each, per unit of the value. */
  lambdas: number[];
  /** `lower` is better: harm is the value itself; `higher`: what is missing to the cap. */
  better: 'lower' | 'higher';
}

/** What one observed value adds to the counters. */
export interface ValueCounts {
  sum: number;
  squares: number;
  tilts: number[];
}

/** λ = ln(1 + δ·mean·cap / variance) / cap, for each effect δ. */
export function valueScaleOf({ name, better, cap, typical }: Pick<KpiPolicy, 'name' | 'better' | 'cap' | 'typical'>): ValueScale {
  if (cap === undefined || typical === undefined) throw new Error(`KPI ${name} has no cap or no typical mean and deviation`);
  const { mean, standardDeviation } = typical;
  const lambdas = EFFECTS.map((effect) => Math.log(1 + (effect * mean * cap) / standardDeviation ** 2) / cap);
  return { cap, lambdas, better };
}

/** Values above the cap count as the cap. */
export function countValue({ cap, lambdas, better }: ValueScale, value: number): ValueCounts {
  const steps = Math.round((Math.min(value, cap) / cap) * VALUE_STEPS);
  const harm = ((better === 'lower' ? steps : VALUE_STEPS - steps) / VALUE_STEPS) * cap;
  return { sum: steps, squares: steps * steps, tilts: lambdas.map((lambda) => Math.ceil(Math.exp(lambda * harm) * TILT_PARTS)) };
}
