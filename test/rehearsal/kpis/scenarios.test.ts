import type { RehearsalResult } from '../../../rehearsal/world/result';
import { candidate, deploys, kpiJob, kpisWith, unheld } from './canary';
import { run } from '../toy';

jest.setTimeout(240_000);

const rehearsed = async (changes: Record<string, unknown>): Promise<RehearsalResult> => {
  const result = await run(await kpiJob(changes));
  expect(unheld(result)).toEqual([]);
  return result;
};

/** All that was sent has one fate. */
const accounted = ({ kpiEvents: k }: RehearsalResult) =>
  k.counted + k.duplicates + k.rejected + k.late + k.superseded + k.refused + k.elsewhere;

/** How releases ended, and on what evidence of outcomes; decisions count at once, so how many a look finds hangs on what came with them. */
const ends = ({ releases }: RehearsalResult) =>
  releases.map((release) => ({ ...release, reason: release.reason?.replace(/slow evidence .* candidate units, (?=cost)/, '') }));

describe('a better candidate', () => {
  const better = { arms: candidate('better'), duration: '2h' };
  let clean: RehearsalResult;

  beforeAll(async () => {
    clean = await rehearsed(better);
  });

  test('is promoted', () => {
    expect(clean.outcome).toBe('promoted');
    expect(clean.kpiEvents).toMatchObject({ counted: clean.kpiEvents.sent, duplicates: 0, rejected: 0, late: 0, lost: 0 });
  });

  test('is promoted at the same moment on the same evidence when events come twice, and one after the other before it', async () => {
    const noisy = await rehearsed({ ...better, kpiEvents: { duplicate: { share: 0.3, by: '20m' }, reorder: { share: 0.5, by: '7m' } } });
    expect(noisy.kpiEvents.duplicates).toBeGreaterThan(800);
    expect(noisy.kpiEvents.counted).toBe(clean.kpiEvents.counted);
    expect(ends(noisy)).toEqual(ends(clean));
  });

  test('is promoted at the same moment on the same evidence while a poisoned source sends garbage: each piece is kept with its reason', async () => {
    const poisoned = await rehearsed({ ...better, kpiEvents: { garbage: { perMinute: 5 } } });
    expect(poisoned.kpiEvents.rejectedByReason).toEqual({
      'bad-value': expect.any(Number) as number,
      'bad-decision-id': expect.any(Number) as number,
      future: expect.any(Number) as number,
      malformed: expect.any(Number) as number,
      'too-large': expect.any(Number) as number,
      'unknown-kpi': expect.any(Number) as number,
    });
    expect(Math.min(...Object.values(poisoned.kpiEvents.rejectedByReason))).toBeGreaterThan(20);
    expect(poisoned.kpiEvents.elsewhere).toBeGreaterThan(20);
    expect(accounted(poisoned)).toBe(poisoned.kpiEvents.sent);
    expect(poisoned.kpiEvents.counted).toBe(clean.kpiEvents.counted);
    expect(ends(poisoned)).toEqual(ends(clean));
  });

  test('is promoted from an early step once the evidence is in and the goal is proven better', async () => {
    const rollout = {
      promoteEarly: true,
      steps: [
        { weight: 0.5, bake: '90m' },
        { weight: 0.9, bake: '6h' },
      ],
    };
    const result = await rehearsed({
      ...better,
      actions: deploys({ rollout, kpis: kpisWith('mistakes', { mustImprove: true }) }),
    });
    expect(result.outcome).toBe('promoted');
    expect(result.traffic.map(({ candidateShare }) => candidateShare)).toEqual([0, 0.5, 0]);
    expect(result.releases[0]?.endedAtSeconds).toBeLessThan(2 * 3600);
  });
});

