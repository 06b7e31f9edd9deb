import type { Members } from '../../../../rehearsal/cloud/types';
import { createSageMaker } from '../../../../rehearsal/services/sagemaker';
import { ask, create, describeIt, hosting, instances, NAME, NEEDS, scale, sumOf } from './hosting';
import { invoke, pass, ROLE, setUp } from './support';

test('a component runs on the instance that is there, and answers by its name', async () => {
  const setup = setUp();
  await hosting(setup);
  expect(await create(setup)).toEqual({ InferenceComponentArn: expect.stringContaining(`:inference-component/${NAME}`) });
  expect(await describeIt(setup)).toMatchObject({
    InferenceComponentStatus: 'Creating',
    VariantName: 'all',
    RuntimeConfig: { DesiredCopyCount: 1, CurrentCopyCount: 0 },
  });
  await expect(setup.call('DeleteInferenceComponent', { InferenceComponentName: NAME })).rejects.toThrow('Cannot delete in-progress');
  await pass(setup, 6);
  expect(await describeIt(setup)).toMatchObject({
    InferenceComponentStatus: 'InService',
    Specification: { ModelName: 'model-a', ComputeResourceRequirements: NEEDS },
    RuntimeConfig: { CurrentCopyCount: 1, PlacementStatus: [{ InstanceType: 'ml.g5.xlarge', CurrentCopyCount: 1 }] },
  });
  const answer = await ask(setup);
  expect(new TextDecoder().decode(answer.Body)).toContain('model-a saw');
  expect(answer.InvokedProductionVariant).toBe('all');
  expect(setup.sageMaker.invocations[0]).toMatchObject({ modelName: 'model-a', inferenceComponentName: NAME });
  expect([sumOf(setup, 'Invocations'), sumOf(setup, 'InvocationsPerCopy'), sumOf(setup, 'ModelLatency')]).toEqual([1, 1, 30_000]);
});

test('instances come for copies that find no room, and go with them', async () => {
  const setup = setUp();
  await hosting(setup);
  await create(setup, 3);
  await pass(setup, 1);
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 1, DesiredInstanceCount: 3 });
  await pass(setup, 9);
  expect((await describeIt(setup)).RuntimeConfig.CurrentCopyCount).toBe(3);
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 3, ManagedInstanceScaling: { MinInstanceCount: 0 } });
  for (let index = 0; index < 4; index += 1) await ask(setup);
  expect(sumOf(setup, 'InvocationsPerCopy')).toBeCloseTo(4 / 3);
  await scale(setup, 1);
  await pass(setup, 9);
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 3 });
  await pass(setup, 3);
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 1 });
});

test('at zero copies nothing runs, nothing is metered, and a request is refused and counted', async () => {
  const setup = setUp();
  await hosting(setup);
  await create(setup);
  await pass(setup, 6);
  await scale(setup, 0);
  await pass(setup, 12);
  expect(await describeIt(setup)).toMatchObject({ InferenceComponentStatus: 'InService', RuntimeConfig: { CurrentCopyCount: 0 } });
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 0, DesiredInstanceCount: 0 });
  const seconds = (): number => setup.sageMaker.metered('Live').reduce((sum, row) => sum + row.instanceSeconds, 0);
  const before = seconds();
  expect(before).toBeGreaterThan(600);
  await pass(setup, 120);
  expect(seconds()).toBe(before);
  await expect(ask(setup)).rejects.toThrow('Inference Component has no capacity to process this request');
  expect(sumOf(setup, 'NoCapacityInvocationFailures')).toBe(1);
  expect(sumOf(setup, 'Invocations')).toBe(0);
  await scale(setup, 1);
  await expect(ask(setup)).rejects.toThrow('no capacity');
  await pass(setup, 8);
  await ask(setup);
  expect(seconds()).toBeGreaterThan(before);
});

