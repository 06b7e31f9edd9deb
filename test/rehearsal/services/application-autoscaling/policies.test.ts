import type { Members } from '../../../../rehearsal/cloud/types';
import { createBucket, pass, put, setUp, single, type Setup } from '../sagemaker/support';

const scope = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/Live/variant/a',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const call = (setup: Setup, operation: string, input: Members = {}): Promise<Members> =>
  setup.call(operation, { ...scope, ...input }, 'application-auto-scaling');
const instances = (setup: Setup): number => setup.sageMaker.endpoints()[0]!.variants[0]!.instanceCount;

const METRIC = { Namespace: 'Team', MetricName: 'Load', Dimensions: [{ Name: 'EndpointName', Value: 'Live' }] };

/** A variant with policies on metrics of the test's own. */
async function scaled(bounds: Members = {}, variant: Members = {}): Promise<Setup> {
  const setup = setUp();
  await single(setup, { InitialInstanceCount: 1, ...variant });
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 8, ...bounds });
  return setup;
}

const track = (setup: Setup, config: Members = {}, PolicyName = 'track'): Promise<Members> =>
  call(setup, 'PutScalingPolicy', {
    PolicyName,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 10,
      CustomizedMetricSpecification: { ...METRIC, Statistic: 'Average' },
      ...config,
    },
  });

const step = (setup: Setup, config: Members = {}, PolicyName = 'step'): Promise<Members> =>
  call(setup, 'PutScalingPolicy', {
    PolicyName,
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      ...config,
    },
  });

const alarm = (setup: Setup, policyArn: unknown, extra: Members = {}): Promise<Members> =>
  setup.call(
    'PutMetricAlarm',
    {
      AlarmName: 'load',
      ...METRIC,
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 50,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [policyArn],
      ...extra,
    },
    'cloudwatch',
  );

/** A value in each of some minutes. */
async function load(setup: Setup, value: number, minutes: number, endpoint = 'Live'): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    setup.cloudWatch.putMetric('Team', 'Load', { EndpointName: endpoint }, value);
    await pass(setup, 1);
  }
}

const activities = async (setup: Setup): Promise<Members[]> =>
  (await call(setup, 'DescribeScalingActivities')).ScalingActivities as Members[];

describe('target tracking on a customized metric', () => {
  test('scales by it', async () => {
    const setup = await scaled();
    await track(setup);
    await load(setup, 35, 10);
    expect(instances(setup)).toBe(4);
    expect((await activities(setup)).at(-1)).toMatchObject({
      Cause: expect.stringMatching(
        /^monitor alarm TargetTracking-endpoint\/Live\/variant\/a-AlarmHigh-\S+ in state ALARM triggered policy track$/,
      ),
      StatusCode: 'Successful',
    });
  });

  test('with a dimension that nobody publishes never scales', async () => {
    const setup = await scaled();
    const Dimensions = [{ Name: 'Endpoint', Value: 'Live' }];
    await track(setup, { CustomizedMetricSpecification: { ...METRIC, Dimensions, Statistic: 'Average' } });
    await load(setup, 500, 20);
    expect(instances(setup)).toBe(1);
    expect(await activities(setup)).toEqual([]);
  });

  test('reads metric math', async () => {
    const setup = await scaled();
    const Metrics = [
      { Id: 'load', MetricStat: { Metric: METRIC, Stat: 'Average' }, ReturnData: false },
      { Id: 'half', Expression: 'load / 2', ReturnData: true },
    ];
    await track(setup, { CustomizedMetricSpecification: { Metrics } });
    await load(setup, 39, 10);
    expect(instances(setup)).toBe(2);
  });

  test('scales in to its minimum and no further, unless that is suspended or disabled', async () => {
    const setup = await scaled({ MinCapacity: 2, SuspendedState: { DynamicScalingInSuspended: true } }, { InitialInstanceCount: 4 });
    await track(setup);
    await load(setup, 1, 20);
    expect(instances(setup)).toBe(4);
    await call(setup, 'RegisterScalableTarget', { SuspendedState: { DynamicScalingInSuspended: false } });
    await track(setup, { DisableScaleIn: true });
    await load(setup, 1, 20);
    expect(instances(setup)).toBe(4);
    await track(setup);
    await load(setup, 1, 20);
    expect(instances(setup)).toBe(2);
  });

  test('does not scale out while that is suspended', async () => {
    const setup = await scaled({ SuspendedState: { DynamicScalingOutSuspended: true } });
    await track(setup);
    await load(setup, 35, 10);
    expect(instances(setup)).toBe(1);
    await call(setup, 'RegisterScalableTarget', { SuspendedState: { DynamicScalingOutSuspended: false } });
    await load(setup, 35, 8);
    expect(instances(setup)).toBe(4);
  });

  // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
  test('within the cooldown counts what it added last as part of what it adds', async () => {
    const setup = await scaled();
    await track(setup, { ScaleOutCooldown: 3600 });
    await load(setup, 30, 12);
    expect(instances(setup)).toBe(3);
    await load(setup, 50, 12);
    expect(instances(setup)).toBe(5);
  });

  test('scales in only when all tracking policies want to, to the highest of their counts', async () => {
    const setup = await scaled({}, { InitialInstanceCount: 8 });
    await track(setup, { ScaleInCooldown: 3600 });
    const Other = { ...METRIC, MetricName: 'Other', Statistic: 'Average' };
    await track(setup, { CustomizedMetricSpecification: Other, ScaleInCooldown: 3600 }, 'other');
    await load(setup, 1, 20);
    expect(instances(setup)).toBe(8);
    for (let minute = 0; minute < 20; minute += 1) {
      setup.cloudWatch.putMetric('Team', 'Other', { EndpointName: 'Live' }, 5);
      await load(setup, 1, 1);
    }
    expect(instances(setup)).toBe(4);
  });

  test('watches a metric of high resolution every ten seconds', async () => {
    const setup = await scaled();
    await track(setup, {
      CustomizedMetricSpecification: undefined,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantConcurrentRequestsPerModelHighResolution' },
    });
    const series = setup.cloudWatch.series('AWS/SageMaker', 'ConcurrentRequestsPerModel', { EndpointName: 'Live', VariantName: 'a' });
    const startedAt = setup.cloud.clock.now();
    for (let tick = 0; tick < 6; tick += 1) {
      series.addFine(setup.cloud.clock.now(), 25);
      await pass(setup, 1 / 6);
    }
    const scaling = setup.cloud.log.find(({ event }) => event === 'scaled');
    expect(scaling).toMatchObject({ detail: { from: 1, to: 3 } });
    expect(scaling!.atMillis - startedAt).toBeLessThanOrEqual(60_000);
  });
});

