import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** A metric that SageMaker publishes for a production variant. */
export function variantMetric(
  endpointName: string,
  variantName: string,
  metricName: string,
  statistic: string,
  label: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/SageMaker',
    metricName,
    dimensionsMap: { EndpointName: endpointName, VariantName: variantName },
    statistic,
    label,
    period: Duration.minutes(5),
  });
}

/** The same of every endpoint whose name begins so: those of single releases come and go. */
export function searchedMetric(
  endpointPrefix: string,
  metricName: string,
  statistic: string,
  label: string,
  divisor = 1,
): cloudwatch.MathExpression {
  const found = `SEARCH('{AWS/SageMaker,EndpointName,VariantName} MetricName="${metricName}" ${endpointPrefix}', '${statistic}', 300)`;
  return new cloudwatch.MathExpression({
    expression: divisor === 1 ? found : `${found} / ${divisor}`,
    usingMetrics: {},
    label,
    period: Duration.minutes(5),
  });
}

/** SageMaker publishes latency in microseconds. */
export function variantLatencyInMillis(endpointName: string, variantName: string): cloudwatch.MathExpression {
  const micros = `micros_${variantName}`;
  return new cloudwatch.MathExpression({
    expression: `${micros} / 1000`,
    usingMetrics: { [micros]: variantMetric(endpointName, variantName, 'ModelLatency', 'p95', variantName) },
    label: variantName,
    period: Duration.minutes(5),
  });
}
