import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IDependable } from 'constructs';
import { InferenceComponentMetrics } from './metrics/component-metrics';
import { EndpointInstanceMetrics } from './metrics/instance-metrics';
import { EndpointQueueMetrics } from './metrics/queue-metrics';
import { EndpointVariantMetrics } from './metrics/variant-metrics';
import { EndpointMode, type IModelEndpoint, type ServedComponent, type ServedVariant } from './model-endpoint-ref';
import { EndpointScaling } from './scaling/endpoint-scaling';
import type { ComponentScalingProps, VariantScalingProps } from './scaling/scaled-capacity';

/**
 * An endpoint with its metrics and its scaling.
 *
 * @example
 * declare const endpoint: MeasuredEndpoint;
 * endpoint.scaleVariant({ minCapacity: 1, maxCapacity: 4, target: ScalingTarget.invocationsPerMinute(600) });
 * const latency = endpoint.metricModelLatencyP95InMillis({ period: Duration.minutes(1) });
 */
export abstract class MeasuredEndpoint extends Construct implements IModelEndpoint {
  abstract readonly endpointName: string;
  abstract readonly endpointArn: string;
  abstract readonly endpointConfigName?: string;
  abstract readonly mode: EndpointMode;
  abstract readonly variants: ServedVariant[];
  abstract readonly components: ServedComponent[];
  abstract readonly inService: IDependable;

  private scaling?: EndpointScaling;

  abstract updateAfter(dependency: IDependable): void;

  /**
   * Scales the instances of a variant. Not for serverless endpoints and inference components.
   *
   * @param props which variant, how many instances, what they follow
   */
  scaleVariant(props: VariantScalingProps): void {
    this.scalingOf().scaleVariant(props);
  }

  /**
   * Scales the copies of an inference component. With `components` it is named by its whole name.
   *
   * @param props which component, how many copies, what they follow
   */
  scaleComponent(props: ComponentScalingProps): void {
    this.scalingOf().scaleComponent(props);
  }

  /**
   * What SageMaker measures of a variant's requests.
   *
   * @param variantName its name; may be left out where there is one variant
   */
  variantMetrics(variantName?: string): EndpointVariantMetrics {
    return new EndpointVariantMetrics({ endpointName: this.endpointName, variantName: this.variantOf(variantName).variantName });
  }

  /**
   * What SageMaker measures of a variant's instances: CPU, memory, GPUs, disk.
   *
   * @param variantName its name; may be left out where there is one variant
   */
  instanceMetrics(variantName?: string): EndpointInstanceMetrics {
    const variant = this.variantOf(variantName);
    const gpus = new Set((variant.instances ?? []).map(({ accelerators }) => accelerators));
    const [only] = gpus;
    return new EndpointInstanceMetrics({
      endpointName: this.endpointName,
      variantName: variant.variantName,
      ...(gpus.size === 1 && only !== undefined ? { gpus: only } : {}),
    });
  }

  /** What SageMaker measures of an asynchronous endpoint's queue. */
  queueMetrics(): EndpointQueueMetrics {
    if (this.mode !== EndpointMode.ASYNC) {
      throw new Error(`${this.node.path} is a ${this.mode} endpoint: only asynchronous ones have a queue, see Serving.asynchronous.`);
    }
    return new EndpointQueueMetrics({ endpointName: this.endpointName, variantName: this.variantOf().variantName });
  }

  /**
   * What SageMaker measures of an inference component.
   *
   * @param componentName its whole name, as in `components`; may be left out where there is one
   */
  componentMetrics(componentName?: string): InferenceComponentMetrics {
    const names = this.components.map((component) => component.componentName);
    const name = componentName ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) throw new Error(this.whichOf('inference component', names, componentName));
    return new InferenceComponentMetrics({ componentName: name });
  }

  /**
   * Requests of the only variant.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variantMetrics().metricInvocations(options);
  }

  /**
   * Requests of the only variant that ended in a server error.
   *
   * @param options period, label, colour, statistic
   */
  metricInvocation5xxErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.variantMetrics().metricInvocation5xxErrors(options);
  }

  /**
   * Milliseconds within which 95 of 100 answers of the only variant's container came.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP95InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.variantMetrics().metricModelLatencyP95InMillis(options);
  }

  /**
   * Milliseconds within which 99 of 100 answers of the only variant's container came.
   *
   * @param options period, label, colour, statistic
   */
  metricModelLatencyP99InMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.variantMetrics().metricModelLatencyP99InMillis(options);
  }

  /**
   * Milliseconds that SageMaker adds to a request of the only variant, on average.
   *
   * @param options period, label, colour, statistic
   */
  metricOverheadLatencyAverageInMillis(options?: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    return this.variantMetrics().metricOverheadLatencyAverageInMillis(options);
  }

  private scalingOf(): EndpointScaling {
    this.scaling ??= new EndpointScaling(this, 'Scaling', { endpoint: this });
    return this.scaling;
  }

  private variantOf(name?: string): ServedVariant {
    const found =
      name === undefined && this.variants.length === 1 ? this.variants[0] : this.variants.find((one) => one.variantName === name);
    if (found !== undefined) return found;
    throw new Error(
      this.whichOf(
        'variant',
        this.variants.map(({ variantName }) => variantName),
        name,
      ),
    );
  }

  private whichOf(what: string, names: string[], given: string | undefined): string {
    const has = `${this.node.path} has ${names.length === 0 ? `no ${what}` : `the ${what}s ${names.join(', ')}`}`;
    return given === undefined ? `${has}: say which one.` : `${has}, and none named '${given}'.`;
  }
}
