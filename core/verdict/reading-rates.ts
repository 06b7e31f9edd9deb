import type { KpiPolicy } from '../contracts';
import { BetTable, improvementBets, promotionBets, rollbackBets } from './evidence';
import { mantelHaenszel } from './mantel-haenszel';
import type { CountedMinutes, Reading } from './reading';
import { matureOf } from './reading';
import { addUp, cutStrata, groupStrata } from './strata';
import { logAboveTolerance, logBelowTolerance, logWithinTolerance } from './tolerance';
import type { Stratum } from './types';

type Policy = Pick<KpiPolicy, 'better' | 'margin' | 'mustImprove'>;

/** Candidate and control side by side, within strata. */
export function readRates(policy: Policy, counted: CountedMinutes): Reading {
  const { better, margin, mustImprove = false } = policy;
  const cut = cutStrata(counted.minutes, counted.stratumMinutes);
  const strata = cut.map((stratum) => addUp(stratum, counted.control, 'candidate'));
  const mature = matureOf(strata, cut, counted);
  const bets = [rollbackBets(better), promotionBets(better, margin), ...(mustImprove ? [improvementBets(better)] : [])];
  const table = BetTable.of(bets);
  const { rateRatio } = mantelHaenszel(strata);
  return {
    ...totalsOf(strata),
    ...(rateRatio === undefined ? {} : { ratio: rateRatio }),
    logRollback: table.logEvidence(strata, 0),
    logPromotion: table.logEvidence(mature, 1),
    ...(mustImprove ? { logImprovement: table.logEvidence(mature, 2) } : {}),
  };
}

/** Where the control never has the outcome, the candidate is held to a fixed rate. */
export function readRatesBesideTolerance(
  { margin, mustImprove = false }: Policy,
  { minutes, stratumMinutes, control }: CountedMinutes,
  tolerated: number,
): Reading {
  const totals = totalsOf(groupStrata(minutes, stratumMinutes, control));
  const { candidateUnits: units, candidateEvents: events } = totals;
  return {
    ...totals,
    tolerated,
    logRollback: logAboveTolerance(units, events, tolerated),
    logPromotion: logWithinTolerance(units, events, tolerated, margin),
    ...(mustImprove ? { logImprovement: logBelowTolerance(units, events, tolerated) } : {}),
  };
}

function totalsOf(strata: Stratum[]) {
  const totals = { candidateUnits: 0, candidateEvents: 0, controlUnits: 0, controlEvents: 0 };
  for (const { nC, nB, xC, xB } of strata) {
    totals.candidateUnits += nC;
    totals.candidateEvents += xC;
    totals.controlUnits += nB;
    totals.controlEvents += xB;
  }
  return totals;
}
