import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { rowsOf, sourceOf } from '../../core/tables';
import type { Row } from '../../core/drift/types';
import { baselineOf, distanceTable, feature, judged, policyOf, row, type Judged } from './engine';

const DATA = path.join(path.dirname(createRequire(path.resolve('package.json')).resolve('vega-datasets')), '../data');
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
/** A Monday. */
const BEGIN = Date.parse('2001-01-01T00:00:00Z');
const BASELINE_WEEKS = 4;
const WEEKS = 26;

export interface Flight {
  id: number;
  atMillis: number;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

/** Three million flights within the United States, January to June 2001, by time. */
export async function readFlights(): Promise<Flight[]> {
  const flights: Flight[] = [];
  for await (const read of rowsOf('parquet', sourceOf(readFileSync(path.join(DATA, 'flights-3m.parquet'))))) {
    if (!('row' in read)) throw new Error(read.problem);
    const { date, ...rest } = read.row;
    flights.push({ id: read.line, atMillis: Date.parse(String(date)), ...(rest as Omit<Flight, 'id' | 'atMillis'>) });
  }
  return flights;
}

const FEATURES = [
  feature('delay', 'numeric'),
  feature('distance', 'numeric'),
  feature('hour', 'numeric'),
  feature('origin', 'categorical'),
  feature('destination', 'categorical'),
];

const flightRow = ({ id, atMillis, delay, distance, origin, destination }: Flight): Row =>
  row(String(id), [delay, distance, (atMillis % (24 * HOUR)) / HOUR, origin, destination], atMillis);

const between = (flights: Flight[], from: number, until: number): Row[] =>
  flights.filter(({ atMillis }) => atMillis >= from && atMillis < until).map(flightRow);

const meanDelay = (rows: Row[]): string => (rows.reduce((sum, { cells }) => sum + Number(cells[0]), 0) / rows.length).toFixed(1);

/** Every later week beside the first four. */
export function weeksTable(flights: Flight[]): string {
  const policy = policyOf(FEATURES);
  const first = between(flights, BEGIN, BEGIN + BASELINE_WEEKS * WEEK);
  const baseline = baselineOf(first, policy);
  const windows = Array.from({ length: WEEKS - BASELINE_WEEKS }, (_, index): [string, Judged] => {
    const from = BEGIN + (BASELINE_WEEKS + index) * WEEK;
    const own = between(flights, from, from + WEEK);
    return [`${new Date(from).toISOString().slice(0, 10)} (${meanDelay(own)})`, judged(own, baseline, policy, 168)];
  });
  return distanceTable(`week from (mean delay, min; baseline ${meanDelay(first)})`, windows);
}

/** Each hour of the fourth week beside the first three: without a rhythm, and with the same hours of the day or of the week. */
export function rhythmTable(flights: Flight[]): string {
  const weeks = 3;
  // The hour of the day itself is what a window of an hour is cut by: it would drift by construction.
  const features = FEATURES.filter(({ name }) => name !== 'hour');
  const without = ({ cells, ...rest }: Row): Row => ({ ...rest, cells: cells.filter((_, index) => index !== 2) });
  const lines = (['none', 'daily', 'weekly'] as const).map((rhythm) => {
    const policy = policyOf(features, rhythm);
    const baseline = baselineOf(between(flights, BEGIN, BEGIN + weeks * WEEK).map(without), policy);
    const drifting = new Map<string, number>();
    let [watched, fired] = [0, 0];
    for (let hour = 0; hour < 168; hour += 1) {
      const from = BEGIN + weeks * WEEK + hour * HOUR;
      const { window } = judged(between(flights, from, from + HOUR).map(without), baseline, policy, 1);
      if (window.state === 'not-enough-data' || window.state === 'no-data') continue;
      watched += 1;
      if (window.findings.length > 0) fired += 1;
      for (const name of new Set(window.findings.map((finding) => finding.feature))) drifting.set(name, (drifting.get(name) ?? 0) + 1);
    }
    const shares = [...features.map(({ name }) => name), 'joint'].map((name) => String(drifting.get(name) ?? 0));
    return `| ${[rhythm, watched, fired, ...shares].join(' | ')} |`;
  });
  const names = [...features.map(({ name }) => name), 'joint'];
  return [`| ${['rhythm', 'hours judged', 'that drift', ...names].join(' | ')} |`, `|${' --- |'.repeat(names.length + 3)}`, ...lines].join(
    '\n',
  );
}

/** flights-200k knows the time of day alone: every second flight is the baseline, the others by parts of the day. */
export function dayTable(): string {
  const all = JSON.parse(readFileSync(path.join(DATA, 'flights-200k.json'), 'utf8')) as { delay: number; distance: number; time: number }[];
  const rows = all.map(({ delay, distance, time }, index) => row(String(index), [delay, distance], BEGIN + time * HOUR));
  const even = rows.filter((_, index) => index % 2 === 0);
  const odd = rows.filter((_, index) => index % 2 === 1);
  const parts = [
    ['00 to 05', 0, 5],
    ['05 to 09', 5, 9],
    ['09 to 13', 9, 13],
    ['13 to 17', 13, 17],
    ['17 to 21', 17, 21],
    ['21 to 24', 21, 24],
  ] as const;
  const windows = (['none', 'daily'] as const).flatMap((rhythm) => {
    const policy = policyOf([feature('delay', 'numeric'), feature('distance', 'numeric')], rhythm);
    const baseline = baselineOf(even, policy);
    const part = ([name, from, until]: (typeof parts)[number]): [string, Judged] => {
      const own = odd.filter(({ atMillis }) => atMillis! >= BEGIN + from * HOUR && atMillis! < BEGIN + until * HOUR);
      return [`${name}, rhythm ${rhythm}`, judged(own, baseline, policy, until - from)];
    };
    return [...parts.map(part), [`whole day, rhythm ${rhythm}`, judged(odd, baseline, policy, 24)] as [string, Judged]];
  });
  return distanceTable('hours of departure', windows);
}

const EVERY = 25;
/** Weeks that the report shows: quiet ones, and the ones that differ most. */
const SHOWN_WEEKS = ['2001-01-29', '2001-02-19', '2001-04-09', '2001-04-23', '2001-06-11'];

/** Every 25th flight: a file for the first four weeks, and one for each week that is shown. */
export function weekFiles(flights: Flight[]): { name: string; text: string }[] {
  const file = (name: string, from: number, until: number): { name: string; text: string } => {
    const own = flights.filter(({ id, atMillis }) => id % EVERY === 0 && atMillis >= from && atMillis < until);
    const lines = own.map(({ id, atMillis, delay, distance, origin, destination }) =>
      [id, new Date(atMillis).toISOString(), delay, distance, origin, destination].join(','),
    );
    return { name, text: ['flight_id,date,delay,distance,origin,destination', ...lines, ''].join('\n') };
  };
  const weeks = SHOWN_WEEKS.map((week) => file(`week-${week.slice(5)}.csv`, Date.parse(week), Date.parse(week) + WEEK));
  return [file('first-four-weeks.csv', BEGIN, BEGIN + BASELINE_WEEKS * WEEK), ...weeks];
}
