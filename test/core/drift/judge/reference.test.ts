import { comparisonOf, judgeWindow, slotOf } from '../../../../core/drift/judge';
import { referenceOf } from '../../../../core/drift/judge/reference';
import { hourOfMillis } from '../../../../core/drift/places';
import type { Row } from '../../../../core/drift/types';
import { Draws, driftPolicy, fitted, numeric, profileOf, rowsOf } from '../../../support/drift';

const HOUR = 3_600_000;
/** A Monday. */
const MONDAY = Date.UTC(2026, 2, 2);

const policy = (rhythm: 'none' | 'daily' | 'weekly') => driftPolicy([numeric('load')], { rhythm });

/** Load follows the hour of the day: at noon it is four deviations above that of midnight. */
function loads(from: number, hours: number, perHour: number, label: string): Row[] {
  const draws = new Draws(label);
  const at = (index: number): number => from + Math.floor(index / perHour) * HOUR;
  return rowsOf(
    hours * perHour,
    (index) => [2 - 2 * Math.cos((2 * Math.PI * new Date(at(index)).getUTCHours()) / 24) + draws.normal()],
    at,
  );
}

const week = loads(MONDAY - 168 * HOUR, 168, 60, 'week');

function windowOf(from: number, hours: number, baseline: ReturnType<typeof fitted>, kind: 'none' | 'daily' | 'weekly') {
  const rows = loads(from, hours, 300, `window ${from} ${hours}`);
  const byHour = Array.from({ length: hours }, (_, hour) => ({
    hour: hourOfMillis(from) + hour,
    profile: profileOf(rows.slice(300 * hour, 300 * (hour + 1)), baseline, policy(kind)),
  }));
  return { hours, profiles: byHour };
}

test('an hour at noon drifts beside all of the day, and not beside the same hours', () => {
  const noon = MONDAY + 12 * HOUR;
  const flat = fitted(week, policy('none'));
  expect(judgeWindow(flat, windowOf(noon, 1, flat, 'none'), policy('none')).state).toBe('drifting');
  const daily = fitted(week, policy('daily'));
  expect(daily.slots).toHaveLength(24);
  expect(judgeWindow(daily, windowOf(noon, 1, daily, 'daily'), policy('daily')).state).toBe('ok');
});

test('load of noon at midnight drifts beside the same hours', () => {
  const daily = fitted(week, policy('daily'));
  const noon = windowOf(MONDAY + 12 * HOUR, 1, daily, 'daily');
  const midnight = { hours: 1, profiles: noon.profiles.map(({ profile }) => ({ hour: hourOfMillis(MONDAY), profile })) };
  expect(judgeWindow(daily, midnight, policy('daily')).state).toBe('drifting');
});

test('a window of which only some hours have rows is held against these', () => {
  const daily = fitted(week, policy('daily'));
  const morning = windowOf(MONDAY + 6 * HOUR, 3, daily, 'daily');
  expect(comparisonOf(daily, { ...morning, hours: 24 }, policy('daily')).baselineRows).toBe(3 * 7 * 60);
});

test('a whole day is held against all of the baseline, and so are rows without an hour', () => {
  const daily = fitted(week, policy('daily'));
  expect(referenceOf(daily, windowOf(MONDAY, 24, daily, 'daily'))).toBe(daily.profile);
  const { profile } = windowOf(MONDAY, 1, daily, 'daily').profiles[0]!;
  expect(referenceOf(daily, { hours: 1, profiles: [{ profile }] })).toBe(daily.profile);
});

test('an hour of the week is held against that hour alone, though it has few rows', () => {
  const weekly = fitted(week, policy('weekly'));
  expect(weekly.slots).toHaveLength(168);
  const window = windowOf(MONDAY, 1, weekly, 'weekly');
  expect(comparisonOf(weekly, window, policy('weekly')).baselineRows).toBe(60);
  expect(judgeWindow(weekly, window, policy('weekly')).state).toBe('ok');
});

test('an hour of which the baseline has next to nothing is not judged, and other hours are no stand-in', () => {
  const quiet = [...loads(MONDAY - 168 * HOUR, 1, 30, 'night'), ...loads(MONDAY - 162 * HOUR, 18, 60, 'day')];
  const daily = fitted(quiet, policy('daily'));
  const judged = judgeWindow(daily, windowOf(MONDAY, 1, daily, 'daily'), policy('daily'));
  expect(judged).toMatchObject({ state: 'not-enough-data', reason: 'the baseline has 30 rows of these hours, at least 50 are needed' });
  const never = judgeWindow(daily, windowOf(MONDAY + 3 * HOUR, 1, daily, 'daily'), policy('daily'));
  expect(never).toMatchObject({ state: 'not-enough-data', reason: 'the baseline has 0 rows of these hours, at least 50 are needed' });
});

test('weeks begin on Monday 00:00 UTC', () => {
  expect(slotOf(hourOfMillis(MONDAY), 168)).toBe(0);
  expect(slotOf(hourOfMillis(MONDAY - HOUR), 168)).toBe(167);
  expect(slotOf(hourOfMillis(MONDAY + 30 * HOUR), 168)).toBe(30);
  expect(slotOf(hourOfMillis(MONDAY + 30 * HOUR), 24)).toBe(6);
});
