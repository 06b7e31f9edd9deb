import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import { asSeries, evaluate, type TimeSeries, type Value } from './math/evaluate';
import { parseExpression, type Expression } from './math/parse';
import type { Dimensions, MetricSeries, MetricStore } from './series';
import { parseStatistic, statisticOf, type Statistic } from './statistics';

const MINUTE_SECONDS = 60;

interface MetricQuery {
  kind: 'metric';
  id: string;
  series: MetricSeries;
  periodSeconds: number;
  statistic: Statistic;
  unit?: string;
}

interface MathQuery {
  kind: 'math';
  id: string;
  expression: Expression;
  periodSeconds?: number;
}

export type Query = (MetricQuery | MathQuery) & { label: string; returnData: boolean };

export const readDimensions = (dimensions: unknown): Dimensions =>
  Object.fromEntries(((dimensions ?? []) as Members[]).map(({ Name, Value }) => [String(Name), String(Value)]));

export function checkPeriod(where: string, period: unknown): number {
  const seconds = Number(period);
  if ([10, 20, 30].includes(seconds))
    throw new UnsupportedError(`${where} has a period of ${seconds} s: the laptop cloud keeps metrics by the minute`);
  if (!Number.isInteger(seconds) || seconds < MINUTE_SECONDS || seconds % MINUTE_SECONDS !== 0)
    throw new AwsError('ValidationError', `${where}: Period must be a multiple of 60 seconds, got ${String(period)}.`);
  return seconds;
}

function readQuery(store: MetricStore, where: string, input: Members): Query {
  const id = String(input.Id);
  if (!/^[a-z]\w*$/.test(id))
    throw new AwsError(
      'ValidationError',
      `${where}: query id '${id}' must start with a lower-case letter and hold letters, digits and _ only.`,
    );
  const common = { id, label: String(input.Label ?? id), returnData: input.ReturnData !== false };
  if (input.Expression !== undefined) {
    const period = input.Period === undefined ? {} : { periodSeconds: checkPeriod(where, input.Period) };
    return { ...common, kind: 'math', expression: parseExpression(String(input.Expression)), ...period };
  }
  const stat = input.MetricStat as Members | undefined;
  if (stat === undefined) throw new AwsError('ValidationError', `${where}: query ${id} needs an Expression or a MetricStat.`);
  const { Namespace, MetricName, Dimensions: dimensions } = stat.Metric as Members;
  return {
    ...common,
    kind: 'metric',
    series: store.series(String(Namespace), String(MetricName), readDimensions(dimensions)),
    periodSeconds: checkPeriod(where, stat.Period),
    statistic: parseStatistic(String(stat.Stat)),
    ...(stat.Unit === undefined ? {} : { unit: String(stat.Unit) }),
  };
}

/** A set of metric data queries that may name each other. */
export class QuerySet {
  readonly queries: Query[];

  constructor(
    store: MetricStore,
    private readonly where: string,
    inputs: Members[],
  ) {
    this.queries = inputs.map((input) => readQuery(store, where, input));
    const ids = this.queries.map(({ id }) => id);
    if (new Set(ids).size < ids.length) throw new AwsError('ValidationError', `${where}: query ids must be unique, got ${ids.join(', ')}.`);
  }

  /** The period that all metrics share. */
  get periodSeconds(): number {
    const periods = new Set(this.queries.flatMap(({ periodSeconds }) => periodSeconds ?? []));
    const [first] = periods;
    if (first === undefined) throw new AwsError('ValidationError', `${this.where}: no metric gives a Period.`);
    if (periods.size > 1)
      throw new UnsupportedError(`${this.where} mixes the periods ${[...periods].join(', ')} s: the laptop cloud needs one`);
    return first;
  }

  get series(): MetricSeries[] {
    return this.queries.flatMap((query) => (query.kind === 'metric' ? [query.series] : []));
  }

  /** Values of one query over periods that start at `grid`. */
  values(wanted: Query, grid: number[], periodMillis: number): TimeSeries {
    const known = new Map<string, Value>();
    const metricIds = this.queries.filter(({ kind }) => kind === 'metric').map(({ id }) => id);
    const valueOf = (query: Query): Value => {
      const cached = known.get(query.id);
      if (cached !== undefined) return cached;
      const value =
        query.kind === 'metric' ? metricValues(query, grid, periodMillis) : evaluate(query.expression, { lookup, metricIds, grid });
      known.set(query.id, value);
      return value;
    };
    const open = new Set<string>();
    const lookup = (id: string): Value => {
      const query = this.queries.find((one) => one.id === id);
      if (query === undefined) throw new AwsError('ValidationError', `${this.where}: no query has the id '${id}'.`);
      if (open.has(id)) throw new AwsError('ValidationError', `${this.where}: query '${id}' depends on itself.`);
      open.add(id);
      const value = valueOf(query);
      open.delete(id);
      return value;
    };
    return asSeries(lookup(wanted.id), { grid });
  }
}

function metricValues({ series, statistic, unit }: MetricQuery, grid: number[], periodMillis: number): TimeSeries {
  const values: TimeSeries = new Map();
  if (!unitMatches(series, unit)) return values;
  for (const t of grid) {
    const bucket = series.window(t, t + periodMillis);
    if (bucket !== undefined) values.set(t, statisticOf(bucket, statistic));
  }
  return values;
}

function unitMatches(series: MetricSeries, unit: string | undefined): boolean {
  if (unit === undefined || series.units.size === 0) return true;
  if (series.units.size > 1)
    throw new UnsupportedError(
      `Metric ${series.id.name} was published in several units (${[...series.units].join(', ')}) and is read in one`,
    );
  return series.units.has(unit);
}