test('copies share an instance as far as memory, cores and accelerators go', async () => {
  const setup = setUp();
  await hosting(setup, { InstanceType: 'ml.m5.xlarge', ManagedInstanceScaling: undefined });
  const specification = { ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfCpuCoresRequired: 1.5 } };
  await create(setup, 2, specification);
  await pass(setup, 5);
  expect((await describeIt(setup)).InferenceComponentStatus).toBe('InService');
  await setup.call('CreateInferenceComponent', {
    InferenceComponentName: 'other',
    EndpointName: 'Live',
    Specification: { ModelName: 'model-b', ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfCpuCoresRequired: 1.5 } },
  });
  await pass(setup, 5);
  expect(await describeIt(setup, 'other')).toMatchObject({
    InferenceComponentStatus: 'Failed',
    FailureReason: expect.stringContaining('no instance with enough'),
  });
  await scale(setup, 5);
  await pass(setup, 5);
  expect(await describeIt(setup)).toMatchObject({
    InferenceComponentStatus: 'InService',
    RuntimeConfig: { DesiredCopyCount: 5, CurrentCopyCount: 2 },
  });
});

test('a copy that fits no instance of the endpoint fails', async () => {
  const setup = setUp();
  await hosting(setup);
  await create(setup, 1, { ComputeResourceRequirements: { MinMemoryRequiredInMb: 4096, NumberOfAcceleratorDevicesRequired: 2 } });
  await pass(setup, 1);
  expect((await describeIt(setup)).FailureReason).toContain('more than an instance');
  await setup.call('DeleteInferenceComponent', { InferenceComponentName: NAME });
  await pass(setup, 2);
  await expect(describeIt(setup)).rejects.toThrow('Could not find inference component');
});

test('an update of the endpoint takes the copies along', async () => {
  const setup = setUp();
  await hosting(setup);
  await create(setup, 2);
  await pass(setup, 12);
  await setup.call('CreateEndpointConfig', {
    EndpointConfigName: 'second',
    ExecutionRoleArn: ROLE,
    ProductionVariants: [
      {
        VariantName: 'all',
        InstanceType: 'ml.g5.2xlarge',
        InitialInstanceCount: 1,
        ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 3 },
      },
    ],
  });
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await expect(scale(setup, 3)).rejects.toThrow('in-progress endpoint');
  await pass(setup, 1);
  await ask(setup);
  await pass(setup, 9);
  expect(await instances(setup)).toMatchObject({ CurrentInstanceCount: 2 });
  expect((await describeIt(setup)).RuntimeConfig).toMatchObject({
    PlacementStatus: [{ InstanceType: 'ml.g5.2xlarge', CurrentCopyCount: 2 }],
  });
  await ask(setup);
  expect(setup.sageMaker.metered('Live').map(({ instanceType }) => instanceType)).toEqual(['ml.g5.xlarge', 'ml.g5.2xlarge']);
});

test('no capacity: instances come later, of the next pool', async () => {
  const setup = setUp();
  const InstancePools = [
    { InstanceType: 'ml.g6.xlarge', Priority: 1 },
    { InstanceType: 'ml.g5.xlarge', Priority: 2 },
  ];
  await hosting(setup, { InstanceType: undefined, InstancePools });
  await create(setup, 1);
  await pass(setup, 6);
  setup.sageMaker.injectEndpointFault({ kind: 'capacity', operation: 'UpdateEndpointWeightsAndCapacities' });
  await scale(setup, 2);
  await pass(setup, 12);
  expect((await instances(setup)).InstancePools).toEqual([
    { InstanceType: 'ml.g6.xlarge', CurrentInstanceCount: 1 },
    { InstanceType: 'ml.g5.xlarge', CurrentInstanceCount: 1 },
  ]);
  expect((await describeIt(setup)).RuntimeConfig.CurrentCopyCount).toBe(2);
});

test('an endpoint that hosts components is not deleted, nor is its config', async () => {
  const setup = setUp();
  await hosting(setup);
  await create(setup);
  await pass(setup, 6);
  await expect(setup.call('DeleteEndpoint', { EndpointName: 'Live' })).rejects.toThrow('while it hosts inference components: language');
  await expect(setup.call('DeleteEndpointConfig', { EndpointConfigName: 'first' })).rejects.toThrow('while endpoint');
  expect((await setup.call('ListInferenceComponents', { EndpointNameEquals: 'Live' })).InferenceComponents).toMatchObject([
    { InferenceComponentName: NAME, InferenceComponentStatus: 'InService' },
  ]);
  expect((await setup.call('ListInferenceComponents', { EndpointNameEquals: 'Other' })).InferenceComponents).toEqual([]);
  await setup.call('DeleteInferenceComponent', { InferenceComponentName: NAME });
  await expect(ask(setup)).rejects.toThrow('no capacity');
  await pass(setup, 2);
  await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
  await pass(setup, 2);
  expect(setup.sageMaker.endpoints()).toEqual([]);
});

