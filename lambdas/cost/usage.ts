import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { KpiPolicy } from '../../core/contracts';
import { type Answered, serverlessUse, type Usage } from '../../core/cost';
import type { ServerlessVariant } from './endpoints';

interface Hours {
  fromMillis: number;
  untilMillis: number;
}

interface Question {
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
}

/** The arms that a model answers in: what the baseline answers costs no instance. */
const MODEL_ARMS = ['stable', 'candidate'];
const MICROS = 1_000_000;
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

/**
 * What the model answered, and what came of it. From the handlers' metrics: one request an hour, where the ledger's counters of a day are
 * thousands of items, and hold no unit's further decisions.
 */
export async function answeredIn(
  cloudwatch: CloudWatchClient,
  useCase: string,
  hours: Hours,
  goal: KpiPolicy | undefined,
): Promise<Answered> {
  const ofArms = (metric: string, more: Record<string, string> = {}): Question[] =>
    MODEL_ARMS.map((Arm) => ({ namespace: 'Sluice', metric, dimensions: { UseCase: useCase, ...more, Arm } }));
  const units =
    goal?.type === 'latency' || goal?.attribution === 'variant' ? ofArms('KpiEvents', { Kpi: goal.name }) : ofArms('UnitsExposed');
  const questions = [ofArms('Requests'), ...(goal === undefined ? [] : [units, ofArms('KpiOutcomes', { Kpi: goal.name })])];
  const sums = await sumsOf(cloudwatch, questions.flat(), hours, HOUR_SECONDS);
  const of = (index: number): number =>
    questions[index] === undefined
      ? 0
      : sums.slice(index * MODEL_ARMS.length, (index + 1) * MODEL_ARMS.length).reduce((one, other) => one + other, 0);
  return { decisions: of(0), units: of(1), happened: of(2) };
}

/** Compute that serverless requests took. */
export async function serverlessUsage(cloudwatch: CloudWatchClient, variants: ServerlessVariant[], span: Hours): Promise<Usage[]> {
  if (variants.length === 0 || span.untilMillis <= span.fromMillis) return [];
  const questions = variants.map(({ endpointName, variantName }) => ({
    namespace: 'AWS/SageMaker',
    metric: 'ModelLatency',
    dimensions: { EndpointName: endpointName, VariantName: variantName },
  }));
  const micros = await sumsOf(cloudwatch, questions, span, MINUTE_SECONDS);
  return variants.map(({ arm, memoryMib }, index) => ({ arm, what: serverlessUse(memoryMib), seconds: (micros[index] ?? 0) / MICROS }));
}

/** Sums in the order of the questions. */
async function sumsOf(
  cloudwatch: CloudWatchClient,
  questions: Question[],
  { fromMillis, untilMillis }: Hours,
  Period: number,
): Promise<number[]> {
  const MetricDataQueries = questions.map(({ namespace, metric, dimensions }, index): MetricDataQuery => ({
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period,
      Stat: 'Sum',
    },
  }));
  const sums = questions.map(() => 0);
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({ MetricDataQueries, StartTime: new Date(fromMillis), EndTime: new Date(untilMillis), NextToken }),
    );
    for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) {
      const index = Number(Id.slice(1));
      sums[index] = (sums[index] ?? 0) + Values.reduce((sum, value) => sum + value, 0);
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return sums;
}
