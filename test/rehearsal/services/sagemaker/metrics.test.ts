import type { Members } from '../../../../rehearsal/cloud/types';
import { gpusOf, vcpusOf } from '../../../../rehearsal/services/sagemaker/instance-metrics';
import { invoke, pass, setUp, single, type Setup } from './support';

const last = ({ cloudWatch }: Setup, name: string, namespace = '/aws/sagemaker/Endpoints') =>
  cloudWatch.metric(namespace, name, { EndpointName: 'Live', VariantName: 'a' }).at(-1);

// https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html: "1/numberOfInstances is sent as the value on each request."
test('InvocationsPerInstance is a share of each request', async () => {
  const setup = setUp();
  await single(setup);
  for (let index = 0; index < 8; index += 1) await invoke(setup);
  expect(last(setup, 'InvocationsPerInstance', 'AWS/SageMaker')).toMatchObject({ sum: 2, count: 8 });
  expect(last(setup, 'ModelLatency', 'AWS/SageMaker')!.max).toBe(30_000);
});

// The same page: with 4 GPUs the range of GPUUtilization is 0 % to 400 %, and with 4 CPUs that of CPUUtilization likewise.
test('instance metrics are percentages, summed over the processors, by the minute', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(() => ({
    predict: () => ({ status: 200, body: new Uint8Array(), contentType: 'text/plain', latencyMillis: 15_000 }),
  }));
  await single(setup, { InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 1 });
  await pass(setup, 2);
  expect(last(setup, 'GPUUtilization')!.max).toBe(0);
  await setup.cloud.clock.run(Math.ceil(setup.cloud.clock.now() / 60_000) * 60_000);
  await invoke(setup);
  await invoke(setup);
  await pass(setup, 1);
  expect(last(setup, 'GPUUtilization')!.max).toBe(200);
  expect(last(setup, 'CPUUtilization')!.max).toBeCloseTo(100 * 48 * (0.02 + 0.2 * 0.5));
  expect(last(setup, 'DiskUtilization')!.max).toBe(10);
  expect(last(setup, 'GPUMemoryUtilization')!.max).toBe(140);
  expect(last(setup, 'MemoryUtilization')!.count).toBe(1);
});

// https://aws.amazon.com/sagemaker/pricing/instance-types/
test.each([
  ['ml.m5.large', 2, 0],
  ['ml.c5.4xlarge', 16, 0],
  ['ml.g5.xlarge', 4, 1],
  ['ml.g5.48xlarge', 192, 8],
  ['ml.p3.8xlarge', 32, 4],
  ['ml.p4d.24xlarge', 96, 8],
])('%s has %d CPUs and %d GPUs', (instanceType, cpus, gpus) => {
  expect([vcpusOf(instanceType), gpusOf(instanceType)]).toEqual([cpus, gpus]);
});

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html, EndpointStatus: SystemUpdating.
test('during maintenance the endpoint answers and refuses every change', async () => {
  const setup = setUp();
  await single(setup);
  setup.sageMaker.startMaintenance('Live');
  expect((await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).EndpointStatus).toBe('SystemUpdating');
  expect((await invoke(setup)).InvokedProductionVariant).toBe('a');
  const change = { EndpointName: 'Live', DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredWeight: 2 }] };
  await expect(setup.call('UpdateEndpointWeightsAndCapacities', change)).rejects.toThrow('in-progress');
  await expect(setup.call('DeleteEndpoint', { EndpointName: 'Live' })).rejects.toThrow('in-progress');
  await pass(setup, 15.1);
  expect(setup.sageMaker.endpoints()[0]!.status).toBe('InService');
});

test('more instances take longer than other weights, and are counted when they are there', async () => {
  const setup = setUp();
  await single(setup);
  const scale = (DesiredInstanceCount: number) => {
    const wish = { VariantName: 'a', DesiredInstanceCount };
    return setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [wish] });
  };
  await scale(6);
  const counts = async (): Promise<Members> => (await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).ProductionVariants[0];
  await pass(setup, 0.5);
  expect(await counts()).toMatchObject({ CurrentInstanceCount: 4, DesiredInstanceCount: 6 });
  await pass(setup, 1.7);
  expect(await counts()).toMatchObject({ CurrentInstanceCount: 6, DesiredInstanceCount: 6 });
  // Launched, and not in service yet.
  expect(setup.sageMaker.endpoints()[0]!.variants[0]!.instanceCount).toBe(4);
  await pass(setup, 4);
  expect(setup.sageMaker.endpoints()[0]!.variants[0]!.instanceCount).toBe(6);
  await expect(scale(0)).rejects.toThrow('greater than or equal to 1');
});