describe('refused', () => {
  test.each<[string, Members, Members]>([
    ['ExecutionRoleArn must be specified', {}, { ExecutionRoleArn: undefined }],
    ['needs MinInstanceCount and InitialInstanceCount of at most MaxInstanceCount', { InitialInstanceCount: 4 }, {}],
    ['AsyncInferenceConfig is not supported', {}, { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://b/p' } } }],
    [
      'Shadow variants are not supported',
      {},
      { ShadowProductionVariants: [{ VariantName: 's', ModelName: 'model-b', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }] },
    ],
    [
      'IDLE_RELEASE',
      {
        ManagedInstanceScaling: {
          Status: 'ENABLED',
          MinInstanceCount: 0,
          MaxInstanceCount: 1,
          ScaleInPolicy: { Strategy: 'CONSOLIDATION' },
        },
      },
      {},
    ],
    [
      'Either all production variants',
      { ModelName: undefined },
      {
        ProductionVariants: [
          { VariantName: 'x', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 },
          { VariantName: 'y', ModelName: 'model-a', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 },
        ],
      },
    ],
    ['ManagedInstanceScaling is only supported', { ModelName: 'model-a' }, {}],
  ])('config: %s', async (message, variant, config) => {
    await expect(hosting(setUp(), variant, config)).rejects.toThrow(message);
  });

  test.each<[string, number, Members, Members]>([
    ['larger than 0', 0, {}, {}],
    ['Could not find model', 1, { ModelName: 'none' }, {}],
    ['ComputeResourceRequirements', 1, { ComputeResourceRequirements: undefined }, {}],
    ['greater than or equal to 128', 1, { ComputeResourceRequirements: { MinMemoryRequiredInMb: 64 } }, {}],
    ['Could not find variant', 1, {}, { VariantName: 'other' }],
    ['Could not find endpoint', 1, {}, { EndpointName: 'Other' }],
    ['BaseInferenceComponentName', 1, { BaseInferenceComponentName: 'base' }, {}],
    ['Only one of ModelName and Container', 1, { Container: { Image: 'image:1' } }, {}],
    [
      'Only one of Specification',
      1,
      {},
      { Specifications: [{ InstanceType: 'ml.g5.xlarge', ModelName: 'model-a', ComputeResourceRequirements: NEEDS }] },
    ],
  ])('component: %s', async (message, copies, specification, more) => {
    const setup = setUp();
    await hosting(setup);
    await expect(create(setup, copies, specification, more)).rejects.toThrow(message);
  });

  test('no instances at all in a region that does not take it', async () => {
    const setup = setUp();
    Object.assign(setup.cloud, { region: 'eu-west-3' });
    const paris = Object.assign(setup, { sageMaker: setup.cloud.add(createSageMaker(setup.cloud)) });
    await expect(hosting(paris)).rejects.toThrow('needs to be greater than 0');
  });

  test('requests that name no component, another endpoint’s, or one where there is none', async () => {
    const setup = setUp();
    await hosting(setup);
    await expect(invoke(setup)).rejects.toThrow('Inference Component Name header is required');
    await expect(invoke(setup, { InferenceComponentName: 'none' })).rejects.toThrow('Inference Component none not found');
    await setup.call('CreateEndpointConfig', {
      EndpointConfigName: 'plain',
      ProductionVariants: [{ VariantName: 'a', ModelName: 'model-a', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }],
    });
    await setup.call('CreateEndpoint', { EndpointName: 'Plain', EndpointConfigName: 'plain' });
    await pass(setup, 9);
    await expect(ask(setup, { EndpointName: 'Plain' })).rejects.toThrow('header is not allowed');
    await expect(create(setup, 1, {}, { EndpointName: 'Plain' })).rejects.toThrow('cannot host inference components');
    const change = { VariantName: 'all', DesiredInstanceCount: 2 };
    const resize = setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [change] });
    await expect(resize).rejects.toThrow('Use ManagedInstanceScaling');
  });
});
