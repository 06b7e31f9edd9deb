import type { CostCriterion } from '../contracts/cost';
import { isoOf } from './time';
import type { UnitCost } from './unit-cost';

/** Of one criterion: since when a decision costs too much, and whether the owners were told. */
export interface CriterionState {
  criterion: string;
  /** ISO 8601, UTC. */
  aboveSince?: string;
  told?: true;
  words: string;
}

export const criterionName = ({ costPerDecisionAbove, forMinutes }: CostCriterion): string =>
  `cost-per-decision-above-${costPerDecisionAbove}-for-${forMinutes}m`;

/** Instances that are paid for and decide nothing cost too much whatever the limit is; where nothing was spent, or known, nothing is said. */
function isAbove({ costPerDecisionAbove }: CostCriterion, { amount, perDecision }: UnitCost): boolean {
  return perDecision === undefined ? amount > 0 : perDecision > costPerDecisionAbove;
}

/** Looked at once an hour; an hour in which part of the cost is not known says nothing, and leaves things as they were. `met`: those whose time has come, and of which nobody was told. */
export function lookAtCriteria(
  criteria: CostCriterion[],
  before: CriterionState[],
  cost: UnitCost,
  nowMillis: number,
): { states: CriterionState[]; met: CriterionState[] } {
  if (cost.incomplete === true) return { states: before, met: [] };
  const states = criteria.map((criterion): CriterionState => {
    const name = criterionName(criterion);
    const words = wordsOf(criterion, cost);
    if (!isAbove(criterion, cost)) return { criterion: name, words };
    const known = before.find((state) => state.criterion === name);
    const aboveSince = known?.aboveSince ?? isoOf(nowMillis);
    return { criterion: name, aboveSince, words, ...(known?.told === true ? { told: true } : {}) };
  });
  const isMet = ({ aboveSince, told }: CriterionState, index: number): boolean =>
    aboveSince !== undefined && told !== true && nowMillis - Date.parse(aboveSince) >= criteria[index]!.forMinutes * 60_000;
  const met = states.filter(isMet);
  return { states: states.map((state) => (met.includes(state) ? { ...state, told: true } : state)), met };
}

function wordsOf({ costPerDecisionAbove, forMinutes }: CostCriterion, { perDecision, amount, hours }: UnitCost): string {
  const now =
    perDecision === undefined ? `no decision was made for ${amount.toFixed(2)}` : `a decision costs ${perDecision.toPrecision(3)}`;
  return `In the last ${hours} hours ${now}; the charter allows ${costPerDecisionAbove}, and no more for ${forMinutes / 1440} days`;
}
