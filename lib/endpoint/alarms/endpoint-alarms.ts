import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUNBOOKS_URL } from '../../shared/runbooks-url';
import { InferenceComponentMetrics } from '../metrics/component-metrics';
import { EndpointInstanceMetrics } from '../metrics/instance-metrics';
import { EndpointQueueMetrics } from '../metrics/queue-metrics';
import { EndpointVariantMetrics } from '../metrics/variant-metrics';
import { EndpointMode, type IModelEndpoint, type ServedComponent, type ServedVariant } from '../model-endpoint-ref';
import { checkEndpointThresholds, type EndpointAlarmThresholds } from './alarm-thresholds';
import { alarmNamer, failureShare, slowestAbove } from './expressions';

/** What is watched, and who is told. */
export interface EndpointAlarmsProps {
  /** The endpoint. */
  readonly endpoint: IModelEndpoint;

  /**
   * What every alarm does when it goes off, such as `new SnsAction(topic)`.
   *
   * @default - nothing: `addAlarmAction()` adds what it does
   */
  readonly actions?: cloudwatch.IAlarmAction[];

  /**
   * When the endpoint is in trouble.
   *
   * @default - see the single thresholds
   */
  readonly thresholds?: EndpointAlarmThresholds;

  /**
   * Where the runbooks are that the descriptions link to, without a slash at the end.
   *
   * @default - the guides of this package
   */
  readonly runbooksUrl?: string;
}

const PERIOD = Duration.minutes(5);
/** A spike within one of three periods wakes nobody. */
const LASTING = { evaluationPeriods: 3, datapointsToAlarm: 2 };

/**
 * The alarms that any endpoint should have: errors, latency, no capacity, a disk that fills, GPU memory, a backlog that grows old. Each has a
 * minimum of samples where it judges shares, and links to its runbook. Without requests there is nothing to judge: missing data is no alarm.
 *
 * @example
 * declare const endpoint: IModelEndpoint;
 * const alarms = new EndpointAlarms(this, 'Alarms', { endpoint, thresholds: { latencyP95Millis: 800 } });
 */
export class EndpointAlarms extends Construct {
  private readonly all: cloudwatch.Alarm[] = [];
  private readonly endpoint: IModelEndpoint;
  private readonly thresholds: Required<EndpointAlarmThresholds>;
  private readonly runbooksUrl: string;
  private readonly nameOf: (what: string) => string;

  /**
   * @param scope where the alarms belong
   * @param id unique within the scope
   * @param props what is watched, and who is told
   * @throws when a threshold is out of its range
   */
  constructor(scope: Construct, id: string, props: EndpointAlarmsProps) {
    super(scope, id);
    this.endpoint = props.endpoint;
    this.thresholds = checkEndpointThresholds(props.thresholds ?? {});
    this.runbooksUrl = props.runbooksUrl ?? RUNBOOKS_URL;
    this.nameOf = alarmNamer(this, this.endpoint.endpointName);
    for (const variant of this.endpoint.variants) this.watchVariant(variant);
    for (const component of this.endpoint.components) this.watchComponent(component);
    this.addAlarmAction(...(props.actions ?? []));
  }

  /** The alarms. */
  get alarms(): cloudwatch.IAlarm[] {
    return [...this.all];
  }

  /**
   * Makes every alarm do more when it goes off.
   *
   * @param actions such as `new SnsAction(topic)`
   */
  addAlarmAction(...actions: cloudwatch.IAlarmAction[]): void {
    for (const alarm of this.all) alarm.addAlarmAction(...actions);
  }

  private watchVariant(variant: ServedVariant): void {
    const of = { endpointName: this.endpoint.endpointName, variantName: variant.variantName };
    // Requests for components are measured by component, those of an asynchronous endpoint by its queue.
    if (this.endpoint.mode === EndpointMode.REAL_TIME || this.endpoint.mode === EndpointMode.SERVERLESS) {
      const metrics = new EndpointVariantMetrics(of);
      this.errors(
        variant.variantName,
        metrics.metricInvocations({ period: PERIOD }),
        metrics.metricInvocation5xxErrors({ period: PERIOD }),
      );
      this.latency(
        variant.variantName,
        metrics.metricInvocations({ period: PERIOD }),
        metrics.metricModelLatencyP95InMillis({ period: PERIOD }),
      );
    }
    if (this.endpoint.mode === EndpointMode.ASYNC) this.queue(variant.variantName, new EndpointQueueMetrics(of));
    if (this.endpoint.mode === EndpointMode.SERVERLESS) this.concurrency(variant.variantName, new EndpointVariantMetrics(of));
    else this.instances(variant, of);
  }

