import type { Arm, KpiPolicy } from '../contracts';
import { addCounts, type ArmCounts, BURN_IN_OBSERVATIONS, type EffectInterval, intervalOf, type Range, unobservedOf } from '../verdict';
import { VALUE_STEPS } from '../verdict/value-scale';
import { DAY_MILLIS, iso, type Period, STRATUM_MINUTES } from './time';
import type { Bounds, HourCounts, Level, Lift } from './types';

export const isValueKpi = ({ type }: Pick<KpiPolicy, 'type'>): boolean => type === 'mean' || type === 'count';

/** Stable beside the baseline over the given hours, all of them settled. */
export function liftOf(kpi: KpiPolicy, hours: HourCounts[], { fromMillis, toMillis }: Period, alpha: number): Lift {
  const stable = levelOf(kpi, hours, 'stable');
  const baseline = levelOf(kpi, hours, 'baseline');
  const lift = { since: iso(fromMillis), days: (toMillis - fromMillis) / DAY_MILLIS, stable, baseline, confidence: 1 - alpha };
  if (!hasEnough(kpi, stable, baseline)) return lift;
  // The other way round: what is known well, stable's level, is what the few units of the holdout are held against.
  const interval = intervalOf(kpi, hours, { treated: 'baseline', control: 'stable', stratumMinutes: STRATUM_MINUTES, alpha });
  return interval === undefined ? lift : { ...lift, ratio: turned(interval.ratio), difference: differenceOf(kpi, interval) };
}

export function levelOf(kpi: KpiPolicy, hours: HourCounts[], arm: Arm): Level {
  const { n, x, sum } = hours.reduce((total, { arms }) => addCounts(total, arms[arm] ?? NOTHING), NOTHING);
  if (!isValueKpi(kpi)) return { units: n, observed: x, ...(n === 0 ? {} : { value: x / n }) };
  const counted = unobservedOf(kpi) === 'zero' ? n : x;
  return { units: n, observed: x, ...(counted === 0 ? {} : { value: ((sum ?? 0) / VALUE_STEPS / counted) * (kpi.cap ?? 0) }) };
}

/** The interval of means is a limit: it needs enough observations of the smaller arm, which here is the baseline. */
export function hasEnough(kpi: KpiPolicy, stable: Level, baseline: Level): boolean {
  return isValueKpi(kpi)
    ? Math.min(stable.observed, baseline.observed) >= BURN_IN_OBSERVATIONS
    : stable.value !== undefined && baseline.value !== undefined;
}

const NOTHING: ArmCounts = { n: 0, x: 0 };

/** Stable over the baseline, from the baseline over stable. JSON knows no infinity: what is not bounded is left out. */
function turned({ low, estimate, high }: Range): Bounds {
  return finiteOnly({ low: 1 / high, estimate: 1 / estimate, high: 1 / low });
}

/** Stable's level minus what the ratio says of the baseline's, which cannot be above the most there is. */
function differenceOf(kpi: KpiPolicy, { controlLevel, ratio }: EffectInterval): Bounds {
  const most = isValueKpi(kpi) ? (kpi.cap ?? Number.POSITIVE_INFINITY) : 1;
  const at = (one: number): number => controlLevel - Math.min(most, controlLevel * one);
  return finiteOnly({ low: at(ratio.high), estimate: at(ratio.estimate), high: at(ratio.low) });
}

function finiteOnly(range: Range): Bounds {
  return Object.fromEntries(Object.entries(range).filter(([, value]) => Number.isFinite(value))) as Bounds;
}
