import { AwsError, UnsupportedError, type Members, type Operation, type Permission } from '../../cloud/types';
import type { Alarm } from './alarm';
import type { Alarms } from './alarms';
import { QuerySet, readDimensions, checkPeriod } from './queries';
import type { MetricStore } from './series';
import { parseStatistic, statisticOf } from './statistics';

const MAX_METRICS_PER_PUT = 1000;
const MAX_VALUES = 150;
const MAX_DIMENSIONS = 30;
const MAX_QUERIES = 500;
const DEFAULT_ALARMS_PAGE = 50;

const wrong = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
const everywhere = (action: string): Permission[] => [{ action: `cloudwatch:${action}`, resource: '*' }];

function putDatum(store: MetricStore, namespace: string, datum: Members, nowMillis: number): void {
  const where = `metric ${String(datum.MetricName)}`;
  const dimensions = (datum.Dimensions ?? []) as Members[];
  if (dimensions.length > MAX_DIMENSIONS) throw wrong(`${where} has ${dimensions.length} dimensions, at most ${MAX_DIMENSIONS}.`);
  const series = store.series(namespace, String(datum.MetricName), readDimensions(dimensions));
  series.units.add(String(datum.Unit ?? 'None'));
  const atMillis = datum.Timestamp instanceof Date ? datum.Timestamp.getTime() : nowMillis;
  const values = (datum.Values ?? (datum.Value === undefined ? [] : [datum.Value])) as number[];
  const counts = (datum.Counts ?? values.map(() => 1)) as number[];
  if (values.length > MAX_VALUES) throw wrong(`${where} has ${values.length} values, at most ${MAX_VALUES}.`);
  if (counts.length !== values.length) throw wrong(`${where} has ${values.length} values, but ${counts.length} counts.`);
  values.forEach((value, index) => series.add(atMillis, value, counts[index]));
  if (datum.StatisticValues !== undefined) {
    const { Sum, SampleCount, Minimum, Maximum } = datum.StatisticValues as Members;
    series.addSummary(atMillis, { sum: Sum, count: SampleCount, min: Minimum, max: Maximum });
  } else if (values.length === 0) throw wrong(`${where} has neither Value, Values nor StatisticValues.`);
}

function putMetricData(store: MetricStore, input: Members, nowMillis: number): Members {
  const data = (input.MetricData ?? []) as Members[];
  if (input.EntityMetricData !== undefined)
    throw new UnsupportedError('PutMetricData with EntityMetricData is not supported by the laptop cloud');
  if (data.length > MAX_METRICS_PER_PUT) throw wrong(`PutMetricData got ${data.length} metrics, at most ${MAX_METRICS_PER_PUT}.`);
  if (String(input.Namespace).startsWith('AWS/'))
    throw wrong(`Namespace ${String(input.Namespace)} is reserved: it must not start with AWS/.`);
  for (const datum of data) putDatum(store, String(input.Namespace), datum, nowMillis);
  return {};
}

/** Starts of all periods in [from, to), aligned to the period. */
function periods(from: Date, to: Date, periodMillis: number): number[] {
  if (!(from < to)) throw wrong('The parameter StartTime must be before the parameter EndTime.');
  const starts: number[] = [];
  for (let t = Math.floor(from.getTime() / periodMillis) * periodMillis; t < to.getTime(); t += periodMillis) starts.push(t);
  return starts;
}

function getMetricData(store: MetricStore, input: Members): Members {
  const inputs = input.MetricDataQueries as Members[];
  if (inputs.length > MAX_QUERIES) throw wrong(`GetMetricData got ${inputs.length} queries, at most ${MAX_QUERIES}.`);
  const set = new QuerySet(store, 'GetMetricData', inputs);
  const periodMillis = set.periodSeconds * 1000;
  const grid = periods(input.StartTime, input.EndTime, periodMillis);
  const ascending = input.ScanBy === 'TimestampAscending';
  const results = set.queries
    .filter(({ returnData }) => returnData)
    .map((query) => {
      const points = [...set.values(query, grid, periodMillis)].sort(([left], [right]) => (ascending ? left - right : right - left));
      return {
        Id: query.id,
        Label: query.label,
        Timestamps: points.map(([t]) => new Date(t)),
        Values: points.map(([, value]) => value),
        StatusCode: 'Complete',
      };
    });
  return { MetricDataResults: results, Messages: [] };
}

