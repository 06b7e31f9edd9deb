import type { Cloud, Random } from '../cloud/types';
import type { RehearsalJob } from './job';
import { KpiHabits } from './kpi-habits';
import { KpiProducer } from './kpi-producer';
import { EventBridgeRoute, SqsRoute, type KpiRoute, type OutputOf } from './kpi-routes';

export interface SourceParts {
  job: RehearsalJob;
  cloud: Cloud;
  random: Random;
  startMillis: number;
  outputOf: OutputOf;
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

function routeOf({ job, cloud, outputOf }: SourceParts): KpiRoute {
  const { route } = job.scenario.kpiEvents;
  if (route === 'sqs') return new SqsRoute(cloud, outputOf);
  return new EventBridgeRoute(cloud);
}
