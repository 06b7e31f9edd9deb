import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';

const PERIOD_SECONDS = 60;
/** What is silent for longer has been so at every look before. */
export const LONGEST_READ_MILLIS = 24 * 3_600_000;

type Metric = NonNullable<NonNullable<MetricDataQuery['MetricStat']>['Metric']>;

/** Asked of the gateway's own metric: the ledger counts a unit's first request only, and other endpoints have other metrics. */
export function lastRequestOf(cloudWatch: CloudWatchClient, useCase: string) {
  return (arm: 'stable' | 'baseline', fromMillis: number, toMillis: number): Promise<number | undefined> =>
    lastOf(cloudWatch, metric('Sluice', 'Requests', { UseCase: useCase, Arm: arm }), fromMillis, toMillis);
}

/** SageMaker's own count: it knows of requests whose gateway could not say so. */
export function lastInvocationOf(cloudWatch: CloudWatchClient) {
  return (endpointName: string, variantName: string, fromMillis: number, toMillis: number): Promise<number | undefined> =>
    lastOf(
      cloudWatch,
      metric('AWS/SageMaker', 'Invocations', { EndpointName: endpointName, VariantName: variantName }),
      fromMillis,
      toMillis,
    );
}

const metric = (Namespace: string, MetricName: string, dimensions: Record<string, string>): Metric => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

/** The end of the last minute in which it was more than zero. */
async function lastOf(cloudWatch: CloudWatchClient, Metric: Metric, fromMillis: number, toMillis: number): Promise<number | undefined> {
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(fromMillis),
      EndTime: new Date(toMillis),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [{ Id: 'asked', MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Sum' } }],
    }),
  );
  const { Timestamps = [], Values = [], StatusCode } = MetricDataResults?.[0] ?? {};
  // What could not be read is not nothing: an endpoint would be switched off under its traffic.
  if (StatusCode !== 'Complete') {
    throw new Error(`CloudWatch answered metric ${Metric.MetricName} with ${StatusCode ?? 'no result'}: the next look asks again`);
  }
  const asked = Timestamps.filter((_, index) => (Values[index] ?? 0) > 0).map((at) => at.getTime() + PERIOD_SECONDS * 1000);
  return asked.length === 0 ? undefined : Math.min(toMillis, Math.max(...asked));
}
