import { finite, isList, mapPoints, NONE, wrong, type Labelled, type SeriesList, type TimeSeries, type Value } from './value';

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

export const combineBy = (operator: string, left: Value, right: Value): Value => combine(left, right, OPERATORS[operator]!);

function combine(left: Value, right: Value, operator: (left: number, right: number) => number): Value {
  if (isList(left)) {
    if (isList(right)) return { list: left.list.map((one, index) => combineLabelled(one, needPair(left, right, index), operator)) };
    return { list: left.list.map((one) => combineLabelled(one, right, operator)) };
  }
  if (isList(right))
    return { list: right.list.map(({ label, points }) => ({ label, points: combine(left, points, operator) as TimeSeries })) };
  if (typeof left === 'number' && typeof right === 'number') return finite(operator(left, right));
  if (typeof left === 'number') return mapPoints(right, (value) => operator(left, value));
  if (typeof right === 'number') return mapPoints(left, (value) => operator(value, right));
  return left.map((value, index) => pair(value, right[index]!, operator));
}

/** Where only one of two time series has a value, the other's counts as 0. */
function pair(left: number, right: number, operator: (left: number, right: number) => number): number {
  const noLeft = Number.isNaN(left);
  const noRight = Number.isNaN(right);
  if (noLeft && noRight) return NONE;
  return finite(operator(noLeft ? 0 : left, noRight ? 0 : right));
}

const combineLabelled = ({ label, points }: Labelled, right: Value, operator: (left: number, right: number) => number): Labelled => ({
  label,
  points: combine(points, right, operator) as TimeSeries,
});

function needPair(left: SeriesList, right: SeriesList, index: number): TimeSeries {
  if (left.list.length !== right.list.length) throw wrong('two arrays of different length cannot be combined.');
  return right.list[index]!.points;
}
