import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { breaches, periodSince } from '../../core/rollback/alarm-window';
import type { Ledger } from '../shared/ledger';
import { readRelease, type StoredRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';

/** What an alarm says of a span of time other than its own window. */
export interface AlarmReader {
  /** Undefined where that cannot be said. */
  breachesSince(alarmName: string, sinceMillis: number, nowMillis: number): Promise<boolean | undefined>;
}

/** Longest window of the use case's own alarms. */
const WINDOW_MILLIS = 15 * 60_000;

/**
 * True when the alarm goes back to the candidate before: its requests are still in the alarm's window, and this candidate's own, since its
 * first share of the traffic, would not raise it. Whatever is unclear counts against the candidate.
 */
export async function isCarried(
  { ledger, alarms }: { ledger: Ledger; alarms: AlarmReader },
  alarmName: string,
  candidateId: string,
  nowMillis: number,
): Promise<boolean> {
  try {
    const startedAt = (await readRelease(ledger, candidateId))?.canaryStartedAt;
    if (startedAt === undefined || nowMillis - Date.parse(startedAt) >= WINDOW_MILLIS) return false;
    if (!(await anotherIsInTheWindow(ledger, candidateId, nowMillis - WINDOW_MILLIS))) return false;
    return (await alarms.breachesSince(alarmName, Date.parse(startedAt), nowMillis)) === false;
  } catch (error) {
    logger.error('Whether the alarm goes back to the release before could not be said', { error, alarmName, candidateId });
    return false;
  }
}

async function anotherIsInTheWindow(ledger: Ledger, candidateId: string, fromMillis: number): Promise<boolean> {
  const releases = await ledger.query<StoredRelease>('releases');
  return releases.some(
    ({ id, openedSteps, endedAt }) =>
      id !== candidateId && (openedSteps ?? []).length > 0 && (endedAt === undefined || Date.parse(endedAt) >= fromMillis),
  );
}

export function alarmReaderOf(cloudwatch: CloudWatchClient): AlarmReader {
  return {
    breachesSince: async (alarmName, sinceMillis, nowMillis) => {
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarmName] }));
      const alarm = MetricAlarms?.[0];
      return alarm === undefined ? undefined : judge(cloudwatch, alarm, sinceMillis, nowMillis);
    },
  };
}

async function judge(
  cloudwatch: CloudWatchClient,
  alarm: MetricAlarm,
  sinceMillis: number,
  nowMillis: number,
): Promise<boolean | undefined> {
  const { startSeconds, endSeconds, periodSeconds } = periodSince(sinceMillis, nowMillis);
  const queries = queriesOf(alarm, periodSeconds);
  if (queries === undefined || alarm.Threshold === undefined) return undefined;
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(startSeconds * 1000),
      EndTime: new Date(endSeconds * 1000),
    }),
  );
  const { Threshold, ComparisonOperator } = alarm;
  const judged = (MetricDataResults ?? []).flatMap(({ Values }) =>
    (Values ?? []).map((value) => breaches(value, ComparisonOperator ?? '', Threshold)),
  );
  // No value: the candidate has not been asked, or nothing has arrived.
  return judged.includes(undefined) ? undefined : judged.includes(true);
}

/** The alarm's own metrics, each summed up over the whole time. */
function queriesOf(alarm: MetricAlarm, Period: number): MetricDataQuery[] | undefined {
  const { Metrics, Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic } = alarm;
  if (Metrics !== undefined && Metrics.length > 0) {
    return Metrics.map((query) =>
      query.MetricStat === undefined
        ? { ...query, ...(query.Period === undefined ? {} : { Period }) }
        : { ...query, MetricStat: { ...query.MetricStat, Period } },
    );
  }
  const Stat = Statistic ?? ExtendedStatistic;
  if (Namespace === undefined || MetricName === undefined || Stat === undefined) return undefined;
  return [{ Id: 'metric', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } }];
}
