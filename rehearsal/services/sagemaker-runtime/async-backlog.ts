import type { Cloud } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { EndpointRecord } from '../sagemaker/state';

interface Waiting<T> {
  job: T;
  sinceMillis: number;
  end: () => void;
}

/**
 * The internal queue of an asynchronous endpoint: requests wait for an instance, however long there is none. Each minute it publishes the
 * metrics that the endpoint is scaled by, whose only dimension is EndpointName: also while nothing waits, else it would never be scaled in.
 */
export class AsyncBacklog<T> {
  private readonly waiting: Waiting<T>[] = [];
  private running = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly endpoint: EndpointRecord,
    private readonly work: (job: T, waitedMillis: number) => Promise<void>,
    private readonly expired: (job: T) => boolean,
  ) {}

  push(job: T): void {
    const end = this.cloud.begin(`an asynchronous request of ${this.endpoint.name}`);
    this.waiting.push({ job, sinceMillis: this.cloud.clock.now(), end });
    this.pump();
  }

  /** Each minute: metrics, and what waits for instances that came meanwhile. */
  tick(): void {
    this.publish();
    this.pump();
  }

  /** The endpoint is gone, and its queue with it. */
  drop(): void {
    for (const { end } of this.waiting.splice(0)) end();
  }

  private get instances(): number {
    return this.endpoint.variants.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
  }

  private capacity(): number {
    return this.instances * (this.endpoint.async?.maxConcurrentPerInstance ?? 0);
  }

  /** What has expired needs no instance to be told so. */
  private pump(): void {
    while (this.waiting.length > 0 && (this.running < this.capacity() || this.expired(this.waiting[0]!.job))) {
      const { job, sinceMillis, end } = this.waiting.shift()!;
      this.running += 1;
      this.cloud.clock.after(0, async () => {
        try {
          await this.work(job, this.cloud.clock.now() - sinceMillis);
        } finally {
          this.running -= 1;
          end();
          this.pump();
        }
      });
    }
  }

  private publish(): void {
    const cloudWatch = this.cloud.double<CloudWatch>('cloudwatch');
    const backlog = this.waiting.length + this.running;
    // What is published at the full minute describes the minute before.
    const atMillis = this.cloud.clock.now() - 1;
    const put = (name: string, value: number, unit = 'Count'): void =>
      cloudWatch.series('AWS/SageMaker', name, { EndpointName: this.endpoint.name }, unit).add(atMillis, value);
    put('ApproximateBacklogSize', backlog);
    if (this.instances > 0) put('ApproximateBacklogSizePerInstance', backlog / this.instances);
    put('HasBacklogWithoutCapacity', this.instances === 0 && backlog > 0 ? 1 : 0);
    const oldest = this.waiting[0];
    if (oldest !== undefined) put('ApproximateAgeOfOldestRequest', (this.cloud.clock.now() - oldest.sinceMillis) / 1000, 'Seconds');
  }
}
