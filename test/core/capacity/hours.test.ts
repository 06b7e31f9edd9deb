import { type Hours, isOn, isWithin } from '../../../core/capacity';

const DUBLIN = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080, timeZone: 'Europe/Dublin' };
const hours = (more: Partial<Hours['window']> = {}, warmUpMinutes = 0): Hours => ({ window: { ...DUBLIN, ...more }, warmUpMinutes });
const time = (text: string): number => Date.parse(text);

describe('a window of the week', () => {
  test.each([
    ['2026-03-02T07:59:00Z', false],
    ['2026-03-02T08:00:00Z', true],
    ['2026-03-02T17:59:00Z', true],
    ['2026-03-02T18:00:00Z', false],
    ['2026-03-01T12:00:00Z', false],
    ['2026-03-07T12:00:00Z', false],
    // Summer time from 29 March: the wall clock is an hour ahead.
    ['2026-03-30T07:00:00Z', true],
    ['2026-03-30T06:59:00Z', false],
    ['2026-03-30T17:00:00Z', false],
    // And back on 25 October.
    ['2026-10-26T07:30:00Z', false],
    ['2026-10-26T08:00:00Z', true],
  ])('at %s: %p', (text, expected) => {
    expect(isWithin(DUBLIN, time(text))).toBe(expected);
  });

  test('goes by the day there, not here', () => {
    const sydney = { ...DUBLIN, days: [2], fromMinute: 0, toMinute: 60, timeZone: 'Australia/Sydney' };
    expect([time('2026-03-02T13:30:00Z'), time('2026-03-03T13:30:00Z')].map((atMillis) => isWithin(sydney, atMillis))).toEqual([
      true,
      false,
    ]);
  });

  test('may reach to midnight, and begin at it', () => {
    const late = { ...DUBLIN, fromMinute: 1380, toMinute: 1440, timeZone: 'UTC' };
    expect([time('2026-03-02T23:59:00Z'), time('2026-03-03T00:00:00Z')].map((atMillis) => isWithin(late, atMillis))).toEqual([true, false]);
  });

  test('an hour that daylight saving takes away is no hour of the window', () => {
    const sunday = { ...DUBLIN, days: [7], fromMinute: 60, toMinute: 120 };
    const minutes = Array.from({ length: 240 }, (_, minute) => time('2026-03-29T00:00:00Z') + minute * 60_000);
    expect(minutes.filter((atMillis) => isWithin(sunday, atMillis))).toEqual([]);
  });
});

describe('the warm-up', () => {
  test('begins so many minutes ahead, over midnight and over a change of the clock', () => {
    expect([29, 30, 31].map((ahead) => isOn(hours({}, 30), time('2026-03-02T08:00:00Z') - ahead * 60_000))).toEqual([true, true, false]);
    const early = hours({ days: [1], fromMinute: 10, timeZone: 'UTC' }, 30);
    expect(isOn(early, time('2026-03-01T23:45:00Z'))).toBe(true);
    expect(isOn(early, time('2026-03-01T23:39:00Z'))).toBe(false);
    const after = hours({ days: [7], fromMinute: 120, toMinute: 180 }, 60);
    expect(isOn(after, time('2026-03-29T00:00:00Z'))).toBe(true);
    expect(isOn(after, time('2026-03-28T23:59:00Z'))).toBe(false);
  });

  test('that is longer than the window jumps over nothing', () => {
    const short = hours({ fromMinute: 600, toMinute: 615, timeZone: 'UTC' }, 120);
    const minutes = Array.from({ length: 135 }, (_, minute) => time('2026-03-02T08:00:00Z') + minute * 60_000);
    expect(minutes.every((atMillis) => isOn(short, atMillis))).toBe(true);
    expect(isOn(short, time('2026-03-02T10:15:00Z'))).toBe(false);
  });
});
