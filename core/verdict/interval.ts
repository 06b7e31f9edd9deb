import type { Arm, KpiPolicy } from '../contracts';
import { BetTable } from './evidence';
import { BURN_IN_OBSERVATIONS, logRatioEvidence, meanBet, RatioSums } from './ratio';
import type { Side } from './ratio';
import { mantelHaenszel } from './mantel-haenszel';
import { groupStrata } from './strata';
import type { MinuteCounts, Stratum } from './types';
import { groupValueStrata, unobservedOf } from './values';
import { valueScaleOf } from './value-scale';

/** How far from a tried odds ratio the truth may lie. */
const STEPS = [1.01, 1.05, 1.1, 1.25, 1.5, 2, 3, 6, 15, 50];
/** Odds ratios and ratios of means beyond e^±12 are no longer told apart. */
const LARGEST_LOG = 12;
const PRECISION = 5e-4;
const TOLERATED_ITERATIONS = 60;

export interface Range {
  low: number;
  estimate: number;
  high: number;
}

/** Where the effect lies. It holds at every look at once, with a probability of at least `confidence`. */
export interface EffectInterval {
  confidence: number;
  /** The control's rate or mean, weighted as it is compared. */
  controlLevel: number;
  /** Of rates or means, judged arm over control. Where nothing bounds a ratio of means, `high` is infinite. */
  ratio: Range;
  /** (ratio − 1) · controlLevel. */
  difference: Range;
  /** Of `binary` and `latency`. */
  oddsRatio?: Range;
}

export interface Comparison {
  /** Default: the candidate. */
  treated?: Arm;
  control: Arm;
  stratumMinutes: number;
  /** 1 − confidence. */
  alpha: number;
}

/** Inverts the test over the effect: what would be refuted, is left out. Missing while there is nothing to compare. */
export function intervalOf(kpi: KpiPolicy, minutes: MinuteCounts[], comparison: Comparison): EffectInterval | undefined {
  return kpi.type === 'mean' || kpi.type === 'count' ? intervalOfMeans(kpi, minutes, comparison) : intervalOfRates(minutes, comparison);
}

function intervalOfRates(minutes: MinuteCounts[], { treated, control, stratumMinutes, alpha }: Comparison): EffectInterval | undefined {
  const strata = groupStrata(minutes, stratumMinutes, control, treated);
  const { level, oddsRatio } = mantelHaenszel(strata);
  if (level === 0 || level === 1 || Number.isNaN(level)) return undefined;
  const limit = Math.log(2 / alpha);
  const start = Math.min(LARGEST_LOG, Math.max(-LARGEST_LOG, Math.log(oddsRatio)));
  const above = (logOdds: number): number => logEvidenceAt(strata, Math.exp(logOdds), STEPS) - limit;
  const below = (logOdds: number): number =>
    logEvidenceAt(
      strata,
      Math.exp(-logOdds),
      STEPS.map((step) => 1 / step),
    ) - limit;
  const low = Math.exp(lastRefuted(above, start));
  const high = Math.exp(-lastRefuted(below, -start));
  const rateRatio = (psi: number): number => (psi === Number.POSITIVE_INFINITY ? 1 / level : psi / (1 - level + psi * level));
  const ratio = { low: rateRatio(low), estimate: rateRatio(oddsRatio), high: rateRatio(high) };
  return { ...effectOf(level, ratio, alpha), oddsRatio: { low, estimate: oddsRatio, high } };
}

function intervalOfMeans(kpi: KpiPolicy, minutes: MinuteCounts[], comparison: Comparison): EffectInterval | undefined {
  const { treated, control, stratumMinutes, alpha } = comparison;
  const sums = RatioSums.of(groupValueStrata(minutes, stratumMinutes, control, valueScaleOf(kpi), unobservedOf(kpi), treated));
  const estimate = sums.ratio;
  if (estimate === undefined || sums.observed < BURN_IN_OBSERVATIONS) return undefined;
  const limit = Math.log(2 / alpha);
  const evidence = (logRatio: number, side: Side): number => logRatioEvidence(sums, Math.exp(logRatio), side, meanBet(kpi)) - limit;
  const start = Math.max(-LARGEST_LOG, Math.log(estimate));
  const ratio = {
    low: Math.exp(lastRefuted((logRatio) => evidence(logRatio, 'above'), start)),
    estimate,
    high: Math.exp(-lastRefuted((logRatio) => evidence(-logRatio, 'below'), -start)),
  };
  return effectOf(sums.control / sums.weight, ratio, alpha);
}

function effectOf(controlLevel: number, ratio: Range, alpha: number): EffectInterval {
  const differenceAt = (value: number): number => (value - 1) * controlLevel;
  const difference = { low: differenceAt(ratio.low), estimate: differenceAt(ratio.estimate), high: differenceAt(ratio.high) };
  return { confidence: 1 - alpha, controlLevel, ratio, difference };
}

/** ln E against one odds ratio, which is tried only once: nothing of it is remembered. */
function logEvidenceAt(strata: Stratum[], psi0: number, steps: number[]): number {
  return new BetTable([{ psi0, grid: steps.map((step) => psi0 * step) }]).logEvidence(strata, 0);
}

/**
 * The largest point below `start` where the evidence, which falls from left to right, is not below 0; −∞ where there is none. Errs to
 * the left, so that no interval is too short.
 */
function lastRefuted(evidence: (at: number) => number, start: number): number {
  let right = start;
  let step = 0.05;
  while (evidence(right) >= 0) {
    right += step;
    step *= 2;
    if (right > 2 * LARGEST_LOG) return right;
  }
  let left = right;
  do {
    left -= step;
    step *= 2;
    if (left < -2 * LARGEST_LOG) return Number.NEGATIVE_INFINITY;
  } while (evidence(left) < 0);
  for (let iteration = 0; right - left > PRECISION && iteration < TOLERATED_ITERATIONS; iteration++) {
    const middle = (left + right) / 2;
    if (evidence(middle) >= 0) left = middle;
    else right = middle;
  }
  return left;
}
