import { ARMS, counterName, type KpiPolicy } from '../contracts';
import { costCriterion, criterionName, reviewCriterion } from './criteria';
import { levelOf, liftOf } from './lift';
import { moneyPerMonth } from './money';
import { liftWords } from './sentences';
import { DAY_MILLIS, dayOf, HOUR_MILLIS, type Horizon, horizonOf, iso, isSettled, settledPeriod, startOfDay, startOfHour } from './time';
import type { CriterionReview, DayTrend, HoldoutCounts, HoldoutReview, HourCounts, KillCriterion, KpiReview, LiveRelease } from './types';

const TREND_DAYS = 28;

export interface ReviewInput {
  useCase: string;
  kpis: KpiPolicy[];
  criteria: KillCriterion[];
  holdout: number;
  alpha: number;
  stable: LiveRelease;
  /** Releases of the present course, the first one first; stable is one of them. */
  course: LiveRelease[];
  counts: HoldoutCounts;
  nowMillis: number;
  /** What the last review said of the criteria. */
  before: CriterionReview[];
}

/** Since when hours are needed: both horizons lie after it. */
export function neededSince(stable: LiveRelease, course: LiveRelease[], nowMillis: number): number {
  const starts = [stable, ...course.slice(0, 1)].map(({ liveSinceMillis }) => horizonOf(liveSinceMillis, nowMillis).startMillis);
  return startOfDay(Math.min(...starts));
}

/** One daily look at the permanent holdout. The same counts give the same review. */
export function reviewHoldout(input: ReviewInput): HoldoutReview {
  const { useCase, stable, course, holdout, nowMillis, kpis } = input;
  return {
    schema: 'sluice.holdout/v1',
    useCase,
    at: iso(nowMillis),
    day: dayOf(nowMillis),
    stable: stable.releaseId,
    stableSince: iso(stable.liveSinceMillis),
    liveSince: iso((course[0] ?? stable).liveSinceMillis),
    holdout,
    kpis: kpis.map((kpi) => reviewKpi(kpi, input)),
    criteria: input.criteria.map((criterion) => reviewCriterionOf(criterion, input)),
  };
}

function reviewKpi(kpi: KpiPolicy, input: ReviewInput): KpiReview {
  const { stable, alpha, nowMillis, holdout } = input;
  const horizon = horizonOf(stable.liveSinceMillis, nowMillis);
  const hours = comparable(kpi, input, [stable], horizon);
  const lift = liftOf(kpi, hours, settledPeriod(horizon, kpi.windowMinutes, nowMillis), alpha);
  const money = moneyPerMonth(kpi, lift, hours);
  return {
    kpi: kpi.name,
    type: kpi.type,
    better: kpi.better,
    lift,
    ...(money === undefined ? {} : { money }),
    trend: trendOf(kpi, settled(kpi, input), nowMillis),
    words: liftWords(kpi, lift, money, holdout),
  };
}

function reviewCriterionOf(criterion: KillCriterion, input: ReviewInput): CriterionReview {
  const { stable, course, nowMillis, alpha } = input;
  const first = course[0] ?? stable;
  if (!('kpi' in criterion)) return costCriterion(criterion, horizonOf(first.liveSinceMillis, nowMillis));
  const kpi = input.kpis.find(({ name }) => name === criterion.kpi);
  if (kpi === undefined) {
    throw new Error(
      `The kill criterion names the KPI '${criterion.kpi}'; the charter has ${input.kpis.map(({ name }) => name).join(', ')}`,
    );
  }
  // Users come back, and every release counts them anew: only within one release are they different ones.
  const clock = kpi.unit === 'user' ? stable : first;
  const horizon = horizonOf(clock.liveSinceMillis, nowMillis);
  return reviewCriterion({
    kpi,
    afterMinutes: criterion.noBetterThanBaselineAfterMinutes,
    hours: comparable(kpi, input, kpi.unit === 'user' ? [stable] : course, horizon),
    sinceMillis: clock.liveSinceMillis,
    horizon,
    alpha,
    nowMillis,
    before: input.before.find((one) => one.criterion === criterionName(kpi.name, criterion.noBetterThanBaselineAfterMinutes)),
  });
}

function comparable(kpi: KpiPolicy, input: ReviewInput, releases: LiveRelease[], horizon: Horizon): HourCounts[] {
  const ids = new Set(releases.map(({ releaseId }) => releaseId));
  const fromMillis = startOfHour(horizon.startMillis);
  return settled(kpi, input).filter(
    ({ minuteMillis, stable, own }) => minuteMillis >= fromMillis && ids.has(stable) && (kpi.unit !== 'user' || own),
  );
}

function settled(kpi: KpiPolicy, { counts, nowMillis }: ReviewInput): HourCounts[] {
  return (counts[counterName(kpi)] ?? []).filter(({ minuteMillis }) => isSettled(minuteMillis, kpi.windowMinutes, nowMillis));
}

/** Whole days only: half a day beside a whole one would look like a change. */
function trendOf(kpi: KpiPolicy, hours: HourCounts[], nowMillis: number): DayTrend[] {
  const days = new Map<number, HourCounts[]>();
  for (const hour of hours) {
    const day = startOfDay(hour.minuteMillis);
    const ofDay = days.get(day) ?? [];
    ofDay.push(hour);
    days.set(day, ofDay);
  }
  return [...days]
    .filter(([day]) => isSettled(day + DAY_MILLIS - HOUR_MILLIS, kpi.windowMinutes, nowMillis))
    .slice(-TREND_DAYS)
    .map(([day, ofDay]) => ({ day: dayOf(day), arms: levelsOf(kpi, ofDay) }));
}

function levelsOf(kpi: KpiPolicy, hours: HourCounts[]): DayTrend['arms'] {
  const levels = ARMS.map((arm) => [arm, levelOf(kpi, hours, arm)] as const);
  return Object.fromEntries(levels.filter(([, { units }]) => units > 0));
}
