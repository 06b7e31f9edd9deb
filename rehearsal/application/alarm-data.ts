import type { Members } from '../cloud/types';
import type { Laptop } from '../world/laptop';

interface Metric {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: string }[];
}

/** Those of a metric alarm: its one metric, or those that its expression is made of. */
function metricsOf(properties: Members): Metric[] {
  const queries = (properties['Metrics'] ?? []) as { MetricStat?: { Metric?: Metric } }[];
  return [properties as Metric, ...queries.map(({ MetricStat }) => MetricStat?.Metric ?? {})].filter(
    ({ Namespace, MetricName }) => Namespace !== undefined && MetricName !== undefined,
  );
}

/** Of these services no data means that nothing happened. */
export const PUBLISHING = ['AWS/ApiGateway', 'AWS/Lambda', 'AWS/SQS', 'AWS/SageMaker', 'AWS/States', '/aws/sagemaker/Endpoints'];

/** Other services publish no metrics here, and an application may misspell its own: what an alarm waits for in vain is told, not taken for calm. */
export function metricsWithoutData({ cloudWatch }: Laptop, alarm: Members): string[] {
  return metricsOf(alarm)
    .filter(({ Namespace = '', MetricName = '', Dimensions = [] }) => {
      if (PUBLISHING.includes(Namespace)) return false;
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      return cloudWatch.metric(Namespace, MetricName, dimensions).length === 0;
    })
    .map(({ Namespace, MetricName }) => `${Namespace} ${MetricName}`);
}
