import type { Expression } from './parse';
import { filled } from './fill';
import { calendarField, CALENDAR } from './calendar';
import {
  asList,
  asSeries,
  finite,
  isList,
  mapPoints,
  mapSeries,
  NONE,
  present,
  wrong,
  type Kind,
  type Labelled,
  type TimeSeries,
  type Value,
} from './value';

export interface Scope {
  /** Starts of all periods asked for, oldest first. */
  grid: number[];
  /** Value of another query by its id. */
  lookup(id: string): Value;
  /** The queries that are plain metrics, in order. */
  metrics: { id: string; label: string }[];
  periodSeconds: number;
  evaluate(expression: Expression): Value;
}

export interface MathFunction {
  least: number;
  most: number;
  /** What it gives for the kinds of its arguments; undefined: it does not take them. */
  kind(kinds: (Kind | undefined)[]): Kind | undefined;
  run(args: Expression[], scope: Scope): Value;
}

const sum = (values: number[]): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const average = (values: number[]): number => sum(values) / values.length;
const deviation = (values: number[]): number => {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
};

const AGGREGATES: Record<string, (values: number[]) => number> = {
  SUM: sum,
  AVG: average,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  STDDEV: deviation,
  DATAPOINT_COUNT: (values) => values.length,
};

/** Of one time series: a number. Of an array: a time series. */
function aggregate(name: string, combine: (values: number[]) => number): MathFunction {
  return {
    least: 1,
    most: 1,
    kind: ([kind]) => (kind === 'TS' ? 'S' : kind === 'TS[]' ? 'TS' : undefined),
    run: ([argument], scope) => {
      const value = scope.evaluate(argument!);
      const over = (values: number[]): number => (values.length === 0 ? (name === 'DATAPOINT_COUNT' ? 0 : NONE) : finite(combine(values)));
      if (!isList(value)) return over(present(asSeries(value, scope.grid.length)));
      return scope.grid.map((_t, index) => {
        const values = present(value.list.map(({ points }) => points[index]!));
        // The average of an array counts missing values as 0.
        return name === 'AVG' && values.length > 0 ? finite(sum(values) / value.list.length) : over(values);
      });
    },
  };
}

const perPoint = (change: (value: number) => number): MathFunction => ({
  least: 1,
  most: 1,
  kind: ([kind]) => kind,
  run: ([argument], scope) => mapPoints(scope.evaluate(argument!), change),
});

function perSeries(change: (points: TimeSeries, scope: Scope) => TimeSeries): MathFunction {
  return {
    least: 1,
    most: 1,
    kind: ([kind]) => (kind === 'S' ? undefined : kind),
    run: ([argument], scope) => mapSeries(scope.evaluate(argument!) as TimeSeries, (points) => change(points, scope)),
  };
}

/** What a value and the one before it, with their distance in seconds, give. */
const stepwise = (step: (value: number, before: number, seconds: number) => number): MathFunction =>
  perSeries((points, { grid }) => {
    let last = -1;
    return points.map((value, index) => {
      if (Number.isNaN(value)) return NONE;
      const before = last;
      last = index;
      return before === -1 ? NONE : finite(step(value, points[before]!, (grid[index]! - grid[before]!) / 1000));
    });
  });

const runningSum = perSeries((points) => {
  let total = 0;
  return points.map((value) => (Number.isNaN(value) ? NONE : (total += value)));
});

const listOnly = (kind: Kind, run: (list: Labelled[], args: Expression[], scope: Scope) => Value, most = 1): MathFunction => ({
  least: 1,
  most,
  kind: ([first, ...others]) => (first === 'TS[]' && others.every((other) => other === 'S') ? kind : undefined),
  run: ([first, ...others], scope) => run(asList(scope.evaluate(first!), ''), others, scope),
});

const end = (pick: (list: Labelled[]) => Labelled | undefined): MathFunction =>
  listOnly('TS', (list, _args, { grid }) => pick(list)?.points ?? grid.map(() => NONE));

function conditional(args: Expression[], scope: Scope): Value {
  const [condition, then, otherwise] = args.map((argument) => scope.evaluate(argument));
  const { length } = scope.grid;
  if (typeof condition === 'number') {
    const chosen = condition !== 0 ? then! : otherwise;
    return chosen === undefined ? scope.grid.map(() => NONE) : asSeries(chosen, length);
  }
  const tests = asSeries(condition!, length);
  const yes = asSeries(then!, length);
  const no = otherwise === undefined ? undefined : asSeries(otherwise, length);
  return tests.map((test, index) => {
    if (Number.isNaN(test)) return NONE;
    if (test === 0) return no?.[index] ?? NONE;
    const value = yes[index]!;
    return Number.isNaN(value) ? 0 : value;
  });
}

