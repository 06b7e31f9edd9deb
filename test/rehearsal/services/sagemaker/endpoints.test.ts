import { createConfig, createModel, liveEndpoint, MINUTE, pass, setUp } from './support';

const ARN = 'arn:aws:sagemaker:us-east-1:111111111111';

test('an endpoint is created within four to eight minutes and says so to the event bus', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createConfig(setup, 'first', { a: 1 });
  const answer = await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  expect(answer.EndpointArn).toBe(`${ARN}:endpoint/live`);
  const started = setup.cloud.clock.now();
  const creating = await setup.call('DescribeEndpoint', { EndpointName: 'Live' });
  expect(creating).toMatchObject({ EndpointStatus: 'Creating', PendingDeploymentSummary: { EndpointConfigName: 'first' } });
  expect(creating.ProductionVariants).toBeUndefined();

  await pass(setup, 8.1);
  expect(await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'first',
    ProductionVariants: [{ VariantName: 'a', CurrentWeight: 1, DesiredInstanceCount: 1 }],
  });
  const inService = setup.cloud.log.find(({ detail }) => detail.status === 'InService')!;
  expect(inService.atMillis - started).toBeGreaterThan(3.9 * MINUTE);
  expect(setup.emitted.map(({ detail }) => detail.EndpointStatus)).toEqual(['CREATING', 'IN_SERVICE']);
  expect(setup.cloud.underWay.size).toBe(0);
});

test('an update keeps the old variants answering, then swaps them', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second', RetainAllVariantProperties: true });
  expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'Updating', endpointConfigName: 'first', pendingConfigName: 'second' });
  expect(setup.sageMaker.endpoints()[0]!.variants).toHaveLength(1);
  await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' })).rejects.toMatchObject({
    code: 'ValidationException',
    message: `Cannot update in-progress endpoint "${ARN}:endpoint/live".`,
  });
  await expect(setup.call('DeleteEndpoint', { EndpointName: 'Live' })).rejects.toThrow('in-progress');
  await pass(setup, 7.1);
  expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'InService', endpointConfigName: 'second' });
  expect(setup.sageMaker.endpoints()[0]!.variants.map(({ variantName, weight }) => [variantName, weight])).toEqual([
    ['a', 1],
    ['b', 0],
  ]);
});

test('run-time weights survive an update only when they are retained', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  const weightOfA = (): number => setup.sageMaker.endpoints()[0]!.variants[0]!.weight;
  await setup.call('UpdateEndpointWeightsAndCapacities', {
    EndpointName: 'Live',
    DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredWeight: 0.25 }],
  });
  expect(weightOfA()).toBe(1);
  await pass(setup, 2.1);
  expect(weightOfA()).toBe(0.25);

  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second', RetainAllVariantProperties: true });
  await pass(setup, 8);
  expect(weightOfA()).toBe(0.25);
  const excluded = { RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }] };
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second', ...excluded });
  await pass(setup, 8);
  expect(weightOfA()).toBe(1);
});

test('a weight change names a variant of the endpoint and a weight of at least 0', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  const change = (wish: object) =>
    setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [wish] });
  await expect(change({ VariantName: 'z', DesiredWeight: 1 })).rejects.toThrow('"z"');
  await expect(change({ VariantName: 'a', DesiredWeight: -1 })).rejects.toThrow('greater than or equal to 0');
});

