import type { Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { MetricSeries } from '../cloudwatch/series';
import type { ComponentRecord } from '../sagemaker/components';
import { copiesThatAnswer } from '../sagemaker/components';
import type { EndpointRecord, Variant } from '../sagemaker/state';

interface InvocationSeries {
  invocations: MetricSeries;
  /** Normalized by the number of instances, or of copies. */
  perUnit: MetricSeries;
  clientErrors: MetricSeries;
  serverErrors: MetricSeries;
  /** Of serverless endpoints it is not published. */
  modelErrors?: MetricSeries;
  modelLatency: MetricSeries;
  overheadLatency: MetricSeries;
}

/** One request and its answer. */
export interface Answered {
  status: number;
  latencyMillis: number;
  overheadMillis: number;
  /** Of a streamed answer, until its first part. */
  firstChunkMillis: number | undefined;
}

function add(metrics: InvocationSeries, now: number, units: number, { status, latencyMillis, overheadMillis }: Answered): void {
  metrics.invocations.add(now, 1);
  if (units > 0) metrics.perUnit.add(now, 1 / units);
  addErrors(metrics, now, status);
  metrics.modelLatency.add(now, latencyMillis * 1000);
  metrics.overheadLatency.add(now, overheadMillis * 1000);
}

function addErrors(metrics: InvocationSeries, now: number, status: number): void {
  metrics.clientErrors.add(now, status >= 400 && status < 500 ? 1 : 0);
  metrics.serverErrors.add(now, status >= 500 || status === 0 ? 1 : 0);
  metrics.modelErrors?.add(now, status >= 400 || status === 0 ? 1 : 0);
}

type Open = (name: string, unit: string) => MetricSeries;

/** Publishes what SageMaker publishes of every invocation, by EndpointName and VariantName, and by InferenceComponentName. */
export class InvocationMetrics {
  private readonly byVariant = new WeakMap<Variant, InvocationSeries>();
  private readonly byConfig = new WeakMap<Variant, InvocationSeries>();
  private readonly byComponent = new WeakMap<ComponentRecord, InvocationSeries>();

  constructor(private readonly cloud: Cloud) {}

  publish(endpoint: EndpointRecord, variant: Variant, answered: Answered, component?: ComponentRecord): void {
    const now = this.cloud.clock.now();
    add(this.ofVariant(endpoint, variant), now, variant.instanceCount, answered);
    if (endpoint.green !== undefined) this.publishByConfig(endpoint, endpoint.green, variant, answered);
    if (component !== undefined) add(this.ofComponent(component), now, copiesThatAnswer(component), answered);
    if (answered.firstChunkMillis === undefined) return;
    const open = this.open({ EndpointName: endpoint.name, VariantName: variant.variantName });
    const { firstChunkMillis, overheadMillis } = answered;
    open('FirstChunkModelLatency', 'Microseconds').add(now, firstChunkMillis * 1000);
    open('FirstChunkOverheadLatency', 'Microseconds').add(now, overheadMillis * 1000);
    open('FirstChunkLatency', 'Microseconds').add(now, (firstChunkMillis + overheadMillis) * 1000);
  }

  /** Of an asynchronous endpoint, "any metric not listed is not published": its model's errors and latency, and neither invocations nor overhead. */
  publishAsync(endpoint: EndpointRecord, variant: Variant, status: number, latencyMillis: number): void {
    const now = this.cloud.clock.now();
    const open = this.open({ EndpointName: endpoint.name, VariantName: variant.variantName });
    open('Invocation4XXErrors', 'None').add(now, status >= 400 && status < 500 ? 1 : 0);
    open('Invocation5XXErrors', 'None').add(now, status >= 500 || status === 0 ? 1 : 0);
    open('ModelLatency', 'Microseconds').add(now, latencyMillis * 1000);
  }

  /** Metrics of an asynchronous endpoint's queue; what AWS's list of them calls InvocationsProcesssed is published as InvocationsProcessed. */
  asyncCounter({ name, variants }: EndpointRecord): (metric: string, value?: number, unit?: string) => void {
    const open = this.open({ EndpointName: name, VariantName: variants[0]?.variantName ?? '' });
    return (metric, value = 1, unit = 'Count') => open(metric, unit).add(this.cloud.clock.now(), value);
  }

  /** A request for which no copy was there: it wakes a component that was scaled to zero. */
  publishNoCapacity({ name }: ComponentRecord): void {
    this.open({ InferenceComponentName: name })('NoCapacityInvocationFailures', 'Count').add(this.cloud.clock.now(), 1);
  }

  /** How much of its concurrency a serverless endpoint uses as a request enters. */
  publishConcurrency(endpointName: string, { variantName, inFlight, serverless }: Variant): void {
    if (serverless === undefined) return;
    const now = this.cloud.clock.now();
    const open = this.open({ EndpointName: endpointName, VariantName: variantName });
    open('ServerlessConcurrentExecutionsUtilization', 'None').add(now, inFlight / serverless.maxConcurrency);
    const { provisionedConcurrency } = serverless;
    if (provisionedConcurrency === undefined) return;
    const provisioned = Math.min(inFlight, provisionedConcurrency);
    open('ServerlessProvisionedConcurrencyExecutions', 'None').add(now, provisioned);
    open('ServerlessProvisionedConcurrencyUtilization', 'None').add(now, provisioned / provisionedConcurrency);
    const spills = inFlight > provisionedConcurrency;
    open('ServerlessProvisionedConcurrencyInvocations', 'None').add(now, spills ? 0 : 1);
    open('ServerlessProvisionedConcurrencySpilloverInvocations', 'None').add(now, spills ? 1 : 0);
  }

  /** A streamed answer, and whether it broke off. */
  publishStream(endpoint: EndpointRecord, variant: Variant, broken: boolean): void {
    const open = this.open({ EndpointName: endpoint.name, VariantName: variant.variantName });
    open('MidStreamErrors', 'None').add(this.cloud.clock.now(), broken ? 1 : 0);
  }

  /** How long a serverless container took to start. */
  publishSetup(endpointName: string, variantName: string, setupMillis: number): void {
    this.open({ EndpointName: endpointName, VariantName: variantName })('ModelSetupTime', 'Microseconds').add(
      this.cloud.clock.now(),
      setupMillis * 1000,
    );
  }

  /** While a deployment with guardrails shifts traffic, alarms can watch one fleet through a further dimension. */
  private publishByConfig(
    endpoint: EndpointRecord,
    green: NonNullable<EndpointRecord['green']>,
    variant: Variant,
    answered: Answered,
  ): void {
    const configName = green.variants.includes(variant) ? green.configName : endpoint.configName;
    let metrics = this.byConfig.get(variant);
    if (metrics === undefined) {
      const dimensions = { EndpointName: endpoint.name, VariantName: variant.variantName, EndpointConfigName: configName };
      metrics = openSeries(this.open(dimensions), 'InvocationsPerInstance');
      this.byConfig.set(variant, metrics);
    }
    add(metrics, this.cloud.clock.now(), variant.instanceCount, answered);
  }

  private ofVariant(endpoint: EndpointRecord, variant: Variant): InvocationSeries {
    const known = this.byVariant.get(variant);
    if (known !== undefined) return known;
    const created = openSeries(this.open({ EndpointName: endpoint.name, VariantName: variant.variantName }), 'InvocationsPerInstance');
    if (variant.serverless !== undefined) delete created.modelErrors;
    this.byVariant.set(variant, created);
    return created;
  }

  private ofComponent(component: ComponentRecord): InvocationSeries {
    const known = this.byComponent.get(component);
    if (known !== undefined) return known;
    const created = openSeries(this.open({ InferenceComponentName: component.name }), 'InvocationsPerCopy');
    this.byComponent.set(component, created);
    return created;
  }

  private open(dimensions: Record<string, string>): Open {
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    return (name, unit) => cloudWatch.series('AWS/SageMaker', name, dimensions, unit);
  }
}

const openSeries = (series: Open, perUnit: string): InvocationSeries => ({
  invocations: series('Invocations', 'None'),
  perUnit: series(perUnit, 'None'),
  clientErrors: series('Invocation4XXErrors', 'None'),
  serverErrors: series('Invocation5XXErrors', 'None'),
  modelErrors: series('InvocationModelErrors', 'None'),
  modelLatency: series('ModelLatency', 'Microseconds'),
  overheadLatency: series('OverheadLatency', 'Microseconds'),
});
