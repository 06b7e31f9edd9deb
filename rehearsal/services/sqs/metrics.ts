import type { Cloud } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { CloudWatch } from '../cloudwatch';
import type { MetricSeries } from '../cloudwatch/series';
import { inBackground } from '../background';
import type { Queue } from './queue';

const MINUTE_MILLIS = 60_000;
/** SQS tells of a queue until six hours after it was last used. */
const ACTIVE_MILLIS = 6 * 3_600_000;

const GAUGES = {
  ApproximateNumberOfMessagesVisible: ({ visible }: Counts) => visible,
  ApproximateNumberOfMessagesNotVisible: ({ inFlight }: Counts) => inFlight,
  ApproximateNumberOfMessagesDelayed: ({ delayed }: Counts) => delayed,
  ApproximateAgeOfOldestMessage: ({ oldestAgeSeconds }: Counts) => oldestAgeSeconds,
} as const;

type Counts = ReturnType<Queue['counts']>;
export type Counted = 'NumberOfMessagesSent' | 'NumberOfMessagesReceived' | 'NumberOfMessagesDeleted';
const COUNTERS: readonly Counted[] = ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'];

interface Use {
  lastMillis: number;
  counted: Record<Counted, number>;
}

/** The metrics of queues, each minute; only those that somebody looks at are kept. */
export class QueueMetrics {
  private readonly uses = new Map<Queue, Use>();
  private readonly watched = new Map<Queue, { atSeries: number; series: Map<string, MetricSeries> }>();
  private running = false;

  constructor(private readonly cloud: Cloud) {}

  count(queue: Queue, what: Counted, messages: number): void {
    if (messages > 0) this.touch(queue).counted[what] += messages;
  }

  /** The queue is in use. */
  touch(queue: Queue): Use {
    let use = this.uses.get(queue);
    if (use === undefined) {
      use = { lastMillis: 0, counted: { NumberOfMessagesSent: 0, NumberOfMessagesReceived: 0, NumberOfMessagesDeleted: 0 } };
      this.uses.set(queue, use);
    }
    use.lastMillis = this.cloud.clock.now();
    if (!this.running) this.start();
    return use;
  }

  forget(queue: Queue): void {
    this.uses.delete(queue);
    this.watched.delete(queue);
  }

  private start(): void {
    this.running = true;
    const { clock } = this.cloud;
    inBackground(clock, (Math.floor(clock.now() / MINUTE_MILLIS) + 1) * MINUTE_MILLIS, () => this.tick());
  }

  private tick(): void {
    this.running = false;
    const nowMillis = this.cloud.clock.now();
    for (const [queue, use] of this.uses) {
      this.publish(queue, use, nowMillis - 1);
      if (nowMillis - use.lastMillis > ACTIVE_MILLIS) this.uses.delete(queue);
    }
    if (this.uses.size > 0) this.start();
  }

  private publish(queue: Queue, { counted }: Use, atMillis: number): void {
    const series = this.seriesOf(queue);
    if (series.size > 0) {
      const counts = queue.counts();
      for (const [name, valueOf] of Object.entries(GAUGES)) series.get(name)?.add(atMillis, valueOf(counts));
      for (const name of COUNTERS) series.get(name)?.add(atMillis, counted[name]);
    }
    for (const name of COUNTERS) counted[name] = 0;
  }

  private cloudWatch(): CloudWatch | undefined {
    if ((this.cloud as Partial<LaptopCloud>).hasDouble?.('cloudwatch') !== true) return undefined;
    const found = this.cloud.double<CloudWatch>('cloudwatch');
    return (found as Partial<CloudWatch>).existing === undefined ? undefined : found;
  }

  /** Those that an alarm, or whoever asked for them, knows. */
  private seriesOf(queue: Queue): Map<string, MetricSeries> {
    const cloudWatch = this.cloudWatch();
    if (cloudWatch === undefined) return new Map();
    const known = this.watched.get(queue);
    if (known !== undefined && known.atSeries === cloudWatch.seriesCount) return known.series;
    const series = new Map<string, MetricSeries>();
    for (const name of [...Object.keys(GAUGES), ...COUNTERS]) {
      const found = cloudWatch.existing('AWS/SQS', name, { QueueName: queue.name });
      if (found === undefined) continue;
      found.units.add(name === 'ApproximateAgeOfOldestMessage' ? 'Seconds' : 'Count');
      series.set(name, found);
    }
    this.watched.set(queue, { atSeries: cloudWatch.seriesCount, series });
    return series;
  }
}
