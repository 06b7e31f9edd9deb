import type { KpiPolicy } from '../contracts';
import { figure, percent } from '../verdict';
import { MINUTE_MILLIS, DAY_MILLIS } from './time';
import type { Bounds, CriterionReview, Level, Lift, MoneyPerMonth } from './types';

type Described = Pick<KpiPolicy, 'name' | 'type' | 'better'>;

export function liftWords(kpi: Described, lift: Lift, money: MoneyPerMonth | undefined, holdout: number): string {
  const { stable, baseline, ratio } = lift;
  if (ratio === undefined) return `${kpi.name}: ${whyNoLift(lift, holdout)}`;
  const worth = money === undefined ? '' : `, ${moneyWords(money)}`;
  return (
    `${kpi.name}: ${level(kpi, stable)} with the stable release, ${level(kpi, baseline)} with the baseline in ${figure(lift.days)} days: ` +
    `${ratio.estimate === undefined ? 'no ratio yet' : change(ratio.estimate)} (${percent(lift.confidence)} sure: ${range(ratio)}), ${conclusion(kpi, ratio)}${worth}`
  );
}

export function moneyWords({ currency, amount }: MoneyPerMonth): string {
  const { low, estimate = 0, high } = amount;
  const verb = estimate < 0 ? 'costs' : 'earns';
  const one = (value: number | undefined): string => (value === undefined ? 'no bound' : money(value));
  return `${verb} ${currency} ${money(Math.abs(estimate))} a month beside the baseline (${one(low)} to ${one(high)})`;
}

export function criterionWords(
  { state, evidence = 1, threshold = 1, dueAt = '' }: Pick<CriterionReview, 'state' | 'evidence' | 'threshold' | 'dueAt'>,
  { name }: Described,
  afterMinutes: number,
  arms: { stable: Level; baseline: Level },
): string {
  const held = `evidence ${figure(evidence)} against a threshold of ${figure(threshold)}`;
  const units = `${arms.stable.units} units with the stable release, ${arms.baseline.units} with the baseline`;
  const after = duration(afterMinutes);
  switch (state) {
    case 'better':
      return `${name} is better than the baseline: ${held} (${units})`;
    case 'met':
      return `${name} is not shown to be better than the baseline ${after} after going live: ${held} (${units}). The charter says that the use case then ends: decide whether to kill it.`;
    case 'waiting':
      return `${name} has until ${dueAt.slice(0, 16)} UTC to be better than the baseline: ${held} so far (${units})`;
    default:
      return `${name} cannot be compared with the baseline ${after} after going live: ${units}. Hold units out (rollout.holdout), and count outcomes of the baseline too.`;
  }
}

export function costWords(above: number): string {
  return `a cost per decision above ${above} is watched by the cost meter, every hour: sluice cost says how it stands`;
}

function whyNoLift({ stable, baseline }: Lift, holdout: number): string {
  if (baseline.units === 0) {
    return holdout === 0
      ? 'no unit is held out (rollout.holdout is 0), so there is nothing to compare with'
      : 'the baseline has no settled units yet, so there is nothing to compare with';
  }
  if (stable.units === 0) return 'the stable release has no settled units yet';
  return `too little was observed to compare: ${stable.observed} times with the stable release, ${baseline.observed} times with the baseline`;
}

function level({ type }: Described, { value = 0 }: Level): string {
  return type === 'mean' || type === 'count' ? figure(value) : percent(value);
}

function change(ratio: number): string {
  if (Math.abs(ratio - 1) < 5e-4) return 'no change';
  return ratio < 1 ? `${percent(1 - ratio)} lower` : `${percent(ratio - 1)} higher`;
}

function range({ low = 0, high }: Bounds): string {
  return high === undefined ? `at least ${change(low)}` : `${change(low)} to ${change(high)}`;
}

function conclusion({ better }: Described, { low = 0, high = Number.POSITIVE_INFINITY }: Bounds): string {
  if (low <= 1 && high >= 1) return 'no proof of a difference';
  return high < 1 === (better === 'lower') ? 'better than the baseline' : 'worse than the baseline';
}

function money(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function duration(minutes: number): string {
  const days = (minutes * MINUTE_MILLIS) / DAY_MILLIS;
  if (days >= 1) return days === 1 ? 'a day' : `${figure(days)} days`;
  return minutes >= 60 ? `${figure(minutes / 60)} hours` : `${minutes} minutes`;
}
