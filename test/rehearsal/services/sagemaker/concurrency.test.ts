import type { ContainerAnswer, Members } from '../../../../rehearsal/cloud/types';
import { createModel, invoke, MINUTE, pass, ROLE, setUp, single, type Setup } from './support';

const slow = (latencyMillis: number) => (): { predict: () => ContainerAnswer } => ({
  predict: () => ({ status: 200, body: new Uint8Array(1), contentType: 'text/plain', latencyMillis }),
});

const points = ({ cloudWatch }: Setup, name: string, dimensions: Record<string, string>) =>
  cloudWatch.metric('AWS/SageMaker', name, dimensions);
const ofVariant = (setup: Setup) => points(setup, 'ConcurrentRequestsPerModel', { EndpointName: 'Live', VariantName: 'a' });

const register = ({ call }: Setup, ResourceId: string, ScalableDimension: string): Promise<Members> =>
  call(
    'RegisterScalableTarget',
    { ServiceNamespace: 'sagemaker', ResourceId, ScalableDimension, MinCapacity: 1, MaxCapacity: 4 },
    'application-auto-scaling',
  );

const together = (setup: Setup, count: number, extra: Members = {}): Promise<Members[]> =>
  Promise.all(Array.from({ length: count }, () => invoke(setup, extra)));

test('requests at once, per instance, each minute; zero where nobody asks', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(slow(5000));
  await single(setup);
  await pass(setup, 3);
  expect(ofVariant(setup).map(({ max }) => max)).toContain(0);
  await together(setup, 8);
  await pass(setup, 2);
  expect(Math.max(...ofVariant(setup).map(({ max }) => max))).toBe(8 / 4);
  expect(ofVariant(setup).at(-1)).toMatchObject({ max: 0, count: 1 });
});

test('every ten seconds where the variant is scaled', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(slow(3000));
  await single(setup);
  await register(setup, 'endpoint/Live/variant/a', 'sagemaker:variant:DesiredInstanceCount');
  await pass(setup, 5);
  const series = setup.cloudWatch.series('AWS/SageMaker', 'ConcurrentRequestsPerModel', { EndpointName: 'Live', VariantName: 'a' });
  const minute = Math.floor(setup.cloud.clock.now() / MINUTE) * MINUTE;
  expect(series.window(minute - MINUTE, minute)).toMatchObject({ count: 6, max: 0 });
  await setup.cloud.clock.run(minute + MINUTE + 12_000);
  await together(setup, 4);
  await setup.cloud.clock.run(minute + MINUTE + 31_000);
  // The next request publishes what is over, before the minute is.
  await invoke(setup);
  expect(series.window(minute + MINUTE, minute + MINUTE + 30_000)).toMatchObject({ count: 3, max: 1 });
  expect(series.window(minute + MINUTE + 20_000, minute + MINUTE + 30_000)).toMatchObject({ max: 0 });
});

test('of an inference component, per copy, and its utilization', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(slow(6000));
  await createModel(setup, 'model-a');
  await setup.call('CreateEndpointConfig', {
    EndpointConfigName: 'first',
    ExecutionRoleArn: ROLE,
    ProductionVariants: [{ VariantName: 'all', InstanceType: 'ml.g5.12xlarge', InitialInstanceCount: 1 }],
  });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
  await setup.call('CreateInferenceComponent', {
    InferenceComponentName: 'one',
    EndpointName: 'Live',
    Specification: {
      ModelName: 'model-a',
      ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfAcceleratorDevicesRequired: 1 },
    },
    RuntimeConfig: { CopyCount: 2 },
  });
  await pass(setup, 8);
  await together(setup, 6, { InferenceComponentName: 'one' });
  await pass(setup, 2);
  const dimensions = { InferenceComponentName: 'one' };
  expect(Math.max(...points(setup, 'ConcurrentRequestsPerCopy', dimensions).map(({ max }) => max))).toBe(3);
  const used = setup.cloudWatch.metric('/aws/sagemaker/InferenceComponents', 'GPUUtilizationNormalized', dimensions);
  expect(Math.max(...used.map(({ max }) => max))).toBeCloseTo((100 * 6 * 6) / (2 * 60));
  expect(setup.sageMaker.findComponent('one')).toMatchObject({ inFlight: 0, copies: [{ inFlight: 0 }, { inFlight: 0 }] });
});
