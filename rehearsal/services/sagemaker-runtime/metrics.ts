import type { Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { MetricSeries } from '../cloudwatch/series';
import type { EndpointRecord, Variant } from '../sagemaker/state';

interface VariantMetrics {
  invocations: MetricSeries;
  perInstance: MetricSeries;
  clientErrors: MetricSeries;
  serverErrors: MetricSeries;
  modelErrors: MetricSeries;
  modelLatency: MetricSeries;
  overheadLatency: MetricSeries;
}

function add(
  metrics: VariantMetrics,
  now: number,
  instanceCount: number,
  status: number,
  latencyMillis: number,
  overheadMillis: number,
): void {
  metrics.invocations.add(now, 1);
  if (instanceCount > 0) metrics.perInstance.add(now, 1 / instanceCount);
  metrics.clientErrors.add(now, status >= 400 && status < 500 ? 1 : 0);
  metrics.serverErrors.add(now, status >= 500 || status === 0 ? 1 : 0);
  metrics.modelErrors.add(now, status >= 400 || status === 0 ? 1 : 0);
  metrics.modelLatency.add(now, latencyMillis * 1000);
  metrics.overheadLatency.add(now, overheadMillis * 1000);
}

/** Publishes what SageMaker publishes of every invocation, by EndpointName and VariantName. */
export class InvocationMetrics {
  private readonly byVariant = new WeakMap<Variant, VariantMetrics>();
  private readonly byConfig = new WeakMap<Variant, VariantMetrics>();

  constructor(private readonly cloud: Cloud) {}

  publish(endpoint: EndpointRecord, variant: Variant, status: number, latencyMillis: number, overheadMillis: number): void {
    const now = this.cloud.clock.now();
    const metrics = this.byVariant.get(variant) ?? this.open(endpoint.name, variant);
    add(metrics, now, variant.instanceCount, status, latencyMillis, overheadMillis);
    if (endpoint.green !== undefined) this.publishByConfig(endpoint, endpoint.green, variant, [status, latencyMillis, overheadMillis]);
  }

  /** How long a serverless container took to start. */
  publishSetup(endpointName: string, variantName: string, setupMillis: number): void {
    this.series(endpointName, variantName)('ModelSetupTime', 'Microseconds').add(this.cloud.clock.now(), setupMillis * 1000);
  }

  /** While a deployment with guardrails shifts traffic, alarms can watch one fleet through a further dimension. */
  private publishByConfig(
    endpoint: EndpointRecord,
    green: NonNullable<EndpointRecord['green']>,
    variant: Variant,
    [status, latencyMillis, overheadMillis]: [number, number, number],
  ): void {
    const configName = green.variants.includes(variant) ? green.configName : endpoint.configName;
    let metrics = this.byConfig.get(variant);
    if (metrics === undefined) {
      metrics = openSeries(this.series(endpoint.name, variant.variantName, configName));
      this.byConfig.set(variant, metrics);
    }
    add(metrics, this.cloud.clock.now(), variant.instanceCount, status, latencyMillis, overheadMillis);
  }

  private open(endpointName: string, variant: Variant): VariantMetrics {
    const created = openSeries(this.series(endpointName, variant.variantName));
    this.byVariant.set(variant, created);
    return created;
  }

  private series(endpointName: string, variantName: string, configName?: string): (name: string, unit: string) => MetricSeries {
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    const dimensions = {
      EndpointName: endpointName,
      VariantName: variantName,
      ...(configName === undefined ? {} : { EndpointConfigName: configName }),
    };
    return (name, unit) => cloudWatch.series('AWS/SageMaker', name, dimensions, unit);
  }
}

const openSeries = (series: (name: string, unit: string) => MetricSeries): VariantMetrics => ({
  invocations: series('Invocations', 'None'),
  perInstance: series('InvocationsPerInstance', 'None'),
  clientErrors: series('Invocation4XXErrors', 'None'),
  serverErrors: series('Invocation5XXErrors', 'None'),
  modelErrors: series('InvocationModelErrors', 'None'),
  modelLatency: series('ModelLatency', 'Microseconds'),
  overheadLatency: series('OverheadLatency', 'Microseconds'),
});
