import type { LaptopCloud } from '../../kernel/cloud';

/** What the `cloudwatch` double offers to services that publish metrics of their own. */
interface MetricSink {
  series(namespace: string, name: string, dimensions: Record<string, string>, unit: string): { add(atMillis: number, value: number): void };
}

/** Metrics of APIs: REST APIs and HTTP APIs name errors in their own ways. */
export class GatewayMetrics {
  constructor(private readonly cloud: LaptopCloud) {}

  count(dimensions: Record<string, string>, status: number, latencyMillis: number): void {
    if (!this.cloud.hasDouble('cloudwatch')) return;
    const sink = this.cloud.double('cloudwatch') as unknown as Partial<MetricSink>;
    const isRest = dimensions['ApiName'] !== undefined;
    const { Stage: stage, ...api } = dimensions;
    const values: [name: string, unit: string, value: number][] = [
      ['Count', 'Count', 1],
      [isRest ? '4XXError' : '4xx', 'Count', status >= 400 && status < 500 ? 1 : 0],
      [isRest ? '5XXError' : '5xx', 'Count', status >= 500 ? 1 : 0],
      ['Latency', 'Milliseconds', latencyMillis],
    ];
    for (const narrowed of [api, { ...api, Stage: stage ?? '' }])
      for (const [name, unit, value] of values) sink.series?.('AWS/ApiGateway', name, narrowed, unit).add(this.cloud.clock.now(), value);
  }
}
