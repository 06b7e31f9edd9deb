import fc from 'fast-check';
import { courseOf, foldHours, horizonOf, isSettled, mergeHours, neededSince, stableSpans } from '../../../core/holdout';
import type { MinuteCounts } from '../../../core/verdict';
import { DAY, HOUR, live, LIVE, STABLE } from './fixtures';

const MINUTE = 60_000;

describe('horizons', () => {
  test.each([
    ['on the first day', LIVE + HOUR, 0, 0, LIVE + HOUR],
    ['on the last day of the first', LIVE + HOUR, 89.9, 0, LIVE + HOUR],
    ['after 90 days', LIVE + HOUR, 90, 1, LIVE + 90 * DAY],
    ['after a year', LIVE + HOUR, 365, 4, LIVE + 360 * DAY],
  ])('%s', (_when, since, days, index, startMillis) => {
    expect(horizonOf(since, LIVE + days * DAY)).toEqual({ index, startMillis });
  });

  test('no look moves the start of a horizon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 24 }), fc.integer({ min: 0, max: 30 * 24 }), (hours, more) => {
        const one = horizonOf(LIVE, LIVE + hours * HOUR);
        const other = horizonOf(LIVE, LIVE + (hours + more) * HOUR);
        expect(other.index === one.index).toBe(other.startMillis === one.startMillis);
      }),
    );
  });

  test('hours are needed since both horizons, from midnight on', () => {
    const course = [live('r1-aaaaaaaa', LIVE + HOUR), live('r2-bbbbbbbb', LIVE + 10 * DAY + HOUR)];
    expect(neededSince(course[1]!, course, LIVE + 20 * DAY)).toBe(LIVE);
    expect(neededSince(course[1]!, course, LIVE + 95 * DAY)).toBe(LIVE + 10 * DAY);
    expect(neededSince(course[1]!, course, LIVE + 101 * DAY)).toBe(LIVE + 90 * DAY);
  });
});

test('an hour is settled once its windows and the queue are over', () => {
  expect(isSettled(LIVE, 60, LIVE + 3 * HOUR)).toBe(true);
  expect(isSettled(LIVE, 60, LIVE + 3 * HOUR - 1)).toBe(false);
});

describe('courses', () => {
  const first = live('r1-aaaaaaaa', LIVE);
  const revived = live('r3-cccccccc', LIVE + 9 * DAY, true);
  const last = live('r4-dddddddd', LIVE + 12 * DAY);
  test.each([
    ['begins with the first release', [last, first], [first, last]],
    ['begins anew after the kill switch', [last, revived, first], [revived, last]],
    ['is empty before the first release', [], []],
  ])('%s', (_what, all, expected) => {
    expect(courseOf(all)).toEqual(expected);
  });
});

describe('hours', () => {
  const spans = stableSpans([live('r2-bbbbbbbb', LIVE + 30 * MINUTE + 1), live(STABLE, LIVE - DAY)]);
  const minute = (at: number, n = 1): MinuteCounts => ({
    minuteMillis: LIVE + at * MINUTE,
    arms: { stable: { n, x: 0 }, baseline: { n, x: 1 } },
  });

  test('each counts for the release that was stable; a minute that saw two counts for none', () => {
    const folded = foldHours('r2-bbbbbbbb', [minute(0), minute(29), minute(30), minute(31), minute(60)], spans);
    expect(folded.map(({ minuteMillis, stable, own, arms }) => [minuteMillis - LIVE, stable, own, arms.stable?.n])).toEqual([
      [0, STABLE, false, 2],
      [0, 'r2-bbbbbbbb', true, 1],
      [HOUR, 'r2-bbbbbbbb', true, 1],
    ]);
  });

  test('a minute that begins within two seconds of a promotion may hold the old one still', () => {
    const just = stableSpans([live(STABLE, LIVE - 1_999)]);
    expect(foldHours(STABLE, [minute(0), minute(1)], just)[0]?.arms.stable?.n).toBe(1);
  });

  test('what nobody was stable for is left out', () => {
    expect(foldHours(STABLE, [minute(0)], stableSpans([live(STABLE, LIVE + HOUR)]))).toEqual([]);
  });

  test('shards in any order give the same hours', () => {
    const shards = fc.array(fc.record({ at: fc.integer({ min: 0, max: 300 }), n: fc.integer({ min: 1, max: 9 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(shards, fc.infiniteStream(fc.nat(100)), (items, keys) => {
        const folded = items.map(({ at, n }) => foldHours(STABLE, [minute(at, n)], spans));
        const shuffled = folded.map((hours) => ({ hours, key: keys.next().value as number })).sort((one, other) => one.key - other.key);
        expect(mergeHours(shuffled.flatMap(({ hours }) => hours))).toEqual(mergeHours(folded.flat()));
      }),
    );
  });
});
