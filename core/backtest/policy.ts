import type { KpiPolicy } from '../contracts';
import { BadInputError } from '../errors';
import type { ArmNames } from './arms';
import { rounded, roundUp, ValueProfile } from './profile';
import type { ArmSurvey, Survey } from './survey';
import type { BacktestPlan, KpiColumn } from './types';

const CAP_QUANTILE = 0.995;
const SLOW_QUANTILE = 0.95;
const WINDOW_QUANTILE = 0.995;

/** A policy in which nothing is missing, and what of it the history itself had to say. */
export interface CompletePolicy {
  policy: KpiPolicy;
  fromHistory: ('cap' | 'typical' | 'above' | 'window')[];
}

/** What the control's history suggests to declare. */
export interface ScaleSuggestion {
  cap: number;
  typical: { mean: number; standardDeviation: number };
}

/** Fills in what the charter (or the command line) leaves open. */
export function completePolicies(plan: BacktestPlan, survey: Survey, arms: ArmNames): CompletePolicy[] {
  const candidate = survey.arms.get(arms.candidate)!;
  const control = survey.arms.get(arms.control)!;
  return plan.kpis.map((kpi, index) => complete(kpi, index, candidate, control));
}

function complete(kpi: KpiColumn, index: number, candidate: ArmSurvey, control: ArmSurvey): CompletePolicy {
  const policy = { ...kpi.policy };
  const fromHistory: CompletePolicy['fromHistory'] = [];
  const values = control.values[index] ?? new ValueProfile();
  if (policy.type !== 'binary' && values.count === 0) {
    throw new BadInputError(
      `KPI ${policy.name}: column ${kpi.column} has no value in any row of the control, so there is nothing to compare with`,
    );
  }
  if (policy.type === 'mean' || policy.type === 'count') {
    if (policy.cap === undefined) {
      policy.cap = capOf(policy, values);
      fromHistory.push('cap');
    }
    if (policy.typical === undefined) {
      policy.typical = typicalOf(policy, values, policy.cap, control.exposed[index] ?? values.count);
      fromHistory.push('typical');
    }
  }
  if (policy.type === 'latency' && policy.aboveMillis === undefined) {
    policy.aboveMillis = slowMillisOf(values);
    fromHistory.push('above');
  }
  if (kpi.windowFromHistory === true && [candidate, control].some(({ delays }) => (delays[index]?.count ?? 0) > 0)) {
    policy.windowMinutes = windowMinutesOf(candidate.delays[index]!, control.delays[index]!);
    fromHistory.push('window');
  }
  return { policy, fromHistory };
}

/** The 99.5 % quantile, rounded up. */
function capOf({ name, type }: KpiPolicy, values: ValueProfile): number {
  const exact = values.quantile(CAP_QUANTILE);
  const cap = type === 'count' ? Math.ceil(exact) : roundUp(exact, 3);
  if (cap > 0) return cap;
  throw new BadInputError(
    `KPI ${name}: nearly all of the control's values are 0, so no cap follows from them\n  say it: cap=… in --kpi, or cap in the charter`,
  );
}

function typicalOf(policy: KpiPolicy, values: ValueProfile, cap: number, exposed: number): { mean: number; standardDeviation: number } {
  const { mean, standardDeviation } = withZeros(policy, values, cap, exposed);
  if (mean > 0 && standardDeviation > 0) return { mean: rounded(mean, 3), standardDeviation: rounded(standardDeviation, 3) };
  throw new BadInputError(
    `KPI ${policy.name}: all of the control's values are ${rounded(mean, 3)}, so no deviation follows from them\n  say it: mean=…:sd=… in --kpi, or typical in the charter`,
  );
}

/** Units without an outcome are zeros where the policy says so. */
function withZeros(
  { unobserved }: KpiPolicy,
  values: ValueProfile,
  cap: number,
  exposed: number,
): { mean: number; standardDeviation: number } {
  const { mean, standardDeviation } = values.winsorised(cap);
  if (unobserved !== 'zero' || exposed <= values.count) return { mean, standardDeviation };
  const share = values.count / exposed;
  const squares = share * (standardDeviation ** 2 + mean ** 2);
  return { mean: share * mean, standardDeviation: Math.sqrt(Math.max(0, squares - (share * mean) ** 2)) };
}

const slowMillisOf = (values: ValueProfile): number => Math.max(1, roundUp(values.quantile(SLOW_QUANTILE), 3));

function windowMinutesOf(...delays: [ValueProfile, ValueProfile]): number {
  return Math.max(0, ...delays.map((delay) => (delay.count === 0 ? 0 : roundUp(Math.ceil(delay.quantile(WINDOW_QUANTILE)), 2))));
}

/** For mean and count: what to write into the charter. Undefined where the values do not say. */
export function suggestedScale(policy: KpiPolicy, control: ArmSurvey, index: number): ScaleSuggestion | undefined {
  const values = control.values[index];
  if (values === undefined || values.count === 0 || (policy.type !== 'mean' && policy.type !== 'count')) return undefined;
  try {
    const cap = capOf(policy, values);
    return { cap, typical: typicalOf(policy, values, cap, control.exposed[index] ?? values.count) };
  } catch (error) {
    if (error instanceof BadInputError) return undefined;
    throw error;
  }
}

/** For latency: the control's 95th percentile. */
export function suggestedMillis(policy: KpiPolicy, control: ArmSurvey, index: number): number | undefined {
  const values = control.values[index];
  return policy.type !== 'latency' || values === undefined || values.count === 0 ? undefined : slowMillisOf(values);
}
