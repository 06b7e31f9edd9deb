import type { KpiPolicy } from '../contracts';
import { BURN_IN_OBSERVATIONS, logValueImprovementEvidence, logValuePromotionEvidence, RatioSums } from './ratio';
import type { CountedMinutes, Reading } from './reading';
import { matureOf } from './reading';
import { cutStrata } from './strata';
import type { ValueStratum } from './values';
import { logValueRollbackEvidence, unobservedOf, valueAdder } from './values';
import { valueScaleOf } from './value-scale';

/** Means of candidate and control side by side, within strata. */
export function readValues(kpi: KpiPolicy, counted: CountedMinutes): Reading {
  const scale = valueScaleOf(kpi);
  const addUpValues = valueAdder(scale, unobservedOf(kpi), counted.control, 'candidate');
  const cut = cutStrata(counted.minutes, counted.stratumMinutes);
  const strata = cut.map(addUpValues);
  const mature = matureOf(strata, cut, counted);
  const sums = RatioSums.of(mature);
  const { ratio } = mature.length === strata.length ? sums : RatioSums.of(strata);
  return {
    ...totalsOf(strata),
    ...(ratio === undefined ? {} : { ratio }),
    ...(sums.observed < BURN_IN_OBSERVATIONS ? { burnIn: { observed: sums.observed, needed: BURN_IN_OBSERVATIONS } } : {}),
    logRollback: logValueRollbackEvidence(strata, scale),
    logPromotion: logValuePromotionEvidence(sums, kpi),
    ...(kpi.mustImprove === true ? { logImprovement: logValueImprovementEvidence(sums, kpi) } : {}),
  };
}

function totalsOf(strata: ValueStratum[]) {
  const totals = { candidateUnits: 0, candidateEvents: 0, controlUnits: 0, controlEvents: 0 };
  let sumC = 0;
  let sumB = 0;
  for (const stratum of strata) {
    totals.candidateUnits += stratum.nC;
    totals.candidateEvents += stratum.observedC;
    totals.controlUnits += stratum.nB;
    totals.controlEvents += stratum.observedB;
    sumC += stratum.sumC;
    sumB += stratum.sumB;
  }
  return {
    ...totals,
    ...(totals.candidateUnits === 0 ? {} : { candidateMean: sumC / totals.candidateUnits }),
    ...(totals.controlUnits === 0 ? {} : { controlMean: sumB / totals.controlUnits }),
  };
}
