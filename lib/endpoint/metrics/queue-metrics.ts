import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { inMillis, INVOCATIONS, type Measured, sageMakerMetric } from './sagemaker-metric';

/** Whose metrics. */
export interface EndpointQueueMetricsProps {
  /** Name of the asynchronous endpoint. */
  readonly endpointName: string;

  /** Name of its production variant. */
  readonly variantName: string;
}

/**
 * What SageMaker measures of an asynchronous endpoint's queue. The backlog belongs to the endpoint, the rest to its variant: with the wrong
 * dimensions CloudWatch has no metric, and an alarm or a scaling policy never sees anything.
 *
 * @example
 * const queue = new EndpointQueueMetrics({ endpointName: 'claims', variantName: 'main' });
 * const age = queue.metricOldestRequestAgeInSeconds();
 */
export class EndpointQueueMetrics {
  /**
   * @param props whose metrics
   */
  constructor(private readonly props: EndpointQueueMetricsProps) {}

  /**
   * Requests that wait or are being worked on.
   *
   * @param options period, label, colour, statistic
   */
  metricBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofEndpoint('ApproximateBacklogSize', 'Maximum', 'backlog'), options);
  }

  /**
   * Backlog by instance: what scaling follows.
   *
   * @param options period, label, colour, statistic
   */
  metricBacklogPerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofEndpoint('ApproximateBacklogSizePerInstance', 'Average', 'backlog per instance'), options);
  }

  /**
   * Age of the oldest request that waits, in seconds.
   *
   * @param options period, label, colour, statistic
   */
  metricOldestRequestAgeInSeconds(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofEndpoint('ApproximateAgeOfOldestRequest', 'Maximum', 'oldest request in s'), options);
  }

  /**
   * 1 while requests wait and no instance stands: what scaling from zero follows.
   *
   * @param options period, label, colour, statistic
   */
  metricHasBacklogWithoutCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofEndpoint('HasBacklogWithoutCapacity', 'Maximum', 'backlog without capacity'), options);
  }

  /**
   * Requests that were worked on.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationsProcessed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('InvocationsProcessed', 'Sum', 'processed'), options);
  }

  /**
   * Requests that failed.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('InvocationFailures', 'Sum', 'failures'), options);
  }

  /**
   * Requests that waited longer than their time to live, and were not worked on.
   *
   * @param options period, label, colour, statistic
   */
  metricExpiredRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('ExpiredRequests', 'Sum', 'expired'), options);
  }

  /**
   * Inputs that could not be read from S3.
   *
   * @param options period, label, colour, statistic
   */
  metricRequestDownloadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('RequestDownloadFailures', 'Sum', 'download failures'), options);
  }

  /**
   * Answers that could not be written to S3.
   *
   * @param options period, label, colour, statistic
   */
  metricResponseUploadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('ResponseUploadFailures', 'Sum', 'upload failures'), options);
  }

  /**
   * Messages to the success and error topics that failed.
   *
   * @param options period, label, colour, statistic
   */
  metricNotificationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('NotificationFailures', 'Sum', 'notification failures'), options);
  }

  /**
   * Average time to read an input from S3, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricRequestDownloadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.ofVariant('RequestDownloadLatency', 'Average', 'average download in ms'), options);
  }

  /**
   * Average time to write an answer to S3, in milliseconds.
   *
   * @param options period, label, colour, statistic
   */
  metricResponseUploadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return inMillis(this.ofVariant('ResponseUploadLatency', 'Average', 'average upload in ms'), options);
  }

  /**
   * Longest time that a request waited before it was worked on, in milliseconds, as SageMaker publishes it.
   *
   * @param options period, label, colour, statistic
   */
  metricTimeInBacklogMaximumInMillis(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('TimeInBacklog', 'Maximum', 'longest wait in ms'), options);
  }

  /**
   * Longest time from the arrival of a request to its answer, in milliseconds, as SageMaker publishes it.
   *
   * @param options period, label, colour, statistic
   */
  metricTotalProcessingTimeMaximumInMillis(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.ofVariant('TotalProcessingTime', 'Maximum', 'longest processing in ms'), options);
  }

  private ofEndpoint(metricName: string, statistic: string, label: string): Measured {
    return { namespace: INVOCATIONS, metricName, dimensionsMap: { EndpointName: this.props.endpointName }, statistic, label };
  }

  private ofVariant(metricName: string, statistic: string, label: string): Measured {
    const dimensionsMap = { EndpointName: this.props.endpointName, VariantName: this.props.variantName };
    return { namespace: INVOCATIONS, metricName, dimensionsMap, statistic, label };
  }
}
