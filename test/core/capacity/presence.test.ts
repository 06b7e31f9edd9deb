import { presenceOf } from '../../../core/capacity';
import { at, MINUTE, order, parked, situation, START } from './situations';

const NIGHT = Date.parse('2026-03-02T23:00:00Z');
const window = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080, timeZone: 'UTC' };
const office = { availability: { officeHours: { window, warmUpMinutes: 30, outside: 'off' } } } as const;
const idle = (wake: 'on-traffic' | 'by-hand' = 'on-traffic') =>
  ({ availability: { idle: { afterMinutes: 60, action: 'off', wake } } }) as const;
const ttl = { availability: { timeToLiveMinutes: 120 } };

const offBecause = (given: Parameters<typeof situation>[0]): string | undefined => {
  const presence = presenceOf(situation(given));
  return presence.on ? undefined : presence.reason;
};

describe('whether the endpoint is to be on', () => {
  test.each([
    ['nothing says otherwise', {}, undefined],
    ['office hours', { policy: office }, undefined],
    ['night', { policy: office, nowMillis: NIGHT }, 'office-hours'],
    ['half an hour before the morning', { policy: office, nowMillis: Date.parse('2026-03-03T07:30:00Z') }, undefined],
    ['a release in progress at night', { policy: office, nowMillis: NIGHT, control: { lockedBy: 'r2-00000002' } }, undefined],
    ['a release that waits at night', { policy: office, nowMillis: NIGHT, memory: { wakeFor: 'r2-00000002' } }, undefined],
    ['woken for the night', { policy: office, nowMillis: NIGHT, memory: { awakeUntil: '2026-03-03T01:00:00Z' } }, undefined],
    [
      'being woken by hand, however long it takes',
      {
        policy: office,
        nowMillis: NIGHT,
        control: parked('operator'),
        memory: { awakeUntil: '2026-03-02T22:00:00Z', wakeBy: { by: 'x', reason: 'x', minutes: 10 } },
      },
      undefined,
    ],
    ['woken until an hour ago', { policy: office, nowMillis: NIGHT, memory: { awakeUntil: '2026-03-02T22:00:00Z' } }, 'office-hours'],
    ['an order off-hours at night', { nowMillis: NIGHT, orders: order('off-hours', at(6000)) }, 'cost'],
    [
      'the order outranks a release',
      { nowMillis: NIGHT, orders: order('off-hours', at(6000)), memory: { wakeFor: 'r2-00000002' } },
      'cost',
    ],
    [
      'whoever wakes it outranks the order',
      { nowMillis: NIGHT, orders: order('off-hours', at(6000)), memory: { awakeUntil: '2026-03-03T01:00:00Z' } },
      undefined,
    ],
    ['the order is over', { nowMillis: NIGHT, orders: order('off-hours', at(10)) }, undefined],
    ['a weaker order', { nowMillis: NIGHT, orders: order('scale-in', at(6000)) }, undefined],
    ['the order by day', { orders: order('off-hours') }, undefined],
    ['older than its time', { policy: ttl }, 'time-to-live'],
    ['woken since', { policy: ttl, memory: { wokenAt: at(-60) } }, undefined],
    ['woken, and its time over once more', { policy: ttl, memory: { wokenAt: at(-120) } }, 'time-to-live'],
    ['by hand', { control: parked('operator') }, 'operator'],
    ['by hand, in office hours', { control: parked('operator'), policy: office }, 'operator'],
    ['idle for an hour', { policy: idle(), memory: { activeAt: at(-60) } }, 'idle'],
    ['idle for less', { policy: idle(), memory: { activeAt: at(-59) } }, undefined],
    ['never asked, as far as is known', { policy: idle() }, undefined],
    ['off for idleness, and not asked', { policy: idle(), control: parked('idle', -60, true), memory: { activeAt: at(-120) } }, 'idle'],
    [
      'off for idleness, and asked just now',
      { policy: idle(), control: parked('idle', -60, true), memory: { activeAt: at(-2) } },
      undefined,
    ],
    [
      'off for idleness, and asked an hour ago',
      { policy: idle(), control: parked('idle', -90, true), memory: { activeAt: at(-60) } },
      'idle',
    ],
    ['off for idleness, by hand alone', { policy: idle('by-hand'), control: parked('idle'), memory: { activeAt: at(-2) } }, 'idle'],
    ['the charter says nothing of idleness any more', { control: parked('idle', -60, true) }, undefined],
    ['the charter says nothing of office hours any more', { control: parked('office-hours'), nowMillis: NIGHT }, undefined],
  ] as const)('%s', (_, given, expected) => {
    expect(offBecause(given as Parameters<typeof situation>[0])).toBe(expected);
  });

  test('minutes are counted to now', () => {
    expect(offBecause({ policy: idle(), memory: { activeAt: at(0) }, nowMillis: START + 59 * MINUTE })).toBeUndefined();
    expect(offBecause({ policy: idle(), memory: { activeAt: at(0) }, nowMillis: START + 60 * MINUTE })).toBe('idle');
  });
});