function getMetricStatistics(store: MetricStore, input: Members): Members {
  const series = store.find(String(input.Namespace), String(input.MetricName), readDimensions(input.Dimensions));
  const periodMillis = checkPeriod('GetMetricStatistics', input.Period) * 1000;
  const starts = periods(input.StartTime, input.EndTime, periodMillis);
  const simple = (input.Statistics ?? []) as string[];
  const extended = (input.ExtendedStatistics ?? []) as string[];
  const valueOf = (bucket: Parameters<typeof statisticOf>[0]) => (text: string) => [text, statisticOf(bucket, parseStatistic(text))];
  const Datapoints = starts.flatMap((t) => {
    const bucket = series?.window(t, t + periodMillis);
    if (bucket === undefined) return [];
    const extendedValues = extended.length === 0 ? {} : { ExtendedStatistics: Object.fromEntries(extended.map(valueOf(bucket))) };
    return [{ Timestamp: new Date(t), ...Object.fromEntries(simple.map(valueOf(bucket))), ...extendedValues }];
  });
  return { Label: input.MetricName, Datapoints };
}

function describe(alarm: Alarm): Members {
  const input = { ...alarm.input };
  delete input.Tags;
  return {
    ...input,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    StateUpdatedTimestamp: new Date(alarm.state.atMillis),
  };
}

function describeAlarms(alarms: Alarms, input: Members): Members {
  const names = input.AlarmNames as string[] | undefined;
  // Without AlarmTypes only metric alarms are described.
  const types = (input.AlarmTypes ?? ['MetricAlarm']) as string[];
  const matching = alarms
    .all()
    .filter(({ name }) => names === undefined || names.includes(name))
    .filter(({ name }) => name.startsWith(String(input.AlarmNamePrefix ?? '')))
    .filter(({ state }) => input.StateValue === undefined || state.value === input.StateValue)
    .filter(({ kind }) => types.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const start = Number(input.NextToken ?? 0);
  const end = start + Number(input.MaxRecords ?? DEFAULT_ALARMS_PAGE);
  const page = matching.slice(start, end);
  return {
    MetricAlarms: page.filter(({ kind }) => kind === 'metric').map(describe),
    CompositeAlarms: page.filter(({ kind }) => kind === 'composite').map(describe),
    ...(end < matching.length ? { NextToken: String(end) } : {}),
  };
}

function enableActions(alarms: Alarms, input: Members, enabled: boolean): Members {
  for (const name of input.AlarmNames as string[]) {
    const alarm = alarms.find(name);
    if (alarm !== undefined) alarm.actionsEnabled = enabled;
  }
  return {};
}

export function cloudWatchOperations(store: MetricStore, alarms: Alarms): Record<string, Operation> {
  const onAlarms = (action: string, names: unknown): Permission[] =>
    (names as string[]).map((name) => ({ action: `cloudwatch:${action}`, resource: alarms.arn(name) }));
  return {
    PutMetricData: {
      permissions: (input) => [
        { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': String(input.Namespace) } },
      ],
      run: (input, { cloud }) => putMetricData(store, input, cloud.clock.now()),
    },
    GetMetricData: { permissions: () => everywhere('GetMetricData'), run: (input) => getMetricData(store, input) },
    GetMetricStatistics: { permissions: () => everywhere('GetMetricStatistics'), run: (input) => getMetricStatistics(store, input) },
    DescribeAlarms: {
      permissions: (input) =>
        input.AlarmNames === undefined ? everywhere('DescribeAlarms') : onAlarms('DescribeAlarms', input.AlarmNames),
      run: (input) => describeAlarms(alarms, input),
    },
    PutMetricAlarm: {
      permissions: (input) => onAlarms('PutMetricAlarm', [input.AlarmName]),
      run: (input) => {
        alarms.putMetricAlarm(input);
        return {};
      },
    },
    SetAlarmState: {
      permissions: (input) => onAlarms('SetAlarmState', [input.AlarmName]),
      run: (input) => {
        alarms.setState(input.AlarmName, input.StateValue, input.StateReason);
        return {};
      },
    },
    DeleteAlarms: {
      permissions: (input) => onAlarms('DeleteAlarms', input.AlarmNames),
      run: (input) => {
        for (const name of input.AlarmNames as string[]) alarms.remove(name);
        return {};
      },
    },
    EnableAlarmActions: {
      permissions: (input) => onAlarms('EnableAlarmActions', input.AlarmNames),
      run: (input) => enableActions(alarms, input, true),
    },
    DisableAlarmActions: {
      permissions: (input) => onAlarms('DisableAlarmActions', input.AlarmNames),
      run: (input) => enableActions(alarms, input, false),
    },
  };
}
