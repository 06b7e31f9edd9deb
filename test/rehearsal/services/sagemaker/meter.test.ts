import type { Members } from '../../../../rehearsal/cloud/types';
import { createConfig, createModel, createSingle, invoke, liveEndpoint, MINUTE, pass, ROLE, setUp, single, type Setup } from './support';

const describeLive = ({ call }: Setup): Promise<Members> => call('DescribeEndpoint', { EndpointName: 'Live' });

/** Instances that DescribeEndpoint counts at this moment, in whatever fleet. */
async function counted(setup: Setup): Promise<number> {
  const described = await describeLive(setup);
  const { PendingDeploymentSummary: pending } = described;
  return [described.ProductionVariants, described.ShadowProductionVariants, pending?.ProductionVariants, pending?.ShadowProductionVariants]
    .flatMap((variants: Members[] | undefined) => variants ?? [])
    .reduce((sum, { CurrentInstanceCount }) => sum + Number(CurrentInstanceCount ?? 0), 0);
}

const total = (setup: Setup, window = {}): number =>
  setup.sageMaker.metered('Live', window).reduce((sum, { instanceSeconds }) => sum + instanceSeconds, 0);

/** Lets time pass and adds up what DescribeEndpoint counts every few seconds. */
async function sampled(setup: Setup, minutes: number): Promise<number> {
  const everySeconds = 3;
  let sum = 0;
  for (let second = 0; second < minutes * 60; second += everySeconds) {
    sum += (await counted(setup)) * everySeconds;
    await pass(setup, everySeconds / 60);
  }
  return sum;
}

const until = async (setup: Setup, status: string): Promise<void> => {
  for (let step = 0; setup.sageMaker.findEndpoint('Live')?.status !== status; step += 1) {
    if (step > 2000) throw new Error(`Live never was ${status}`);
    await pass(setup, 0.05);
  }
};

test('an instance is metered from its launch, before it is in service, until the endpoint is deleted', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createSingle(setup, 'first', { InitialInstanceCount: 2 });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  const askedMillis = setup.cloud.clock.now();
  expect((await describeLive(setup)).PendingDeploymentSummary.ProductionVariants[0]).toMatchObject({
    CurrentInstanceCount: 0,
    DesiredInstanceCount: 2,
    InstanceType: 'ml.m5.large',
  });
  while ((await counted(setup)) === 0) await pass(setup, 0.05);
  const launchedMillis = setup.cloud.clock.now();
  expect(launchedMillis - askedMillis).toBeGreaterThan(50_000);
  expect((await describeLive(setup)).EndpointStatus).toBe('Creating');
  await until(setup, 'InService');
  await pass(setup, 60);
  await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
  const deletedMillis = setup.cloud.clock.now();
  await pass(setup, 60);
  const [row, ...others] = setup.sageMaker.metered('Live');
  expect(others).toEqual([]);
  expect(row).toMatchObject({ endpointName: 'Live', variantName: 'a', endpointConfigName: 'first', instanceType: 'ml.m5.large' });
  expect(Math.abs(row!.instanceSeconds - (2 * (deletedMillis - launchedMillis)) / 1000)).toBeLessThan(8);
  const window = { fromMillis: deletedMillis - 10 * MINUTE, untilMillis: deletedMillis - 5 * MINUTE };
  expect(total(setup, window)).toBeCloseTo(2 * 300, 0);
});

test('an endpoint for which there is no capacity costs nothing', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createSingle(setup, 'first');
  setup.sageMaker.injectEndpointFault({ kind: 'capacity' });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 60);
  expect((await describeLive(setup)).EndpointStatus).toBe('Failed');
  expect(setup.sageMaker.metered()).toEqual([]);
});

test('an update has both fleets, each under its config', async () => {
  const setup = setUp();
  await single(setup);
  await createSingle(setup, 'second', { InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 3 });
  const beforeSeconds = total(setup);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  while ((await counted(setup)) === 4) await pass(setup, 0.05);
  expect(await counted(setup)).toBe(7);
  const bothMillis = setup.cloud.clock.now();
  await until(setup, 'InService');
  const tookSeconds = (setup.cloud.clock.now() - bothMillis) / 1000;
  expect(await counted(setup)).toBe(3);
  expect(tookSeconds).toBeGreaterThan(60);
  const rows = setup.sageMaker.metered('Live');
  expect(rows.map(({ endpointConfigName, instanceType }) => [endpointConfigName, instanceType])).toEqual([
    ['first', 'ml.m5.large'],
    ['second', 'ml.m5.xlarge'],
  ]);
  expect(Math.abs(rows[1]!.instanceSeconds - 3 * tookSeconds)).toBeLessThan(15);
  expect(rows[0]!.instanceSeconds).toBeGreaterThan(beforeSeconds + 4 * tookSeconds - 1);
});

test('what DescribeEndpoint counts is what is metered: create, scale, canary, rolling, rollback, delete', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createModel(setup, 'model-b');
  await createSingle(setup, 'first');
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  let seconds = await sampled(setup, 15);
  for (const DesiredInstanceCount of [6, 2]) {
    const change = { VariantName: 'a', DesiredInstanceCount };
    await setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [change] });
    expect((await describeLive(setup)).PendingDeploymentSummary).toBeUndefined();
    seconds += await sampled(setup, 10);
  }
  const routing = { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 300 };
  const policies: Members[] = [
    { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds: 300 } },
    { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 25 }, WaitIntervalInSeconds: 120 } },
    // Rolled back: the alarm does not exist.
    {
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'none' }] },
    },
  ];
  for (const [index, DeploymentConfig] of policies.entries()) {
    await createSingle(setup, `next-${index}`, { ModelName: 'model-b', InitialInstanceCount: 4 });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: `next-${index}`, DeploymentConfig });
    seconds += await sampled(setup, 40);
  }
  expect((await describeLive(setup)).EndpointConfigName).toBe('next-1');
  await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
  expect(total(setup)).toBeGreaterThan(4 * 120 * 60);
  expect(Math.abs(seconds / total(setup) - 1)).toBeLessThan(0.01);
});

