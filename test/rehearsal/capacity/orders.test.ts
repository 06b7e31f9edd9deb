import { deploy, endpointOf, minutesOf, play, wrong } from './play';

jest.setTimeout(400_000);

const exceeded = { at: '60m', do: 'budget', kind: 'actual', threshold: 1 };
const budget = (onExceeded: string, more: Record<string, unknown> = {}) => ({
  budget: { monthly: 5000, currency: 'USD', onExceeded, ...more },
});
const approval = [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }];
const atOnce = { rollout: { strategy: 'all-at-once', steps: null } };

describe('orders of the cost guard', () => {
  test('scale-in: the fewest instances from now on, however many are asked for', async () => {
    const recording = await play({
      charter: { serving: { scaling: { target: 20 } }, ...budget('scale-in') },
      traffic: { perMinute: 50, source: 'traffic.mjs' },
      actions: [deploy(), exceeded],
      expect: { parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    const counts = recording.result.timeline.filter(({ event }) => event === 'endpoint-status' || event === 'scaled');
    expect(counts.some(({ t, event, detail }) => t < 3600 && event === 'scaled' && Number(detail['to']) > 1)).toBe(true);
    expect(
      counts.filter(({ t, event, detail }) => t > 3600 && event === 'scaled' && Number(detail['to']) > Number(detail['from'])),
    ).toEqual([]);
    expect(recording.measured['InstancesWanted']!.at(-1)!.value).toBe(1);
    // What ran is taken back to the fewest at once.
    const changed = counts
      .filter(({ t, event }) => t > 3600 && t < 4500 && event === 'endpoint-status')
      .map(({ detail }) => detail['status']);
    expect(changed).toEqual(['Updating', 'InService']);
  });

  test('off-hours: off outside of office hours, and no release until owners waive it', async () => {
    const recording = await play({
      start: '2026-03-06T16:00:00Z',
      charter: { ...budget('off-hours', { officeHours: { from: '08:00', to: '18:00' } }), ...atOnce },
      duration: '9h',
      traffic: { perMinute: 0.5, source: 'traffic.mjs' },
      people: approval,
      actions: [deploy(), exceeded, deploy('good', '4h'), { at: '6h', do: 'wake', as: 'platform', reason: 'a night shift' }],
      expect: { outcomes: ['none'] },
    });
    expect(wrong(recording)).toEqual([]);
    const [parked] = minutesOf(recording, 'control', 'parked');
    expect(parked! - 120).toBeLessThan(6);
    expect(
      endpointOf(recording)
        .slice(0, 2)
        .map(([, status]) => status),
    ).toEqual(['Deleting', 'Creating']);
    expect(minutesOf(recording, 'control', 'woken')[0]).toBeGreaterThan(360);
  });

  test('block-releases: a release waits, and begins with the next month', async () => {
    const recording = await play({
      start: '2026-03-31T22:00:00Z',
      charter: { ...budget('block-releases'), ...atOnce },
      people: approval,
      actions: [deploy(), exceeded, deploy('good', '70m')],
      expect: { outcomes: ['promoted'] },
    });
    expect(wrong(recording)).toEqual([]);
    const [locked] = minutesOf(recording, 'control', 'locked');
    expect(locked).toBeGreaterThanOrEqual(120);
    expect(locked).toBeLessThan(150);
  });
});
