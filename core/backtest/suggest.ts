import type { KpiPolicy } from '../contracts';
import { type EffectInterval, unitsForMeanVerdict, unitsForVerdict } from '../verdict';
import type { MarginOutcome } from './margins';
import { suggestedMillis, suggestedScale } from './policy';
import { rounded } from './profile';
import type { ArmSurvey } from './survey';

/** What the history says about how to declare a KPI. */
export interface KpiSuggestion {
  /** Mean and count: the control's 99.5 % quantile, mean and deviation. */
  cap?: number;
  typical?: { mean: number; standardDeviation: number };
  /** Latency: the control's 95th percentile. */
  aboveMillis?: number;
  /** Binary and latency: share of the control's units with the outcome. */
  baseRate?: number;
  /** n_c·n_b / n until a verdict at the margin, when nothing changed; and hours at the history's traffic and split. */
  unitsNeeded?: number;
  hoursNeeded?: number;
  /** Of the margins that were tried: those at which promotion would have had its proof. */
  passedMargins: number[];
  /** The worsening that the whole history leaves possible, at most; negative: it is better by at least that. */
  worstCase?: number;
}

interface Traffic {
  /** n_c·n_b / n of the history. */
  information: number;
  hours: number;
}

export function suggestionOf(
  policy: KpiPolicy,
  index: number,
  control: ArmSurvey,
  interval: EffectInterval | undefined,
  margins: MarginOutcome[],
  traffic: Traffic,
): KpiSuggestion {
  const scale = suggestedScale(policy, control, index);
  const aboveMillis = suggestedMillis(policy, control, index);
  const baseRate = interval !== undefined && scale === undefined ? rounded(interval.controlLevel, 4) : undefined;
  const worstCase = interval === undefined ? undefined : policy.better === 'lower' ? interval.ratio.high - 1 : 1 - interval.ratio.low;
  return {
    ...scale,
    ...(aboveMillis === undefined ? {} : { aboveMillis }),
    ...(baseRate === undefined ? {} : { baseRate }),
    ...neededOf(policy, baseRate, traffic),
    passedMargins: margins.flatMap(({ margin, kpis }) => (margin !== undefined && kpis[index]?.passedAt !== undefined ? [margin] : [])),
    ...(worstCase === undefined || !Number.isFinite(worstCase) ? {} : { worstCase: rounded(worstCase, 3) }),
  };
}

function neededOf(policy: KpiPolicy, baseRate: number | undefined, traffic: Traffic): Pick<KpiSuggestion, 'unitsNeeded' | 'hoursNeeded'> {
  const { margin, typical } = policy;
  const units =
    typical !== undefined
      ? unitsForMeanVerdict(margin, typical.mean, typical.standardDeviation)
      : baseRate !== undefined
        ? unitsForVerdict(margin, baseRate)
        : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(units)) return {};
  const perHour = traffic.information / traffic.hours;
  return { unitsNeeded: Math.ceil(units), ...(perHour > 0 ? { hoursNeeded: rounded(units / perHour, 3) } : {}) };
}
