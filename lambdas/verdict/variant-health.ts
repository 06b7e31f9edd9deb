import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { VariantHealth } from '../../core/shadow';

const PERIOD_SECONDS = 300;
const PERIOD_MILLIS = PERIOD_SECONDS * 1000;
const MICROS_PER_MILLI = 1000;

/** What SageMaker's own metrics say of variants, in the order they are named. Failed requests are in no capture. */
export async function healthOf(
  cloudwatch: CloudWatchClient,
  endpointName: string,
  variantNames: string[],
  fromMillis: number,
  toMillis: number,
): Promise<VariantHealth[]> {
  const queries = variantNames.flatMap((name, index) => queriesOf(endpointName, name, index));
  const results = await readAll(cloudwatch, queries, fromMillis, toMillis);
  return variantNames.map((_, index) => {
    const requests = results.get(`requests${index}`) ?? new Map<number, number>();
    const failures = results.get(`failures${index}`) ?? new Map<number, number>();
    const p95Millis = weightedMean(results.get(`latency${index}`) ?? new Map<number, number>(), requests);
    return { requests: sum(requests), failures: sum(failures), ...(p95Millis === undefined ? {} : { p95Millis }) };
  });
}

function queriesOf(endpointName: string, variantName: string, index: number): MetricDataQuery[] {
  const metrics: [string, string, string][] = [
    [`requests${index}`, 'Invocations', 'Sum'],
    [`failures${index}`, 'InvocationModelErrors', 'Sum'],
    [`latency${index}`, 'ModelLatency', 'p95'],
  ];
  return metrics.map(([Id, MetricName, Stat]) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SageMaker',
        MetricName,
        Dimensions: [
          { Name: 'EndpointName', Value: endpointName },
          { Name: 'VariantName', Value: variantName },
        ],
      },
      Period: PERIOD_SECONDS,
      Stat,
    },
  }));
}

/** Values by time, for each query. */
async function readAll(
  cloudwatch: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  fromMillis: number,
  toMillis: number,
): Promise<Map<string, Map<number, number>>> {
  const all = new Map<string, Map<number, number>>();
  let NextToken: string | undefined;
  do {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(Math.floor(fromMillis / PERIOD_MILLIS) * PERIOD_MILLIS),
        EndTime: new Date(toMillis),
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    for (const result of answer.MetricDataResults ?? []) addTo(all, result);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined);
  return all;
}

function addTo(all: Map<string, Map<number, number>>, { Id, Timestamps, Values }: MetricDataResult): void {
  const known = all.get(Id ?? '') ?? new Map<number, number>();
  all.set(Id ?? '', known);
  (Timestamps ?? []).forEach((time, index) => known.set(time.getTime(), Values?.[index] ?? 0));
}

const sum = (points: Map<number, number>): number => [...points.values()].reduce((total, value) => total + value, 0);

/** Percentiles of periods cannot be added up: each counts by its requests. In milliseconds. */
function weightedMean(micros: Map<number, number>, requests: Map<number, number>): number | undefined {
  let weights = 0;
  let total = 0;
  for (const [time, value] of micros) {
    const weight = requests.get(time) ?? 0;
    weights += weight;
    total += weight * value;
  }
  return weights === 0 ? undefined : total / weights / MICROS_PER_MILLI;
}
