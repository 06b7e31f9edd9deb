import type { Cloud, Random } from '../cloud/types';
import type { UrlInvoker } from './callers';
import type { RehearsalJob } from './job';
import { FileRoute, HttpsRoute } from './kpi-batch-routes';
import { KpiHabits } from './kpi-habits';
import { KpiProducer } from './kpi-producer';
import { EventBridgeRoute, SqsRoute, type KpiRoute, type OutputOf } from './kpi-routes';

export interface SourceParts {
  job: RehearsalJob;
  cloud: Cloud;
  random: Random;
  startMillis: number;
  outputOf: OutputOf;
  invokeUrl: UrlInvoker;
}

/** The producer of KPI events as the scenario has it. */
export function producerOf(parts: SourceParts): KpiProducer {
  const { job, cloud, random, startMillis } = parts;
  const { scenario, kpis, useCase } = job;
  return new KpiProducer({
    cloud,
    random,
    route: routeOf(parts),
    habits: new KpiHabits(scenario, startMillis, random),
    useCase,
    identify: scenario.kpiEvents.identify,
    byVariant: new Set(kpis.filter(({ attribution }) => attribution === 'variant').map(({ name }) => name)),
  });
}

function routeOf({ job, cloud, outputOf, invokeUrl }: SourceParts): KpiRoute {
  const { route, every } = job.scenario.kpiEvents;
  switch (route) {
    case 'eventbridge':
      return new EventBridgeRoute(cloud);
    case 'sqs':
      return new SqsRoute(cloud, outputOf);
    case 'https':
      return new HttpsRoute(cloud, every, outputOf, invokeUrl);
    case 'file':
      return new FileRoute(cloud, every, outputOf);
  }
}
