import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { dividedBy, INSTANCES, type Measured, sageMakerMetric } from './sagemaker-metric';

/** Whose metrics. */
export interface EndpointInstanceMetricsProps {
  /** Name of the endpoint. */
  readonly endpointName: string;

  /** Name of the production variant. */
  readonly variantName: string;

  /**
   * GPUs, Inferentia or Trainium chips of an instance: SageMaker adds up over them, so that 4 busy GPUs are 400 %.
   *
   * @default - unknown: there are no metrics by GPU
   */
  readonly gpus?: number;

  /**
   * Virtual CPUs of an instance: SageMaker adds up over them.
   *
   * @default - unknown: there is no metric by CPU
   */
  readonly vcpus?: number;
}

/**
 * What SageMaker measures of a production variant's instances, each minute.
 *
 * @example
 * const metrics = new EndpointInstanceMetrics({ endpointName: 'summary', variantName: 'main', gpus: 4 });
 * const gpu = metrics.metricGpuUtilizationPerGpuInPercent();
 */
export class EndpointInstanceMetrics {
  /**
   * @param props whose metrics
   */
  constructor(private readonly props: EndpointInstanceMetricsProps) {}

  /**
   * Use of all CPUs added up, in percent: 400 with 4 busy CPUs.
   *
   * @param options period, label, colour, statistic
   */
  metricCpuUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('CPUUtilization', 'Average', 'CPUs in %, added up'), options);
  }

  /**
   * Use of a CPU, 0 to 100 percent however many there are.
   *
   * @param options period, label, colour, statistic
   * @throws when it is not known how many CPUs an instance has
   */
  metricCpuUtilizationPerCpuInPercent(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return dividedBy(this.known('vcpus'), this.of('CPUUtilization', 'Average', 'a CPU in %'), options);
  }

  /**
   * Use of the memory, 0 to 100 percent.
   *
   * @param options period, label, colour, statistic
   */
  metricMemoryUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('MemoryUtilization', 'Average', 'memory in %'), options);
  }

  /**
   * Use of the disk of the fullest instance, 0 to 100 percent. Data capture stops silently when it is full.
   *
   * @param options period, label, colour, statistic
   */
  metricDiskUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('DiskUtilization', 'Maximum', 'disk in %'), options);
  }

  /**
   * Use of all GPUs added up, in percent: 400 with 4 busy GPUs.
   *
   * @param options period, label, colour, statistic
   */
  metricGpuUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('GPUUtilization', 'Average', 'GPUs in %, added up'), options);
  }

  /**
   * Use of a GPU, 0 to 100 percent however many there are.
   *
   * @param options period, label, colour, statistic
   * @throws when it is not known how many GPUs an instance has, or it has none
   */
  metricGpuUtilizationPerGpuInPercent(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return dividedBy(this.known('gpus'), this.of('GPUUtilization', 'Average', 'a GPU in %'), options);
  }

  /**
   * Use of the memory of all GPUs added up, in percent.
   *
   * @param options period, label, colour, statistic
   */
  metricGpuMemoryUtilizationInPercent(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sageMakerMetric(this.of('GPUMemoryUtilization', 'Average', 'GPU memory in %, added up'), options);
  }

  /**
   * Use of the memory of a GPU, 0 to 100 percent however many there are: that of the instance that uses most.
   *
   * @param options period, label, colour, statistic
   * @throws when it is not known how many GPUs an instance has, or it has none
   */
  metricGpuMemoryUtilizationPerGpuInPercent(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return dividedBy(this.known('gpus'), this.of('GPUMemoryUtilization', 'Maximum', 'memory of a GPU in %'), options);
  }

  private known(what: 'gpus' | 'vcpus'): number {
    const { endpointName, variantName, [what]: count } = this.props;
    if (count !== undefined && count > 0) return count;
    throw new Error(
      `Variant ${variantName} of ${endpointName} has ${count ?? 'an unknown number of'} ${what}: a metric by one of them needs \`${what}\`, as EndpointInstance.of(…) says it.`,
    );
  }

  private of(metricName: string, statistic: string, label: string): Measured {
    const { endpointName, variantName } = this.props;
    return { namespace: INSTANCES, metricName, dimensionsMap: { EndpointName: endpointName, VariantName: variantName }, statistic, label };
  }
}
