import type { Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { EndpointRecord } from '../sagemaker/state';

const MINUTE = 60_000;

/** The internal queue of an asynchronous endpoint, with the metrics that it is scaled by: their only dimension is EndpointName. */
export class AsyncBacklog<T> {
  private readonly waiting: { job: T; end: () => void }[] = [];
  private running = 0;
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly endpoint: EndpointRecord,
    private readonly work: (job: T) => Promise<void>,
    private readonly expired: (job: T) => boolean,
  ) {}

  push(job: T): void {
    this.waiting.push({ job, end: this.cloud.begin(`an asynchronous request of ${this.endpoint.name}`) });
    this.pump();
    if (!this.ticking) this.tick();
  }

  private capacity(): number {
    const instances = this.endpoint.variants.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
    return instances * (this.endpoint.async?.maxConcurrentPerInstance ?? 0);
  }

  /** What has expired needs no instance to be told so. */
  private pump(): void {
    while (this.waiting.length > 0 && (this.running < this.capacity() || this.expired(this.waiting[0]!.job))) {
      const { job, end } = this.waiting.shift()!;
      this.running += 1;
      this.cloud.clock.after(0, async () => {
        try {
          await this.work(job);
        } finally {
          this.running -= 1;
          end();
          this.pump();
        }
      });
    }
  }

  /** Each minute while something waits or runs: metrics, and instances that came meanwhile. */
  private tick(): void {
    this.publish();
    this.pump();
    this.ticking = this.waiting.length > 0 || this.running > 0;
    if (this.ticking) this.cloud.clock.after(MINUTE, () => this.tick());
  }

  private publish(): void {
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    const instances = this.endpoint.variants.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
    const backlog = this.waiting.length + this.running;
    const put = (name: string, value: number): void =>
      cloudWatch.putMetric('AWS/SageMaker', name, { EndpointName: this.endpoint.name }, value, 'Count');
    put('ApproximateBacklogSize', backlog);
    if (instances > 0) put('ApproximateBacklogSizePerInstance', backlog / instances);
    put('HasBacklogWithoutCapacity', instances === 0 && backlog > 0 ? 1 : 0);
  }
}
