import { BURN_IN_OBSERVATIONS, unitsForMeanVerdict, unitsForVerdict } from '../verdict';
import type { Charter, Kpi } from './schema';
import { takeoverOf } from './takeover';

/** What a verdict on one KPI takes. */
export interface KpiPower {
  kpi: string;
  /** Rate that is expected: the target's. Missing, as `mean` is: nothing can be said. */
  rate?: number;
  /** Of `mean` and `count`: what is typical. */
  mean?: number;
  standardDeviation?: number;
  margin: number;
  /** n_c·n_b / n that promotion needs when nothing changed. */
  unitsNeeded?: number;
  /** Traffic with which the verdict is reached just before the rollout ends. */
  unitsPerMinuteNeeded?: number;
  /** Hours from the first step to the verdict at the traffic asked about; missing: not before the rollout ends. */
  hours?: number;
}

interface Traffic {
  unitsPerMinute?: number;
}

/** How much traffic, or how many hours, each KPI's verdict takes. */
export function powerOf(charter: Charter, traffic: Traffic = {}): KpiPower[] {
  return charter.kpis.map((kpi) => {
    const unitsNeeded = unitsNeededFor(kpi);
    if (unitsNeeded === undefined) return { kpi: kpi.name, margin: kpi.margin };
    const unitsPerMinuteNeeded = unitsNeeded / comparedShareMinutes(charter, judgedMinutes(charter, kpi));
    const hours = traffic.unitsPerMinute === undefined ? undefined : hoursUntil(charter, kpi, unitsNeeded / traffic.unitsPerMinute);
    const expected = kpi.typical === undefined ? { rate: kpi.target?.value } : kpi.typical;
    const power = { kpi: kpi.name, ...expected, margin: kpi.margin, unitsNeeded: Math.ceil(unitsNeeded) };
    return {
      ...power,
      ...(Number.isFinite(unitsPerMinuteNeeded) ? { unitsPerMinuteNeeded: roundUp(unitsPerMinuteNeeded) } : {}),
      ...(hours === undefined ? {} : { hours: roundUp(hours) }),
    };
  });
}

/** Means are bounded asymptotically: no promotion before so many of the candidate's values are known. */
function unitsNeededFor({ margin, typical, target }: Kpi): number | undefined {
  if (typical !== undefined) {
    return Math.max(BURN_IN_OBSERVATIONS, unitsForMeanVerdict(margin, typical.mean, typical.standardDeviation));
  }
  return target === undefined ? undefined : unitsForVerdict(margin, target.value);
}

/** The same as lines for people. */
export function powerReport(charter: Charter, traffic: Traffic = {}): string[] {
  const { strategy } = takeoverOf(charter.rollout);
  if (strategy !== 'canary') return [`${strategy}: no verdict is waited for`];
  return powerOf(charter, traffic).map((power) => sentence(power, traffic, charter.rollout.maxDurationMinutes / 60));
}

function sentence(power: KpiPower, { unitsPerMinute }: Traffic, mostHours: number): string {
  if (power.unitsNeeded === undefined) return `${power.kpi}: give a target (the rate you expect) to learn how long a verdict takes`;
  const least = power.unitsPerMinuteNeeded;
  const level = power.mean === undefined ? `rate of ${percent(power.rate ?? 0)}` : `mean of ${power.mean} ± ${power.standardDeviation}`;
  const intro = `${power.kpi}: at a ${level} and a margin of ${percent(power.margin)}`;
  const demand = least === undefined ? 'no traffic is enough: it is never mature in time' : `at least ${least} units a minute are needed`;
  if (unitsPerMinute === undefined) return `${intro}, for a verdict within ${round(mostHours)} h (rollout.maxDuration) ${demand}`;
  if (power.hours !== undefined) return `${intro}, ${unitsPerMinute} units a minute give a verdict after about ${power.hours} h`;
  return `${intro}, ${unitsPerMinute} units a minute give none within ${round(mostHours)} h (rollout.maxDuration): ${demand}`;
}

/** Minutes of exposure that are mature when the rollout must end. */
const judgedMinutes = (charter: Charter, kpi: Kpi): number => charter.rollout.maxDurationMinutes - kpi.windowMinutes;

/** Candidate's and control's shares as they count together: w·c / (w + c), the n_c·n_b / n of one unit. */
function comparedShare(weight: number, holdout: number): number {
  const control = 1 - weight - holdout;
  return control <= 0 ? 0 : (weight * control) / (weight + control);
}

/** The last step stays open until the verdict, or until the rollout ends. */
function phases(charter: Charter): { share: number; minutes: number }[] {
  const steps = takeoverOf(charter.rollout).steps;
  return steps.map((step, index) => ({
    share: comparedShare(step.weight, charter.rollout.holdout),
    minutes: index === steps.length - 1 ? Number.POSITIVE_INFINITY : step.bakeMinutes,
  }));
}

function comparedShareMinutes(charter: Charter, minutes: number): number {
  let left = Math.max(0, minutes);
  return phases(charter).reduce((sum, phase) => {
    const spent = Math.min(left, phase.minutes);
    left -= spent;
    return sum + spent * phase.share;
  }, 0);
}

function hoursUntil(charter: Charter, kpi: Kpi, shareMinutes: number): number | undefined {
  let missing = shareMinutes;
  let elapsed = 0;
  for (const phase of phases(charter)) {
    const spent = Math.min(phase.minutes, phase.share === 0 ? Number.POSITIVE_INFINITY : missing / phase.share);
    elapsed += spent;
    missing -= spent * phase.share;
    if (missing <= 1e-9) break;
  }
  return elapsed <= judgedMinutes(charter, kpi) ? (elapsed + kpi.windowMinutes) / 60 : undefined;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const roundUp = (value: number): number => Math.ceil(value * 10) / 10;
const percent = (fraction: number): string => `${round(fraction * 100)} %`;
