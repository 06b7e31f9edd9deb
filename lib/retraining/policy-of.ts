import type { RetrainingPolicy } from '../../core/contracts';
import { checkedApprovals } from '../release/checked-approvals';
import type { RetrainingSettings } from './retraining-settings';
import { RetrainingTrigger, triggersAsOne } from './retraining-trigger';

const WEEK_MINUTES = 7 * 1440;

/** Settings with their defaults, held to the charter's rules. */
export function policyOf(settings: RetrainingSettings, group: string, owners: Record<string, string[]>): RetrainingPolicy {
  const { coolDownMinutes = WEEK_MINUTES, mostRunsPerMonth = 2, monthlyBudget, evaluation = {}, inference } = settings;
  const { sinceDays = 30, minimumRows = 1000, evaluationShare = 0.2 } = settings;
  const training = settings.training._policy;
  if (inference === undefined) throw new Error('inference is missing: it says which image serves the new model.');
  if (evaluation.metric === undefined) throw new Error('evaluation.metric is missing: give one, such as RetrainingMetric.ACCURACY.');
  within('coolDownMinutes', coolDownMinutes, 0, 366 * 1440);
  within('mostRunsPerMonth', mostRunsPerMonth, 1, 1000);
  within('sinceDays', sinceDays, 1, 365);
  within('minimumRows', minimumRows, 10, 10_000_000);
  within('evaluationShare', evaluationShare, 0.05, 0.5, false);
  within('evaluation.notWorseBy', evaluation.notWorseBy ?? 0, 0, 1, false);
  if (monthlyBudget !== undefined && !(monthlyBudget > 0)) throw new Error(`monthlyBudget is ${monthlyBudget}: it must be above 0.`);
  if (monthlyBudget !== undefined && training.kind !== 'job') {
    throw new Error(
      'monthlyBudget cannot be kept: what a pipeline or a state machine costs is not known before it ran; use mostRunsPerMonth.',
    );
  }
  return {
    on: triggersAsOne(settings.triggers ?? [RetrainingTrigger.onDrift()]),
    coolDownMinutes,
    mostRunsPerMonth,
    ...(monthlyBudget === undefined ? {} : { monthlyBudget }),
    data: { sinceDays, minimumRows, evaluationShare },
    training,
    evaluation: {
      metric: evaluation.metric,
      notWorseBy: evaluation.notWorseBy ?? 0.02,
      instanceType: evaluation.instanceType ?? 'ml.m5.large',
    },
    ...(settings.approval === undefined ? {} : { approval: checkedApprovals({ approvals: settings.approval, owners }).approvals }),
    group,
    inference: {
      image: inference.image,
      environment: inference.environment ?? {},
      contentType: inference.contentType ?? 'application/json',
    },
  };
}

function within(name: string, value: number, least: number, most: number, isWhole = true): void {
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return;
  throw new Error(`${name} is ${value}: it must be ${isWhole ? 'a whole number ' : ''}from ${least} to ${most}.`);
}
