import type { Cloud, Members } from '../../cloud/types';
import type { Alarm, MetricAlarm } from './alarm';
import { timestamp } from './reason';

/** What CloudWatch publishes to a topic. */
export function topicMessage(cloud: Cloud, alarm: Alarm): Members {
  const { input, state } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: input.AlarmDescription ?? null,
    AWSAccountId: cloud.accountId,
    AlarmConfigurationUpdatedTimestamp: timestamp(alarm.updatedAtMillis),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: timestamp(state.atMillis),
    Region: cloud.region,
    AlarmArn: alarm.arn,
    OldStateValue: alarm.previous?.value,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    ...(alarm.kind === 'composite' ? { AlarmRule: input.AlarmRule } : { Trigger: triggerOf(alarm) }),
  };
}

function triggerOf({ definition, input }: MetricAlarm): Members {
  const rule = {
    Period: definition.periodSeconds,
    EvaluationPeriods: definition.evaluationPeriods,
    DatapointsToAlarm: definition.datapointsToAlarm,
    ComparisonOperator: definition.comparison,
    Threshold: definition.threshold,
    TreatMissingData: definition.treatMissingData,
    EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile ?? '',
  };
  if (input.Metrics !== undefined) return { ...rule, Metrics: input.Metrics };
  const statistic =
    input.Statistic === undefined
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: input.ExtendedStatistic }
      : { StatisticType: 'Statistic', Statistic: String(input.Statistic).toUpperCase() };
  const dimensions = ((input.Dimensions ?? []) as Members[]).map(({ Name, Value }) => ({ value: Value, name: Name }));
  return {
    MetricName: input.MetricName,
    Namespace: input.Namespace,
    ...statistic,
    Unit: input.Unit ?? null,
    Dimensions: dimensions,
    ...rule,
  };
}
