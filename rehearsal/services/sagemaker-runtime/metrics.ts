import type { Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { MetricSeries } from '../cloudwatch/series';

interface VariantMetrics {
  invocations: MetricSeries;
  clientErrors: MetricSeries;
  serverErrors: MetricSeries;
  modelErrors: MetricSeries;
  modelLatency: MetricSeries;
  overheadLatency: MetricSeries;
}

/** Publishes what SageMaker publishes of every invocation, by EndpointName and VariantName. */
export class InvocationMetrics {
  private readonly byVariant = new Map<string, VariantMetrics>();

  constructor(private readonly cloud: Cloud) {}

  publish(endpointName: string, variantName: string, status: number, latencyMillis: number, overheadMillis: number): void {
    const metrics = this.of(endpointName, variantName);
    const now = this.cloud.clock.now();
    metrics.invocations.add(now, 1);
    metrics.clientErrors.add(now, status >= 400 && status < 500 ? 1 : 0);
    metrics.serverErrors.add(now, status >= 500 || status === 0 ? 1 : 0);
    metrics.modelErrors.add(now, status >= 400 || status === 0 ? 1 : 0);
    metrics.modelLatency.add(now, latencyMillis * 1000);
    metrics.overheadLatency.add(now, overheadMillis * 1000);
  }

  private of(endpointName: string, variantName: string): VariantMetrics {
    const key = `${endpointName}/${variantName}`;
    const known = this.byVariant.get(key);
    if (known !== undefined) return known;
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    const series = (name: string, unit: string): MetricSeries =>
      cloudWatch.series('AWS/SageMaker', name, { EndpointName: endpointName, VariantName: variantName }, unit);
    const created = {
      invocations: series('Invocations', 'None'),
      clientErrors: series('Invocation4XXErrors', 'None'),
      serverErrors: series('Invocation5XXErrors', 'None'),
      modelErrors: series('InvocationModelErrors', 'None'),
      modelLatency: series('ModelLatency', 'Microseconds'),
      overheadLatency: series('OverheadLatency', 'Microseconds'),
    };
    this.byVariant.set(key, created);
    return created;
  }
}
