import type { Members } from '../../../../rehearsal/cloud/types';

/** Where a case comes from: a page of the CloudWatch user guide or API reference, and its section. */
export const GUIDE = {
  evaluation: 'User guide, Using CloudWatch alarms, "Evaluating an alarm"',
  missing: 'User guide, Using CloudWatch alarms, "Configuring how CloudWatch alarms treat missing data"',
  missingTable: 'User guide, Using CloudWatch alarms, "How alarm state is evaluated when data is missing"',
  premature: 'User guide, Using CloudWatch alarms, "Avoiding premature transitions to alarm state"',
  states: 'User guide, Using CloudWatch alarms, "Metric alarm states"',
  actions: 'User guide, Using CloudWatch alarms, "Alarm actions"',
  common: 'User guide, Using CloudWatch alarms, "Common features of CloudWatch alarms"',
  lowSamples: 'User guide, Using CloudWatch alarms, "Percentile-based CloudWatch alarms and low data samples"',
  highResolution: 'User guide, Using CloudWatch alarms, "High-resolution alarms"',
  period: 'API reference, PutMetricAlarm, Period',
  dynamo: 'User guide, Using CloudWatch alarms, "Configuring how CloudWatch alarms treat missing data", note on AWS/DynamoDB',
  statistics: 'User guide, CloudWatch statistics definitions',
  statisticsSyntax: 'User guide, CloudWatch statistics definitions, "Syntax"',
  statisticSets:
    'User guide, CloudWatch statistics definitions, "Requirements to use percentiles, trimmed mean, and some other statistics"',
  dimensions: 'User guide, CloudWatch concepts, "Dimensions"',
  mathAlarms: 'User guide, Using CloudWatch alarms, "Alarms on math expressions"',
  mathArithmetic: 'User guide, Using metric math, "Basic arithmetic functions"',
  mathOperators: 'User guide, Using metric math, "Comparison and logical operators"',
  mathFunctions: 'User guide, Using metric math, "Functions supported for metric math"',
  mathIf: 'User guide, Using metric math, "Using IF expressions"',
  composite: 'API reference, PutCompositeAlarm, AlarmRule',
  compositeAtLeast: 'User guide, Composite alarms, "Rule expressions", AT_LEAST',
  compositeCreation: 'API reference, PutCompositeAlarm, description',
  suppression: 'User guide, Composite alarm action suppression, "Examples"',
  suppressionPeriods: 'User guide, Composite alarm action suppression, "WaitPeriod and ExtensionPeriod"',
  mute: 'User guide, How alarm mute rules work',
  muteSchedule: 'API reference, Schedule (of an alarm mute rule)',
  muteRule: 'API reference, PutAlarmMuteRule',
  muteDelete: 'API reference, DeleteAlarmMuteRule',
  late: 'API reference, PutMetricData; knowledge center, "Why did my CloudWatch alarm trigger when its metric doesn\'t have any breaching data points?"',
  setState: 'API reference, SetAlarmState',
} as const;

/** One value, several values, or none, per step. In a text: a digit is that value, X is 10, - is no data. */
export type Data = string | (number | number[] | undefined)[];

export interface AlarmCase {
  name: string;
  /** The section that the expected states are derived from. */
  cites: string;
  /** Definitions, put in this order; the last one is watched. `AlarmRule` makes a composite alarm. */
  alarms: Members[];
  data: Record<string, Data>;
  /** After each step: O = OK, A = ALARM, I = INSUFFICIENT_DATA, . = the alarm does not exist yet. */
  states: string;
  /** After each step: the state whose actions ran during it (O, A, I), or -. Left out: not looked at. */
  actions?: string;
  /** Steps of data before the alarms are put. */
  createdAfter?: number;
  /** SetAlarmState right after the alarms are put. */
  startState?: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** A minute, unless the case is of high resolution. */
  stepSeconds?: number;
  /** Published with StorageResolution 1. */
  fine?: boolean;
  /** Values that are published by so many steps late, by metric and step. */
  late?: { metric: string; step: number; bySteps: number; value: number }[];
  mutes?: Members[];
  /** Calls of operations at the start of a step. */
  calls?: { step: number; operation: string; input: Members }[];
  dimensions?: Record<string, string>;
  namespace?: string;
}

/** Alarms when the sum of `m` is greater than 5. */
export const threshold = (extra: Members = {}): Members => ({
  AlarmName: 'watched',
  Namespace: 'Conformance',
  MetricName: 'm',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  ...extra,
});

export const mOfN = (DatapointsToAlarm: number, EvaluationPeriods: number, extra: Members = {}): Members =>
  threshold({ DatapointsToAlarm, EvaluationPeriods, ...extra });

/** A metric alarm that follows one metric at once: ALARM on X, OK on 0. */
export const follows = (metric: string, extra: Members = {}): Members => threshold({ AlarmName: metric, MetricName: metric, ...extra });

/** An alarm on a math expression over metrics of the same name. */
export const onMath = (Expression: string, metrics: string[], extra: Members = {}): Members => {
  const { Namespace, Period, ...rest } = threshold(extra);
  for (const member of ['MetricName', 'Statistic']) delete rest[member];
  return {
    ...rest,
    Metrics: [
      { Id: 'e1', Expression },
      ...metrics.map((MetricName) => ({
        Id: MetricName,
        ReturnData: false,
        MetricStat: { Metric: { Namespace, MetricName }, Period, Stat: 'Sum' },
      })),
    ],
  };
};
