import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A metric that a handler publishes in embedded metric format. */
export function sluiceMetric(
  metricName: string,
  dimensionsMap: Record<string, string>,
  statistic: string,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'Sluice',
    metricName,
    statistic,
    period: Duration.minutes(5),
    ...options,
    dimensionsMap: { ...dimensionsMap, ...options?.dimensionsMap },
  });
}
