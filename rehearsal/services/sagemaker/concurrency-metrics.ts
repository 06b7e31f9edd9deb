import type { Cloud } from '../../cloud/types';
import { inBackground } from '../background';
import type { CloudWatch } from '../cloudwatch';
import type { MetricSeries } from '../cloudwatch/series';
import { copiesThatAnswer, type ComponentRecord } from './components';
import { COUNT_DIMENSION, variantResource, type Scaling } from './scaling-targets';
import type { EndpointRecord, Load, Variant } from './state';
import type { Store } from './store';

const MINUTE = 60_000;
/** High-resolution metrics "emit data every 10 seconds". */
const FINE_MILLIS = 10_000;
const COPY_DIMENSION = 'sagemaker:inference-component:DesiredCopyCount';

/**
 * Publishes ConcurrentRequestsPerModel and ConcurrentRequestsPerCopy while instances and copies run, also where nobody asks: else nothing
 * would ever be scaled in. For every ten seconds of what is a scalable target, as soon as the next request comes or goes, or the minute is
 * over; once a minute for what is not: nothing reads it closer.
 */
export class ConcurrencyMetrics {
  private readonly series = new WeakMap<Load, MetricSeries>();
  private readonly scaled = new Map<Load, Publish>();
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly scaling: Scaling,
  ) {}

  /** Called when an endpoint comes into service. */
  watch(): void {
    if (!this.ticking) this.next();
  }

  /** Called by the runtime before a request enters or leaves. */
  changes(load: Load): void {
    const publish = this.scaled.get(load);
    if (publish !== undefined) this.publishWindows(load, publish);
  }

  private next(): void {
    this.ticking = true;
    const { clock } = this.cloud;
    const atMillis = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE;
    inBackground(clock, atMillis, () => this.tick());
  }

  private tick(): void {
    const running = this.store.endpoints.all().filter(({ variants, async }) => variants.length > 0 && async === undefined);
    const before = new Set(this.scaled.keys());
    for (const endpoint of running)
      for (const variant of endpoint.variants) {
        if (variant.serverless !== undefined || variant.hosts !== undefined) continue;
        before.delete(variant);
        this.ofVariant(endpoint, variant);
      }
    for (const component of this.store.components.all()) {
      before.delete(component);
      this.ofComponent(component);
    }
    for (const gone of before) this.scaled.delete(gone);
    this.ticking = false;
    if (running.length > 0) this.next();
  }

  private ofVariant(endpoint: EndpointRecord, variant: Variant): void {
    const dimensions = { EndpointName: endpoint.name, VariantName: variant.variantName };
    const isScaled = this.isScaled(variantResource(endpoint.name, variant.variantName), COUNT_DIMENSION);
    this.minute(variant, isScaled, (peak, atMillis) => {
      if (variant.instanceCount > 0)
        this.put(variant, 'ConcurrentRequestsPerModel', dimensions, peak / variant.instanceCount, atMillis, isScaled);
    });
  }

  private ofComponent(component: ComponentRecord): void {
    const dimensions = { InferenceComponentName: component.name };
    const isScaled = this.isScaled(`inference-component/${component.name}`, COPY_DIMENSION);
    this.minute(component, isScaled, (peak, atMillis) => {
      const copies = copiesThatAnswer(component);
      if (copies > 0) this.put(component, 'ConcurrentRequestsPerCopy', dimensions, peak / copies, atMillis, isScaled);
    });
  }

  private minute(load: Load, isScaled: boolean, publish: Publish): void {
    const now = this.cloud.clock.now();
    if (!isScaled) {
      this.scaled.delete(load);
      publish(takePeak(load), now - 1);
      return;
    }
    if (!this.scaled.has(load)) load.windowStartMillis = now - MINUTE;
    this.scaled.set(load, publish);
    this.publishWindows(load, publish);
  }

  /** Every window of ten seconds that is over. */
  private publishWindows(load: Load, publish: Publish): void {
    const now = this.cloud.clock.now();
    while (load.windowStartMillis + FINE_MILLIS <= now) {
      load.windowStartMillis += FINE_MILLIS;
      publish(takePeak(load), load.windowStartMillis - 1);
    }
  }

  private isScaled(resourceId: string, dimension: string): boolean {
    return this.scaling.targets?.isRegistered(resourceId, dimension) === true;
  }

  private put(of: Load, name: string, dimensions: Record<string, string>, value: number, atMillis: number, fine: boolean): void {
    let series = this.series.get(of);
    if (series === undefined) {
      series = this.cloud.double<CloudWatch>('cloudwatch').series('AWS/SageMaker', name, dimensions, 'None');
      this.series.set(of, series);
    }
    if (fine) series.addFine(atMillis, value);
    else series.add(atMillis, value);
  }
}

type Publish = (peak: number, atMillis: number) => void;

/** Most requests at once since the last time. */
function takePeak(load: Load): number {
  const peak = load.peakInFlight;
  load.peakInFlight = load.inFlight;
  return peak;
}
