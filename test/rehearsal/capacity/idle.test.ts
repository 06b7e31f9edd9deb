import { deploy, endpointOf, minutesOf, play, told, wrong } from './play';

jest.setTimeout(300_000);

const idle = (more: Record<string, unknown> = {}) => ({ serving: { idle: { after: '30m', ...more } } });
const QUIET = { perMinute: 8, source: 'traffic.mjs', quiet: [{ from: '20m', to: '2h' }] };

describe('an endpoint that nobody asks', () => {
  test('is told, then switched off after its time, and wakes with the first request', async () => {
    const story = { charter: idle({ then: 'off' }), traffic: QUIET, actions: [deploy()], expect: { parked: false } };
    const recording = await play(story);
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    const [parked] = minutesOf(recording, 'control', 'parked');
    const [woken] = minutesOf(recording, 'control', 'woken');
    // Since the last request in minute 20, looks are five minutes apart; deleted at the look after.
    expect(parked).toBeGreaterThanOrEqual(50);
    expect(parked).toBeLessThanOrEqual(56);
    expect(endpointOf(recording)[0]).toEqual([parked! + 5, 'Deleting']);
    expect(woken).toBeGreaterThan(120);
    expect(woken).toBeLessThanOrEqual(120 + 6 + 9);
    const notices = told(recording, /the endpoint is idle/);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toBeGreaterThanOrEqual(35);
    expect(notices[0]).toBeLessThan(parked!);
    expect([told(recording, /switched off/), told(recording, /switched on again/)]).toEqual([[expect.any(Number), parked], [woken]]);
  });

  test('is told once, and stays on where the charter says so', async () => {
    const recording = await play({ charter: idle({ then: 'notify' }), traffic: QUIET, actions: [deploy()], expect: { parked: false } });
    expect(wrong(recording)).toEqual([]);
    expect(endpointOf(recording)).toEqual([]);
    expect(told(recording, /idle, and billed/)).toHaveLength(1);
    const idleMinutes = recording.measured['IdleMinutes']!;
    expect(Math.max(...idleMinutes.filter(({ minute }) => minute < 118).map(({ value }) => value))).toBeGreaterThan(90);
    expect(idleMinutes.findLast(({ minute }) => minute > 140)!.value).toBeLessThan(5);
  });

  test('woken by hand alone where the charter says so, and then stays on for the time that was asked for', async () => {
    const wake = { at: '150m', do: 'wake', as: 'platform', reason: 'a demonstration' };
    const recording = await play({
      charter: idle({ then: 'off', wake: 'by-hand' }),
      traffic: {
        perMinute: 8,
        source: 'traffic.mjs',
        quiet: [
          { from: '20m', to: '2h' },
          { from: '125m', to: '5h' },
        ],
      },
      duration: '5h',
      actions: [deploy(), wake],
      expect: { parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(minutesOf(recording, 'control', 'parked')).toHaveLength(1);
    const [woken] = minutesOf(recording, 'control', 'woken');
    expect(woken).toBeGreaterThan(150);
    expect(woken).toBeLessThan(160);
    const parked = recording.measured['Parked']!.filter(({ minute }) => minute > 130 && minute < 145).map(({ value }) => value);
    expect(new Set(parked)).toEqual(new Set([1]));
  });
});
