import { AwsError } from '../../../cloud/types';

/** One value per period asked for, oldest first; NaN where there is no data. */
export type TimeSeries = number[];

export interface Labelled {
  label: string;
  points: TimeSeries;
}

/** An array of time series. */
export interface SeriesList {
  list: Labelled[];
}

export type Value = number | TimeSeries | SeriesList;

/** As the user guide abbreviates them: a number, a time series, an array of time series. */
export type Kind = 'S' | 'TS' | 'TS[]';

export const NONE = Number.NaN;
export const wrong = (message: string): AwsError => new AwsError('ValidationError', `Metric math: ${message}`);

export const isList = (value: Value): value is SeriesList => typeof value === 'object' && !Array.isArray(value);

/** What is no number (a division by zero, a logarithm of zero) is no data. */
export const finite = (value: number): number => (Number.isFinite(value) ? value : NONE);

export function mapSeries(value: TimeSeries | SeriesList, change: (points: TimeSeries) => TimeSeries): TimeSeries | SeriesList {
  if (Array.isArray(value)) return change(value);
  return { list: value.list.map(({ label, points }) => ({ label, points: change(points) })) };
}

export function mapPoints(value: Value, change: (value: number) => number): Value {
  if (typeof value === 'number') return change(value);
  return mapSeries(value, (points) => points.map((point) => finite(change(point))));
}

/** The values that are there. */
export const present = (points: TimeSeries): number[] => points.filter((point) => !Number.isNaN(point));

export const asSeries = (value: Value, length: number): TimeSeries => {
  if (typeof value === 'number') return new Array<number>(length).fill(value);
  if (Array.isArray(value)) return value;
  if (value.list.length === 1) return value.list[0]!.points;
  throw wrong('the expression gives several time series where one is needed.');
};

export const asList = (value: Value, label: string): Labelled[] => {
  if (typeof value === 'number') throw wrong('an array holds time series only.');
  return Array.isArray(value) ? [{ label, points: value }] : value.list;
};