const numberOf = (argument: Expression | undefined, scope: Scope): number | undefined =>
  argument === undefined ? undefined : (scope.evaluate(argument) as number);

function sorted(args: Expression[], scope: Scope): Value {
  const [source, by, order, limit] = args;
  const rank = by?.kind === 'id' && by.name !== 'DATAPOINT_COUNT' ? AGGREGATES[by.name] : undefined;
  const direction = order?.kind === 'id' ? { ASC: 1, DESC: -1 }[order.name] : undefined;
  if (rank === undefined || direction === undefined)
    throw wrong('SORT takes an array, AVG, MIN, MAX or SUM, ASC or DESC, and maybe a limit.');
  const key = ({ points }: Labelled): number => {
    const values = present(points);
    return values.length === 0 ? Number.NEGATIVE_INFINITY : rank(values);
  };
  const list = [...asList(scope.evaluate(source!), '')].sort((left, right) => direction * (key(left) - key(right)));
  return { list: list.slice(0, numberOf(limit, scope)) };
}

function allMetrics([prefix]: Expression[], scope: Scope): Value {
  if (prefix !== undefined && prefix.kind !== 'text') throw wrong('METRICS takes a text, e.g. METRICS("errors").');
  const list = scope.metrics.filter(({ id }) => id.includes(prefix?.value ?? ''));
  return { list: list.map(({ id, label }) => ({ label, points: asSeries(scope.lookup(id), scope.grid.length) })) };
}

const isOne = (kind: Kind | undefined): boolean => kind === 'S' || kind === 'TS';

export const FUNCTIONS: Record<string, MathFunction> = {
  ...Object.fromEntries(Object.entries(AGGREGATES).map(([name, combine]) => [name, aggregate(name, combine)])),
  ABS: perPoint(Math.abs),
  CEIL: perPoint(Math.ceil),
  FLOOR: perPoint(Math.floor),
  LOG: perPoint(Math.log),
  LOG10: perPoint(Math.log10),
  RATE: stepwise((value, before, seconds) => (value - before) / seconds),
  DIFF: stepwise((value, before) => value - before),
  DIFF_TIME: stepwise((_value, _before, seconds) => seconds),
  RUNNING_SUM: runningSum,
  ...Object.fromEntries(CALENDAR.map((field) => [field, perSeries((_points, { grid }) => grid.map((t) => calendarField(field, t)))])),
  IF: { least: 2, most: 3, kind: (kinds) => (kinds.every(isOne) ? 'TS' : undefined), run: conditional },
  FILL: {
    least: 2,
    most: 2,
    kind: ([source, filler]) => (source !== 'S' && filler !== 'TS[]' ? source : undefined),
    run: ([source, filler], scope) => mapSeries(scope.evaluate(source!) as TimeSeries, (points) => filled(points, filler!, scope)),
  },
  METRICS: { least: 0, most: 1, kind: () => 'TS[]', run: allMetrics },
  METRIC_COUNT: listOnly('S', (list) => list.length),
  FIRST: end((list) => list[0]),
  LAST: end((list) => list.at(-1)),
  REMOVE_EMPTY: listOnly('TS[]', (list) => ({ list: list.filter(({ points }) => present(points).length > 0) })),
  SLICE: listOnly('TS[]', (list, [from, to], scope) => ({ list: list.slice(numberOf(from, scope), numberOf(to, scope)) }), 3),
  SORT: { least: 3, most: 4, kind: ([source]) => (source === 'TS[]' ? 'TS[]' : undefined), run: sorted },
  PERIOD: {
    least: 1,
    most: 1,
    kind: ([kind]) => (kind === 'TS' ? 'S' : undefined),
    run: ([argument], scope) => {
      if (argument?.kind !== 'id' || !scope.metrics.some(({ id }) => id === argument.name))
        throw wrong('PERIOD takes a metric, not the result of an expression.');
      return scope.periodSeconds;
    },
  },
  TIME_SERIES: {
    least: 1,
    most: 1,
    kind: ([kind]) => (kind === 'S' ? 'TS' : undefined),
    run: ([argument], scope) => asSeries(scope.evaluate(argument!), scope.grid.length),
  },
};

/** Words that stand where a value could, in the functions that know them. */
export const WORDS: Record<string, { at: number; words: string[] }[]> = {
  FILL: [{ at: 1, words: ['REPEAT', 'LINEAR'] }],
  SORT: [
    { at: 1, words: ['AVG', 'MIN', 'MAX', 'SUM'] },
    { at: 2, words: ['ASC', 'DESC'] },
  ],
};
