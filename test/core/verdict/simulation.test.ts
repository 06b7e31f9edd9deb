import { runRelease } from '../../../bench/simulated-release';
import type { StreamOptions } from '../../../bench/simulated-stream';
import { missedSpam, rollout, START } from './fixtures';

/** Small and seeded; `bench/false-rollback.ts` measures the same with 500 seeds. */
const shortRollout = { ...rollout, maxDurationMinutes: 240 };

function streamOf(seed: number, candidateRate: number): StreamOptions {
  return {
    seed,
    startMillis: START,
    perMinute: (minute) => 20 * (1 + 0.5 * Math.sin(minute / 60)),
    control: 'stable',
    holdout: 0,
    kpis: [
      {
        policy: { ...missedSpam, delayDependsOnArm: false },
        unitShare: 1,
        // The base rate moves with the hour, for both arms alike.
        rate: (arm, minute) => (arm === 'candidate' ? candidateRate : 0.1) * (1 + 0.5 * Math.sin(minute / 90)),
        delayMinutes: (random) => 50 * random(),
      },
    ],
    errorRate: () => 0.002,
  };
}

const decisions = (candidateRate: number): string[] =>
  Array.from({ length: 20 }, (_, seed) => runRelease(shortRollout, streamOf(seed + 1, candidateRate)).verdict.decision);

test('an identical candidate is rarely rolled back', () => {
  // 5 % allowed: 5 of 20 or more has a probability below 0.3 %.
  expect(decisions(0.1).filter((decision) => decision === 'roll-back').length).toBeLessThan(5);
});

test('a candidate three times as bad always is', () => {
  expect(new Set(decisions(0.3))).toEqual(new Set(['roll-back']));
});

test('a candidate half as bad is promoted', () => {
  expect(decisions(0.05).filter((decision) => decision === 'promote').length).toBeGreaterThanOrEqual(19);
});
