import type { Members } from '../../../../rehearsal/cloud/types';
import { createModel, invoke, pass, ROLE, setUp, type Setup } from '../sagemaker/support';

const NAME = 'language';
const scope = {
  ServiceNamespace: 'sagemaker',
  ResourceId: `inference-component/${NAME}`,
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
};
const call = (setup: Setup, operation: string, input: Members = {}): Promise<Members> =>
  setup.call(operation, { ...scope, ...input }, 'application-auto-scaling');

/** A component with one copy, from no instance up to three. */
async function hosting(): Promise<Setup> {
  const setup = setUp();
  await createModel(setup, 'model-a');
  const ManagedInstanceScaling = { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 3 };
  await setup.call('CreateEndpointConfig', {
    EndpointConfigName: 'first',
    ExecutionRoleArn: ROLE,
    ProductionVariants: [{ VariantName: 'all', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1, ManagedInstanceScaling }],
  });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
  const ComputeResourceRequirements = { MinMemoryRequiredInMb: 4096, NumberOfAcceleratorDevicesRequired: 1 };
  await setup.call('CreateInferenceComponent', {
    InferenceComponentName: NAME,
    EndpointName: 'Live',
    VariantName: 'all',
    Specification: { ModelName: 'model-a', ComputeResourceRequirements },
    RuntimeConfig: { CopyCount: 1 },
  });
  await pass(setup, 6);
  return setup;
}

const copies = async (setup: Setup): Promise<unknown> =>
  (await setup.call('DescribeInferenceComponent', { InferenceComponentName: NAME })).RuntimeConfig.CurrentCopyCount;
const track = (setup: Setup, metric: string, TargetValue: number): Promise<Members> =>
  call(setup, 'PutScalingPolicy', {
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType: metric } },
  });
const ask = (setup: Setup): Promise<Members> => invoke(setup, { InferenceComponentName: NAME });

test('copies are added for requests per copy, within their bounds', async () => {
  const setup = await hosting();
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 2 });
  await track(setup, 'SageMakerInferenceComponentInvocationsPerCopy', 10);
  for (let minute = 0; minute < 4; minute += 1) {
    for (let index = 0; index < 40; index += 1) await ask(setup);
    await pass(setup, 1);
  }
  await pass(setup, 12);
  expect(await copies(setup)).toBe(2);
  expect(setup.cloud.log).toContainEqual(
    expect.objectContaining({
      source: 'application-autoscaling',
      event: 'scaled',
      detail: expect.objectContaining({ inferenceComponent: NAME, from: 1, to: 2 }),
    }),
  );
  expect((await call(setup, 'DescribeScalingActivities')).ScalingActivities).toMatchObject([
    { Description: 'Setting desired copy count to 2.', StatusCode: 'Successful' },
  ]);
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
test('requests that find no copy bring one back from zero, by a step', async () => {
  const setup = await hosting();
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 2 });
  const { PolicyARN } = await call(setup, 'PutScalingPolicy', {
    PolicyName: 'wake',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      MetricAggregationType: 'Maximum',
      Cooldown: 60,
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  });
  await setup.call(
    'PutMetricAlarm',
    {
      AlarmName: 'wake',
      Namespace: 'AWS/SageMaker',
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [{ Name: 'InferenceComponentName', Value: NAME }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [PolicyARN],
    },
    'cloudwatch',
  );
  await setup.call('UpdateInferenceComponentRuntimeConfig', { InferenceComponentName: NAME, DesiredRuntimeConfig: { CopyCount: 0 } });
  await pass(setup, 15);
  expect(await copies(setup)).toBe(0);
  await expect(ask(setup)).rejects.toThrow('no capacity');
  await pass(setup, 15);
  expect(await copies(setup)).toBe(1);
  await ask(setup);
});

test('concurrent requests per copy are tracked at high resolution', async () => {
  const setup = await hosting();
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 3 });
  await track(setup, 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution', 4);
  const [alarm] = (await setup.call('DescribeAlarms', { AlarmNamePrefix: 'TargetTracking-' }, 'cloudwatch')).MetricAlarms as Members[];
  expect(alarm).toMatchObject({
    MetricName: 'ConcurrentRequestsPerCopy',
    Period: 10,
    EvaluationPeriods: 3,
    Dimensions: [{ Name: 'InferenceComponentName', Value: NAME }],
  });
});

test('what is no component, or a metric of variants, is refused', async () => {
  const setup = await hosting();
  await expect(
    call(setup, 'RegisterScalableTarget', { ResourceId: 'inference-component/other', MinCapacity: 0, MaxCapacity: 2 }),
  ).rejects.toThrow('No inference component found');
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 2 });
  await expect(track(setup, 'SageMakerVariantInvocationsPerInstance', 4)).rejects.toThrow('it is about a production variant');
});

test('who registers a component may describe and resize it', async () => {
  const setup = await hosting();
  const actions: string[] = [];
  setup.cloud.authorise = (_caller, action) => void actions.push(action);
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 2 });
  expect(actions).toEqual([
    'application-autoscaling:RegisterScalableTarget',
    'sagemaker:DescribeInferenceComponent',
    'sagemaker:UpdateInferenceComponentRuntimeConfig',
    'iam:CreateServiceLinkedRole',
  ]);
});
