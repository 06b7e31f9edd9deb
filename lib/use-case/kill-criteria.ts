import type { Charter } from '../../core/charter';
import type { KillCriterion } from './ai-use-case-props';

type CharterCriterion = NonNullable<Charter['charter']['killCriteria']>[number];

export const killCriteriaOf = (charter: Charter): KillCriterion[] => (charter.charter.killCriteria ?? []).map(inDays);

/** The charter counts in minutes. */
function inDays({ kpi, noBetterThanBaselineAfter, costPerDecisionAbove, for: forMinutes }: CharterCriterion): KillCriterion {
  const days = (minutes: number | undefined): number | undefined => (minutes === undefined ? undefined : minutes / 1440);
  return { kpi, noBetterThanBaselineAfterDays: days(noBetterThanBaselineAfter), costPerDecisionAbove, forDays: days(forMinutes) };
}
