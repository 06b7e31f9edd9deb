import fc from 'fast-check';
import { boundsAt, obsolete, type ScalingWish, scalingPlan, schedulesOf } from '../../../core/scaling';

const MONDAY_NOON = Date.parse('2026-03-02T12:00:00Z');
const SATURDAY = Date.parse('2026-03-07T12:00:00Z');
const variant = { kind: 'variant', endpointName: 'Triage', variantName: 'main' } as const;
const tracking = { metric: 'invocations', targetValue: 600, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 600 } as const;
const wish = (extra: Partial<ScalingWish> = {}): ScalingWish => ({
  resource: variant,
  mode: 'real-time',
  bounds: { min: 1, max: 4 },
  schedules: [],
  tracking,
  ...extra,
});
const office = schedulesOf({
  metric: 'invocations',
  targetValue: 1,
  scaleOutCooldownSeconds: 0,
  scaleInCooldownSeconds: 0,
  schedules: [
    { name: 'office', window: { days: [1, 2], fromMinute: 480, toMinute: 1080, timeZone: 'UTC' }, minInstances: 2, maxInstances: 9 },
  ],
});
const asynchronous = (extra: Partial<ScalingWish> = {}): ScalingWish =>
  wish({ mode: 'async', bounds: { min: 0, max: 3 }, tracking: { ...tracking, metric: 'backlog', targetValue: 5 }, ...extra });
const component = (extra: Partial<ScalingWish> = {}): ScalingWish =>
  wish({ mode: 'inference-components', resource: { kind: 'component', componentName: 'summary' }, ...extra });

