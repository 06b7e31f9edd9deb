import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import type { EvaluationRule, MissingData } from './missing-data';
import { QuerySet, type Query } from './queries';
import type { MetricStore } from './series';

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};
const IN_WORDS: Record<string, string> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'];
const MAX_METRICS = 10;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;
/** CloudWatch reads further back than the evaluation periods; the user guide's tables show two more. */
const FURTHER_BACK = 2;

/** Members that change how an alarm works, in ways that are not simulated. */
const NOT_SIMULATED: Record<string, string> = {
  ThresholdMetricId: 'needs anomaly detection',
  EvaluationWindow: 'asks for a wall clock window; only sliding windows are simulated',
  WarmUpConfiguration: 'asks for a warm-up period',
  EvaluationCriteria: 'asks for a PromQL alarm',
  EvaluationInterval: 'asks for an evaluation interval of its own',
  ActionConfiguration: 'changes what actions say',
};

export interface MetricAlarmDefinition extends EvaluationRule {
  queries: QuerySet;
  /** The query whose values are compared. */
  watched: Query;
  periodSeconds: number;
  /** Periods that are looked at: more than are judged. */
  evaluationRange: number;
  threshold: number;
  comparison: string;
  breaches(value: number): boolean;
  /** Few samples of a percentile: keep the state. */
  ignoreLowSamples: boolean;
  input: Members;
}

const wrong = (message: string): AwsError => new AwsError('ValidationError', message);

function comparisonOf(where: string, name: unknown): string {
  const text = String(name);
  if (Object.hasOwn(COMPARISONS, text)) return text;
  if (text.includes('Lower') || text.includes('UpperThreshold'))
    throw new UnsupportedError(`${where}: ${text} needs anomaly detection, which the laptop cloud does not have`);
  throw wrong(`${where}: ComparisonOperator must be one of ${Object.keys(COMPARISONS).join(', ')}, got ${text}.`);
}

/** A single metric is one query, too. */
function queriesOf(store: MetricStore, where: string, input: Members): QuerySet {
  if (input.Metrics !== undefined) {
    if (input.MetricName !== undefined) throw wrong(`${where}: give either Metrics or MetricName, not both.`);
    const metrics = input.Metrics as Members[];
    if (metrics.filter(({ MetricStat }) => MetricStat !== undefined).length > MAX_METRICS)
      throw wrong(`${where}: an alarm on metric math can use at most ${MAX_METRICS} metrics, got ${metrics.length}.`);
    return new QuerySet(store, where, metrics);
  }
  const stat = (input.Statistic ?? input.ExtendedStatistic) as string | undefined;
  if (input.MetricName === undefined || input.Namespace === undefined || stat === undefined)
    throw wrong(`${where}: MetricName, Namespace and Statistic or ExtendedStatistic are needed.`);
  if (input.Statistic !== undefined && input.ExtendedStatistic !== undefined)
    throw wrong(`${where}: give either Statistic or ExtendedStatistic, not both.`);
  const metric = { Namespace: input.Namespace, MetricName: input.MetricName, Dimensions: input.Dimensions };
  return new QuerySet(store, where, [{ Id: 'm1', MetricStat: { Metric: metric, Period: input.Period, Stat: stat, Unit: input.Unit } }]);
}

function refuseUnsimulated(where: string, input: Members): void {
  for (const [member, why] of Object.entries(NOT_SIMULATED)) {
    if (input[member] === undefined || (member === 'EvaluationWindow' && slides(input[member] as Members))) continue;
    throw new UnsupportedError(`${where}: ${member} ${why}, which the laptop cloud does not have`);
  }
}

const slides = ({ WallClockWindow }: Members): boolean => WallClockWindow === undefined;

/** Alarms on DynamoDB's own metrics ignore missing data unless they say otherwise. */
function defaultTreatment(queries: QuerySet): MissingData {
  return queries.series.some(({ id }) => id.namespace === 'AWS/DynamoDB') ? 'ignore' : 'missing';
}

