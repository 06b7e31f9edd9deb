import { createHash } from 'node:crypto';
import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

export const INVOCATIONS = 'AWS/SageMaker';
export const INSTANCES = '/aws/sagemaker/Endpoints';
export const COMPONENTS = '/aws/sagemaker/InferenceComponents';

export interface Measured {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensionsMap: Record<string, string>;
  readonly statistic: string;
  /** What the metric is in the graph. */
  readonly label: string;
}

export function sageMakerMetric(
  { namespace, metricName, dimensionsMap, statistic, label }: Measured,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    statistic,
    label,
    period: Duration.minutes(5),
    ...options,
    dimensionsMap: { ...dimensionsMap, ...options?.dimensionsMap },
  });
}

const MICROS_PER_MILLI = 1000;

/** SageMaker measures durations in microseconds; people, limits and objectives are in milliseconds. */
export const inMillis = (measured: Measured, options?: cloudwatch.MetricOptions): cloudwatch.MathExpression =>
  dividedBy(MICROS_PER_MILLI, checkedDuration(measured, options), options);

/** A sum over requests grows with traffic: as a latency it means nothing, and an alarm on it fires at noon. */
function checkedDuration(measured: Measured, options: cloudwatch.MetricOptions | undefined): Measured {
  if (/^sum$/i.test(options?.statistic ?? measured.statistic)) {
    throw new Error(`The sum of ${measured.metricName} over all requests is no duration: use p50, p95, p99, Average, Minimum or Maximum.`);
  }
  return measured;
}

export function dividedBy(divisor: number, measured: Measured, options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
  const { label, color, period, ...rest } = options ?? {};
  const raw = sageMakerMetric(measured, { ...rest, ...(period === undefined ? {} : { period }) });
  const id = idOf(measured.metricName, raw);
  return new cloudwatch.MathExpression({
    expression: `${id} / ${divisor}`,
    usingMetrics: { [id]: raw },
    label: label ?? measured.label,
    ...(color === undefined ? {} : { color }),
    period: period ?? raw.period,
  });
}

/** The same in every synth, and another for another metric, so that several fit into one graph or expression. */
function idOf(metricName: string, { dimensions, statistic }: cloudwatch.Metric): string {
  const known = Object.entries(dimensions ?? {}).map(([name, value]) => `${name}=${Token.isUnresolved(value) ? '' : String(value)}`);
  const hash = createHash('sha256')
    .update([...known.sort(), statistic].join('|'))
    .digest('hex')
    .slice(0, 6);
  return `${metricName.charAt(0).toLowerCase()}${metricName.slice(1)}_${hash}`;
}