describe('a plan', () => {
  test('registers a variant, and tracks its invocations', () => {
    const key = {
      ServiceNamespace: 'sagemaker',
      ResourceId: 'endpoint/Triage/variant/main',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    };
    const { target, policies, wake, actions } = scalingPlan(wish(), MONDAY_NOON);
    expect(target).toEqual({
      ...key,
      MinCapacity: 1,
      MaxCapacity: 4,
      SuspendedState: { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false },
    });
    expect(policies).toEqual([
      {
        ...key,
        PolicyName: 'sluice-invocations',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 600,
          PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
          ScaleOutCooldown: 60,
          ScaleInCooldown: 600,
          DisableScaleIn: false,
        },
      },
    ]);
    expect(wake).toBeUndefined();
    expect(actions).toEqual([]);
  });

  test.each([
    [wish({ tracking: { ...tracking, metric: 'concurrency' } }), 'SageMakerVariantConcurrentRequestsPerModelHighResolution'],
    [component(), 'SageMakerInferenceComponentInvocationsPerCopy'],
    [component({ tracking: { ...tracking, metric: 'concurrency' } }), 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution'],
  ])('takes the metric of the resource (%#)', (given, metric) => {
    expect(scalingPlan(given, 0).policies[0]!.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification).toEqual({
      PredefinedMetricType: metric,
    });
  });

  test('of copies names the component', () => {
    expect(scalingPlan(component(), 0).target).toMatchObject({
      ResourceId: 'inference-component/summary',
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    });
  });

  test('follows the backlog of the endpoint, by its name alone: a variant has none', () => {
    const { policies, wake } = scalingPlan(asynchronous(), 0);
    expect(policies[0]!.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification).toEqual({
      Namespace: 'AWS/SageMaker',
      MetricName: 'ApproximateBacklogSizePerInstance',
      Dimensions: [{ Name: 'EndpointName', Value: 'Triage' }],
      Statistic: 'Average',
    });
    expect(wake?.alarm).toMatchObject({
      AlarmName: 'sluice-from-zero-Triage-main',
      MetricName: 'HasBacklogWithoutCapacity',
      Dimensions: [{ Name: 'EndpointName', Value: 'Triage' }],
      Threshold: 1,
    });
    expect(wake?.policy.StepScalingPolicyConfiguration.StepAdjustments).toEqual([{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }]);
  });

  test('wakes a component on requests without capacity', () => {
    const { wake } = scalingPlan(component({ bounds: { min: 0, max: 1 } }), 0);
    expect(wake?.alarm).toMatchObject({
      AlarmName: 'sluice-from-zero-summary',
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [{ Name: 'InferenceComponentName', Value: 'summary' }],
      Statistic: 'Maximum',
    });
  });

  test('wakes what only a schedule takes to zero', () => {
    const night = { ...office[0]!, bounds: { min: 0, max: 1 } };
    expect(scalingPlan(asynchronous({ bounds: { min: 1, max: 2 }, schedules: [night] }), SATURDAY).wake).toBeDefined();
    expect(scalingPlan(asynchronous({ bounds: { min: 1, max: 2 } }), SATURDAY).wake).toBeUndefined();
  });

  test('has an action for each turn of the week, and the bounds of now', () => {
    const during = scalingPlan(wish({ schedules: office }), MONDAY_NOON);
    const outside = scalingPlan(wish({ schedules: office }), SATURDAY);
    expect(
      during.actions.map(({ ScheduledActionName, Schedule, Timezone, ScalableTargetAction }) => [
        ScheduledActionName,
        Schedule,
        Timezone,
        ScalableTargetAction,
      ]),
    ).toEqual([
      ['sluice-0800-2-to-9', 'cron(0 8 ? * MON,TUE *)', 'UTC', { MinCapacity: 2, MaxCapacity: 9 }],
      ['sluice-1800-1-to-4', 'cron(0 18 ? * MON,TUE *)', 'UTC', { MinCapacity: 1, MaxCapacity: 4 }],
    ]);
    expect([during.target.MinCapacity, during.target.MaxCapacity]).toEqual([2, 9]);
    expect([outside.target.MinCapacity, outside.target.MaxCapacity]).toEqual([1, 4]);
    expect(outside.actions).toEqual(during.actions);
  });

  test('that is protected takes nothing away: no scale-in, no schedule, and the most that any schedule allows', () => {
    const { target } = scalingPlan(wish({ schedules: office, protected: true }), SATURDAY);
    expect([target.MinCapacity, target.MaxCapacity]).toEqual([1, 9]);
    expect(target.SuspendedState).toEqual({
      DynamicScalingInSuspended: true,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: true,
    });
  });

  test('makes the policies and actions of before obsolete, and no others', () => {
    const plan = scalingPlan(wish({ schedules: office }), 0);
    const found = {
      policyNames: ['sluice-concurrency', 'sluice-invocations', 'sluice-from-zero', 'theirs'],
      actionNames: ['sluice-0800-2-to-9', 'sluice-0700-2-to-9', 'theirs'],
    };
    expect(obsolete(plan, found)).toEqual({ policyNames: ['sluice-concurrency', 'sluice-from-zero'], actionNames: ['sluice-0700-2-to-9'] });
  });

  test.each([
    [wish({ mode: 'serverless' }), 'A serverless endpoint has no instances to scale'],
    [wish({ mode: 'inference-components' }), 'Of mode inference-components a variant is not scaled'],
    [wish({ bounds: { min: 0, max: 2 } }), 'only asynchronous endpoints and inference components scale to zero'],
    [wish({ bounds: { min: 3, max: 2 } }), 'Capacity of bounds is 3 to 2'],
    [wish({ bounds: { min: 1.5, max: 2 } }), 'Capacity of bounds is 1.5 to 2'],
    [wish({ tracking: { ...tracking, metric: 'backlog' } }), 'Only an asynchronous endpoint has a backlog, the mode is real-time'],
    [asynchronous({ tracking }), 'An asynchronous endpoint is scaled on its backlog, not on invocations'],
    [wish({ tracking: { ...tracking, targetValue: 0 } }), 'The target of scaling is 0'],
    [wish({ tracking: { ...tracking, scaleInCooldownSeconds: 3601 } }), 'The scaleIn cooldown is 3601 s'],
    [wish({ schedules: [{ ...office[0]!, warmUpMinutes: 1500 }] }), "Schedule 'office' warms up 1500 minutes ahead"],
    [wish({ schedules: [{ ...office[0]!, window: { ...office[0]!.window, days: [] } }] }), "Schedule 'office' has days []"],
    [wish({ schedules: [{ ...office[0]!, window: { ...office[0]!.window, toMinute: 480 } }] }), 'goes from minute 480 to 480'],
    [wish({ schedules: [{ ...office[0]!, bounds: { min: 4, max: 2 } }] }), "Capacity of schedule 'office' is 4 to 2"],
  ])('refuses what AWS would refuse (%#)', (given, message) => {
    expect(() => scalingPlan(given, 0)).toThrow(message);
  });

  test('has actions that, played through a week, give the bounds of each minute', () => {
    const schedule = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: fc.integer({ min: 0, max: 95 }),
      length: fc.integer({ min: 1, max: 96 }),
      warmUpMinutes: fc.constantFrom(0, 15, 45, 600),
      min: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(schedule, { minLength: 1, maxLength: 4 }), (drawn) => {
        const schedules = drawn.map(({ days, from, length, warmUpMinutes, min }) => ({
          name: 's',
          window: { days, fromMinute: from * 15, toMinute: Math.min(1440, (from + length) * 15), timeZone: 'UTC' },
          bounds: { min, max: min + 1 },
          warmUpMinutes,
        }));
        const { actions } = scalingPlan(wish({ schedules }), 0);
        const monday = Date.parse('2026-03-02T00:00:00Z');
        let now = boundsAt({ min: 1, max: 4 }, schedules, monday - 60_000);
        for (let minute = 0; minute < 7 * 1440; minute += 15) {
          const due = actions.filter(({ Schedule }) => isDue(Schedule, minute));
          expect(due.length).toBeLessThanOrEqual(1);
          for (const { ScalableTargetAction } of due)
            now = { min: ScalableTargetAction.MinCapacity, max: ScalableTargetAction.MaxCapacity };
          expect(now).toEqual(boundsAt({ min: 1, max: 4 }, schedules, monday + minute * 60_000));
        }
      }),
      { numRuns: 25 },
    );
  });
});

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

function isDue(cron: string, minuteOfWeek: number): boolean {
  const [, minute, hour, days] = /^cron\((\d+) (\d+) \? \* (\S+) \*\)$/.exec(cron)!;
  const day = DAYS[Math.floor(minuteOfWeek / 1440)]!;
  return Number(hour) * 60 + Number(minute) === minuteOfWeek % 1440 && (days === '*' || days!.split(',').includes(day));
}
