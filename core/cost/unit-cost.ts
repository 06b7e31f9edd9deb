import type { KpiPolicy } from '../contracts/release';
import type { MeterState } from './meter';
import { HOUR_MILLIS, startOfHour } from './time';

/** What a model answered, and what came of it, in the same hours: the arms stable and candidate. */
export interface Answered {
  decisions: number;
  units: number;
  /** Units of which an event of the goal KPI says that it happened. */
  happened: number;
}

export interface UnitCost {
  /** Known cost of the hours. */
  amount: number;
  /** Part of the hours has no price: what a decision costs is not known. */
  incomplete?: true;
  hours: number;
  decisions: number;
  perDecision?: number;
  goodOutcomes?: number;
  perGoodOutcome?: number;
}

const WHOLE_HOURS = 24;

/** The goal that decides: the one with the largest weight among those that say of a unit whether it went well. */
export function decidingGoal(kpis: KpiPolicy[]): KpiPolicy | undefined {
  const goals = kpis.filter(({ role, type }) => role === 'goal' && (type === 'binary' || type === 'latency'));
  return goals.reduce<KpiPolicy | undefined>((best, kpi) => (best === undefined || kpi.weight > best.weight ? kpi : best), undefined);
}

/** Where lower is better, a unit without the event went well; where higher is better, one with it. */
export const goodOutcomes = ({ better }: Pick<KpiPolicy, 'better'>, { units, happened }: Answered): number =>
  better === 'higher' ? happened : Math.max(0, units - happened);

/** The last whole hours that were counted, at most a day of them. */
export function wholeHours(state: MeterState): { fromMillis: number; untilMillis: number } | undefined {
  const untilMillis = startOfHour(Date.parse(state.at));
  const counted = startOfHour(Date.parse(state.since) + HOUR_MILLIS - 1);
  const fromMillis = Math.max(counted, untilMillis - WHOLE_HOURS * HOUR_MILLIS);
  return fromMillis < untilMillis ? { fromMillis, untilMillis } : undefined;
}

export function unitCost(
  state: MeterState,
  { fromMillis, untilMillis }: { fromMillis: number; untilMillis: number },
  answered: Answered,
  goal: KpiPolicy | undefined,
): UnitCost {
  const counted = state.hours.filter(({ hour }) => hour >= fromMillis && hour < untilMillis);
  const amount = counted.reduce((sum, hour) => sum + hour.amount, 0);
  const incomplete = counted.some(({ unpriced }) => unpriced !== undefined);
  const good = goal === undefined ? undefined : goodOutcomes(goal, answered);
  const { decisions } = answered;
  return {
    amount,
    hours: Math.round((untilMillis - fromMillis) / HOUR_MILLIS),
    decisions,
    ...(incomplete ? { incomplete } : {}),
    ...(incomplete || decisions === 0 ? {} : { perDecision: amount / decisions }),
    ...(good === undefined ? {} : { goodOutcomes: good }),
    ...(incomplete || good === undefined || good === 0 ? {} : { perGoodOutcome: amount / good }),
  };
}
