import { boundsAt, type CapacityBounds, minuteOfWeek, type ScheduledBounds } from '../../../core/scaling';
import { cronOf, turnsOf } from '../../../core/scaling/week';

const BASE: CapacityBounds = { min: 1, max: 2 };
const office = (extra: Partial<ScheduledBounds> = {}): ScheduledBounds => ({
  name: 'office',
  window: { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 18 * 60, timeZone: 'Europe/Dublin' },
  bounds: { min: 2, max: 8 },
  warmUpMinutes: 0,
  ...extra,
});
const at = (iso: string) => Date.parse(iso);

describe('the minute of the week', () => {
  test('is that of the time zone, with daylight saving', () => {
    // Monday, 2026-03-02: winter. Monday, 2026-07-06: summer, an hour ahead of UTC.
    expect(minuteOfWeek(at('2026-03-02T08:30:00Z'), 'Europe/Dublin')).toBe(8 * 60 + 30);
    expect(minuteOfWeek(at('2026-07-06T08:30:00Z'), 'Europe/Dublin')).toBe(9 * 60 + 30);
    expect(minuteOfWeek(at('2026-03-01T23:59:00Z'), 'UTC')).toBe(7 * 1440 - 1);
    expect(minuteOfWeek(at('2026-03-02T00:00:00Z'), 'UTC')).toBe(0);
  });

  test('names a zone that does not exist', () => {
    expect(() => minuteOfWeek(0, 'Europe/Atlantis')).toThrow("'Europe/Atlantis' is no time zone: use an IANA name such as Europe/Dublin.");
  });
});

describe('bounds', () => {
  test('are those of the window from its first minute to before its last', () => {
    const bounds = (iso: string) => boundsAt(BASE, [office()], at(iso)).min;
    expect([bounds('2026-03-02T07:59:00Z'), bounds('2026-03-02T08:00:00Z')]).toEqual([1, 2]);
    expect([bounds('2026-03-02T17:59:00Z'), bounds('2026-03-02T18:00:00Z')]).toEqual([2, 1]);
    expect(bounds('2026-03-07T12:00:00Z')).toBe(1);
  });

  test('begin ahead of the window by its warm-up, also on the evening before', () => {
    const early = office({ window: { ...office().window, days: [1], fromMinute: 10, toMinute: 60, timeZone: 'UTC' }, warmUpMinutes: 30 });
    // Monday 00:10 with 30 minutes: Sunday 23:40.
    expect(boundsAt(BASE, [early], at('2026-03-01T23:39:00Z')).min).toBe(1);
    expect(boundsAt(BASE, [early], at('2026-03-01T23:40:00Z')).min).toBe(2);
    expect(boundsAt(BASE, [early], at('2026-03-02T00:59:00Z')).min).toBe(2);
    expect(boundsAt(BASE, [early], at('2026-03-02T01:00:00Z')).min).toBe(1);
  });

  test('of several schedules are those of the last that holds', () => {
    const lunch = office({ window: { ...office().window, fromMinute: 720, toMinute: 780 }, bounds: { min: 5, max: 9 } });
    expect(boundsAt(BASE, [office(), lunch], at('2026-03-02T12:30:00Z'))).toEqual({ min: 5, max: 9 });
    expect(boundsAt(BASE, [lunch, office()], at('2026-03-02T12:30:00Z'))).toEqual({ min: 2, max: 8 });
  });
});

describe('turns of a week', () => {
  test('are one for equal changes of several days, warm-up ahead', () => {
    expect(turnsOf(BASE, [office({ warmUpMinutes: 20 })])).toEqual({
      timeZone: 'Europe/Dublin',
      turns: [
        { minute: 460, days: [1, 2, 3, 4, 5], bounds: { min: 2, max: 8 } },
        { minute: 1080, days: [1, 2, 3, 4, 5], bounds: BASE },
      ],
    });
  });

  test('have no turn where windows meet with equal bounds, and one where they differ', () => {
    const window = office().window;
    const morning = office({ window: { ...window, toMinute: 720 } });
    const afternoon = (bounds: CapacityBounds) => office({ window: { ...window, fromMinute: 720 }, bounds });
    expect(turnsOf(BASE, [morning, afternoon({ min: 2, max: 8 })]).turns.map(({ minute }) => minute)).toEqual([480, 1080]);
    const differing = turnsOf(BASE, [morning, afternoon({ min: 4, max: 8 })]).turns;
    expect(differing.map(({ minute, bounds }) => [minute, bounds.min])).toEqual([
      [480, 2],
      [720, 4],
      [1080, 1],
    ]);
  });

  test('cross midnight and the end of the week', () => {
    const late = office({ window: { days: [7], fromMinute: 22 * 60, toMinute: 1440, timeZone: 'UTC' } });
    expect(turnsOf(BASE, [late]).turns).toEqual([
      { minute: 0, days: [1], bounds: BASE },
      { minute: 1320, days: [7], bounds: { min: 2, max: 8 } },
    ]);
  });

  test('need one time zone', () => {
    const other = office({ window: { ...office().window, timeZone: 'America/New_York' } });
    expect(() => turnsOf(BASE, [office(), other])).toThrow('name 2 time zones (Europe/Dublin, America/New_York)');
  });

  test('are written as Application Auto Scaling reads them', () => {
    expect(cronOf({ minute: 450, days: [1, 3] })).toBe('cron(30 7 ? * MON,WED *)');
    expect(cronOf({ minute: 0, days: [1, 2, 3, 4, 5, 6, 7] })).toBe('cron(0 0 ? * * *)');
  });
});
