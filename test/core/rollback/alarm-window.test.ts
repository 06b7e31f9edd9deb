import { breaches, periodSince } from '../../../core/rollback/alarm-window';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');

/** As CloudWatch lays out periods: on a grid of their own length from the epoch. */
const onGrid = (seconds: number, period: number): boolean => seconds % period === 0;

describe('one period since a time', () => {
  test.each([0, 1, 3, 7, 8, 14])('of %i minutes begins hardly earlier, no later, and is on the grid of its length', (minutes) => {
    for (let offset = 0; offset < 120; offset += 1) {
      const from = NOON + offset * MINUTE + 17_000;
      const now = from + minutes * MINUTE;
      const { startSeconds, endSeconds, periodSeconds } = periodSince(from, now);
      const lost = startSeconds - Math.floor(from / MINUTE) * 60;
      expect(lost).toBeLessThanOrEqual(0);
      expect(lost).toBeGreaterThanOrEqual(-120);
      expect([onGrid(startSeconds, periodSeconds), periodSeconds % 60, endSeconds - startSeconds]).toEqual([true, 0, periodSeconds]);
      expect(endSeconds * 1000).toBeGreaterThan(now);
      expect(periodSeconds).toBeLessThanOrEqual(86_400);
    }
  });
});

test.each([
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['GreaterThanThreshold', [false, false, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
  ['GreaterThanUpperThreshold', [undefined, undefined, undefined]],
])('%s', (comparison, expected) => {
  expect([0.2, 0.3, 0.4].map((value) => breaches(value, comparison, 0.3))).toEqual(expected);
});