describe('step scaling', () => {
  test('is what an alarm asks for, each minute anew while it rings, no faster than its cooldown', async () => {
    const setup = await scaled();
    const { PolicyARN } = await step(setup, { Cooldown: 600 });
    await alarm(setup, PolicyARN);
    await load(setup, 60, 8);
    expect(instances(setup)).toBe(2);
    await load(setup, 60, 14);
    expect(instances(setup)).toBe(3);
    await load(setup, 1, 20);
    expect(instances(setup)).toBe(3);
  });

  test('takes the step that fits how far the metric is over the threshold', async () => {
    const setup = await scaled();
    const StepAdjustments = [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 20, ScalingAdjustment: 4 },
    ];
    const { PolicyARN } = await step(setup, { StepAdjustments });
    await alarm(setup, PolicyARN);
    await load(setup, 70, 6);
    expect(instances(setup)).toBe(5);
  });

  test('scales in as well, by its own cooldown', async () => {
    const setup = await scaled({}, { InitialInstanceCount: 6 });
    const StepAdjustments = [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -50 }];
    const { PolicyARN } = await step(setup, { AdjustmentType: 'PercentChangeInCapacity', StepAdjustments, Cooldown: 3600 });
    await alarm(setup, PolicyARN, { ComparisonOperator: 'LessThanThreshold' });
    await load(setup, 10, 25);
    expect(instances(setup)).toBe(3);
  });

  test('of a policy that is gone is an action that failed', async () => {
    const setup = await scaled();
    const { PolicyARN } = await step(setup);
    await alarm(setup, PolicyARN);
    await call(setup, 'DeleteScalingPolicy', { PolicyName: 'step' });
    await load(setup, 60, 3);
    expect(setup.cloud.log).toContainEqual(
      expect.objectContaining({
        event: 'action-failed',
        detail: expect.objectContaining({ error: expect.stringContaining('No scaling policy has the ARN') }),
      }),
    );
  });

  test.each<[string, Members]>([
    ['AdjustmentType must be specified', { AdjustmentType: undefined }],
    ['at least one step adjustment', { StepAdjustments: [] }],
    ['At least one interval boundary', { StepAdjustments: [{ ScalingAdjustment: 1 }] }],
    [
      'can not overlap',
      {
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 10, ScalingAdjustment: 4 },
        ],
      },
    ],
    [
      'can not have gaps',
      {
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 30, ScalingAdjustment: 4 },
        ],
      },
    ],
    ['unspecified upper bound', { StepAdjustments: [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 9, ScalingAdjustment: 1 }] }],
    ['unspecified lower bound', { StepAdjustments: [{ MetricIntervalLowerBound: -9, ScalingAdjustment: 1 }] }],
    [
      'must be greater than its lower bound',
      { StepAdjustments: [{ MetricIntervalLowerBound: 5, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 }] },
    ],
  ])('is refused: %s', async (message, config) => {
    const setup = await scaled();
    await expect(step(setup, config)).rejects.toThrow(message);
  });

  test('keeps the kind of a policy', async () => {
    const setup = await scaled();
    await step(setup, {}, 'one');
    await expect(track(setup, {}, 'one')).rejects.toThrow('Only one policy type');
  });
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
test('an asynchronous endpoint leaves zero by a step on its backlog, never by target tracking', async () => {
  const setup = setUp();
  createBucket(setup, 'answers');
  const AsyncInferenceConfig = { OutputConfig: { S3OutputPath: 's3://answers/out' } };
  await single(setup, { InitialInstanceCount: 1 }, { AsyncInferenceConfig });
  await call(setup, 'RegisterScalableTarget', { MinCapacity: 0, MaxCapacity: 3 });
  await track(setup, {
    TargetValue: 5,
    CustomizedMetricSpecification: {
      Namespace: 'AWS/SageMaker',
      MetricName: 'ApproximateBacklogSizePerInstance',
      Dimensions: METRIC.Dimensions,
      Statistic: 'Average',
    },
  });
  await pass(setup, 20);
  expect(instances(setup)).toBe(0);
  const { PolicyARN } = await step(setup);
  await pass(setup, 20);
  expect(instances(setup)).toBe(0);
  await alarm(setup, PolicyARN, {
    Namespace: 'AWS/SageMaker',
    MetricName: 'HasBacklogWithoutCapacity',
    Threshold: 1,
    EvaluationPeriods: 2,
  });
  await put(setup, 'answers', 'in.json', '{}');
  await setup.call('InvokeEndpointAsync', { EndpointName: 'Live', InputLocation: 's3://answers/in.json' }, 'sagemaker-runtime');
  await pass(setup, 10);
  expect(instances(setup)).toBe(1);
});
