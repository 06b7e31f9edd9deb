import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import type { CostMeter } from '../cost/cost-meter';
import type { InferenceGateway } from '../gateway/inference-gateway';
import type { EndpointWatch } from '../incident/endpoint-watch';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { ObservationIntake } from '../observation/observation-intake';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { KillCriterion } from '../use-case/ai-use-case-props';
import type { HoldoutReview } from '../verdict/holdout-review';
import type { VerdictClock } from '../verdict/verdict-clock';
import { canaryWidgets } from './canary-widgets';
import { costWidgets } from './cost-widgets';
import { holdoutWidgets } from './holdout-widgets';
import { ARMS, COLOURS, kpiWidget, widthOf } from './kpi-widgets';
import { operationWidgets } from './operation-widgets';
import { searchedMetric, variantLatencyInMillis, variantMetric } from './variant-metrics';

/** What the dashboard shows. */
export interface UseCaseDashboardProps {
  /** Name of the use case; the heading. */
  readonly useCaseName: string;

  /** What the use case is for: the hypothesis of its charter. */
  readonly hypothesis: string;

  /** Name of the endpoint whose variants are shown. */
  readonly endpointName: string;

  /**
   * What names of endpoints begin with, where each release has one of its own.
   *
   * @default - one endpoint for good: `endpointName`
   */
  readonly endpointPrefix?: string;

  /** The KPIs, each with its target. */
  readonly kpis: KpiPolicy[];

  /** Where requests, failures and latency come from. */
  readonly gateway: InferenceGateway;

  /** Where KPI counts come from. */
  readonly intake: ObservationIntake;

  /** Where evidence and the candidate's share come from. */
  readonly verdict: VerdictClock;

  /** The alarms whose state is shown. */
  readonly alarms: TechnicalAlarms;

  /**
   * The releases that are counted.
   *
   * @default - releases are not counted
   */
  readonly release?: ReleaseWorkflow;

  /**
   * Where incidents come from.
   *
   * @default - nothing is shown of incidents
   */
  readonly watch?: EndpointWatch;

  /**
   * Where costs come from.
   *
   * @default - nothing is shown of costs
   */
  readonly cost?: CostMeter;

  /**
   * Where the lift over the baseline and money per month come from.
   *
   * @default - nothing is shown of the holdout
   */
  readonly holdout?: HoldoutReview;

  /**
   * When the use case ends; shown beside whether it is so.
   *
   * @default - none
   */
  readonly killCriteria?: KillCriterion[];
}

/** SageMaker's latencies are in microseconds. */
const MICROS_PER_MILLI = 1000;

/**
 * One CloudWatch dashboard per use case: KPIs by arm against their targets, the candidate's share, evidence against its threshold, lift and
 * money beside the baseline, kill criteria, latency and errors per variant, releases, incidents,
 * costs against the budget, and alarms.
 *
 * @example
 * declare const gateway: InferenceGateway;
 * declare const intake: ObservationIntake;
 * declare const verdict: VerdictClock;
 * declare const alarms: TechnicalAlarms;
 * declare const kpis: KpiPolicy[];
 * new UseCaseDashboard(this, 'Dashboard', {
 *   useCaseName: 'support-triage',
 *   hypothesis: 'Spam that reaches an agent falls from 8 % to 3 %.',
 *   endpointName: 'support-triage-endpoint',
 *   kpis,
 *   gateway,
 *   intake,
 *   verdict,
 *   alarms,
 * });
 */
export class UseCaseDashboard extends Construct {
  /** The dashboard; its name is chosen by CloudFormation. */
  readonly dashboard: cloudwatch.Dashboard;

  private readonly props: UseCaseDashboardProps;

  /**
   * @param scope where the dashboard belongs
   * @param id unique within the scope
   * @param props what it shows
   */
  constructor(scope: Construct, id: string, props: UseCaseDashboardProps) {
    super(scope, id);
    this.props = props;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    this.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: `# ${props.useCaseName}\n${props.hypothesis}`, width: 24, height: 2 }));
    const { useCaseName, kpis, intake, verdict } = props;
    this.dashboard.addWidgets(...kpis.map((kpi) => kpiWidget(useCaseName, intake, kpi, widthOf(kpis))));
    this.dashboard.addWidgets(...canaryWidgets(verdict, kpis));
    if (props.holdout !== undefined) {
      for (const row of holdoutWidgets(props.holdout, kpis, props.killCriteria ?? [])) this.dashboard.addWidgets(...row);
    }
    this.dashboard.addWidgets(this.requestsWidget(), this.latencyWidget(), this.variantLatencyWidget(), this.variantErrorsWidget());
    const operation = operationWidgets(props.release, props.watch);
    if (operation.length > 0) this.dashboard.addWidgets(...operation);
    if (props.cost !== undefined) this.dashboard.addWidgets(...costWidgets(props.cost));
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({
        title: 'Alarms',
        width: 24,
        height: 3,
        alarms: [...props.alarms.rollbackAlarms, ...props.alarms.notifyingAlarms],
      }),
    );
  }

  private requestsWidget(): cloudwatch.IWidget {
    const { gateway } = this.props;
    return new cloudwatch.GraphWidget({
      title: 'Requests and failures by arm',
      width: 6,
      left: ARMS.map((arm) => gateway.metricRequests(arm, { label: arm, color: COLOURS[arm] })),
      right: ARMS.map((arm) => gateway.metricFailures(arm, { label: `${arm} failures` })),
      leftYAxis: { min: 0, showUnits: false },
      rightYAxis: { min: 0, showUnits: false },
    });
  }

  private latencyWidget(): cloudwatch.IWidget {
    const { gateway } = this.props;
    return new cloudwatch.GraphWidget({
      title: gateway.streaming ? 'First byte by arm, p95 (ms)' : 'Latency by arm, p95 (ms)',
      width: 6,
      left: ARMS.map((arm) => gateway.metricWaitInMillis(arm, { label: arm, color: COLOURS[arm] })),
      leftYAxis: { min: 0, label: 'ms', showUnits: false },
    });
  }

  private variantLatencyWidget(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Model latency by variant, p95 (ms)',
      width: 6,
      left: this.variantLatencies(),
      leftYAxis: { min: 0, label: 'ms', showUnits: false },
    });
  }

  private variantErrorsWidget(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Errors by variant',
      width: 6,
      left: this.variantErrors(),
      leftYAxis: { min: 0, showUnits: false },
    });
  }

  private variantLatencies(): cloudwatch.IMetric[] {
    const { endpointName, endpointPrefix } = this.props;
    return endpointPrefix === undefined
      ? ['a', 'b'].map((variant) => variantLatencyInMillis(endpointName, variant))
      : [searchedMetric(endpointPrefix, 'ModelLatency', 'p95', '', MICROS_PER_MILLI)];
  }

  private variantErrors(): cloudwatch.IMetric[] {
    const { endpointName, endpointPrefix } = this.props;
    const errors = [
      ['Invocation5XXErrors', '5xx'],
      ['InvocationModelErrors', 'model errors'],
    ] as const;
    return endpointPrefix === undefined
      ? ['a', 'b'].flatMap((variant) =>
          errors.map(([name, label]) => variantMetric(endpointName, variant, name, 'Sum', `${variant}: ${label}`)),
        )
      : errors.map(([name, label]) => searchedMetric(endpointPrefix, name, 'Sum', label));
  }
}
