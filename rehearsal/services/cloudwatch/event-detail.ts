import type { Members } from '../../cloud/types';
import type { Alarm, StateRecord } from './alarm';
import { readDimensions } from './queries';
import { timestamp } from './reason';

const stateDetail = ({ value, reason, reasonData, atMillis, suppressedBy }: StateRecord): Members => ({
  value,
  reason,
  ...(reasonData === undefined ? {} : { reasonData }),
  timestamp: timestamp(atMillis),
  ...(suppressedBy === undefined ? {} : { actionsSuppressedBy: suppressedBy, actionsSuppressedReason: suppressionReason(suppressedBy) }),
});

export const suppressionReason = (by: string): string => `Actions suppressed by ${by}`;

function metricDetail(id: string, stat: Members, returnData: boolean): Members {
  return {
    id,
    metricStat: {
      metric: { namespace: stat.Metric.Namespace, name: stat.Metric.MetricName, dimensions: readDimensions(stat.Metric.Dimensions) },
      period: Number(stat.Period),
      stat: stat.Stat,
    },
    returnData,
  };
}

function configuration(alarm: Alarm): Members {
  const { input } = alarm;
  const description = input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription };
  if (alarm.kind === 'composite') {
    const { suppressor } = alarm;
    const suppression =
      suppressor === undefined
        ? {}
        : {
            actionsSuppressor: suppressor.alarm,
            actionsSuppressorWaitPeriod: suppressor.waitMillis / 1000,
            actionsSuppressorExtensionPeriod: suppressor.extensionMillis / 1000,
          };
    return { ...description, alarmRule: input.AlarmRule, ...suppression };
  }
  if (input.Metrics === undefined) {
    const stat = { Metric: input, Period: input.Period, Stat: input.Statistic ?? input.ExtendedStatistic };
    return { ...description, metrics: [metricDetail('m1', stat, true)] };
  }
  const metrics = (input.Metrics as Members[]).map((query) =>
    query.MetricStat === undefined
      ? {
          id: query.Id,
          expression: query.Expression,
          ...(query.Label === undefined ? {} : { label: query.Label }),
          returnData: query.ReturnData !== false,
        }
      : metricDetail(query.Id, query.MetricStat, query.ReturnData !== false),
  );
  return { ...description, metrics };
}

/** The detail of `CloudWatch Alarm State Change`, and what a function that is an alarm's action gets as `alarmData`. */
export const eventDetail = (alarm: Alarm): Members => ({
  alarmName: alarm.name,
  configuration: configuration(alarm),
  previousState: alarm.previous === undefined ? undefined : stateDetail(alarm.previous),
  state: stateDetail(alarm.state),
});