describe('faults', () => {
  test('no capacity: a new endpoint fails and can only be deleted', async () => {
    const setup = setUp();
    await createModel(setup, 'model-a');
    await createConfig(setup, 'first', { a: 1 });
    setup.sageMaker.injectEndpointFault({ kind: 'capacity' });
    await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    await pass(setup, 9);
    const failed = await setup.call('DescribeEndpoint', { EndpointName: 'Live' });
    expect(failed.EndpointStatus).toBe('Failed');
    expect(failed.FailureReason).toContain('InsufficientInstanceCapacity');
    await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' })).rejects.toThrow('in-progress');
    await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
    await pass(setup, 2);
    await expect(setup.call('DescribeEndpoint', { EndpointName: 'Live' })).rejects.toThrow(
      `Could not find endpoint "${ARN}:endpoint/live".`,
    );
  });

  test('no capacity: an update is rolled back and says why; the next one works', async () => {
    const setup = setUp();
    await liveEndpoint(setup);
    setup.sageMaker.injectEndpointFault({ kind: 'capacity' });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
    await pass(setup, 11);
    expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'InService', endpointConfigName: 'first' });
    expect(setup.sageMaker.endpoints()[0]!.failureReason).toContain('InsufficientInstanceCapacity');
    expect(setup.emitted.map(({ detail }) => detail.EndpointStatus)).toContain('ROLLING_BACK');
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
    await pass(setup, 8);
    expect(setup.sageMaker.endpoints()[0]).toMatchObject({ endpointConfigName: 'second', failureReason: undefined });
  });

  test('silent rollback: InService with the old config, and no reason', async () => {
    const setup = setUp();
    await liveEndpoint(setup);
    setup.sageMaker.injectEndpointFault({ kind: 'silent-rollback' });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
    await pass(setup, 8);
    expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'InService', endpointConfigName: 'first', failureReason: undefined });
  });

  test('hang: the endpoint is Updating for hours', async () => {
    const setup = setUp();
    await liveEndpoint(setup);
    setup.sageMaker.injectEndpointFault({ kind: 'hang' });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
    await pass(setup, 300);
    expect(setup.sageMaker.endpoints()[0]!.status).toBe('Updating');
    await pass(setup, 70);
    expect(setup.sageMaker.endpoints()[0]).toMatchObject({ status: 'InService', endpointConfigName: 'first' });
  });

  test('a fault strikes as often as asked and only where asked', async () => {
    const setup = setUp();
    await liveEndpoint(setup);
    setup.sageMaker.injectEndpointFault({ kind: 'silent-rollback', times: 2 });
    for (const expected of ['first', 'first', 'second']) {
      await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
      await pass(setup, 8);
      expect(setup.sageMaker.endpoints()[0]!.endpointConfigName).toBe(expected);
    }
    setup.sageMaker.injectEndpointFault({ kind: 'capacity', endpointName: 'Other' });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    await pass(setup, 8);
    expect(setup.sageMaker.endpoints()[0]!.endpointConfigName).toBe('first');
    expect(() => setup.sageMaker.injectEndpointFault({ kind: 'hang', times: 0 })).toThrow('times: 0');
  });
});

test('a config in use is not deleted', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  await expect(setup.call('DeleteEndpointConfig', { EndpointConfigName: 'first' })).rejects.toThrow('while endpoint');
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await expect(setup.call('DeleteEndpointConfig', { EndpointConfigName: 'first' })).rejects.toThrow('while endpoint');
  await expect(setup.call('DeleteEndpointConfig', { EndpointConfigName: 'second' })).rejects.toThrow('while endpoint');
  await pass(setup, 8);
  await setup.call('DeleteEndpointConfig', { EndpointConfigName: 'first' });
  expect(setup.sageMaker.liveResources()).toEqual({
    endpoints: ['Live'],
    endpointConfigs: ['second'],
    models: ['model-a', 'model-b'],
    inferenceComponents: [],
  });
});

test('duplicates and unknown names are refused', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  await expect(setup.call('CreateEndpoint', { EndpointName: 'LIVE', EndpointConfigName: 'first' })).rejects.toThrow(
    `Cannot create already existing endpoint "${ARN}:endpoint/live".`,
  );
  await expect(setup.call('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'first' })).rejects.toThrow(
    'Could not find endpoint',
  );
  await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'none' })).rejects.toThrow(
    `Could not find endpoint configuration "${ARN}:endpoint-config/none".`,
  );
  await setup.call('DeleteModel', { ModelName: 'model-b' });
  await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' })).rejects.toThrow(
    'Could not find model',
  );
});

test('the same seed gives the same timings', async () => {
  const times = async (): Promise<number[]> => {
    const setup = setUp();
    await liveEndpoint(setup);
    return setup.cloud.log.map(({ atMillis }) => atMillis);
  };
  expect(await times()).toEqual(await times());
});
