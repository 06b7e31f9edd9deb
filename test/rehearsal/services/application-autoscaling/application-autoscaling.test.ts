import { AwsError, type Members, type ResourceContext } from '../../../../rehearsal/cloud/types';
import { applicationAutoScalingResources } from '../../../../rehearsal/services/application-autoscaling';
import { createSingle, invoke, pass, setUp, single, type Setup } from '../sagemaker/support';

const scope = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/Live/variant/a',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const tracking = (extra: Members = {}): Members => ({
  TargetValue: 20,
  PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
  ...extra,
});

const call = (setup: Setup, operation: string, input: Members = {}): Promise<Members> =>
  setup.call(operation, { ...scope, ...input }, 'application-auto-scaling');
const register = (setup: Setup, input: Members = {}): Promise<Members> =>
  call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 4, ...input });
const putPolicy = (setup: Setup, config: Members = tracking(), input: Members = {}): Promise<Members> =>
  call(setup, 'PutScalingPolicy', {
    PolicyName: 'p',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: config,
    ...input,
  });
const instances = (setup: Setup): number => setup.sageMaker.endpoints()[0]!.variants[0]!.instanceCount;

/** So many requests in each of some minutes. */
async function traffic(setup: Setup, perMinute: number, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    const next = setup.cloud.clock.now() + 60_000;
    for (let index = 0; index < perMinute; index += 1) await invoke(setup);
    await setup.cloud.clock.run(next);
  }
}

// https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html: "If the update would change the instance type for any
// model that is a target for auto scaling, the update fails." A change of the model is allowed.
describe('a scaled variant', () => {
  test('keeps its instance type until its target is deregistered', async () => {
    const setup = setUp();
    await single(setup);
    await register(setup);
    await createSingle(setup, 'bigger', { InstanceType: 'ml.m5.xlarge' });
    await createSingle(setup, 'other-model', { ModelName: 'model-b' });
    const update = (name: string) => setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: name });
    await expect(update('bigger')).rejects.toMatchObject({
      code: 'ValidationException',
      message:
        'The variant(s) "[a]" must be deregistered as scalable targets with AWS Auto Scaling before they can be removed or have their instance type updated.',
    });
    await update('other-model');
    await pass(setup, 8);
    await call(setup, 'DeregisterScalableTarget');
    await update('bigger');
  });

  test('is not removed either', async () => {
    const setup = setUp();
    await single(setup);
    await register(setup);
    await createSingle(setup, 'renamed', { VariantName: 'z' });
    await expect(setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'renamed' })).rejects.toThrow('deregistered');
  });

  // https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-delete-with-scaling.html
  test('is deregistered with the endpoint, by the permission of whoever deletes it', async () => {
    const setup = setUp();
    await single(setup);
    await register(setup);
    setup.cloud.authorise = (_caller, action) => {
      if (action === 'application-autoscaling:DeregisterScalableTarget') throw new AwsError('AccessDeniedException', 'no');
    };
    await expect(setup.call('DeleteEndpoint', { EndpointName: 'Live' })).rejects.toThrow(
      'does not have application-autoscaling:DeregisterScalableTarget',
    );
    setup.cloud.authorise = () => undefined;
    await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
    expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toEqual([]);
  });
});

// https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
describe('target tracking', () => {
  test('scales out after three minutes above its target, within its bounds, and in after fifteen below', async () => {
    const setup = setUp();
    await single(setup, { InitialInstanceCount: 1 });
    await register(setup);
    await putPolicy(setup);
    await traffic(setup, 50, 4);
    await pass(setup, 6);
    expect(instances(setup)).toBe(3);
    const { ScalingActivities } = await call(setup, 'DescribeScalingActivities');
    expect(ScalingActivities).toMatchObject([{ Description: 'Setting desired instance count to 3.', StatusCode: 'Successful' }]);
    await traffic(setup, 3, 25);
    expect(instances(setup)).toBe(1);
  });

  test('never leaves its bounds, and moves a variant that is outside of them', async () => {
    const setup = setUp();
    await single(setup, { InitialInstanceCount: 1 });
    await register(setup, { MinCapacity: 2, MaxCapacity: 3 });
    await putPolicy(setup);
    await pass(setup, 8);
    expect(instances(setup)).toBe(2);
    await traffic(setup, 200, 6);
    await pass(setup, 8);
    expect(instances(setup)).toBe(3);
  });

  test('does nothing without data, without policies, or while scaling in is off', async () => {
    const setup = setUp();
    await single(setup);
    await register(setup);
    await putPolicy(setup, tracking({ DisableScaleIn: true }));
    await pass(setup, 30);
    await traffic(setup, 3, 25);
    expect(instances(setup)).toBe(4);
    await call(setup, 'DeleteScalingPolicy', { PolicyName: 'p' });
    await expect(call(setup, 'DeleteScalingPolicy', { PolicyName: 'p' })).rejects.toMatchObject({ code: 'ObjectNotFoundException' });
  });

  // https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html: "automatic scaling is blocked while the update …"
  test('waits while the endpoint updates', async () => {
    const setup = setUp();
    await single(setup, { InitialInstanceCount: 1 });
    await register(setup, { MinCapacity: 2 });
    await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
    await putPolicy(setup);
    await pass(setup, 2.5);
    expect(setup.cloud.log.some(({ event }) => event === 'scaled')).toBe(false);
    await pass(setup, 15);
    expect(instances(setup)).toBe(2);
  });
});

