import type { DeliveryFault, Fault, FaultWindow } from '../cloud/types';
import type { LateMetrics } from '../services/cloudwatch';
import type { FunctionFault } from '../services/lambda';
import type { EndpointFault } from '../services/sagemaker';
import type { Laptop } from './laptop';
import { disableRule, fillDisks, muteAlarms } from './operator-faults';
import type { Scenario, ScenarioFault } from './scenario-schema';

/** A use case's scenario, or that of any application. */
type WithFaults = Pick<Scenario, 'faults'>;

type Often = Pick<ScenarioFault, 'at'> & { for?: number | undefined; times?: number | undefined; share?: number | undefined };

function windowOf(fault: Often, startMillis: number): FaultWindow {
  const fromMillis = startMillis + fault.at;
  return {
    fromMillis,
    untilMillis: fault.for === undefined ? Number.POSITIVE_INFINITY : fromMillis + fault.for,
    ...(fault.times === undefined ? {} : { times: fault.times }),
    ...(fault.share === undefined ? {} : { share: fault.share }),
  };
}

/** Faults on calls of services, for the cloud to begin with. */
export const serviceFaults = (scenario: WithFaults, startMillis: number): Fault[] =>
  scenario.faults.flatMap((fault) => ('operation' in fault ? [serviceFault(fault, startMillis)] : []));

function serviceFault(fault: Extract<ScenarioFault, { operation: string }>, startMillis: number): Fault {
  return {
    ...windowOf(fault, startMillis),
    service: fault.service,
    operation: fault.operation,
    ...(fault.resource === undefined ? {} : { resource: fault.resource }),
    ...('error' in fault ? { error: fault.error } : {}),
    ...('effect' in fault && fault.effect !== undefined ? { effect: fault.effect } : {}),
    ...('entries' in fault ? { entries: fault.entries } : {}),
    ...(fault.slow === undefined ? {} : { slowMillis: fault.slow }),
  };
}

function functionFault(fault: Extract<ScenarioFault, { function: string }>, startMillis: number): FunctionFault {
  const common = { ...windowOf(fault, startMillis), constructPath: fault.function };
  if ('start' in fault) return { ...common, error: 'cold-start', ...(fault.slow === undefined ? {} : { slowMillis: fault.slow }) };
  return { ...common, error: fault.error, ...(fault.afterCalls === undefined ? {} : { afterCalls: fault.afterCalls }) };
}

function deliveryFault(fault: Extract<ScenarioFault, { deliver: string }>, startMillis: number): DeliveryFault {
  return { ...windowOf(fault, startMillis), from: fault.resource, deliver: fault.deliver, byMillis: fault.by };
}

const endpointFault = ({ endpoint, times, during }: Extract<ScenarioFault, { endpoint: string }>): EndpointFault => ({
  kind: endpoint,
  times,
  ...(during === undefined ? {} : { operation: during }),
});

function lateMetrics(fault: Extract<ScenarioFault, { metrics: string }>, startMillis: number): LateMetrics {
  const { fromMillis, untilMillis } = windowOf(fault, startMillis);
  return {
    fromMillis,
    untilMillis,
    lagMillis: fault.by,
    ...(fault.namespace === undefined ? {} : { namespace: fault.namespace }),
    ...(fault.metric === undefined ? {} : { metricName: fault.metric }),
  };
}

/** Arms all other faults, and tells of each when its time begins. Faults on KPI events are the callers' affair. */
export function armFaults(laptop: Laptop, scenario: WithFaults, startMillis: number): void {
  for (const [index, fault] of scenario.faults.entries()) {
    const atMillis = startMillis + fault.at;
    if ('function' in fault) laptop.failFunction(functionFault(fault, startMillis));
    if ('deliver' in fault) laptop.cloud.deliveries.add(deliveryFault(fault, startMillis));
    if ('endpoint' in fault) laptop.clock.at(atMillis, () => laptop.sageMaker.injectEndpointFault(endpointFault(fault)));
    if ('metrics' in fault) laptop.cloudWatch.delayMetrics(lateMetrics(fault, startMillis));
    if ('alarm' in fault) laptop.clock.at(atMillis, () => muteAlarms(laptop, fault, `faults[${index}]`));
    if ('capture' in fault) fillDisks(laptop, fault, atMillis);
    if ('rule' in fault) disableRule(laptop, fault, atMillis);
    laptop.clock.at(atMillis, () => laptop.cloud.record('fault', 'begins', { ...fault }));
  }
}

/** A construct path that a fault names, and what must stand there; without type any resource. */
export interface FaultPath {
  where: string;
  path: string;
  type?: string;
}

const DELIVERING = { sqs: 'AWS::SQS::Queue', eventbridge: 'AWS::Events::Rule' } as const;

export const faultPaths = (scenario: WithFaults): FaultPath[] =>
  scenario.faults.flatMap((fault, index): FaultPath[] => {
    if ('rule' in fault) return [{ where: `faults[${index}].rule`, path: fault.rule, type: DELIVERING.eventbridge }];
    if ('function' in fault) return [{ where: `faults[${index}].function`, path: fault.function, type: 'AWS::Lambda::Function' }];
    if (!('resource' in fault) || fault.resource === undefined || fault.resource.startsWith('arn:')) return [];
    const named = { where: `faults[${index}].resource`, path: fault.resource };
    return ['deliver' in fault ? { ...named, type: DELIVERING[fault.service] } : named];
  });
