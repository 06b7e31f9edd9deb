import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import {
  Deployment,
  EndpointInstance,
  RollbackAlarm,
  Routing,
  Serving,
  type ComponentProps,
  type ModelEndpointProps,
  type SharedInstancesProps,
} from '../../../lib';
import type { Accepted } from './accepted';
import { existingGroup, existingVpc } from './accepted-variants';
import { model } from './parts';

interface Shape {
  instances?: SharedInstancesProps;
  components?: (tag: string) => Partial<ComponentProps>[];
  endpoint?: (stack: Stack) => Omit<ModelEndpointProps, 'serving'>;
}

const row = (name: string, { instances, components = () => [{}], endpoint = () => ({}) }: Shape = {}): Accepted => ({
  name: `components: ${name}`,
  props: (stack, tag) => ({
    serving: Serving.inferenceComponents({
      instances: instances ?? { instance: EndpointInstance.M5_XLARGE },
      components: components(tag).map((one) => ({ name: 'chat', model: model(tag), memoryMib: 1024, ...one })),
    }),
    ...endpoint(stack),
  }),
});

/** Models that share instances. */
export const components: Accepted[] = [
  row('one'),
  row('two on the same instances', { components: () => [{}, { name: 'summary', cpus: 0.5 }] }),
  row('on a GPU', {
    instances: { instance: EndpointInstance.G5_XLARGE, maxCount: 4 },
    components: () => [{ accelerators: 1, memoryMib: 8192 }],
  }),
  row('on four GPUs', { instances: { instance: EndpointInstance.G5_12XLARGE, maxCount: 4 }, components: () => [{ accelerators: 4 }] }),
  row('the least memory', { components: () => [{ memoryMib: 128, cpus: 0.25 }] }),
  row('memory with a limit', { components: () => [{ memoryMib: 1024, maxMemoryMib: 2048 }] }),
  row('one to three instances', { instances: { instance: EndpointInstance.M5_XLARGE, minCount: 1, maxCount: 3 } }),
  row('two instances at the start', { instances: { instance: EndpointInstance.M5_XLARGE, initialCount: 2, maxCount: 4 } }),
  row('instance pools', {
    instances: { instancePools: [{ instance: EndpointInstance.G6_XLARGE }, { instance: EndpointInstance.G5_XLARGE }], maxCount: 4 },
    components: () => [{ accelerators: 1 }],
  }),
  row('two copies that updates set back', {
    instances: { instance: EndpointInstance.M5_XLARGE, initialCount: 1 },
    components: () => [{ copies: 2 }],
  }),
  row('time-outs', { components: () => [{ downloadTimeout: Duration.minutes(30), startupTimeout: Duration.minutes(20) }] }),
  row('routing by prefix', { instances: { instance: EndpointInstance.M5_XLARGE, routing: Routing.prefixAware() } }),
  row('a VPC and network isolation', {
    endpoint: (stack) => ({ vpc: existingVpc(stack), securityGroups: [existingGroup(stack)], networkIsolation: true }),
  }),
  row('rolling', { endpoint: () => ({ deployment: Deployment.rolling({ percent: 50, wait: Duration.minutes(1) }) }) }),
  row('rolling with an alarm on latency', {
    endpoint: () => ({
      deployment: Deployment.rolling({ wait: Duration.minutes(1), rollbackAlarms: [RollbackAlarm.modelLatency({ p95Millis: 2000 })] }),
    }),
  }),
];
