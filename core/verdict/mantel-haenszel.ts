import type { Stratum } from './types';

export interface PooledRates {
  /** The control's rate, weighted as it is compared; NaN without comparable units. */
  level: number;
  /** Candidate's rate over the control's; missing while the control has no outcome. */
  rateRatio?: number;
  /** Infinite where no comparable unit of the control has the outcome. */
  oddsRatio: number;
}

/** Mantel and Haenszel (1959): rates are compared within strata, since pooled ones would mix the ramp with the hour of the day. */
export function mantelHaenszel(strata: Stratum[]): PooledRates {
  let weight = 0;
  let candidate = 0;
  let control = 0;
  let concordant = 0;
  let discordant = 0;
  for (const { nC, nB, xC, xB } of strata) {
    const n = nC + nB;
    if (n === 0) continue;
    weight += (nC * nB) / n;
    candidate += (xC * nB) / n;
    control += (xB * nC) / n;
    concordant += (xC * (nB - xB)) / n;
    discordant += (xB * (nC - xC)) / n;
  }
  return {
    level: control / weight,
    ...(control > 0 ? { rateRatio: candidate / control } : {}),
    oddsRatio: concordant === 0 && discordant === 0 ? 1 : concordant / discordant,
  };
}