  private watchComponent({ componentName }: ServedComponent): void {
    const metrics = new InferenceComponentMetrics({ componentName });
    this.errors(componentName, metrics.metricInvocations({ period: PERIOD }), metrics.metricInvocation5xxErrors({ period: PERIOD }));
    this.latency(componentName, metrics.metricInvocations({ period: PERIOD }), metrics.metricModelLatencyP95InMillis({ period: PERIOD }));
    this.noCapacity(componentName, metrics.metricNoCapacityInvocationFailures({ period: PERIOD }));
  }

  private errors(of: string, requests: cloudwatch.Metric, failures: cloudwatch.Metric): void {
    this.add(`${of}-errors`, 'errors', `At least ${this.thresholds.errorShare * 100} % of the requests to ${of} fail.`, {
      metric: failureShare({ requests, failures, minimumRequests: this.thresholds.minimumRequests, period: PERIOD }),
      threshold: this.thresholds.errorShare,
      ...LASTING,
    });
  }

  private latency(of: string, requests: cloudwatch.Metric, latencyMillis: cloudwatch.MathExpression): void {
    const { minimumRequests, latencyP95Millis } = this.thresholds;
    this.add(`${of}-latency`, 'latency', `The p95 of ${of} is at least ${latencyP95Millis} ms.`, {
      metric: slowestAbove({ requests, latencyMillis, minimumRequests, period: PERIOD }),
      threshold: latencyP95Millis,
      ...LASTING,
    });
  }

  private queue(of: string, metrics: EndpointQueueMetrics): void {
    const { oldestRequestMinutes } = this.thresholds;
    this.noCapacity(of, metrics.metricHasBacklogWithoutCapacity({ period: PERIOD }));
    this.add(`${of}-backlog-age`, 'backlog-age', `A request to ${of} waits for at least ${oldestRequestMinutes} minutes.`, {
      metric: metrics.metricOldestRequestAgeInSeconds({ period: PERIOD }),
      threshold: oldestRequestMinutes * 60,
      ...LASTING,
    });
  }

  /** Waking from zero begins with it: only what lasts is trouble. */
  private noCapacity(of: string, metric: cloudwatch.Metric): void {
    const { noCapacityMinutes } = this.thresholds;
    this.add(
      `${of}-no-capacity`,
      'no-capacity',
      `For ${noCapacityMinutes} minutes requests to ${of} have found nothing that answers them.`,
      {
        metric,
        threshold: 1,
        evaluationPeriods: noCapacityMinutes / 5,
      },
    );
  }

  private concurrency(of: string, metrics: EndpointVariantMetrics): void {
    const { concurrencyShare } = this.thresholds;
    this.add(
      `${of}-concurrency`,
      'concurrency',
      `${of} uses at least ${concurrencyShare * 100} % of its highest concurrency: beyond it requests are refused.`,
      {
        metric: metrics.metricServerlessConcurrencyUtilization({ period: PERIOD }),
        threshold: concurrencyShare,
        ...LASTING,
      },
    );
  }

  /** An endpoint that is off fills no disk: missing data is no alarm here either. */
  private instances(variant: ServedVariant, of: { endpointName: string; variantName: string }): void {
    const { diskPercent, gpuMemoryPercent } = this.thresholds;
    const gpus = gpusOf(variant);
    const metrics = new EndpointInstanceMetrics({ ...of, ...(gpus === undefined ? {} : { gpus }) });
    this.add(
      `${of.variantName}-disk`,
      'disk',
      `A disk of ${of.variantName} is at least ${diskPercent} % full: data capture stops silently from 75 % on.`,
      {
        metric: metrics.metricDiskUtilizationInPercent({ period: PERIOD }),
        threshold: diskPercent,
        evaluationPeriods: 1,
      },
    );
    if (gpus === undefined) return;
    this.add(
      `${of.variantName}-gpu-memory`,
      'gpu-memory',
      `The GPUs of ${of.variantName} use at least ${gpuMemoryPercent} % of their memory.`,
      {
        metric: metrics.metricGpuMemoryUtilizationPerGpuInPercent({ period: PERIOD }),
        threshold: gpuMemoryPercent,
        ...LASTING,
      },
    );
  }

  private add(
    id: string,
    runbook: string,
    what: string,
    props: Pick<cloudwatch.AlarmProps, 'metric' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm'>,
  ): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...props,
      alarmName: this.nameOf(id),
      alarmDescription: `${what}\n\nWhat to do: ${this.runbooksUrl}/endpoint.md#${runbook}`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.all.push(alarm);
  }
}

/** Of several instance types only an equal number is one to divide by. Undefined: none, unknown, or not the same. */
function gpusOf({ instances = [] }: ServedVariant): number | undefined {
  const [first, ...others] = instances.map(({ gpus }) => gpus);
  return first !== undefined && first > 0 && others.every((other) => other === first) ? first : undefined;
}
