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
  ['Unsupported resource ID', 'RegisterScalableTarget', { ResourceId: 'service/x' }],
  ['MinCapacity and MaxCapacity', 'RegisterScalableTarget', { MinCapacity: 1 }],
  ['less than minimum', 'RegisterScalableTarget', { MinCapacity: 3, MaxCapacity: 2 }],
  ['only asynchronous endpoints scale to zero', 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 2 }],
  ['No scalable target found', 'DeregisterScalableTarget', {}],
  ['No scalable target found', 'PutScalingPolicy', { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking() }],
  ['PolicyType StepScaling is not supported', 'PutScalingPolicy', { PolicyName: 'p', PolicyType: 'StepScaling' }],
  [
    'CustomizedMetricSpecification',
    'PutScalingPolicy',
    { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking({ CustomizedMetricSpecification: {} }) },
  ],
  [
    'SageMakerVariantConcurrentRequestsPerModelHighResolution',
    'PutScalingPolicy',
    {
      PolicyName: 'p',
      TargetTrackingScalingPolicyConfiguration: tracking({
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' },
      }),
    },
  ],
  ['TargetValue', 'PutScalingPolicy', { PolicyName: 'p', TargetTrackingScalingPolicyConfiguration: tracking({ TargetValue: 0 }) }],
])('refused: %s', async (message, operation, input) => {
  const setup = setUp();
  await single(setup);
  await expect(call(setup, operation, input)).rejects.toThrow(message);
});

test('CloudFormation registers, changes and removes targets and policies', async () => {
  const setup = setUp();
  await single(setup);
  const context = { cloud: setup.cloud, logicalId: 'One', constructPath: 'Stack/One' } as unknown as ResourceContext;
  const [target, policy] = applicationAutoScalingResources;
  const properties = { ...scope, MinCapacity: 1, MaxCapacity: 4 };
  const created = await target!.create(properties, context);
  expect(created.ref).toBe('endpoint/Live/variant/a|sagemaker:variant:DesiredInstanceCount|sagemaker');
  const policyProperties = {
    PolicyName: 'p',
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: created.ref,
    TargetTrackingScalingPolicyConfiguration: tracking(),
  };
  const put = await policy!.create(policyProperties, context);
  await target!.update!({ ...properties, MaxCapacity: 5 }, properties, created, context);
  expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toMatchObject([{ MaxCapacity: 5 }]);
  await policy!.remove(put, policyProperties, context);
  await target!.remove(created, properties, context);
  await target!.remove(created, properties, context);
  expect((await call(setup, 'DescribeScalableTargets')).ScalableTargets).toEqual([]);
  expect(() => target!.create({ ...properties, ScheduledActions: [] }, context)).toThrow('Stack/One: property ScheduledActions');
  expect(() => target!.update!({ ...properties, ResourceId: 'endpoint/X/variant/a' }, properties, created, context)).toThrow('ResourceId');
});
