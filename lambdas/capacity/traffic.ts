import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

const PERIOD_SECONDS = 60;

/** Asked of the gateway's own metric: the ledger counts a unit's first request only, and other endpoints have other metrics. */
export function lastRequestOf(cloudWatch: CloudWatchClient, useCase: string) {
  return async (arm: 'stable' | 'baseline', fromMillis: number, toMillis: number): Promise<number | undefined> => {
    const { MetricDataResults } = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(fromMillis),
        EndTime: new Date(toMillis),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [
          {
            Id: 'requests',
            MetricStat: {
              Metric: {
                Namespace: 'Sluice',
                MetricName: 'Requests',
                Dimensions: [
                  { Name: 'UseCase', Value: useCase },
                  { Name: 'Arm', Value: arm },
                ],
              },
              Period: PERIOD_SECONDS,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
    const asked = Timestamps.filter((_, index) => (Values[index] ?? 0) > 0).map((at) => at.getTime() + PERIOD_SECONDS * 1000);
    return asked.length === 0 ? undefined : Math.min(toMillis, Math.max(...asked));
  };
}
