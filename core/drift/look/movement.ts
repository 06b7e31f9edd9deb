import { counterName, type DriftFinding, type KpiPolicy } from '../../contracts';
import { liftOf } from '../../holdout/lift';
import { DAY_MILLIS, HOUR_MILLIS, isSettled } from '../../holdout/time';
import type { Bounds, HoldoutCounts, HourCounts, Lift } from '../../holdout/types';

/** The last days of a release are held against its first ones. */
export const RECENT_DAYS = 7;
/** Where the baseline of the profiles says nothing else. */
export const FIRST_DAYS = 7;

const LOOKS_PER_YEAR = 365;

export interface MovementInput {
  kpis: KpiPolicy[];
  /** Of stable, and of the baseline beside it. */
  counts: HoldoutCounts;
  releaseId: string;
  liveSinceMillis: number;
  nowMillis: number;
  firstDays?: number;
  falseAlarmsPerYear: number;
}

/**
 * KPIs whose lift over the permanent holdout has become worse since the release's first days. Whatever moves both arms alike (a season, a
 * campaign) moves no lift. Both intervals hold at every look; each is at half of what a look may spend, so that over a year's daily looks
 * and all KPIs no more false alarms come than the charter allows.
 */
export function kpiMovement(input: MovementInput): DriftFinding[] {
  const alpha = Math.min(0.05, input.falseAlarmsPerYear / (LOOKS_PER_YEAR * Math.max(1, input.kpis.length)));
  return input.kpis.flatMap((kpi) => movementOf(kpi, input, alpha) ?? []);
}

function movementOf(kpi: KpiPolicy, input: MovementInput, alpha: number): DriftFinding | undefined {
  const { counts, releaseId, liveSinceMillis, nowMillis, firstDays = FIRST_DAYS } = input;
  const settled = (counts[counterName(kpi)] ?? []).filter(
    ({ stable, own, minuteMillis }) =>
      // Users come back, and every comparison counts them anew.
      stable === releaseId && (kpi.unit !== 'user' || own) && isSettled(minuteMillis, kpi.windowMinutes, nowMillis),
  );
  const last = settled.at(-1);
  if (last === undefined) return undefined;
  const firstUntil = liveSinceMillis + firstDays * DAY_MILLIS;
  const recentFrom = last.minuteMillis + HOUR_MILLIS - RECENT_DAYS * DAY_MILLIS;
  // Days that are both say nothing.
  if (recentFrom < firstUntil) return undefined;
  const liftIn = (fromMillis: number, toMillis: number): Lift => {
    const hours = settled.filter(({ minuteMillis }: HourCounts) => minuteMillis >= fromMillis && minuteMillis < toMillis);
    return liftOf(kpi, hours, { fromMillis, toMillis }, alpha / 2);
  };
  const first = liftIn(liveSinceMillis, firstUntil);
  const recent = liftIn(recentFrom, last.minuteMillis + HOUR_MILLIS);
  return isWorse(kpi, first.ratio, recent.ratio) ? findingOf(kpi, first, recent) : undefined;
}

/** The intervals do not overlap, and the later one is on the worse side. */
function isWorse({ better }: KpiPolicy, first: Bounds = {}, recent: Bounds = {}): boolean {
  if (better === 'lower') return recent.low !== undefined && first.high !== undefined && recent.low > first.high;
  return recent.high !== undefined && first.low !== undefined && recent.high < first.low;
}

function findingOf(kpi: KpiPolicy, first: Lift, recent: Lift): DriftFinding {
  const value = recent.ratio?.estimate ?? (kpi.better === 'lower' ? recent.ratio?.low : recent.ratio?.high) ?? 0;
  const limit = (kpi.better === 'lower' ? first.ratio?.high : first.ratio?.low) ?? 0;
  return {
    check: 'kpi',
    feature: kpi.name,
    windowHours: RECENT_DAYS * 24,
    value,
    limit,
    rows: recent.stable.units,
    baselineRows: first.stable.units,
    words: `${kpi.name} beside the units that stay with the baseline: ${interval(recent.ratio)} times theirs in the last ${RECENT_DAYS} days, ${interval(first.ratio)} in the first days of the release`,
    examples: [],
  };
}

const interval = ({ low, high }: Bounds = {}): string => `${shown(low)} to ${shown(high)}`;
const shown = (bound: number | undefined): string => (bound === undefined ? '∞' : bound.toPrecision(3));
