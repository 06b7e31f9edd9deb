import type { Scope } from './functions';
import type { Expression } from './parse';
import { asSeries, NONE, type TimeSeries } from './value';

/** FILL: by a number, by another time series, by the last value (REPEAT), or on the line between two values (LINEAR). */
export function filled(points: TimeSeries, filler: Expression, scope: Scope): TimeSeries {
  if (filler.kind === 'id' && filler.name === 'REPEAT') return repeated(points);
  if (filler.kind === 'id' && filler.name === 'LINEAR') return interpolated(points);
  const fillers = asSeries(scope.evaluate(filler), points.length);
  return points.map((value, index) => (Number.isNaN(value) ? fillers[index]! : value));
}

function repeated(points: TimeSeries): TimeSeries {
  let last = NONE;
  return points.map((value) => (last = Number.isNaN(value) ? last : value));
}

function interpolated(points: TimeSeries): TimeSeries {
  const filledIn = [...points];
  let left = -1;
  points.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    if (left >= 0) {
      const slope = (value - points[left]!) / (index - left);
      for (let gap = left + 1; gap < index; gap += 1) filledIn[gap] = points[left]! + slope * (gap - left);
    }
    left = index;
  });
  return filledIn;
}
