import type { Members } from '../../cloud/types';
import { invalid } from './targets';

interface Step {
  lower: number;
  upper: number;
  adjustment: number;
}

export interface StepSettings {
  adjustmentType: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  steps: Step[];
  minMagnitude: number;
}

/** How far a metric is from its alarm's threshold. */
export interface Breach {
  delta: number;
  /** Whether the alarm is about values below its threshold. */
  below: boolean;
}

export function readSteps(name: string, config: Members): StepSettings {
  const wrong = (what: string): Error => invalid(`Scaling policy ${name}: ${what}`);
  if (config.AdjustmentType === undefined) throw wrong('AdjustmentType must be specified for a policy of type StepScaling.');
  const given = (config.StepAdjustments ?? []) as Members[];
  if (given.length === 0) throw wrong('There must be at least one step adjustment specified.');
  const steps = given
    .map(({ MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper, ScalingAdjustment }) => {
      if (lower === undefined && upper === undefined) throw wrong('At least one interval boundary must be non-null in a step adjustment.');
      return {
        lower: Number(lower ?? Number.NEGATIVE_INFINITY),
        upper: Number(upper ?? Number.POSITIVE_INFINITY),
        adjustment: Number(ScalingAdjustment),
      };
    })
    .sort((left, right) => left.lower - right.lower);
  steps.forEach(({ lower, upper }, index) => {
    if (upper <= lower) throw wrong('Upper bound of a step adjustment must be greater than its lower bound.');
    const next = steps[index + 1];
    if (next !== undefined && next.lower < upper) throw wrong('StepAdjustment intervals can not overlap.');
    if (next !== undefined && next.lower > upper) throw wrong('StepAdjustment intervals can not have gaps between them.');
  });
  if (steps[0]!.lower < 0 && Number.isFinite(steps[0]!.lower))
    throw wrong('There must be a step adjustment with an unspecified lower bound.');
  const { upper } = steps.at(-1)!;
  if (upper > 0 && Number.isFinite(upper)) throw wrong('There must be a step adjustment with an unspecified upper bound.');
  return {
    adjustmentType: config.AdjustmentType as StepSettings['adjustmentType'],
    steps,
    minMagnitude: Number(config.MinAdjustmentMagnitude ?? 0),
  };
}

/** The count that the fitting step asks for; undefined where none fits. */
export function stepped(
  { adjustmentType, steps, minMagnitude }: StepSettings,
  { delta, below }: Breach,
  count: number,
): number | undefined {
  // The side towards the threshold belongs to the step.
  const step = steps.find(({ lower, upper }) => (below ? delta > lower && delta <= upper : delta >= lower && delta < upper));
  if (step === undefined) return undefined;
  if (adjustmentType === 'ExactCapacity') return step.adjustment;
  if (adjustmentType === 'ChangeInCapacity') return Math.max(0, count + step.adjustment);
  return Math.max(0, count + percentOf(count, step.adjustment, minMagnitude));
}

/** Rounded towards zero, but for what is less than one. */
function percentOf(count: number, percent: number, minMagnitude: number): number {
  const change = (count * percent) / 100;
  const whole = Math.abs(change) < 1 ? Math.sign(change) : Math.trunc(change);
  return Math.sign(percent) * Math.max(Math.abs(whole), minMagnitude);
}
