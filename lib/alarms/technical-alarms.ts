import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import { Construct } from 'constructs';
import type { InferenceGateway } from '../gateway/inference-gateway';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { ObservationIntake } from '../observation/observation-intake';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { RollbackController } from '../rollback/rollback-controller';
import type { EndpointWatch } from '../incident/endpoint-watch';
import type { HoldoutReview } from '../verdict/holdout-review';
import type { VerdictClock } from '../verdict/verdict-clock';
import { checkThresholds, type TechnicalThresholds } from './technical-thresholds';

/** What technical alarms watch. */
export interface TechnicalAlarmsProps {
  /** The gateway whose candidate is watched. */
  readonly gateway: InferenceGateway;

  /** The intake whose losses are watched. */
  readonly intake: ObservationIntake;

  /** What takes a broken candidate out of traffic. */
  readonly rollback: RollbackController;

  /** The clock that must not stop. */
  readonly verdict: VerdictClock;

  /** The workflow whose failures are watched. */
  readonly release: ReleaseWorkflow;

  /**
   * The daily review whose failures are watched.
   *
   * @default - none
   */
  readonly holdout?: HoldoutReview;

  /**
   * The watch whose failures are watched.
   *
   * @default - none
   */
  readonly watch?: EndpointWatch;

  /** The KPIs whose rejected events are watched. */
  readonly kpis: KpiPolicy[];

  /** Who is told. */
  readonly notifications: OwnerNotifications;

  /**
   * When a candidate is technically broken.
   *
   * @default - see the single thresholds
   */
  readonly thresholds?: TechnicalThresholds;
}

const WINDOW = Duration.minutes(15);

/**
 * Alarms on what needs no statistics. A candidate that fails or crawls is rolled back at once; lost observations, rejected KPI events,
 * a stopped verdict and failed releases are told to the owners.
 *
 * @example
 * declare const gateway: InferenceGateway;
 * declare const intake: ObservationIntake;
 * declare const rollback: RollbackController;
 * declare const verdict: VerdictClock;
 * declare const release: ReleaseWorkflow;
 * declare const kpis: KpiPolicy[];
 * declare const notifications: OwnerNotifications;
 * new TechnicalAlarms(this, 'Alarms', { gateway, intake, rollback, verdict, release, kpis, notifications });
 */
export class TechnicalAlarms extends Construct {
  /** Alarms that roll back the candidate. */
  readonly rollbackAlarms: cloudwatch.IAlarm[];

  private readonly telling: cloudwatch.IAlarm[];
  private readonly props: TechnicalAlarmsProps;

  /**
   * @param scope where the alarms belong
   * @param id unique within the scope
   * @param props what is watched
   * @throws when a threshold is out of its range
   */
  constructor(scope: Construct, id: string, props: TechnicalAlarmsProps) {
    super(scope, id);
    this.props = props;
    const thresholds = checkThresholds(props.thresholds ?? {}, props.gateway.invokeTimeoutMillis);
    this.rollbackAlarms = [this.createFailures(thresholds), this.createLatency(thresholds)];
    this.telling = this.createNotifying();
  }

  /** Alarms that tell the owners. */
  get notifyingAlarms(): cloudwatch.IAlarm[] {
    return [...this.telling];
  }

  /**
   * Tells the owners as soon as there is anything to count, within five minutes.
   *
   * @param name what the alarm's name ends with, such as `scorer-errors`; the same in the runbook
   * @param what a sentence that says what it means and what to do
   * @param metric what is counted, such as the errors of a function
   */
  tellOf(name: string, what: string, metric: cloudwatch.IMetric): cloudwatch.IAlarm {
    const alarm = this.notifies(`Tells-${name}`, name, what, metric);
    this.telling.push(alarm);
    return alarm;
  }

