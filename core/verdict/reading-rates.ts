import type { KpiPolicy } from '../contracts';
import type { ControlArm } from './types';
import { BetTable, improvementBets, promotionBets, rollbackBets } from './evidence';
import { mantelHaenszel } from './mantel-haenszel';
import type { CountedMinutes, Reading } from './reading';
import { groupStrata } from './strata';
import { logAboveTolerance, logBelowTolerance, logWithinTolerance } from './tolerance';
import type { MinuteCounts, Stratum } from './types';

type Policy = Pick<KpiPolicy, 'better' | 'margin' | 'mustImprove'>;

/** Candidate and control side by side, within strata. */
export function readRates(policy: Policy, { all, mature }: CountedMinutes, stratumMinutes: number, control: ControlArm): Reading {
  const { better, margin, mustImprove = false } = policy;
  const strata = groupStrata(all, stratumMinutes, control);
  const matureStrata = mature === all ? strata : groupStrata(mature, stratumMinutes, control);
  const bets = [rollbackBets(better), promotionBets(better, margin), ...(mustImprove ? [improvementBets(better)] : [])];
  const table = BetTable.of(bets);
  const { rateRatio } = mantelHaenszel(strata);
  return {
    ...totalsOf(strata),
    ...(rateRatio === undefined ? {} : { ratio: rateRatio }),
    logRollback: table.logEvidence(strata, 0),
    logPromotion: table.logEvidence(matureStrata, 1),
    ...(mustImprove ? { logImprovement: table.logEvidence(matureStrata, 2) } : {}),
  };
}

/** Where the control never has the outcome, the candidate is held to a fixed rate. */
export function readRatesBesideTolerance(
  { margin, mustImprove = false }: Policy,
  minutes: MinuteCounts[],
  stratumMinutes: number,
  control: ControlArm,
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
