import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

const PERIOD_SECONDS = 3600;

/** As SageMaker counts them: it knows of requests whose gateway could not say so. */
export function requestsOf(cloudWatch: CloudWatchClient) {
  return async (endpointName: string, variantName: string, fromMillis: number, toMillis: number): Promise<number> => {
    const Dimensions = [
      { Name: 'EndpointName', Value: endpointName },
      { Name: 'VariantName', Value: variantName },
    ];
    const Metric = { Namespace: 'AWS/SageMaker', MetricName: 'Invocations', Dimensions };
    const { MetricDataResults } = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(fromMillis),
        EndTime: new Date(toMillis),
        MetricDataQueries: [{ Id: 'asked', MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Sum' } }],
      }),
    );
    const { Values = [], StatusCode } = MetricDataResults?.[0] ?? {};
    // What could not be read is not nothing: captures that stopped would look like silence.
    if (StatusCode !== 'Complete') {
      throw new Error(
        `CloudWatch answered the metric Invocations of ${endpointName} with ${StatusCode ?? 'no result'}: the next look asks again`,
      );
    }
    return Values.reduce((sum, value) => sum + value, 0);
  };
}
