import type { KpiPolicy } from '../contracts';
import {
  groupStrata,
  groupValueStrata,
  logImprovementEvidence,
  logRatioEvidence,
  meanBet,
  RatioSums,
  toEvidence,
  unobservedOf,
  valueScaleOf,
} from '../verdict';
import { hasEnough, isValueKpi, levelOf } from './lift';
import { costWords, criterionWords } from './sentences';
import { DAY_MILLIS, dayOf, type Horizon, HORIZON_DAYS, iso, MINUTE_MILLIS, STRATUM_MINUTES } from './time';
import type { CriterionReview, CriterionState, HourCounts, KillCriterion, Level } from './types';

export interface CriterionInput {
  kpi: KpiPolicy;
  afterMinutes: number;
  /** Settled hours of the horizon. */
  hours: HourCounts[];
  /** When the clock of the criterion began. */
  sinceMillis: number;
  horizon: Horizon;
  alpha: number;
  nowMillis: number;
  /** What the last review said. */
  before: CriterionReview | undefined;
}

/** Proof stands as long as the evidence does; its absence counts once the criterion's time has come. */
export function reviewCriterion(input: CriterionInput): CriterionReview {
  const { kpi, afterMinutes, hours, sinceMillis, horizon, alpha, before } = input;
  const threshold = 1 / alpha;
  const evidence = toEvidence(logBetterEvidence(kpi, hours));
  if (evidence < threshold && before !== undefined && standsOver(input, before)) return before;
  const arms = { stable: levelOf(kpi, hours, 'stable'), baseline: levelOf(kpi, hours, 'baseline') };
  const state = evidence >= threshold ? 'better' : stateWithoutProof(input, arms);
  const review = {
    criterion: criterionName(kpi.name, afterMinutes),
    kpi: kpi.name,
    state,
    horizon: dayOf(horizon.startMillis),
    dueAt: iso(sinceMillis + afterMinutes * MINUTE_MILLIS),
    evidence,
    threshold,
  };
  return { ...review, words: criterionWords(review, kpi, afterMinutes, arms) };
}

export const criterionName = (kpi: string, afterMinutes: number): string => `${kpi}-${afterMinutes}`;

/** There are no costs of a decision yet to hold it against: said, never passed over. */
export function costCriterion(
  { costPerDecisionAbove, forMinutes }: Extract<KillCriterion, { forMinutes: number }>,
  horizon: Horizon,
): CriterionReview {
  return {
    criterion: `cost-per-decision-${costPerDecisionAbove}-${forMinutes}`,
    state: 'not-evaluated',
    horizon: dayOf(horizon.startMillis),
    words: costWords(costPerDecisionAbove),
  };
}

/** A new horizon starts without evidence: until it is as old as the criterion asks, the last word on the one before stands. */
function standsOver({ afterMinutes, horizon, nowMillis }: CriterionInput, before: CriterionReview): boolean {
  const enoughMillis = Math.min(afterMinutes * MINUTE_MILLIS, (HORIZON_DAYS - 1) * DAY_MILLIS);
  return horizon.index > 0 && before.state !== 'waiting' && nowMillis < horizon.startMillis + enoughMillis;
}

function stateWithoutProof(
  { afterMinutes, sinceMillis, nowMillis }: CriterionInput,
  arms: { stable: Level; baseline: Level },
): CriterionState {
  if (nowMillis < sinceMillis + afterMinutes * MINUTE_MILLIS) return 'waiting';
  return arms.stable.units > 0 && arms.baseline.units > 0 ? 'met' : 'no-data';
}

/** ln E against "in no hour was stable better than the baseline". */
export function logBetterEvidence(kpi: KpiPolicy, hours: HourCounts[]): number {
  if (!hasEnough(kpi, levelOf(kpi, hours, 'stable'), levelOf(kpi, hours, 'baseline'))) return 0;
  if (!isValueKpi(kpi)) return logImprovementEvidence(groupStrata(hours, STRATUM_MINUTES, 'baseline', 'stable'), kpi.better);
  // The other way round, as the interval: stable is better where the baseline is worse.
  const strata = groupValueStrata(hours, STRATUM_MINUTES, 'stable', valueScaleOf(kpi), unobservedOf(kpi), 'baseline');
  return logRatioEvidence(RatioSums.of(strata), 1, kpi.better === 'lower' ? 'above' : 'below', meanBet(kpi));
}
