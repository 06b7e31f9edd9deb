import { AwsError, UnsupportedError, type Members, type Operation, type Permission } from '../../cloud/types';
import { isList, type Labelled, type Value } from './math/value';
import { paged, shownBefore, tokenAfter } from './paging';
import { putMetricData } from './put-metric-data';
import { checkPeriod, QuerySet, readDimensions, unitMatches, type Query } from './queries';
import type { Dimensions, MetricSeries, MetricStore } from './series';
import { parseStatistic, statisticOf } from './statistics';

const HOUR = 3_600_000;
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;
const MAX_STATISTICS_POINTS = 1440;
const METRICS_PER_PAGE = 500;
const LISTED_MILLIS = 14 * 24 * HOUR;

const wrong = (message: string, code = 'InvalidParameterValue'): AwsError => new AwsError(code, message);

/** Starts of all periods in [from, to), aligned to the period. */
function periods(from: Date, to: Date, periodMillis: number): number[] {
  if (!(from < to)) throw wrong('The parameter StartTime must be before the parameter EndTime.', 'ValidationError');
  const starts: number[] = [];
  for (let t = Math.floor(from.getTime() / periodMillis) * periodMillis; t < to.getTime(); t += periodMillis) starts.push(t);
  return starts;
}

interface Result {
  id: string;
  label: string;
  points: { t: number; value: number }[];
}

function resultsOf(set: QuerySet, query: Query, input: Members): Result[] {
  const [periodSeconds, ...others] = set.periodsOf(query);
  if (others.length > 0)
    throw new UnsupportedError(
      `GetMetricData: query ${query.id} mixes the periods ${[periodSeconds, ...others].join(', ')} s: the laptop cloud needs one`,
    );
  const grid = periods(input.StartTime, input.EndTime, periodSeconds! * 1000);
  const value = set.value(query, grid, periodSeconds!);
  return labelled(query, value).map(({ label, points }) => {
    const known = points.flatMap((point, index) => (Number.isNaN(point) ? [] : [{ t: grid[index]!, value: point }]));
    return { id: query.id, label, points: input.ScanBy === 'TimestampAscending' ? known : known.reverse() };
  });
}

/** Each time series of an array is a result of its own, labelled by the expression and by the metric. */
function labelled(query: Query, value: Value): Labelled[] {
  if (typeof value === 'number') throw wrong(`GetMetricData: query ${query.id} gives a number.`, 'ValidationError');
  return isList(value)
    ? value.list.map(({ label, points }) => ({ label: `${query.label} ${label}`.trim(), points }))
    : [{ label: query.label, points: value }];
}

function getMetricData(store: MetricStore, input: Members): Members {
  const inputs = input.MetricDataQueries as Members[];
  if (inputs.length > MAX_QUERIES) throw wrong(`GetMetricData got ${inputs.length} queries, at most ${MAX_QUERIES}.`, 'ValidationError');
  for (const { Id, Label } of inputs)
    if (String(Label ?? '').includes('${'))
      throw new UnsupportedError(
        `GetMetricData: query ${String(Id)} has a dynamic label (${String(Label)}), which the laptop cloud does not have`,
      );
  const set = new QuerySet(store, 'GetMetricData', inputs);
  const results = set.queries.filter(({ returnData }) => returnData).flatMap((query) => resultsOf(set, query, input));
  return pageOfPoints(results, input);
}

/** A page holds at most MaxDatapoints; a result that goes on is marked as partial. */
function pageOfPoints(results: Result[], input: Members): Members {
  const most = Number(input.MaxDatapoints ?? MAX_DATAPOINTS);
  if (most < 1 || most > MAX_DATAPOINTS) throw wrong(`MaxDatapoints must be from 1 to ${MAX_DATAPOINTS}, got ${most}.`, 'ValidationError');
  const start = shownBefore('GetMetricData', input);
  const end = start + most;
  let offset = 0;
  const MetricDataResults = results.flatMap(({ id, label, points }) => {
    const from = offset;
    offset += points.length;
    if (start > 0 && (offset <= start || from >= end)) return [];
    if (from >= end && points.length > 0) return [];
    const page = points.slice(Math.max(0, start - from), Math.max(0, end - from));
    return [
      {
        Id: id,
        Label: label,
        Timestamps: page.map(({ t }) => new Date(t)),
        Values: page.map(({ value }) => value),
        StatusCode: offset > end ? 'PartialData' : 'Complete',
      },
    ];
  });
  return { MetricDataResults, Messages: [], ...(end < offset ? { NextToken: tokenAfter('GetMetricData', input, end) } : {}) };
}

