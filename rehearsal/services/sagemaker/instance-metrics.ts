import type { Clock, Cloud } from '../../cloud/types';
import { inBackground } from '../background';
import type { CloudWatch } from '../cloudwatch';
import { copiesThatAnswer, type ComponentRecord } from './components';
import type { ConcurrencyMetrics } from './concurrency-metrics';
import type { EndpointRecord, Variant } from './state';
import type { Store } from './store';

const MINUTE = 60_000;
const NAMESPACE = '/aws/sagemaker/Endpoints';
const COMPONENTS_NAMESPACE = '/aws/sagemaker/InferenceComponents';
const VCPUS: Record<string, number> = { medium: 2, large: 2, xlarge: 4 };
const VCPUS_PER_XLARGE = 4;
const IDLE_CPU = 0.02;
/** Part of the CPUs that a container keeps busy while it works: most of them, unless a GPU does the work. */
const CPU_AT_WORK = 0.9;
const CPU_BESIDE_GPU = 0.2;
const MEMORY_PERCENT = 30;
const GPU_MEMORY_PERCENT = 35;

export function vcpusOf(instanceType: string): number {
  const size = instanceType.split('.')[2] ?? 'xlarge';
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  return multiple === undefined ? (VCPUS[size] ?? VCPUS_PER_XLARGE) : Number(multiple) * VCPUS_PER_XLARGE;
}

/** GPUs of an instance type; 0 for one without. */
export function gpusOf(instanceType: string): number {
  const [, family = '', size = ''] = instanceType.split('.');
  if (!/^(g|p)\d/.test(family)) return 0;
  if (family.startsWith('p3')) return { '2xlarge': 1, '8xlarge': 4, '16xlarge': 8, '24xlarge': 8 }[size] ?? 1;
  if (family.startsWith('p2')) return { xlarge: 1, '8xlarge': 8, '16xlarge': 16 }[size] ?? 1;
  if (family.startsWith('p')) return { '4xlarge': 1 }[size] ?? 8;
  return { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 }[size] ?? 1;
}

/** Publishes the instances' metrics each minute, from the time for which their containers worked. */
export class InstanceMetrics {
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly concurrency: ConcurrencyMetrics,
  ) {}

  /** Called when an endpoint comes into service. */
  watch(): void {
    if (!this.ticking) this.next();
    this.concurrency.watch();
  }

  private next(): void {
    this.ticking = true;
    const clock: Clock = this.cloud.clock;
    const atMillis = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE;
    inBackground(clock, atMillis, () => this.tick());
  }

  private tick(): void {
    const running = this.store.endpoints.all().filter(({ variants }) => variants.length > 0);
    for (const endpoint of running) {
      const all = [...endpoint.variants, ...(endpoint.shadow === undefined ? [] : [endpoint.shadow]), ...(endpoint.green?.variants ?? [])];
      for (const variant of all) this.publish(endpoint, variant);
    }
    for (const component of this.store.components.all()) this.publishCopies(component);
    this.ticking = false;
    if (running.length > 0) this.next();
  }

  /** Of each copy's own share of its instance, between 0 and 100 percent. */
  private publishCopies(component: ComponentRecord): void {
    const copies = copiesThatAnswer(component);
    if (copies === 0) return;
    const busyMillis = component.copies.reduce((sum, copy) => sum + copy.busyMillis, 0);
    for (const copy of component.copies) copy.busyMillis = 0;
    const busy = Math.min(1, busyMillis / (MINUTE * copies));
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    const atMillis = this.cloud.clock.now() - 1;
    const put = (name: string, percent: number): void =>
      cloudWatch.series(COMPONENTS_NAMESPACE, name, { InferenceComponentName: component.name }, 'Percent').add(atMillis, percent);
    const onGpu = component.copies.some(({ spec }) => spec.needs.accelerators > 0);
    put('CPUUtilizationNormalized', 100 * Math.min(1, IDLE_CPU + (onGpu ? CPU_BESIDE_GPU : CPU_AT_WORK) * busy));
    put('MemoryUtilizationNormalized', MEMORY_PERCENT);
    if (!onGpu) return;
    put('GPUUtilizationNormalized', 100 * busy);
    put('GPUMemoryUtilizationNormalized', GPU_MEMORY_PERCENT);
  }

  /** Values are sums over the CPUs, and over the GPUs: four busy GPUs are 400 percent. */
  private publish(endpoint: EndpointRecord, variant: Variant): void {
    const busy = Math.min(1, variant.busyMillis / (MINUTE * Math.max(1, variant.instanceCount)));
    variant.busyMillis = 0;
    if (variant.serverless === undefined && variant.instanceCount === 0) return;
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    // What is published at the full minute describes the minute before.
    const atMillis = this.cloud.clock.now() - 1;
    const put = (name: string, percent: number): void =>
      cloudWatch
        .series(NAMESPACE, name, { EndpointName: endpoint.name, VariantName: variant.variantName }, 'Percent')
        .add(atMillis, percent);
    // Of a serverless endpoint nothing else is published.
    if (variant.serverless !== undefined) {
      put('MemoryUtilization', MEMORY_PERCENT);
      return;
    }
    const gpus = gpusOf(variant.instanceType);
    const atWork = gpus > 0 ? CPU_BESIDE_GPU : CPU_AT_WORK;
    put('CPUUtilization', 100 * vcpusOf(variant.instanceType) * Math.min(1, IDLE_CPU + atWork * busy));
    put('MemoryUtilization', MEMORY_PERCENT);
    put('DiskUtilization', endpoint.diskPercent);
    if (gpus === 0) return;
    put('GPUUtilization', 100 * gpus * busy);
    put('GPUMemoryUtilization', GPU_MEMORY_PERCENT * gpus);
  }
}
