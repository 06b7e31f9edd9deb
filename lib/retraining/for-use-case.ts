import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { retrainingPolicyOf } from '../../core/charter';
import type { RetrainingPolicy } from '../../core/contracts';
import { scikitLearnContainer } from '../model/model-source';
import type { DeadlineAction } from '../release/approval-policy';
import type { AiUseCase } from '../use-case/ai-use-case';
import type { ResolvedUseCase } from '../use-case/resolved-use-case';
import type { RetrainingMetric, RetrainingSettings } from './retraining-settings';
import { RetrainingTrigger } from './retraining-trigger';
import { RetrainingWorkflow } from './retraining-workflow';
import { Training } from './training';

const SCIKIT_LEARN = /^scikit-learn:(.+)$/;
const PERIOD = { period: Duration.minutes(5) };

/** What retrains; undefined where the charter asks for none, or nothing can be learnt from. */
export function createRetraining(
  useCase: AiUseCase,
  { charter, pricesFile }: ResolvedUseCase,
  encryptionKey: kms.IKey | undefined,
): RetrainingWorkflow | undefined {
  const { drift, release } = useCase;
  const policy = retrainingPolicyOf(charter, (container) => {
    const version = SCIKIT_LEARN.exec(container)?.[1];
    if (version === undefined) throw new Error(`container is '${container}': allowed is scikit-learn:VERSION such as scikit-learn:1.2-1.`);
    return scikitLearnContainer(useCase, version);
  });
  if (policy === undefined || drift === undefined || release.dataCaptures === undefined) return undefined;
  const { vpc } = charter.platform;
  const created = new RetrainingWorkflow(useCase, 'Retraining', {
    ...settingsOf(policy),
    useCaseName: charter.name,
    ledger: useCase.ledger,
    release,
    drift,
    notifications: useCase.notifications,
    owners: Object.fromEntries(Object.entries(charter.owners).map(([role, { principals }]) => [role, principals])),
    group: policy.group,
    pricesFile,
    network: vpc === undefined ? undefined : { subnetIds: vpc.subnets, securityGroupIds: vpc.securityGroups },
    runtimeTags: charter.tags,
    encryptionKey,
  });
  drift._useRetrained(policy.group);
  tellOf(useCase, created);
  return created;
}

function tellOf({ alarms }: AiUseCase, retraining: RetrainingWorkflow): void {
  alarms.tellOf(
    'retraining-failed',
    'A retraining run failed: its record says why; the next trigger begins another.',
    retraining.metricFailed(PERIOD),
  );
  alarms.tellOf(
    'retraining-requests',
    'A request for retraining could not be taken: drift or the schedule may have asked for nothing.',
    retraining.metricRequestErrors(PERIOD),
  );
  alarms.tellOf(
    'retraining-lost',
    'The workflow of a retraining run ended before its run did: the run is ended, and the lock released.',
    retraining.machine.metricFailed(PERIOD),
  );
}

/** The charter's policy as the construct takes it. */
function settingsOf(policy: RetrainingPolicy): RetrainingSettings {
  const { on, coolDownMinutes, mostRunsPerMonth, monthlyBudget, data, training, evaluation, approval, inference } = policy;
  return {
    triggers: [
      ...(on.drift ? [RetrainingTrigger.onDrift()] : []),
      ...(on.kpi ? [RetrainingTrigger.onKpiMovement()] : []),
      ...(on.schedule === undefined ? [] : [RetrainingTrigger.onSchedule(on.schedule)]),
    ],
    coolDownMinutes,
    mostRunsPerMonth,
    monthlyBudget,
    ...data,
    training: Training._of(training),
    evaluation: { ...evaluation, metric: evaluation.metric as RetrainingMetric },
    approval: approval && { ...approval, onDeadline: approval.onDeadline as DeadlineAction },
    inference,
  };
}