test('of instance pools, the type is metered that was provisioned', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  const InstancePools = [
    { InstanceType: 'ml.g6.xlarge', Priority: 1 },
    { InstanceType: 'ml.g5.xlarge', Priority: 2 },
  ];
  await createSingle(setup, 'first', { InstanceType: undefined, InstancePools, InitialInstanceCount: 1 });
  setup.sageMaker.injectEndpointFault({ kind: 'capacity' });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await until(setup, 'InService');
  await pass(setup, 60);
  expect(setup.sageMaker.metered('Live')).toMatchObject([{ instanceType: 'ml.g5.xlarge' }]);
  expect((await describeLive(setup)).ProductionVariants[0].InstancePools).toEqual([
    { InstanceType: 'ml.g6.xlarge', CurrentInstanceCount: 0 },
    { InstanceType: 'ml.g5.xlarge', CurrentInstanceCount: 1 },
  ]);
});

test('a shadow variant has instances of its own', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createModel(setup, 'model-b');
  const variant = { ModelName: 'model-a', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 };
  await setup.call('CreateEndpointConfig', {
    EndpointConfigName: 'first',
    ExecutionRoleArn: ROLE,
    ProductionVariants: [{ ...variant, VariantName: 'a' }],
    ShadowProductionVariants: [{ ...variant, VariantName: 'shadow', ModelName: 'model-b', InstanceType: 'ml.m5.xlarge' }],
  });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  expect((await describeLive(setup)).PendingDeploymentSummary.ShadowProductionVariants).toMatchObject([{ VariantName: 'shadow' }]);
  await pass(setup, 60);
  const [production, shadow] = setup.sageMaker.metered('Live');
  expect(shadow).toMatchObject({ variantName: 'shadow', instanceType: 'ml.m5.xlarge' });
  expect(shadow!.instanceSeconds).toBeCloseTo(production!.instanceSeconds, 6);
});

test('serverless: milliseconds of its containers by memory, and no instance', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  const ServerlessConfig = { MemorySizeInMB: 2048, MaxConcurrency: 5 };
  await createSingle(setup, 'first', { InstanceType: undefined, InitialInstanceCount: undefined, ServerlessConfig });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
  for (let index = 0; index < 3; index += 1) await invoke(setup);
  expect(setup.sageMaker.metered('Live')).toEqual([]);
  expect(setup.sageMaker.meteredServerless('Live')).toMatchObject([
    { variantName: 'a', memoryMebibytes: 2048, invocations: 3, invocationMillis: 90, provisionedSeconds: 0 },
  ]);
  const since = setup.cloud.clock.now() + MINUTE;
  expect(setup.sageMaker.meteredServerless('Live', { fromMillis: since })[0]).toMatchObject({ invocations: 0, invocationMillis: 0 });
});

test('two variants, and an endpoint of the same name after it was deleted', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await until(setup, 'InService');
  await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
  await pass(setup, 5);
  const ofA = (): number =>
    setup.sageMaker
      .metered('Live')
      .filter(({ variantName, endpointConfigName }) => variantName === 'a' && endpointConfigName === 'second')
      .reduce((sum, { instanceSeconds }) => sum + instanceSeconds, 0);
  const before = ofA();
  await createConfig(setup, 'third', { a: 1 });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await until(setup, 'InService');
  expect(ofA()).toBeGreaterThan(before + 60);
  expect(setup.sageMaker.metered('Other')).toEqual([]);
});

test('who looks every five minutes, and at each event, agrees within a percent over a week of office hours', async () => {
  const setup = setUp();
  await createModel(setup, 'model-a');
  await createSingle(setup, 'first', { InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 2 });
  const hours = 3_600_000;
  const startMillis = setup.cloud.clock.now();
  let seconds = 0;
  let last = { atMillis: startMillis, count: 0 };
  let heard = 0;
  const look = async (): Promise<void> => {
    const exists = setup.sageMaker.findEndpoint('Live') !== undefined;
    const count = exists ? await counted(setup) : 0;
    const atMillis = setup.cloud.clock.now();
    seconds += (last.count * (atMillis - last.atMillis)) / 1000;
    last = { atMillis, count };
  };
  for (let minute = 0; minute < 7 * 24 * 60; minute += 1) {
    const hour = (minute / 60) % 24;
    const workday = minute < 5 * 24 * 60;
    if (workday && hour === 8) await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    if (workday && hour === 12) {
      const change = { VariantName: 'a', DesiredInstanceCount: 4 };
      await setup.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'Live', DesiredWeightsAndCapacities: [change] });
    }
    if (workday && hour === 18) await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
    if (minute % 5 === 2 || setup.emitted.length > heard) await look();
    heard = setup.emitted.length;
    await pass(setup, 1);
  }
  expect(setup.cloud.clock.now() - startMillis).toBeGreaterThanOrEqual(7 * 24 * hours);
  expect(total(setup)).toBeGreaterThan(5 * 10 * 2 * 3600);
  expect(Math.abs(seconds / total(setup) - 1)).toBeLessThan(0.01);
});
