import type { KpiPolicy } from '../contracts';
import { logTwoPhiScaled } from './normal';
import type { ValueStratum } from './values';

/** Proof about a mean rests on the normal approximation: before so many values of the candidate it is not trusted. */
export const BURN_IN_OBSERVATIONS = 200;

/** Which side of the ratio ρ is to be proven: the true ratio is below it, or above. */
export type Side = 'below' | 'above';

/**
 * Additive sums behind every statement about the ratio ρ of two means, weighted by ω = n_c n_b / n. The variance of x̄_c − ρ x̄_b is
 * estimated within strata: how the candidate's values scatter around ρ x̄_b needs no second value in its stratum. Where values are skewed,
 * a low mean comes with a low scatter; so the candidate's variance is never taken for less than ρ times the control's.
 */
export class RatioSums {
  /** Values of the candidate. */
  observed = 0;
  /** Σω, Σω x̄_c, Σω x̄_b. */
  weight = 0;
  treated = 0;
  control = 0;
  /** Estimates of Σω² times the variance of x̄_c: from its own values, as a polynomial in ρ, and from the control's. */
  private readonly own = { constant: 0, rho: 0, rhoSquare: 0 };
  private fromControl = 0;
  /** Of Σω² times the variance of x̄_b. */
  private ofControl = 0;
  /** Where the control has one value only: the squared difference, as a polynomial in ρ, stands for the variance of both. */
  private readonly lonely = { constant: 0, rho: 0, rhoSquare: 0 };

  static of(strata: ValueStratum[]): RatioSums {
    const sums = new RatioSums();
    strata.forEach((stratum) => sums.add(stratum));
    return sums;
  }

  add({ nC, nB, sumC, sumB, squaresC, squaresB, observedC }: ValueStratum): void {
    this.observed += observedC;
    if (nC === 0 || nB === 0) return;
    const omega = (nC * nB) / (nC + nB);
    const meanC = sumC / nC;
    const meanB = sumB / nB;
    this.weight += omega;
    this.treated += omega * meanC;
    this.control += omega * meanB;
    const square = omega * omega;
    if (nB === 1) {
      addTo(this.lonely, square * meanC * meanC, square * meanC * meanB, square * meanB * meanB);
      return;
    }
    const variance = Math.max(0, squaresB - sumB * meanB) / (nB - 1);
    const perValue = square / (nC * nC);
    addTo(this.own, perValue * squaresC, perValue * meanB * sumC, perValue * nC * (meanB * meanB - variance / nB));
    this.fromControl += (square * variance) / nC;
    this.ofControl += (square * variance) / nB;
  }

  /** Candidate's mean over the control's, both as of the same time; missing while the control has none. */
  get ratio(): number | undefined {
    return this.control > 0 ? this.treated / this.control : undefined;
  }

  /** Estimated variance of Σω (x̄_c − ρ x̄_b), were ρ the ratio. */
  variance(rho: number): number {
    return Math.max(valueOf(this.own, rho), rho * this.fromControl) + rho * rho * this.ofControl + valueOf(this.lonely, rho);
  }
}

interface Quadratic {
  constant: number;
  rho: number;
  rhoSquare: number;
}

function addTo(sum: Quadratic, constant: number, rho: number, rhoSquare: number): void {
  sum.constant += constant;
  sum.rho += rho;
  sum.rhoSquare += rhoSquare;
}

const valueOf = ({ constant, rho, rhoSquare }: Quadratic, at: number): number => Math.max(0, constant - 2 * at * rho + at * at * rhoSquare);

/**
 * ln of an asymptotic e-process against "the ratio of means is ρ", betting on one side of it (Waudby-Smith and others, 2024): the
 * normal likelihood ratio of S = Σω (x̄_c − ρ x̄_b) with variance Q, mixed over a half-normal effect of scale `bet`.
 */
export function logRatioEvidence(sums: RatioSums, rho: number, side: Side, bet: number): number {
  const q = sums.variance(rho);
  if (q === 0) return 0;
  const excess = sums.treated - rho * sums.control;
  const k = 1 + bet * bet * q;
  return logTwoPhiScaled(((side === 'below' ? -excess : excess) * bet) / Math.sqrt(k)) - Math.log(k) / 2;
}

/** Effect that is bet on: the margin, in units of the variance of one value. */
export function meanBet({ name, margin, typical }: Pick<KpiPolicy, 'name' | 'margin' | 'typical'>): number {
  if (typical === undefined) throw new Error(`KPI ${name} has no typical mean and deviation`);
  return (margin * typical.mean) / typical.standardDeviation ** 2;
}

/** ln E against "the candidate is worse by more than the margin": large means no worse. */
export function logValuePromotionEvidence(sums: RatioSums, kpi: KpiPolicy): number {
  return againstRatio(sums, kpi, kpi.better === 'lower' ? 1 + kpi.margin : 1 - kpi.margin);
}

/** ln E against "the candidate is not better": large means better. */
export function logValueImprovementEvidence(sums: RatioSums, kpi: KpiPolicy): number {
  return againstRatio(sums, kpi, 1);
}

function againstRatio(sums: RatioSums, kpi: KpiPolicy, rho: number): number {
  if (sums.observed < BURN_IN_OBSERVATIONS) return 0;
  return logRatioEvidence(sums, rho, kpi.better === 'lower' ? 'below' : 'above', meanBet(kpi));
}
