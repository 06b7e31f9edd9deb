import { AwsError, UnsupportedError } from '../../../cloud/types';
import type { Expression } from './parse';

/** Start of each period (epoch milliseconds) to the value; missing where there is no data. */
export type TimeSeries = Map<number, number>;
export type Value = number | TimeSeries | TimeSeries[];

export interface Scope {
  /** Value of another query by its id. */
  lookup(id: string): Value;
  /** Ids of the queries that are plain metrics, in order. */
  metricIds: string[];
  /** Starts of all periods asked for, oldest first. */
  grid: number[];
}

const wrong = (message: string): AwsError => new AwsError('ValidationError', message);
const truth = (condition: boolean): number => (condition ? 1 : 0);

const OPERATORS: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<': (left, right) => truth(left < right),
  '<=': (left, right) => truth(left <= right),
  '>': (left, right) => truth(left > right),
  '>=': (left, right) => truth(left >= right),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

const PER_POINT: Record<string, (value: number) => number> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
  EXP: Math.exp,
};

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const AGGREGATES: Record<string, (values: number[]) => number> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
};

export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'id':
      return scope.lookup(expression.name);
    case 'negate':
      return mapPoints(evaluate(expression.operand, scope), (value) => -value);
    case 'binary':
      return combine(evaluate(expression.left, scope), evaluate(expression.right, scope), OPERATORS[expression.operator]!);
    case 'list':
      return expression.items.flatMap((item) => asSeriesList(evaluate(item, scope)));
    case 'call':
      return call(expression, scope);
    case 'text':
      throw wrong(`Metric math: the text "${expression.value}" stands where a value is needed.`);
  }
}

function call({ name, args }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  if (name === 'IF') return conditional(args, scope);
  if (name === 'FILL') return fill(args, scope);
  if (name === 'METRICS') return metrics(args, scope);
  const perPoint = PER_POINT[name];
  if (perPoint !== undefined) return mapPoints(evaluate(only(name, args), scope), perPoint);
  const aggregate = AGGREGATES[name];
  if (aggregate !== undefined) return reduce(evaluate(only(name, args), scope), aggregate);
  throw new UnsupportedError(`Metric math function ${name} is not supported by the laptop cloud`);
}

function only(name: string, args: Expression[]): Expression {
  const [first] = args;
  if (first === undefined || args.length > 1) throw wrong(`Metric math: ${name} takes one argument, got ${args.length}.`);
  return first;
}

function mapPoints(value: Value, change: (value: number) => number): Value {
  if (typeof value === 'number') return change(value);
  if (Array.isArray(value)) return value.map((series) => mapPoints(series, change) as TimeSeries);
  return finite(new Map([...value].map(([t, point]) => [t, change(point)])));
}

/** A division by zero is no data. */
function finite(series: TimeSeries): TimeSeries {
  for (const [t, value] of series) if (!Number.isFinite(value)) series.delete(t);
  return series;
}

function combine(left: Value, right: Value, operator: (left: number, right: number) => number): Value {
  if (typeof left === 'number' && typeof right === 'number') return operator(left, right);
  if (Array.isArray(left))
    return left.map((series, index) => combine(series, Array.isArray(right) ? needPair(right, index) : right, operator) as TimeSeries);
  if (Array.isArray(right)) return right.map((series) => combine(left, series, operator) as TimeSeries);
  if (typeof left === 'number') return mapPoints(right, (value) => operator(left, value));
  if (typeof right === 'number') return mapPoints(left, (value) => operator(value, right));
  const both: TimeSeries = new Map();
  for (const [t, value] of left) {
    const other = right.get(t);
    if (other !== undefined) both.set(t, operator(value, other));
  }
  return finite(both);
}

function needPair(list: TimeSeries[], index: number): TimeSeries {
  const pair = list[index];
  if (pair === undefined) throw wrong('Metric math: two lists of different length cannot be combined.');
  return pair;
}

/** Over a list: one series, period by period. Over one series: one number. */
function reduce(value: Value, aggregate: (values: number[]) => number): Value {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return value.size === 0 ? value : aggregate([...value.values()]);
  const times = [...new Set(value.flatMap((series) => [...series.keys()]))].sort((left, right) => left - right);
  return new Map(times.map((t) => [t, aggregate(value.flatMap((series) => series.get(t) ?? []))]));
}

function conditional(args: Expression[], scope: Scope): Value {
  if (args.length !== 2 && args.length !== 3)
    throw wrong(`Metric math: IF takes a condition and one or two values, got ${args.length} arguments.`);
  const [condition, then, otherwise] = args.map((argument) => asSeries(evaluate(argument, scope), scope));
  const chosen: TimeSeries = new Map();
  for (const [t, test] of condition!) {
    const value = test !== 0 ? then!.get(t) : otherwise?.get(t);
    if (value !== undefined) chosen.set(t, value);
  }
  return chosen;
}

function fill(args: Expression[], scope: Scope): Value {
  const [source, filler] = args;
  if (source === undefined || filler === undefined || args.length > 2)
    throw wrong('Metric math: FILL takes a metric and a filling: a number, REPEAT or LINEAR.');
  const value = evaluate(source, scope);
  if (Array.isArray(value)) return value.map((series) => fillSeries(series, filler, scope));
  return fillSeries(asSeries(value, scope), filler, scope);
}

function fillSeries(series: TimeSeries, filler: Expression, scope: Scope): TimeSeries {
  if (filler.kind === 'id' && filler.name.toUpperCase() === 'LINEAR')
    throw new UnsupportedError('Metric math FILL(…, LINEAR) is not supported by the laptop cloud');
  const repeat = filler.kind === 'id' && filler.name.toUpperCase() === 'REPEAT';
  const fillers = repeat ? undefined : asSeries(evaluate(filler, scope), scope);
  const filled: TimeSeries = new Map();
  let last: number | undefined;
  for (const t of scope.grid) {
    const value = series.get(t) ?? (repeat ? last : fillers?.get(t));
    if (value !== undefined) filled.set(t, value);
    last = value;
  }
  return filled;
}

function metrics(args: Expression[], scope: Scope): TimeSeries[] {
  const [prefix] = args;
  if (prefix !== undefined && prefix.kind !== 'text') throw wrong('Metric math: METRICS takes a text, e.g. METRICS("errors").');
  const wanted = prefix?.value ?? '';
  return scope.metricIds.filter((id) => id.includes(wanted)).flatMap((id) => asSeriesList(scope.lookup(id)));
}

export function asSeries(value: Value, scope: Pick<Scope, 'grid'>): TimeSeries {
  if (typeof value === 'number') return new Map(scope.grid.map((t) => [t, value]));
  if (!Array.isArray(value)) return value;
  if (value.length === 1) return value[0]!;
  throw wrong('Metric math: the expression gives several time series where one is needed.');
}

function asSeriesList(value: Value): TimeSeries[] {
  if (typeof value === 'number') throw wrong('Metric math: a list holds time series only.');
  return Array.isArray(value) ? value : [value];
}
