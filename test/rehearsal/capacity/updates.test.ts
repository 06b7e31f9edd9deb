import { type CapacityRecording, deploy, minutesOf, play, scalings, wrong } from './play';

jest.setTimeout(400_000);

const scaling = { target: 4, scaleInCooldown: '5m' };
const AT_ONCE = { rollout: { strategy: 'all-at-once', steps: null } };
/** As many as the traffic of the whole story needs: three times the fewest. */
const NEEDED = 3;

const fleetAt = ({ fleets }: CapacityRecording, minute: number): Record<string, number> =>
  fleets.find((fleet) => fleet.minute === minute - (minute % 5))?.variants ?? {};

/** A deploy changes one property of an endpoint that was scaled out since it was made. */
const changed = (serving: Record<string, unknown>) =>
  play({
    charter: { serving: { scaling } },
    duration: '3h',
    traffic: { perMinute: 12, source: 'traffic.mjs' },
    people: [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }],
    actions: [deploy(), deploy('stable', '60m', { change: { ...AT_ONCE, serving: { scaling, ...serving } } })],
    expect: { outcomes: ['promoted'], failedRequestsAtMost: 0 },
  });

describe('a property of a running, scaled endpoint changes by a deploy: its count survives', () => {
  test.each<[string, Record<string, unknown>]>([
    ['instance', { instance: 'ml.g6.xlarge' }],
    ['instances', { instances: { min: 1, max: 5 } }],
    ['pools', { instance: null, pools: ['ml.g5.xlarge', 'ml.g6.xlarge'] }],
    ['timeouts', { timeouts: { startup: '10m' } }],
    ['routing', { routing: 'least-outstanding' }],
    ['networkIsolation', { networkIsolation: true }],
    ['capture', { capture: { sampling: 0.5 } }],
  ])('%s', async (_name, serving) => {
    const recording = await changed(serving);
    expect(wrong(recording)).toEqual([]);
    expect(Math.max(...scalings(recording).map(([, , to]) => to))).toBeGreaterThanOrEqual(NEEDED);
    expect(fleetAt(recording, 55)['a']).toBeGreaterThanOrEqual(NEEDED);
    const [promoted = Number.NaN] = minutesOf(recording, 'control', 'promoted').slice(-1);
    expect(promoted).toBeGreaterThan(60);
    // From the promotion on, and long after the old variant is gone, never fewer than before.
    for (let minute = promoted + 5; minute < 175; minute += 5) {
      const { a = 0, b = 0 } = fleetAt(recording, minute);
      expect([minute, a + b >= NEEDED]).toEqual([minute, true]);
    }
    expect(fleetAt(recording, 170)['a'] ?? 0).toBe(0);
    // The variant that took over is scaled, and it alone.
    expect(recording.scaled).toEqual([expect.stringMatching(/-endpoint\/variant\/b$/)]);
  });
});
