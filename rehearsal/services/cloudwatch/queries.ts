import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import { CALENDAR } from './math/calendar';
import { calls, idsIn, kindOf } from './math/check';
import { evaluate, type EvaluationScope } from './math/evaluate';
import { parseExpression, type Expression } from './math/parse';
import { asSeries, NONE, type Kind, type TimeSeries, type Value } from './math/value';
import type { Dimensions, MetricSeries, MetricStore } from './series';
import { parseStatistic, statisticOf, type Statistic } from './statistics';

const MINUTE_SECONDS = 60;
const SHORT_PERIODS = [1, 5, 10, 20, 30];

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

const wrong = (message: string): AwsError => new AwsError('ValidationError', message);

export const readDimensions = (dimensions: unknown): Dimensions =>
  Object.fromEntries(((dimensions ?? []) as Members[]).map(({ Name, Value }) => [String(Name), String(Value)]));

export function checkPeriod(where: string, period: unknown): number {
  const seconds = Number(period);
  if (SHORT_PERIODS.includes(seconds)) return seconds;
  if (!Number.isInteger(seconds) || seconds < MINUTE_SECONDS || seconds % MINUTE_SECONDS !== 0)
    throw wrong(`${where}: Period must be ${SHORT_PERIODS.join(', ')} or a multiple of 60 seconds, got ${String(period)}.`);
  return seconds;
}

function readQuery(store: MetricStore, where: string, input: Members): Query {
  const id = String(input.Id);
  if (!/^[a-z]\w*$/.test(id))
    throw wrong(`${where}: query id '${id}' must start with a lower-case letter and hold letters, digits and _ only.`);
  if (input.AccountId !== undefined)
    throw new UnsupportedError(`${where}: query ${id} names an AccountId; metrics of other accounts are not supported by the laptop cloud`);
  const returnData = input.ReturnData !== false && input.ReturnData !== 'false';
  if (input.Expression !== undefined) {
    const text = String(input.Expression);
    if (/^\s*SELECT\b/i.test(text))
      throw new UnsupportedError(`${where}: query ${id} is a Metrics Insights query (SELECT), which the laptop cloud does not support`);
    const period = input.Period === undefined ? {} : { periodSeconds: checkPeriod(where, input.Period) };
    return { id, label: String(input.Label ?? id), returnData, kind: 'math', expression: parseExpression(text), ...period };
  }
  const stat = input.MetricStat as Members | undefined;
  if (stat === undefined) throw wrong(`${where}: query ${id} needs an Expression or a MetricStat.`);
  const { Namespace, MetricName, Dimensions: dimensions } = stat.Metric as Members;
  return {
    id,
    label: String(input.Label ?? MetricName),
    returnData,
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
  /** True where values change as time passes, without any data. */
  readonly followsTheClock: boolean;
  private readonly byId: Map<string, Query>;
  private readonly metrics: { id: string; label: string }[];

  constructor(
    store: MetricStore,
    private readonly where: string,
    inputs: Members[],
  ) {
    this.queries = inputs.map((input) => readQuery(store, where, input));
    this.byId = new Map(this.queries.map((query) => [query.id, query]));
    if (this.byId.size < this.queries.length)
      throw wrong(`${where}: query ids must be unique, got ${this.queries.map(({ id }) => id).join(', ')}.`);
    this.followsTheClock = this.queries.some((query) => query.kind === 'math' && calls(query.expression, CALENDAR));
    this.metrics = this.queries.filter(({ kind }) => kind === 'metric').map(({ id, label }) => ({ id, label }));
    for (const query of this.queries) {
      if (this.kindOf(query) === 'S' && query.returnData)
        throw wrong(`${where}: query ${query.id} gives a number; what is returned must be a time series, e.g. TIME_SERIES(…).`);
    }
  }

  get series(): MetricSeries[] {
    return this.queries.flatMap((query) => (query.kind === 'metric' ? [query.series] : []));
  }

  kindOf(query: Query, open: readonly string[] = []): Kind {
    if (query.kind === 'metric') return 'TS';
    if (open.includes(query.id)) throw wrong(`${this.where}: query '${query.id}' depends on itself.`);
    return kindOf(query.expression, (id) => this.kindOf(this.get(id), [...open, query.id]));
  }

  /** All periods that a query draws on: more than one cannot be put on one grid. */
  periodsOf(query: Query): number[] {
    if (query.kind === 'metric') return [query.periodSeconds];
    const named = calls(query.expression, ['METRICS']) ? this.metrics.map(({ id }) => id) : [];
    const periods = [...named, ...idsIn(query.expression)].flatMap((id) => this.periodsOf(this.get(id)));
    if (periods.length === 0 && query.periodSeconds === undefined)
      throw wrong(`${this.where}: query ${query.id}: no metric gives a Period.`);
    return [...new Set(periods.length === 0 ? [query.periodSeconds!] : periods)];
  }

  /** Values over periods that start at `grid`. */
  value(wanted: Query, grid: number[], periodSeconds: number): Value {
    if (wanted.kind === 'metric') return metricValues(wanted, grid, periodSeconds * 1000);
    const known = new Map<string, Value>();
    const valueOf = (query: Query): Value => {
      let value = known.get(query.id);
      if (value === undefined) {
        value = query.kind === 'metric' ? metricValues(query, grid, periodSeconds * 1000) : evaluate(query.expression, scope);
        known.set(query.id, value);
      }
      return value;
    };
    const scope: EvaluationScope = { grid, periodSeconds, metrics: this.metrics, lookup: (id) => valueOf(this.get(id)) };
    return valueOf(wanted);
  }

  points(wanted: Query, grid: number[], periodSeconds: number): TimeSeries {
    return asSeries(this.value(wanted, grid, periodSeconds), grid.length);
  }

  private get(id: string): Query {
    const query = this.byId.get(id);
    if (query === undefined) throw wrong(`${this.where}: no query has the id '${id}'.`);
    return query;
  }
}

function metricValues({ series, statistic, unit }: MetricQuery, grid: number[], periodMillis: number): TimeSeries {
  if (unit !== undefined && !unitMatches(series, unit)) return grid.map(() => NONE);
  const values = new Array<number>(grid.length);
  for (let index = 0; index < grid.length; index += 1) {
    const t = grid[index]!;
    const bucket = series.window(t, t + periodMillis);
    values[index] = bucket === undefined ? NONE : (statisticOf(bucket, statistic) ?? NONE);
  }
  return values;
}

export function unitMatches(series: MetricSeries, unit: string | undefined): boolean {
  if (unit === undefined || series.units.size === 0) return true;
  if (series.units.size > 1)
    throw new UnsupportedError(
      `Metric ${series.id.name} was published in several units (${[...series.units].join(', ')}) and is read in one`,
    );
  return series.units.has(unit);
}
