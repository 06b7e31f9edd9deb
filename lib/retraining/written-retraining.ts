import { writtenApprovals } from '../release/checked-approvals';
import type { RetrainingSettings } from './retraining-settings';
import { triggersAsOne } from './retraining-trigger';

const minutes = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}m`);
const days = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}d`);

/** Settings as the charter would write them. */
export function writtenRetraining(settings: RetrainingSettings): Record<string, unknown> {
  const { triggers, coolDownMinutes, mostRunsPerMonth, monthlyBudget, sinceDays, minimumRows, evaluationShare } = settings;
  const { evaluation, inference, approval } = settings;
  return {
    on: triggers && triggersAsOne(triggers),
    coolDown: minutes(coolDownMinutes),
    mostRunsPerMonth,
    monthlyBudget,
    data: { since: days(sinceDays), minimumRows, evaluationShare },
    training: settings.training._charter,
    evaluation: evaluation && { metric: evaluation.metric, notWorseBy: evaluation.notWorseBy, instance: evaluation.instanceType },
    approval: approval && writtenApprovals(approval),
    inference,
  };
}
