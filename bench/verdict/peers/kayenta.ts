import type { Tallies } from '../tally';
import { ofControl, SUM, UNITS } from '../tally';
import { locationShift, mayBeHigher } from './mann-whitney';

/** Defaults of Kayenta's NetflixACAJudge: 98 % confidence, a quarter of the estimated shift as tolerance, no minimal effect. */
const QUANTILE_98 = 2.3263478740408408;
const TOLERANCE = 0.25;
const HOUR_MINUTES = 60;

export type Classification = 'pass' | 'high' | 'low';

/** How the judge classifies one metric. `effect` are the mean ratios that "high" and "low" need at least. */
export function classify(
  experiment: number[],
  control: number[],
  effect: { low: number; high: number } = { low: 1, high: 1 },
): Classification {
  const distinct = new Set([...experiment, ...control]);
  if (distinct.size === 1 || same(experiment, control)) return 'pass';
  const { low, high, tolerated, ratio } = compare(experiment, control);
  if (low > tolerated && !(ratio < effect.high)) return 'high';
  if (high < -tolerated && !(ratio > effect.low)) return 'low';
  return 'pass';
}

export const isHigh = (experiment: number[], control: number[]): boolean =>
  mayBeHigher(experiment, control, QUANTILE_98) && classify(experiment, control) === 'high';

/** The mirror image: the control is the higher one. */
export const isLow = (experiment: number[], control: number[]): boolean =>
  mayBeHigher(control, experiment, QUANTILE_98) && classify(experiment, control) === 'low';

interface Comparison {
  low: number;
  high: number;
  estimate: number;
  tolerated: number;
  /** NaN where a mean is 0: the judge then ignores the size of the effect. */
  ratio: number;
}

export function compare(experiment: number[], control: number[]): Comparison {
  const means = { experiment: mean(experiment), control: mean(control) };
  const ratio = means.experiment === 0 || means.control === 0 ? Number.NaN : means.experiment / means.control;
  if (constant(experiment) && constant(control)) {
    // The judge adds a hundred-thousandth of noise so that ranks differ: what comes out is the difference.
    const shift = means.experiment - means.control;
    return { low: shift, high: shift, estimate: shift, tolerated: TOLERANCE * Math.abs(shift), ratio };
  }
  const shift = locationShift(experiment, control, QUANTILE_98);
  return { ...shift, tolerated: TOLERANCE * Math.abs(shift.estimate), ratio };
}

/**
 * A canary analysis each hour over all minutes so far (a growing window), one metric: where it fails in the harmful
 * direction it scores 0, below the marginal 75, and the canary is rolled back. A minute without data counts as 0, as `nanStrategy` has
 * it by default.
 */
export class KayentaJudge {
  private readonly experiment: number[] = [];
  private readonly control: number[] = [];

  constructor(
    private readonly better: 'lower' | 'higher',
    private readonly against: 'control' | 'equal',
  ) {}

  minute(seen: Tallies, minute: number): boolean {
    this.experiment.push(level(seen.candidate[SUM] ?? 0, seen.candidate[UNITS] ?? 0));
    this.control.push(
      this.against === 'equal' ? level(seen.equal[SUM] ?? 0, seen.equal[UNITS] ?? 0) : level(ofControl(seen, SUM), ofControl(seen, UNITS)),
    );
    if (minute % HOUR_MINUTES !== HOUR_MINUTES - 1) return false;
    return this.better === 'lower' ? isHigh(this.experiment, this.control) : isLow(this.experiment, this.control);
  }
}

const level = (sum: number, units: number): number => (units === 0 ? 0 : sum / units);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const constant = (values: number[]): boolean => values.every((value) => value === values[0]);

function same(one: number[], other: number[]): boolean {
  const sorted = other.toSorted((a, b) => a - b);
  return one.length === other.length && one.toSorted((a, b) => a - b).every((value, index) => value === sorted[index]);
}
