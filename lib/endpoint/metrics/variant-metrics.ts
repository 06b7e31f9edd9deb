import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { inMillis, INVOCATIONS, type Measured, sageMakerMetric } from './sagemaker-metric';

/** Whose metrics. */
export interface EndpointVariantMetricsProps {
  /** Name of the endpoint. */
  readonly endpointName: string;

  /** Name of the production variant. */
  readonly variantName: string;

  /**
   * Name of an endpoint config: only while SageMaker moves traffic from one fleet to another (blue/green, rolling) are there metrics of one
   * of them alone. A rollback alarm watches the new fleet by it.
   *
   * @default - all instances of the variant
   */
  readonly endpointConfigName?: string;
}

/**
 * What SageMaker measures of a production variant's requests. Latencies are in milliseconds (SageMaker's are in microseconds), and never
 * summed.
 *
 * @example
 * const metrics = new EndpointVariantMetrics({ endpointName: 'triage', variantName: 'main' });
 * const latency = metrics.metricModelLatencyP95InMillis({ period: Duration.minutes(1) });
 */
export class EndpointVariantMetrics {
  private readonly dimensionsMap: Record<string, string>;

  /**
   * @param props whose metrics
   */
  constructor(props: EndpointVariantMetricsProps) {
    const { endpointName, variantName, endpointConfigName } = props;
    this.dimensionsMap = {
      EndpointName: endpointName,
      VariantName: variantName,
      ...(endpointConfigName === undefined ? {} : { EndpointConfigName: endpointConfigName }),
    };
  }

  /**
   * Requests.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('Invocations', 'Sum', 'requests'), options);
  }

  /**
   * Requests by instance.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationsPerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('InvocationsPerInstance', 'Sum', 'requests per instance'), options);
  }

  /**
   * Requests that the model answered with a status from 400 to 499.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocation4xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('Invocation4XXErrors', 'Sum', '4xx'), options);
  }

  /**
   * Requests that were answered with a status of 500 or above.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocation5xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('Invocation5XXErrors', 'Sum', '5xx'), options);
  }

  /**
   * Requests that the model did not answer with a status from 200 to 299: errors, broken connections and time-outs.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationModelErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('InvocationModelErrors', 'Sum', 'model errors'), options);
  }

  /**
   * Requests at once that a model has, those in its queue included. Published every 10 seconds; only Minimum and Maximum are valid.
   *
   * @param options period, label, colour, statistic
   */
  metricConcurrentRequestsPerModel(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('ConcurrentRequestsPerModel', 'Maximum', 'requests at once'), options);
  }

  /**
   * Time that half of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP50InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelLatency', 'p50', 'p50 of the model in ms'), options);
  }

  /**
   * Time that 95 % of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelLatency', 'p95', 'p95 of the model in ms'), options);
  }

  /**
   * Time that 99 % of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP99InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelLatency', 'p99', 'p99 of the model in ms'), options);
  }

  /**
   * Average time that a request spends in the container, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelLatency', 'Average', 'average of the model in ms'), options);
  }

  /**
   * Average time that SageMaker adds to a request, in milliseconds. It publishes no percentiles of it.
   *
   * @param options period, label, colour, statistic
   */
  metricOverheadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('OverheadLatency', 'Average', 'average overhead in ms'), options);
  }

  /**
   * Longest time that SageMaker adds to a request, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricOverheadLatencyMaximumInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('OverheadLatency', 'Maximum', 'longest overhead in ms'), options);
  }

  /**
   * Of streamed answers: time until the first part arrives, 95th percentile in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricFirstChunkLatencyP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('FirstChunkLatency', 'p95', 'p95 of the first chunk in ms'), options);
  }

  /**
   * Of streamed answers: time that the container takes for the first part, 95th percentile in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricFirstChunkModelLatencyP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('FirstChunkModelLatency', 'p95', 'p95 of the first chunk in the model in ms'), options);
  }

  /**
   * Of streamed answers: time that SageMaker adds to the first part, average in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricFirstChunkOverheadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('FirstChunkOverheadLatency', 'Average', 'average overhead of the first chunk in ms'), options);
  }

  /**
   * Streamed answers that broke off after they had begun.
   *
   * @param options period, label, colour, statistic
   */
  metricMidStreamErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('MidStreamErrors', 'Sum', 'broken streams'), options);
  }

  /**
   * Of serverless endpoints: how long a new container takes to start (a cold start), 95th percentile in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelSetupTimeP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelSetupTime', 'p95', 'p95 of cold starts in ms'), options);
  }

  /**
   * Of serverless endpoints: the longest cold start, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelSetupTimeMaximumInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of('ModelSetupTime', 'Maximum', 'longest cold start in ms'), options);
  }

  /**
   * Of serverless endpoints: number of cold starts.
   *
   * @param options period, label, colour, statistic
   */
  metricModelSetups(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('ModelSetupTime', 'SampleCount', 'cold starts'), options);
  }

  /**
   * Of serverless endpoints: share of the highest concurrency that is in use, a fraction.
   *
   * @param options period, label, colour, statistic
   */
  metricServerlessConcurrencyUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('ServerlessConcurrentExecutionsUtilization', 'Maximum', 'concurrency in use'), options);
  }

  /**
   * Of serverless endpoints: share of the provisioned concurrency that is in use, a fraction.
   *
   * @param options period, label, colour, statistic
   */
  metricServerlessProvisionedConcurrencyUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('ServerlessProvisionedConcurrencyUtilization', 'Maximum', 'provisioned concurrency in use'), options);
  }

  /**
   * Of serverless endpoints: requests at once on provisioned concurrency.
   *
   * @param options period, label, colour, statistic
   */
  metricServerlessProvisionedConcurrencyExecutions(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(
      this.of('ServerlessProvisionedConcurrencyExecutions', 'Maximum', 'executions on provisioned concurrency'),
      options,
    );
  }

  /**
   * Of serverless endpoints: requests that provisioned concurrency took.
   *
   * @param options period, label, colour, statistic
   */
  metricServerlessProvisionedConcurrencyInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('ServerlessProvisionedConcurrencyInvocations', 'Sum', 'requests on provisioned concurrency'), options);
  }

  /**
   * Of serverless endpoints: requests for which provisioned concurrency had no room.
   *
   * @param options period, label, colour, statistic
   */
  metricServerlessProvisionedConcurrencySpillovers(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(
      this.of('ServerlessProvisionedConcurrencySpilloverInvocations', 'Sum', 'requests beyond provisioned concurrency'),
      options,
    );
  }

  private of(metricName: string, statistic: string, label: string): Measured {
    return { namespace: INVOCATIONS, metricName, dimensionsMap: this.dimensionsMap, statistic, label };
  }
}