  private createFailures(thresholds: Required<TechnicalThresholds>): cloudwatch.Alarm {
    const { minimumRequests, minimumFailures } = thresholds;
    return this.rollsBack('CandidateFailures', 'candidate-failures', {
      alarmDescription: `The candidate fails in at least ${thresholds.failureShare * 100} % of its requests: it is rolled back at once.`,
      metric: new cloudwatch.MathExpression({
        label: "share of the candidate's requests that fail",
        expression: `IF(requests >= ${minimumRequests}, IF(failures >= ${minimumFailures}, failures / requests, 0), 0)`,
        usingMetrics: this.candidate(),
        period: WINDOW,
      }),
      threshold: thresholds.failureShare,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createLatency(thresholds: Required<TechnicalThresholds>): cloudwatch.Alarm {
    const { requests } = this.candidate();
    return this.rollsBack('CandidateLatency', 'candidate-latency', {
      alarmDescription: `The candidate's p95 is above ${thresholds.latencyP95Millis} ms: it is rolled back at once.`,
      metric: new cloudwatch.MathExpression({
        label: "p95 of the candidate's latency in milliseconds",
        expression: `IF(requests >= ${thresholds.minimumRequestsForLatency}, latency, 0)`,
        usingMetrics: { requests, latency: this.props.gateway.metricWaitInMillis('candidate', { period: WINDOW }) },
        period: WINDOW,
      }),
      threshold: thresholds.latencyP95Millis,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createNotifying(): cloudwatch.Alarm[] {
    const { intake, release, rollback, verdict } = this.props;
    const period = Duration.minutes(5);
    const filesLost = intake.metricKpiFileDeadLetters({ period });
    return [
      this.notifies(
        'DeadLetters',
        'observations-lost',
        'Observations could not be counted: look into the dead-letter queue.',
        intake.metricDeadLetters({ period }),
      ),
      ...(filesLost === undefined
        ? []
        : [
            this.notifies(
              'FilesLost',
              'kpi-files-lost',
              'Files with KPI events could not be read: see their dead-letter queue.',
              filesLost,
            ),
          ]),
      ...this.props.kpis.map((kpi) =>
        this.notifies(
          `Rejected-${kpi.name}`,
          `kpi-rejected-${kpi.name}`,
          `KPI events of ${kpi.name} are kept but not counted: see sluice kpi rejected.`,
          intake.metricKpiRejected(kpi.name, { period: WINDOW }),
        ),
      ),
      this.notifies(
        'Rejected',
        'kpi-rejected',
        'KPI events that name no KPI of the charter, or cannot be read, are kept but not counted: see sluice kpi rejected.',
        intake.metricKpiRejected('unknown', { period: WINDOW }),
      ),
      this.notifies(
        'WorkflowFailed',
        'workflow-failed',
        'A release ended without evidence, or was torn down.',
        release.metricFailed({ period }),
      ),
      this.notifies(
        'RequestErrors',
        'request-errors',
        'A request for a release failed: an approval in the model registry may have come to nothing.',
        release.metricRequestErrors({ period }),
      ),
      this.notifies(
        'RollbackErrors',
        'rollback-errors',
        'The rollback handler failed: see whether the kill switch is needed.',
        rollback.metricErrors({ period }),
      ),
      ...this.holdoutErrors(period),
      ...this.watchErrors(period),
      this.createVerdictMissing(verdict),
    ];
  }

  private holdoutErrors(period: Duration): cloudwatch.Alarm[] {
    const { holdout } = this.props;
    if (holdout === undefined) return [];
    const what = 'The holdout was not reviewed: lift, money and kill criteria are as of the day before.';
    return [this.notifies('HoldoutErrors', 'holdout-errors', what, holdout.metricErrors({ period }))];
  }

  private watchErrors(period: Duration): cloudwatch.Alarm[] {
    const { watch } = this.props;
    if (watch === undefined) return [];
    const what = 'The watch failed: drift of the endpoint, and what was left undone, goes unnoticed until it runs.';
    return [this.notifies('WatchErrors', 'watch-errors', what, watch.metricErrors({ period }))];
  }

  /** No data is the failure here: a clock that stopped sends none. A new alarm begins without data and tells nobody. */
  private createVerdictMissing(verdict: VerdictClock): cloudwatch.Alarm {
    const alarm = this.notifies(
      'VerdictMissing',
      'verdict-missing',
      'No verdict was asked for within five minutes: open steps will miss their heartbeat and roll back.',
      verdict.metricInvocations({ period: Duration.minutes(5), statistic: 'Sum' }),
      { comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD, treatMissingData: cloudwatch.TreatMissingData.MISSING },
    );
    alarm.addInsufficientDataAction(new SnsAction(this.props.notifications.topic));
    return alarm;
  }

  private candidate() {
    const { gateway } = this.props;
    return {
      requests: gateway.metricRequests('candidate', { period: WINDOW }),
      failures: gateway.metricFailures('candidate', { period: WINDOW }),
    };
  }

  private rollsBack(id: string, name: string, props: cloudwatch.AlarmProps): cloudwatch.Alarm {
    const { notifications, rollback } = this.props;
    const alarm = new cloudwatch.Alarm(this, id, {
      ...props,
      alarmName: `${rollback.alarmNamePrefix}${name}`,
      alarmDescription: this.described(props.alarmDescription ?? '', name),
    });
    // Two ways on purpose: the event rule in the controller is the other. Mute rules silence alarm actions.
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: rollback.handler.functionArn }) }, new SnsAction(notifications.topic));
    return alarm;
  }

  /** Whoever is woken by it finds what to do. */
  private described(what: string, runbook: string): string {
    return `${what}\n\nWhat to do: ${this.props.notifications.runbooksUrl}/alarm.md#${runbook}`;
  }

  private notifies(
    id: string,
    name: string,
    alarmDescription: string,
    metric: cloudwatch.IMetric,
    rest?: Partial<cloudwatch.AlarmProps>,
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: `${this.props.release.resourcePrefix}-notify-${name}`,
      alarmDescription: this.described(alarmDescription, name.startsWith('kpi-rejected-') ? 'kpi-rejected' : name),
      metric,
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...rest,
    });
    alarm.addAlarmAction(new SnsAction(this.props.notifications.topic));
    return alarm;
  }
}