function periodOf(where: string, queries: QuerySet, watched: Query): number {
  const periods = [
    ...new Set([...queries.periodsOf(watched), ...queries.queries.flatMap((one) => (one.kind === 'metric' ? [one.periodSeconds] : []))]),
  ];
  if (periods.length > 1) throw wrong(`${where}: all metrics must have the same Period, got ${periods.join(', ')} s.`);
  const [seconds] = periods;
  if (seconds === 1 || seconds === 5)
    throw wrong(`${where}: the Period of an alarm is 10, 20, 30 or a multiple of 60 seconds, got ${seconds}.`);
  return seconds!;
}

function watchedOf(where: string, queries: QuerySet): Query {
  const returned = queries.queries.filter(({ returnData }) => returnData);
  const [watched] = returned;
  if (watched === undefined || returned.length > 1)
    throw wrong(`${where}: exactly one of Metrics must return data (ReturnData), got ${returned.length}.`);
  if (queries.kindOf(watched) !== 'TS') throw wrong(`${where}: query ${watched.id} gives several time series; an alarm watches one.`);
  return watched;
}

function count(where: string, member: string, value: unknown, most: number): number {
  const number = value === undefined ? Number.NaN : Number(value);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw wrong(`${where}: ${member} must be a whole number from 1 to ${most}, got ${String(value)}.`);
  return number;
}

const breachOf =
  (compare: (value: number, threshold: number) => boolean, threshold: number) =>
  (value: number): boolean =>
    compare(value, threshold);

export function readMetricAlarm(store: MetricStore, name: string, input: Members): MetricAlarmDefinition {
  const where = `alarm ${name}`;
  refuseUnsimulated(where, input);
  const comparison = comparisonOf(where, input.ComparisonOperator);
  const queries = queriesOf(store, where, input);
  const watched = watchedOf(where, queries);
  const evaluationPeriods = count(where, 'EvaluationPeriods', input.EvaluationPeriods, DAY_SECONDS);
  const periodSeconds = periodOf(where, queries, watched);
  const longest = periodSeconds >= HOUR_SECONDS ? WEEK_SECONDS : DAY_SECONDS;
  if (evaluationPeriods * periodSeconds > longest)
    throw wrong(`${where}: EvaluationPeriods × Period is ${evaluationPeriods * periodSeconds} s, at most ${longest} s are allowed.`);
  const treatMissingData = (input.TreatMissingData ?? defaultTreatment(queries)) as MissingData;
  if (!TREATMENTS.includes(treatMissingData))
    throw wrong(`${where}: TreatMissingData must be one of ${TREATMENTS.join(', ')}, got ${String(treatMissingData)}.`);
  const threshold = Number(input.Threshold);
  if (input.Threshold === undefined || Number.isNaN(threshold))
    throw wrong(`${where}: Threshold must be a number, got ${String(input.Threshold)}.`);
  const lowSamples: unknown = input.EvaluateLowSampleCountPercentile;
  if (lowSamples !== undefined && lowSamples !== 'evaluate' && lowSamples !== 'ignore')
    throw wrong(`${where}: EvaluateLowSampleCountPercentile must be evaluate or ignore, got ${String(lowSamples)}.`);
  return {
    queries,
    watched,
    periodSeconds,
    evaluationPeriods,
    evaluationRange: evaluationPeriods + FURTHER_BACK,
    datapointsToAlarm: count(where, 'DatapointsToAlarm', input.DatapointsToAlarm ?? evaluationPeriods, evaluationPeriods),
    treatMissingData,
    threshold,
    comparison,
    breaches: breachOf(COMPARISONS[comparison]!, threshold),
    ignoreLowSamples: lowSamples === 'ignore',
    input,
  };
}

export const comparisonInWords = (comparison: string): string => IN_WORDS[comparison]!;
