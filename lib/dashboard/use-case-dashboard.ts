import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import type { InferenceGateway } from '../gateway/inference-gateway';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { ObservationIntake } from '../observation/observation-intake';
import type { VerdictClock } from '../verdict/verdict-clock';
import { variantLatencyInMillis, variantMetric } from './variant-metrics';

/** What the dashboard shows. */
export interface UseCaseDashboardProps {
  /** Name of the use case; the heading. */
  readonly useCaseName: string;

  /** What the use case is for: the hypothesis of its charter. */
  readonly hypothesis: string;

  /** Name of the endpoint whose variants are shown. */
  readonly endpointName: string;

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
}

const COLOURS: Record<string, string> = { baseline: '#7f7f7f', stable: '#1f77b4', candidate: '#ff7f0e' };
const ARMS = Object.keys(COLOURS);

/**
 * One CloudWatch dashboard per use case: KPIs by arm against their targets, the candidate's share, evidence against its threshold,
 * latency and errors per variant, and alarms.
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
    this.dashboard.addWidgets(...props.kpis.map((kpi) => this.kpiWidget(kpi)));
    this.dashboard.addWidgets(this.shareWidget(), this.evidenceWidget(), this.promotionWidget());
    this.dashboard.addWidgets(this.requestsWidget(), this.latencyWidget(), this.variantLatencyWidget(), this.variantErrorsWidget());
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({
        title: 'Alarms',
        width: 24,
        height: 3,
        alarms: [...props.alarms.rollbackAlarms, ...props.alarms.notifyingAlarms],
      }),
    );
  }

  private kpiWidget(kpi: KpiPolicy): cloudwatch.IWidget {
    const period = Duration.hours(1);
    const rates = ARMS.map(
      (arm, index) =>
        new cloudwatch.MathExpression({
          expression: `x${index} / n${index}`,
          usingMetrics: {
            [`x${index}`]: this.props.intake.metricKpiOutcomes(kpi.name, arm, { period }),
            [`n${index}`]: this.props.intake.metricUnitsExposed(arm, { period }),
          },
          label: arm,
          color: COLOURS[arm],
          period,
        }),
    );
    return new cloudwatch.GraphWidget({
      title: `${kpi.name} (${kpi.better} is better)`,
      width: Math.max(6, Math.floor(24 / Math.min(this.props.kpis.length, 3))),
      left: rates,
      leftYAxis: { min: 0, label: 'rate', showUnits: false },
      leftAnnotations: kpi.target === undefined ? [] : [{ value: kpi.target.value, label: `target by ${kpi.target.by}`, color: '#2ca02c' }],
    });
  }

  private shareWidget(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Share of the candidate',
      width: 8,
      left: [this.props.verdict.metricCandidateShare({ label: 'candidate', color: COLOURS['candidate'] })],
      leftYAxis: { min: 0, max: 1, showUnits: false },
    });
  }

  private evidenceWidget(): cloudwatch.IWidget {
    const { kpis, verdict } = this.props;
    return new cloudwatch.GraphWidget({
      title: 'Evidence against the candidate (log10)',
      width: 8,
      left: [
        // The weighted mean over all of them is what is held against the threshold.
        verdict.metricLog10Evidence('combined', { label: 'all KPIs together' }),
        ...kpis.map((kpi) => verdict.metricLog10Evidence(kpi.name, { label: kpi.name })),
        verdict.metricLog10Threshold('combined', { label: 'threshold: rolls back', color: '#d62728' }),
      ],
      leftYAxis: { showUnits: false },
    });
  }

  private promotionWidget(): cloudwatch.IWidget {
    const { kpis, verdict } = this.props;
    return new cloudwatch.GraphWidget({
      title: 'Evidence that the candidate is no worse (log10)',
      width: 8,
      left: kpis.map((kpi) => verdict.metricLog10PromotionEvidence(kpi.name, { label: kpi.name })),
      leftYAxis: { showUnits: false },
    });
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
      title: 'Latency by arm, p95 (ms)',
      width: 6,
      left: ARMS.map((arm) => gateway.metricLatencyInMillis(arm, { label: arm, color: COLOURS[arm] })),
      leftYAxis: { min: 0, label: 'ms', showUnits: false },
    });
  }

  private variantLatencyWidget(): cloudwatch.IWidget {
    return new cloudwatch.GraphWidget({
      title: 'Model latency by variant, p95 (ms)',
      width: 6,
      left: ['a', 'b'].map((variant) => variantLatencyInMillis(this.props.endpointName, variant)),
      leftYAxis: { min: 0, label: 'ms', showUnits: false },
    });
  }

  private variantErrorsWidget(): cloudwatch.IWidget {
    const { endpointName } = this.props;
    return new cloudwatch.GraphWidget({
      title: 'Errors by variant',
      width: 6,
      left: ['a', 'b'].flatMap((variant) => [
        variantMetric(endpointName, variant, 'Invocation5XXErrors', 'Sum', `${variant}: 5xx`),
        variantMetric(endpointName, variant, 'InvocationModelErrors', 'Sum', `${variant}: model errors`),
      ]),
      leftYAxis: { min: 0, showUnits: false },
    });
  }
}
