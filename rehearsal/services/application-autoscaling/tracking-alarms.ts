import type { Cloud, Members, Random } from '../../cloud/types';
import type { CloudWatch } from '../cloudwatch';
import type { ScalingPolicy, Tracking } from './policies';

/** Three periods above the target; fifteen minutes below nine tenths of it, whatever the metric's resolution. */
const HIGH_PERIODS = 3;
const LOW_PERIODS = 15;
const LOW_FACTOR = 0.9;
const MINUTE_SECONDS = 60;
const FINE_SECONDS = 10;

/** Their names begin so, and whoever lists alarms sees them. */
export const TRACKING_ALARM = 'TargetTracking-';

/** The two CloudWatch alarms that Application Auto Scaling keeps for a target tracking policy. */
export function putTrackingAlarms(cloud: Cloud, random: Random, policy: ScalingPolicy & { rule: Tracking }): void {
  const { rule, target, arn } = policy;
  policy.alarms ??= {
    high: `${TRACKING_ALARM}${target.resourceId}-AlarmHigh-${random.uuid()}`,
    low: `${TRACKING_ALARM}${target.resourceId}-AlarmLow-${random.uuid()}`,
  };
  const put = (name: string, periodSeconds: number, evaluationPeriods: number, threshold: number, comparison: string): void => {
    cloud.double<CloudWatch>('cloudwatch').putMetricAlarm({
      ...rule.metric.alarm,
      ...(rule.metric.alarm.Metrics === undefined ? { Period: periodSeconds } : {}),
      AlarmName: name,
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${arn}.`,
      ActionsEnabled: true,
      AlarmActions: [arn],
      EvaluationPeriods: evaluationPeriods,
      Threshold: threshold,
      ComparisonOperator: comparison,
    });
  };
  put(
    policy.alarms.high,
    rule.metric.highResolution ? FINE_SECONDS : MINUTE_SECONDS,
    HIGH_PERIODS,
    rule.targetValue,
    'GreaterThanThreshold',
  );
  put(policy.alarms.low, MINUTE_SECONDS, LOW_PERIODS, rule.targetValue * LOW_FACTOR, 'LessThanThreshold');
}

export function removeTrackingAlarms(cloud: Cloud, { alarms }: ScalingPolicy): void {
  if (alarms === undefined) return;
  const cloudWatch = cloud.double<CloudWatch>('cloudwatch');
  // Somebody may have deleted them by hand.
  for (const name of [alarms.high, alarms.low]) if (cloudWatch.alarmNow(name) !== undefined) cloudWatch.removeAlarm(name);
}

export const describeAlarms = (cloud: Cloud, { alarms }: ScalingPolicy): Members[] =>
  alarms === undefined
    ? []
    : [alarms.high, alarms.low].map((name) => ({ AlarmName: name, AlarmARN: cloud.arn('cloudwatch', `alarm:${name}`) }));
