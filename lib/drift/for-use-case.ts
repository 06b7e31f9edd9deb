import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { watchesDrift } from '../../core/charter';
import { derivationsOf } from '../../core/drift/count';
import type { UseCaseDashboard } from '../dashboard/use-case-dashboard';
import type { AiUseCase } from '../use-case/ai-use-case';
import type { ResolvedUseCase } from '../use-case/resolved-use-case';
import { DriftMonitor, type DriftMonitorProps } from './drift-monitor';
import { settingsWith } from './monitored-policy';

const HOUR = { period: Duration.hours(1) };
/** A graph of more lines says nothing. */
const MOST_LINES = 20;

/** What watches drift; undefined where the charter does not ask for it, or the mode captures nothing. */
export function createDrift(useCase: AiUseCase, resolved: ResolvedUseCase, encryptionKey: kms.IKey | undefined): DriftMonitor | undefined {
  const { charter, platform } = resolved;
  const section = charter.drift;
  if (section === undefined || !watchesDrift(charter)) return undefined;
  // The section says what is watched, and against what.
  const props = {
    useCaseName: charter.name,
    ledger: useCase.ledger,
    release: useCase.release,
    notifications: useCase.notifications,
    owners: Object.fromEntries(Object.entries(charter.owners).map(([role, { principals }]) => [role, principals])),
    retentionDays: charter.charter.data.retentionDays,
    counterShards: platform.counterShards,
    encryptionKey,
  } as unknown as DriftMonitorProps;
  const checked = { section, fileOf: resolved.fileOf, holdout: charter.rollout.holdout > 0 };
  const drift = new DriftMonitor(useCase, 'Drift', settingsWith(props, checked));
  if (section.truth !== undefined) useCase.intake._keepTruths(drift.bucket);
  tellOfDrift(useCase, drift);
  return drift;
}

function tellOfDrift(useCase: AiUseCase, drift: DriftMonitor): void {
  const { alarms } = useCase;
  const who = `It concerns ${drift.owner}.`;
  alarms.tellOf('drifting', `Requests, answers or their quality have drifted. ${who}`, drift.metricDriftingFeatures(HOUR));
  alarms.tellOf('drift-no-data', `The endpoint is asked, and drift cannot be judged. ${who}`, drift.metricNoData(HOUR));
  alarms.tellOf(
    'drift-broken-input',
    `Requests or answers are broken: retraining would learn from it. ${who}`,
    drift.metricBrokenInput(HOUR),
  );
  alarms.tellOf('drift-errors', 'Drift was not looked at, or not told: the next look makes up for it.', drift.metricErrors(HOUR));
  tellOfSilence(useCase, drift);
}

/** No data is the failure here: a job that does not run sends none. A new alarm begins without data and tells nobody. */
function tellOfSilence(useCase: AiUseCase, drift: DriftMonitor): void {
  const { notifications, release } = useCase;
  const alarm = new cloudwatch.Alarm(drift, 'Missing', {
    alarmName: `${release.resourcePrefix}-notify-drift-missing`,
    alarmDescription: `Nobody has looked at drift for three hours.\n\nWhat to do: ${notifications.runbooksUrl}/alarm.md#drift-missing`,
    metric: drift.metricChecks(HOUR),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.MISSING,
  });
  const action = new SnsAction(notifications.topic);
  alarm.addAlarmAction(action);
  alarm.addInsufficientDataAction(action);
}

/** Rows on what drifts, how far, and how good answers are. */
export function showDrift({ dashboard }: UseCaseDashboard, drift: DriftMonitor | undefined): void {
  if (drift === undefined) return;
  const { features, truth } = drift._deployed.policy;
  const names = features.flatMap((feature) => derivationsOf(feature).map(({ name }) => name));
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({
      title: 'Drift: distance from the baseline',
      width: 12,
      left: names.slice(0, MOST_LINES).map((name) => drift.metricDistance(name, { label: name })),
      leftYAxis: { min: 0, max: 1, showUnits: false },
    }),
    new cloudwatch.GraphWidget({
      title: 'Drift: features that drift, broken ones, no data',
      width: 12,
      left: [
        drift.metricDriftingFeatures({ label: 'drifting' }),
        drift.metricBrokenInput({ label: 'broken' }),
        drift.metricNoData({ label: 'no data' }),
      ],
      leftYAxis: { min: 0, showUnits: false },
      right: [drift.metricRows({ label: 'records' })],
      rightYAxis: { min: 0, showUnits: false },
    }),
  );
  if (truth === undefined) return;
  const measures = truth.kind === 'regression' ? ['mae'] : ['accuracy', 'precision', 'recall', 'calibration-error'];
  dashboard.addWidgets(
    new cloudwatch.GraphWidget({
      title: 'Quality of answers whose truth is known',
      width: 24,
      left: measures.map((measure) => drift.metricModelQuality(measure, { label: measure })),
      leftYAxis: { min: 0, showUnits: false },
    }),
  );
}