describe('a candidate that is no worse', () => {
  test('is not rolled back because its outcomes come late while its weight grows', async () => {
    const result = await rehearsed({ arms: candidate('late'), outcomes: 'outcomes-late.mjs', duration: '2h' });
    expect(result.outcome).not.toBe('rolled-back');
    expect(result.traffic.map(({ candidateShare }) => candidateShare)).toEqual(expect.arrayContaining([0.2, 0.5]));
  });

  test('is not rolled back because events are observed after their window: those are kept as late', async () => {
    const result = await rehearsed({ kpiEvents: { delay: { share: 0.5, by: '15m' }, lose: { share: 0.1 } }, duration: '2h' });
    expect(result.outcome).not.toBe('rolled-back');
    expect(result.kpiEvents.late).toBeGreaterThan(100);
    expect(result.kpiEvents.lost).toBeGreaterThan(100);
    expect(accounted(result)).toBe(result.kpiEvents.sent);
  });

  test('is held when the goal must improve and does not', async () => {
    const kpis = kpisWith('mistakes', { mustImprove: true });
    const result = await rehearsed({ duration: '2h', actions: deploys({ kpis, rollout: { maxDuration: '100m' } }) });
    expect(result.outcome).toBe('held');
  });

  test('is judged by sessions where units come back: each counts once', async () => {
    const result = await rehearsed({
      traffic: { perMinute: 10, source: 'sessions.mjs' },
      outcomes: 'outcomes-sessions.mjs',
      kpiEvents: { identify: 'inferenceId' },
      duration: '2h',
    });
    expect(result.outcome).not.toBe('rolled-back');
    expect(result.kpiEvents.counted).toBe(result.kpiEvents.sent);
    expect(result.kpiEvents.counted).toBeLessThan(1.5 * result.requests.total);
  });
});

describe('a harmful candidate is rolled back', () => {
  test.each([
    ['by far more mistakes', 'harmful', {}, 'mistakes', 250],
    ['by some more mistakes', 'subtle', {}, 'mistakes', 400],
    ['by nothing but the cost of a case', 'costly', {}, 'cost', 300],
    ['by nothing but its latency', 'same', { latencyMs: { p50: 120, p95: 400 } }, 'slow', 50],
  ])('%s', async (_what, model, container, culprit, atMost) => {
    const result = await rehearsed({ arms: candidate(model, container), duration: '100m' });
    expect(result.outcome).toBe('rolled-back');
    expect(result.releases[0]?.culprit).toBe(culprit);
    expect(result.requests.byArm.candidate).toBeLessThanOrEqual(atMost);
  });
});

describe('outcomes that turn out to be others', () => {
  test('count as the last revision says, in whatever order events come, and attributed by variant', async () => {
    const result = await rehearsed({
      outcomes: 'outcomes-corrected.mjs',
      duration: '1h',
      actions: deploys({ kpis: kpisWith('cost', { attribution: 'variant', unobserved: 'left-out' }) }),
      kpiEvents: { duplicate: { share: 0.2, by: '10m' }, reorder: { share: 0.5, by: '10m' } },
    });
    expect(result.kpiEvents.superseded).toBeGreaterThan(200);
    expect(accounted(result)).toBe(result.kpiEvents.sent);
  });
});

describe('whichever way events come', () => {
  test.each(['sqs', 'https', 'file'])('%s: each counts once, and garbage is kept with its reason', async (route) => {
    const kpiEvents = { route, every: '3m', duplicate: { share: 0.2 }, garbage: { perMinute: 9 } };
    const result = await rehearsed({ duration: '25m', kpiEvents });
    expect(accounted(result)).toBe(result.kpiEvents.sent);
    expect(result.kpiEvents.duplicates).toBeGreaterThan(50);
    expect(Object.keys(result.kpiEvents.rejectedByReason)).toEqual(
      expect.arrayContaining([
        ...(route === 'file' ? [] : ['bad-value']),
        'bad-decision-id',
        'future',
        'malformed',
        'too-large',
        'unknown-kpi',
        'wrong-use-case',
      ]),
    );
  });
});