function getMetricStatistics(store: MetricStore, input: Members): Members {
  const simple = (input.Statistics ?? []) as string[];
  const extended = (input.ExtendedStatistics ?? []) as string[];
  if (simple.length === 0 && extended.length === 0)
    throw wrong('At least one of the parameters Statistics and ExtendedStatistics must be specified.', 'MissingRequiredParameter');
  const series = store.find(String(input.Namespace), String(input.MetricName), readDimensions(input.Dimensions));
  const periodMillis = checkPeriod('GetMetricStatistics', input.Period) * 1000;
  const starts = periods(input.StartTime, input.EndTime, periodMillis);
  if (starts.length > MAX_STATISTICS_POINTS)
    throw wrong(
      `You have requested up to ${starts.length} datapoints, which exceeds the limit of ${MAX_STATISTICS_POINTS}.`,
      'InvalidParameterCombination',
    );
  if (series === undefined || !unitMatches(series, input.Unit as string | undefined)) return { Label: input.MetricName, Datapoints: [] };
  const Unit = [...series.units][0] ?? 'None';
  const Datapoints = starts.flatMap((t) => {
    const bucket = series.window(t, t + periodMillis);
    if (bucket === undefined) return [];
    const valuesOf = (names: string[]): Members =>
      Object.fromEntries(names.map((name) => [name, statisticOf(bucket, parseStatistic(name))]).filter(([, value]) => value !== undefined));
    const more = valuesOf(extended);
    return [{ Timestamp: new Date(t), Unit, ...valuesOf(simple), ...(Object.keys(more).length === 0 ? {} : { ExtendedStatistics: more }) }];
  });
  return { Label: input.MetricName, Datapoints };
}

function listMetrics(store: MetricStore, input: Members, now: number): Members {
  if (input.IncludeLinkedAccounts === true || input.OwningAccount !== undefined)
    throw new UnsupportedError('ListMetrics of other accounts is not supported by the laptop cloud');
  const since = now - (input.RecentlyActive === 'PT3H' ? 3 * HOUR : LISTED_MILLIS);
  const filters = (input.Dimensions ?? []) as Members[];
  const fits = (dimensions: Dimensions): boolean =>
    filters.every(({ Name, Value }) => dimensions[Name] !== undefined && (Value === undefined || dimensions[Name] === Value));
  // No series ever goes, so that its place stays.
  const matching = store
    .all()
    .map((series, place) => ({ series, place }))
    .filter(
      ({ series }) =>
        !series.empty &&
        series.newestMillis >= since &&
        (input.Namespace === undefined || series.id.namespace === input.Namespace) &&
        (input.MetricName === undefined || series.id.name === input.MetricName) &&
        fits(series.id.dimensions),
    );
  const { page, next } = paged('ListMetrics', input, { items: matching, keyOf: ({ place }) => place, size: METRICS_PER_PAGE });
  return { Metrics: page.map(({ series }) => describeMetric(series)), ...next };
}

const describeMetric = ({ id }: MetricSeries): Members => ({
  Namespace: id.namespace,
  MetricName: id.name,
  Dimensions: Object.entries(id.dimensions).map(([Name, Value]) => ({ Name, Value })),
});

export function metricOperations(store: MetricStore): Record<string, Operation> {
  const everywhere = (action: string): Permission[] => [{ action: `cloudwatch:${action}`, resource: '*' }];
  return {
    PutMetricData: {
      permissions: (input) => [
        { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': String(input.Namespace) } },
      ],
      run: (input, { cloud }) => putMetricData(cloud, store, input),
    },
    GetMetricData: { permissions: () => everywhere('GetMetricData'), run: (input) => getMetricData(store, input) },
    GetMetricStatistics: { permissions: () => everywhere('GetMetricStatistics'), run: (input) => getMetricStatistics(store, input) },
    ListMetrics: { permissions: () => everywhere('ListMetrics'), run: (input, { cloud }) => listMetrics(store, input, cloud.clock.now()) },
  };
}