test('targets and policies are described as they were put', async () => {
  const setup = setUp();
  await single(setup);
  const { ScalableTargetARN } = await register(setup);
  await register(setup, { MinCapacity: undefined, MaxCapacity: 9 });
  const { PolicyARN } = await putPolicy(setup);
  expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toMatchObject([
    { ScalableTargetARN, MinCapacity: 1, MaxCapacity: 9, ...scope },
  ]);
  expect((await call(setup, 'DescribeScalingPolicies')).ScalingPolicies).toMatchObject([
    { PolicyARN, TargetTrackingScalingPolicyConfiguration: tracking() },
  ]);
});

test.each<[string, string, Members]>([
  ['namespace ecs is not supported', 'RegisterScalableTarget', { ServiceNamespace: 'ecs' }],
  [
    'DesiredProvisionedConcurrency is not supported',
    'RegisterScalableTarget',
    { ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency' },
  ],
  ['No endpoint variant', 'RegisterScalableTarget', { ResourceId: 'endpoint/Live/variant/z', MinCapacity: 1, MaxCapacity: 2 }],
  ['must be endpoint/<name>/variant/<name>', 'RegisterScalableTarget', { ResourceId: 'service/x' }],
  [
    'must be inference-component/<name>',
    'RegisterScalableTarget',
    { ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount', MinCapacity: 1, MaxCapacity: 2 },
  ],
  ['MinCapacity and MaxCapacity', 'RegisterScalableTarget', { MinCapacity: 1 }],
  ['less than minimum', 'RegisterScalableTarget', { MinCapacity: 3, MaxCapacity: 2 }],
  ['only asynchronous endpoints scale to zero', 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 2 }],
  ['No scalable target found', 'DeregisterScalableTarget', {}],
  ['No scalable target found', 'PutScalingPolicy', { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking() }],
  ['No scalable target found', 'PutScheduledAction', { ScheduledActionName: 's' }],
  ['No scheduled action found', 'DeleteScheduledAction', { ScheduledActionName: 's' }],
  ['PolicyType PredictiveScaling is not supported', 'PutScalingPolicy', { PolicyName: 'p', PolicyType: 'PredictiveScaling' }],
  ['StepScalingPolicyConfiguration must be specified', 'PutScalingPolicy', { PolicyName: 'p', PolicyType: 'StepScaling' }],
  [
    'needs MetricName, Namespace and Statistic',
    'PutScalingPolicy',
    {
      PolicyName: 'p',
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 1, CustomizedMetricSpecification: { MetricName: 'x' } },
    },
  ],
  [
    'Exactly one of PredefinedMetricSpecification',
    'PutScalingPolicy',
    { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking({ CustomizedMetricSpecification: {} }) },
  ],
  [
    'it is about a copy of an inference component',
    'PutScalingPolicy',
    {
      PolicyName: 'p',
      TargetTrackingScalingPolicyConfiguration: tracking({
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy' },
      }),
    },
  ],
  [
    'SageMakerVariantProvisionedConcurrencyUtilization is not supported',
    'PutScalingPolicy',
    {
      PolicyName: 'p',
      TargetTrackingScalingPolicyConfiguration: tracking({
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantProvisionedConcurrencyUtilization' },
      }),
    },
  ],
  ['TargetValue', 'PutScalingPolicy', { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking({ TargetValue: 0 }) }],
])('refused: %s', async (message, operation, input) => {
  const setup = setUp();
  await single(setup);
  await expect(call(setup, operation, input)).rejects.toThrow(message);
});

test('an update of a target changes what it names, and suspends', async () => {
  const setup = setUp();
  await single(setup);
  await register(setup, { SuspendedState: { DynamicScalingInSuspended: true } });
  const suspended = async (): Promise<unknown> => (await call(setup, 'DescribeScalableTargets')).ScalableTargets[0].SuspendedState;
  const inOnly = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false };
  expect(await suspended()).toEqual(inOnly);
  await call(setup, 'RegisterScalableTarget', { MaxCapacity: 8 });
  expect(await suspended()).toEqual(inOnly);
  await call(setup, 'RegisterScalableTarget', { SuspendedState: { ScheduledScalingSuspended: true } });
  expect(await suspended()).toEqual({ ...inOnly, DynamicScalingInSuspended: false, ScheduledScalingSuspended: true });
});

