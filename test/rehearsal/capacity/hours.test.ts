import { deploy, endpointOf, minutesOf, play, told, wrong } from './play';

jest.setTimeout(400_000);

const FRIDAY_16 = '2026-03-06T16:00:00Z';
const HOUR = 60;
const few = { perMinute: 0.3, source: 'traffic.mjs' };

describe('office hours', () => {
  test('off at night and over the weekend, warm before Monday; a release that is asked for meanwhile wakes it', async () => {
    const recording = await play({
      charter: {
        serving: { officeHours: { from: '08:00', to: '18:00', timezone: 'Europe/Dublin' } },
        rollout: { strategy: 'all-at-once', steps: null },
      },
      start: FRIDAY_16,
      duration: '65h',
      traffic: few,
      people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
      actions: [deploy(), deploy('good', '24h')],
      expect: { outcomes: ['promoted'], parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    const [friday, saturday, ...more] = minutesOf(recording, 'control', 'parked');
    expect(more).toEqual([]);
    expect(friday! - 2 * HOUR).toBeGreaterThanOrEqual(0);
    expect(friday! - 2 * HOUR).toBeLessThan(6);
    const [forRelease, monday] = minutesOf(recording, 'control', 'woken');
    expect(forRelease! - 24 * HOUR).toBeLessThan(6 + 9);
    // Off again once the release is over.
    expect(saturday).toBeGreaterThan(forRelease!);
    expect(saturday! - 24 * HOUR).toBeLessThan(90);
    // 08:00 on Monday, 64 hours after Friday, 16:00; the warm-up takes half an hour.
    expect(monday).toBeGreaterThan(63.5 * HOUR);
    expect(monday).toBeLessThan(64 * HOUR);
    expect(told(recording, /switched off/)).toEqual([friday, saturday]);
  });

  test('of an endpoint that is to stay as small as it can be outside of them', async () => {
    const recording = await play({
      charter: { serving: { officeHours: { from: '08:00', to: '18:00', outside: 'min' }, scaling: { target: 20 } } },
      start: FRIDAY_16,
      duration: '4h',
      traffic: { perMinute: 8, source: 'traffic.mjs', bursts: [{ from: '10m', to: '200m', perMinute: 45 }] },
      actions: [deploy()],
      expect: { parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(endpointOf(recording).every(([, status]) => status !== 'Deleting')).toBe(true);
    const counts = recording.result.timeline
      .filter(({ source, event }) => source === 'application-autoscaling' && event === 'scaled')
      .map(({ t, detail }) => [t < 2 * HOUR * 60 ? 'inside' : 'outside', detail['to']]);
    expect(counts.filter(([when]) => when === 'inside').at(-1)![1]).toBeGreaterThan(1);
    expect(counts.at(-1)).toEqual(['outside', 1]);
  });
});

describe('a time to live', () => {
  test('ends what was forgotten, for good; whoever wakes it gives it the same time once more', async () => {
    const recording = await play({
      charter: { serving: { timeToLive: '3h' } },
      duration: '9h',
      traffic: few,
      actions: [deploy(), { at: '5h', do: 'wake', as: 'platform', reason: 'still needed' }],
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    const [first] = minutesOf(recording, 'control', 'parked');
    const [woken, ...more] = minutesOf(recording, 'control', 'woken');
    expect(first).toBeLessThan(3 * HOUR);
    expect(woken! - 5 * HOUR).toBeLessThan(10);
    expect(more).toEqual([]);
    expect(told(recording, /has been stable for/)).toHaveLength(1);
  });
});
