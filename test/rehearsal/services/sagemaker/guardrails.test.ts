import type { Members } from '../../../../rehearsal/cloud/types';
import { createModel, createSingle, invoke, pass, setUp, single, type Setup } from './support';

const canary = (extra: Members = {}, routing: Members = {}): Members => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY',
      CanarySize: { Type: 'CAPACITY_PERCENT', Value: 25 },
      WaitIntervalInSeconds: 600,
      ...routing,
    },
    TerminationWaitInSeconds: 300,
    ...extra,
  },
});

const rolling = (extra: Members = {}): Members => ({
  RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 120, ...extra },
});

const alarms = (count: number): Members => ({
  AutoRollbackConfiguration: { Alarms: Array.from({ length: count }, (_, index) => ({ AlarmName: `alarm-${index}` })) },
});

async function updating(setup: Setup, DeploymentConfig: Members): Promise<Members> {
  await createSingle(setup, 'second', { ModelName: 'model-b' });
  return setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second', DeploymentConfig });
}

const state = (setup: Setup) => setup.sageMaker.endpoints()[0]!;
const share = ({ sageMaker }: Setup): number => sageMaker.findEndpoint('Live')!.green?.share ?? 0;

function putAlarm({ cloudWatch }: Setup, name: string, dimensions: Members[] = []): void {
  cloudWatch.putMetricAlarm({
    AlarmName: name,
    Namespace: 'AWS/SageMaker',
    MetricName: 'Invocation5XXErrors',
    Dimensions: [{ Name: 'EndpointName', Value: 'Live' }, { Name: 'VariantName', Value: 'a' }, ...dimensions],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
}

/** Moves time on until the new fleet takes traffic. */
async function untilGreen(setup: Setup): Promise<void> {
  for (let minute = 0; share(setup) === 0 && minute < 20; minute += 0.25) await pass(setup, 0.25);
  expect(share(setup)).toBeGreaterThan(0);
}

// https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html: "the canary … the remainder".
test('a canary takes its part, bakes, then all traffic; the old fleet goes after the termination wait', async () => {
  const setup = setUp();
  await single(setup);
  await updating(setup, canary());
  await untilGreen(setup);
  expect(share(setup)).toBe(0.25);
  const described = await setup.call('DescribeEndpoint', { EndpointName: 'Live' });
  expect(described.PendingDeploymentSummary.ProductionVariants[0].VariantStatus).toMatchObject([
    { Status: 'Baking', StatusMessage: expect.stringContaining('600 seconds') },
  ]);
  for (let index = 0; index < 200; index += 1) await invoke(setup);
  const green = setup.sageMaker.invocations.filter(({ modelName }) => modelName === 'model-b').length;
  expect(green).toBeGreaterThan(25);
  expect(green).toBeLessThan(80);
  expect(state(setup)).toMatchObject({ status: 'Updating', endpointConfigName: 'first' });
  await pass(setup, 10);
  expect(share(setup)).toBe(1);
  expect(state(setup).status).toBe('Updating');
  await pass(setup, 5.1);
  expect(state(setup)).toMatchObject({ status: 'InService', endpointConfigName: 'second', variants: [{ modelName: 'model-b' }] });
  // https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html, endpoint deployment state change.
  const events = setup.emitted.filter(({ detailType }) => detailType === 'SageMaker Endpoint Deployment State Change');
  expect(events[1]!.detail).toMatchObject({
    EndpointStatus: 'UPDATING',
    EndpointConfigName: 'first',
    PendingDeploymentSummary: {
      EndpointConfigName: 'second',
      ProductionVariants: [{ VariantName: 'a', VariantStatus: [{ Status: 'Baking' }] }],
    },
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-linear.html
test('linear steps add up to all traffic', async () => {
  const setup = setUp();
  await single(setup);
  const size = { Type: 'LINEAR', CanarySize: undefined, LinearStepSize: { Type: 'INSTANCE_COUNT', Value: 1 }, WaitIntervalInSeconds: 60 };
  await updating(setup, canary({}, size));
  await pass(setup, 30);
  const shares = setup.cloud.log.filter(({ event, detail }) => event === 'endpoint-deployment' && detail.status === 'Baking');
  expect(shares.map(({ detail }) => detail.share)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(shares[1]!.atMillis - shares[0]!.atMillis).toBe(60_000);
  expect(state(setup).endpointConfigName).toBe('second');
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html: new instances come batch by batch.
test('a rolling update waits for the instances of each batch', async () => {
  const setup = setUp();
  await single(setup);
  await updating(setup, rolling());
  await pass(setup, 30);
  const baked = setup.cloud.log.filter(({ detail }) => detail.status === 'Baking');
  expect(baked.map(({ detail }) => detail.share)).toEqual([0.5, 1]);
  expect(baked[1]!.atMillis - baked[0]!.atMillis).toBeGreaterThan(120_000 + 2 * 60_000 - 1);
  expect(state(setup).endpointConfigName).toBe('second');
});

describe('rollback', () => {
  // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html: "If any of the pre-specified alarms trip
  // during any baking period, then all endpoint traffic rolls back to the blue fleet."
  test('an alarm on the new fleet alone takes all traffic back', async () => {
    const setup = setUp();
    setup.sageMaker.setContainers(({ modelName }) => ({
      predict: () => ({ status: modelName === 'model-b' ? 500 : 200, body: new Uint8Array(), contentType: 'text/plain', latencyMillis: 5 }),
    }));
    await single(setup);
    putAlarm(setup, 'alarm-0', [{ Name: 'EndpointConfigName', Value: 'second' }]);
    await updating(setup, { ...canary(), ...alarms(1) });
    await untilGreen(setup);
    for (let index = 0; index < 40; index += 1) await invoke(setup).catch(() => undefined);
    await pass(setup, 3);
    expect(share(setup)).toBe(0);
    await pass(setup, 3.1);
    expect(state(setup)).toMatchObject({ status: 'InService', endpointConfigName: 'first' });
    expect(state(setup).failureReason).toContain('alarm-0');
    const statuses = setup.emitted.map(({ detail }) => detail.EndpointStatus);
    expect(statuses).toContain('ROLLING_BACK');
    const asked = setup.cloud.calls.find(({ operation }) => operation === 'DescribeAlarms')!;
    expect(asked.caller).toEqual({ kind: 'role', roleArn: 'arn:aws:iam::111111111111:role/Model' });
  });

  test('an alarm that does not exist takes it back too', async () => {
    const setup = setUp();
    await single(setup);
    await updating(setup, { ...canary(), ...alarms(1) });
    await pass(setup, 30);
    expect(state(setup)).toMatchObject({ endpointConfigName: 'first', failureReason: expect.stringContaining('do not exist') });
  });

  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html, EndpointStatus: UpdateRollbackFailed.
  test('a rollback that fails leaves UpdateRollbackFailed, which answers and can only be deleted', async () => {
    const setup = setUp();
    await single(setup);
    setup.sageMaker.injectEndpointFault({ kind: 'rollback-failed' });
    await updating(setup, canary());
    await pass(setup, 15);
    expect(state(setup).status).toBe('UpdateRollbackFailed');
    expect((await invoke(setup)).InvokedProductionVariant).toBe('a');
    await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' })).rejects.toThrow('in-progress');
    await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
    await pass(setup, 2);
    expect(setup.sageMaker.liveResources().endpoints).toEqual([]);
  });
});

// Limits: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html and its neighbours.
test.each<[string, Members]>([
  ['alarms', { ...canary(), ...alarms(11) }],
  ['alarms', { ...canary(), AutoRollbackConfiguration: { Alarms: [] } }],
  ['canarySize', canary({}, { CanarySize: { Type: 'CAPACITY_PERCENT', Value: 51 } })],
  ['canarySize', canary({}, { CanarySize: { Type: 'INSTANCE_COUNT', Value: 3 } })],
  ['canarySize', canary({}, { CanarySize: undefined })],
  ['canarySize.type', canary({}, { CanarySize: { Type: 'SOME', Value: 3 } })],
  ['linearStepSize', canary({}, { Type: 'LINEAR', LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 9 } })],
  ['waitIntervalInSeconds', canary({}, { WaitIntervalInSeconds: 3601 })],
  ['terminationWaitInSeconds', canary({ TerminationWaitInSeconds: 3601 })],
  ['maximumExecutionTimeoutInSeconds', canary({ MaximumExecutionTimeoutInSeconds: 599 })],
  ['maximumExecutionTimeoutInSeconds', canary({ MaximumExecutionTimeoutInSeconds: 900 })],
  ['type', canary({}, { Type: 'SHUFFLE' })],
  ['trafficRoutingConfiguration', { BlueGreenUpdatePolicy: {} }],
  ['maximumBatchSize', rolling({ MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 4 } })],
  ['both', { ...canary(), ...rolling() }],
])('refused for its %s: %j', async (message, config) => {
  const setup = setUp();
  await single(setup);
  await expect(updating(setup, config)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) });
  expect(state(setup).status).toBe('InService');
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
describe('exclusions', () => {
  test('variant names stay the same', async () => {
    const setup = setUp();
    await single(setup);
    await createSingle(setup, 'renamed', { VariantName: 'z' });
    const update = { EndpointName: 'Live', EndpointConfigName: 'renamed', DeploymentConfig: canary() };
    await expect(setup.call('UpdateEndpoint', update)).rejects.toThrow('same variant names');
  });

  test('rolling updates have one variant, and guardrails instances', async () => {
    const setup = setUp();
    const second = { VariantName: 'b', ModelName: 'model-b', InstanceType: 'ml.m5.large', InitialInstanceCount: 2 };
    const first = { ...second, VariantName: 'a' };
    await createModel(setup, 'model-a');
    await createModel(setup, 'model-b');
    await setup.call('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [first, second] });
    const create = { EndpointName: 'Two', EndpointConfigName: 'two', DeploymentConfig: rolling() };
    await expect(setup.call('CreateEndpoint', create)).rejects.toThrow('more than one production variant');
    const serverless = {
      InstanceType: undefined,
      InitialInstanceCount: undefined,
      ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
    };
    await createSingle(setup, 'serverless', serverless);
    const served = { EndpointName: 'Two', EndpointConfigName: 'serverless', DeploymentConfig: canary() };
    await expect(setup.call('CreateEndpoint', served)).rejects.toThrow('serverless');
  });

  test('Inf1 falls back to all at once without a bake', async () => {
    const setup = setUp();
    await single(setup, { InstanceType: 'ml.inf1.xlarge' });
    await updating(setup, canary());
    await pass(setup, 8);
    expect(state(setup)).toMatchObject({ status: 'InService', endpointConfigName: 'second' });
    expect(setup.cloud.log.some(({ event }) => event === 'endpoint-deployment')).toBe(false);
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html, RetainDeploymentConfig: "The default value is false."
test('the last deployment config is used again only when it is retained', async () => {
  const setup = setUp();
  await single(setup);
  await updating(setup, canary());
  await pass(setup, 30);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first', RetainDeploymentConfig: true });
  await untilGreen(setup);
  expect((await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).LastDeploymentConfig).toEqual(canary());
  await pass(setup, 30);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await pass(setup, 7);
  expect(state(setup)).toMatchObject({ status: 'InService', endpointConfigName: 'second' });
  expect((await setup.call('DescribeEndpoint', { EndpointName: 'Live' })).LastDeploymentConfig).toBeUndefined();
});
