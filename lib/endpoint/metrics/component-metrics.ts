import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { COMPONENTS, inMillis, INVOCATIONS, type Measured, sageMakerMetric } from './sagemaker-metric';

/** Whose metrics. */
export interface InferenceComponentMetricsProps {
  /** Name of the inference component. */
  readonly componentName: string;
}

/**
 * What SageMaker measures of an inference component. Latencies are in milliseconds.
 *
 * @example
 * const metrics = new InferenceComponentMetrics({ componentName: 'summary' });
 * const gpu = metrics.metricGpuUtilizationInPercent();
 */
export class InferenceComponentMetrics {
  /**
   * @param props whose metrics
   */
  constructor(private readonly props: InferenceComponentMetricsProps) {}

  /**
   * Requests.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'Invocations', 'Sum', 'requests'), options);
  }

  /**
   * Requests by copy.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationsPerCopy(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'InvocationsPerCopy', 'Sum', 'requests per copy'), options);
  }

  /**
   * Requests that the model answered with a status from 400 to 499.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocation4xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'Invocation4XXErrors', 'Sum', '4xx'), options);
  }

  /**
   * Requests that were answered with a status of 500 or above.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocation5xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'Invocation5XXErrors', 'Sum', '5xx'), options);
  }

  /**
   * Requests that the model did not answer with a status from 200 to 299.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationModelErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'InvocationModelErrors', 'Sum', 'model errors'), options);
  }

  /**
   * Requests that failed since no copy stands: what scaling from zero follows.
   *
   * @param options period, label, colour, statistic
   */
  metricNoCapacityInvocationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'NoCapacityInvocationFailures', 'Sum', 'requests without capacity'), options);
  }

  /**
   * Requests at once by copy, those in its queue included. Published every 10 seconds; only Minimum and Maximum are valid.
   *
   * @param options period, label, colour, statistic
   */
  metricConcurrentRequestsPerCopy(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(INVOCATIONS, 'ConcurrentRequestsPerCopy', 'Maximum', 'requests at once per copy'), options);
  }

  /**
   * Time that half of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP50InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of(INVOCATIONS, 'ModelLatency', 'p50', 'p50 of the model in ms'), options);
  }

  /**
   * Time that 95 % of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of(INVOCATIONS, 'ModelLatency', 'p95', 'p95 of the model in ms'), options);
  }

  /**
   * Time that 99 % of the requests spend in the container at most, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP99InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of(INVOCATIONS, 'ModelLatency', 'p99', 'p99 of the model in ms'), options);
  }

  /**
   * Average time that SageMaker adds to a request, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricOverheadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.of(INVOCATIONS, 'OverheadLatency', 'Average', 'average overhead in ms'), options);
  }

  /**
   * Use of the CPUs that a copy reserved, 0 to 100 percent.
   *
   * @param options period, label, colour, statistic
   */
  metricCpuUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(COMPONENTS, 'CPUUtilizationNormalized', 'Average', 'CPU in %'), options);
  }

  /**
   * Use of the memory that a copy reserved, 0 to 100 percent.
   *
   * @param options period, label, colour, statistic
   */
  metricMemoryUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(COMPONENTS, 'MemoryUtilizationNormalized', 'Average', 'memory in %'), options);
  }

  /**
   * Use of the GPUs that a copy reserved, 0 to 100 percent however many they are.
   *
   * @param options period, label, colour, statistic
   */
  metricGpuUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(COMPONENTS, 'GPUUtilizationNormalized', 'Average', 'GPU in %'), options);
  }

  /**
   * Use of the GPUs' memory, 0 to 100 percent however many they are.
   *
   * @param options period, label, colour, statistic
   */
  metricGpuMemoryUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of(COMPONENTS, 'GPUMemoryUtilizationNormalized', 'Average', 'GPU memory in %'), options);
  }

  private of(namespace: string, metricName: string, statistic: string, label: string): Measured {
    return { namespace, metricName, dimensionsMap: { InferenceComponentName: this.props.componentName }, statistic, label };
  }
}
