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
const DAY_SECONDS = 86_400;

export interface MetricAlarmDefinition extends EvaluationRule {
  queries: QuerySet;
  /** The query whose values are compared. */
  watched: Query;
  periodSeconds: number;
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
  if (COMPARISONS[text] !== undefined) return text;
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

function watchedOf(where: string, queries: QuerySet): Query {
  const returned = queries.queries.filter(({ returnData }) => returnData);
  const [watched] = returned;
  if (watched === undefined || returned.length > 1)
    throw wrong(`${where}: exactly one of Metrics must return data (ReturnData), got ${returned.length}.`);
  return watched;
}

function count(where: string, member: string, value: unknown, most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw wrong(`${where}: ${member} must be a whole number from 1 to ${most}, got ${String(value)}.`);
  return number;
}

export function readMetricAlarm(store: MetricStore, name: string, input: Members): MetricAlarmDefinition {
  const where = `alarm ${name}`;
  const comparison = comparisonOf(where, input.ComparisonOperator);
  if (input.ThresholdMetricId !== undefined)
    throw new UnsupportedError(`${where}: ThresholdMetricId needs anomaly detection, which the laptop cloud does not have`);
  const queries = queriesOf(store, where, input);
  const watched = watchedOf(where, queries);
  const evaluationPeriods = count(where, 'EvaluationPeriods', input.EvaluationPeriods, DAY_SECONDS);
  const periodSeconds = queries.periodSeconds;
  const longest = periodSeconds >= 3600 ? 7 * DAY_SECONDS : DAY_SECONDS;
  if (evaluationPeriods * periodSeconds > longest)
    throw wrong(`${where}: EvaluationPeriods × Period is ${evaluationPeriods * periodSeconds} s, at most ${longest} s are allowed.`);
  const treatMissingData = (input.TreatMissingData ?? 'missing') as MissingData;
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
    datapointsToAlarm: count(where, 'DatapointsToAlarm', input.DatapointsToAlarm ?? evaluationPeriods, evaluationPeriods),
    treatMissingData,
    threshold,
    comparison,
    breaches: (value) => COMPARISONS[comparison]!(value, threshold),
    ignoreLowSamples: lowSamples === 'ignore',
    input,
  };
}

export const comparisonInWords = (comparison: string): string => IN_WORDS[comparison]!;