test('burstable instances and serverless variants are not scaled', async () => {
  const setup = setUp();
  await single(setup, { InstanceType: 'ml.t2.medium' });
  await expect(register(setup)).rejects.toThrow('not supported for burstable instances such as ml.t2.medium');
  const serverless = setUp();
  const ServerlessConfig = { MemorySizeInMB: 2048, MaxConcurrency: 5 };
  await single(serverless, { InstanceType: undefined, InitialInstanceCount: undefined, ServerlessConfig });
  await expect(register(serverless)).rejects.toThrow('is serverless: it has no instances to scale');
});

// https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
describe('permissions', () => {
  const asked = async (setup: Setup, work: () => Promise<unknown>): Promise<string[]> => {
    const actions: string[] = [];
    setup.cloud.authorise = (_caller, action) => void actions.push(action);
    await work();
    setup.cloud.authorise = () => undefined;
    return actions;
  };

  test('who registers may do what the service-linked role will do, and creates the role once', async () => {
    const setup = setUp();
    await single(setup);
    const validated = ['sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig', 'sagemaker:UpdateEndpointWeightsAndCapacities'];
    const first = await asked(setup, () => register(setup));
    expect(first).toEqual(['application-autoscaling:RegisterScalableTarget', ...validated, 'iam:CreateServiceLinkedRole']);
    expect(await asked(setup, () => register(setup))).toEqual(['application-autoscaling:RegisterScalableTarget', ...validated]);
  });

  test('who puts and deletes policies may do what is done with their alarms', async () => {
    const setup = setUp();
    await single(setup);
    await register(setup);
    expect(await asked(setup, () => putPolicy(setup))).toEqual([
      'application-autoscaling:PutScalingPolicy',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:DeleteAlarms',
    ]);
    const remove = await asked(setup, () => call(setup, 'DeleteScalingPolicy', { PolicyName: 'p' }));
    expect(remove).toEqual(['application-autoscaling:DeleteScalingPolicy', 'cloudwatch:DeleteAlarms']);
  });
});

test('a tracking policy has two alarms, which go with it', async () => {
  const setup = setUp();
  await single(setup);
  await register(setup);
  const { Alarms, PolicyARN } = await putPolicy(setup);
  const { MetricAlarms } = await setup.call('DescribeAlarms', { AlarmNamePrefix: 'TargetTracking-endpoint/Live' }, 'cloudwatch');
  expect(MetricAlarms).toMatchObject([
    { AlarmName: Alarms[0].AlarmName, Threshold: 20, EvaluationPeriods: 3, AlarmActions: [PolicyARN], Statistic: 'Sum' },
    { AlarmName: Alarms[1].AlarmName, Threshold: 18, EvaluationPeriods: 15, ComparisonOperator: 'LessThanThreshold' },
  ]);
  expect((await putPolicy(setup, tracking({ TargetValue: 30 }))).Alarms).toEqual(Alarms);
  await call(setup, 'DeregisterScalableTarget');
  expect(setup.cloudWatch.alarms()).toEqual([]);
});

test('CloudFormation registers, changes and removes targets, scheduled actions and policies', async () => {
  const setup = setUp();
  await single(setup);
  const context = { cloud: setup.cloud, logicalId: 'One', constructPath: 'Stack/One' } as unknown as ResourceContext;
  const [target, policy] = applicationAutoScalingResources;
  const action = (name: string) => ({
    ScheduledActionName: name,
    Schedule: 'cron(0 8 * * ? *)',
    ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 2 },
  });
  const properties = { ...scope, MinCapacity: 1, MaxCapacity: 4, ScheduledActions: [action('open'), action('close')] };
  const created = await target!.create(properties, context);
  expect(created.ref).toBe('endpoint/Live/variant/a|sagemaker:variant:DesiredInstanceCount|sagemaker');
  const policyProperties = {
    PolicyName: 'p',
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: created.ref,
    TargetTrackingScalingPolicyConfiguration: tracking(),
  };
  const put = await policy!.create(policyProperties, context);
  await target!.update!({ ...properties, MaxCapacity: 5, ScheduledActions: [action('close')] }, properties, created, context);
  expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toMatchObject([{ MaxCapacity: 5 }]);
  expect((await call(setup, 'DescribeScheduledActions')).ScheduledActions).toMatchObject([{ ScheduledActionName: 'close' }]);
  await policy!.remove(put, policyProperties, context);
  await target!.remove(created, properties, context);
  await target!.remove(created, properties, context);
  expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toEqual([]);
  expect((await call(setup, 'DescribeScheduledActions')).ScheduledActions).toEqual([]);
  expect(() => target!.create({ ...properties, Unknown: [] }, context)).toThrow('Stack/One: property Unknown');
  expect(() => target!.update!({ ...properties, ResourceId: 'endpoint/X/variant/a' }, properties, created, context)).toThrow('ResourceId');
});
