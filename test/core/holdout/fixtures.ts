import { type Arm, counterName, type KpiPolicy } from '../../../core/contracts';
import type { HourCounts, LiveRelease, ReviewInput } from '../../../core/holdout';
import { type ArmCounts, countValue, valueScaleOf } from '../../../core/verdict';
import type { Random } from '../../../rehearsal/cloud/types';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const LIVE = Date.parse('2026-03-02T00:00:00Z');
export const STABLE = 'r1-aaaaaaaa';

export const missedSpam: KpiPolicy = {
  name: 'missed-spam',
  type: 'binary',
  better: 'lower',
  role: 'goal',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
  money: { perUnit: -2.5, currency: 'USD' },
};

export const handlingTime: KpiPolicy = {
  ...missedSpam,
  name: 'handling-time',
  type: 'mean',
  cap: 100,
  typical: { mean: 10, standardDeviation: 10 },
  money: { perUnit: -0.5, currency: 'EUR' },
};

export const live = (releaseId = STABLE, liveSinceMillis = LIVE, revival = false): LiveRelease => ({ releaseId, liveSinceMillis, revival });

/** The same counts in every hour. */
export function steady(hours: number, arms: Partial<Record<Arm, ArmCounts>>, from = LIVE, stable = STABLE, own = true): HourCounts[] {
  return Array.from({ length: hours }, (_, hour) => ({ minuteMillis: from + hour * HOUR, stable, own, arms }));
}

export const inputOf = (kpi: KpiPolicy, hours: HourCounts[], days: number, changes: Partial<ReviewInput> = {}): ReviewInput => ({
  useCase: 'support-triage',
  kpis: [kpi],
  criteria: [],
  holdout: 0.1,
  alpha: 0.05,
  stable: live(),
  course: [live()],
  counts: { [counterName(kpi)]: hours },
  nowMillis: LIVE + days * DAY + 2.2 * HOUR,
  before: [],
  ...changes,
});

function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 25) {
    const limit = Math.exp(-Math.min(left, 25));
    for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  }
  return count;
}

/** Hours with a daily rhythm in traffic and rate, and the share of the candidate ramping up on the third day. */
export function simulated(random: Random, kpi: KpiPolicy, days: number, perHour: number, level: (arm: Arm) => number): HourCounts[] {
  const holdout = 0.1;
  return Array.from({ length: 24 * days }, (_, hour) => {
    const rhythm = 1 + 0.6 * Math.sin((2 * Math.PI * hour) / 24);
    const candidate = hour >= 48 && hour < 60 ? 0.4 : 0;
    const shares: Partial<Record<Arm, number>> = { baseline: holdout, stable: 1 - holdout - candidate };
    const arms = Object.entries(shares).map(([arm, share]) => [
      arm,
      drawn(random, kpi, poisson(random, perHour * rhythm * share), level(arm as Arm) * rhythm),
    ]);
    return { minuteMillis: LIVE + hour * HOUR, stable: STABLE, own: true, arms: Object.fromEntries(arms) as HourCounts['arms'] };
  });
}

function drawn(random: Random, kpi: KpiPolicy, n: number, level: number): ArmCounts {
  if (kpi.type === 'binary') return { n, x: Array.from({ length: n }).filter(() => random.next() < level).length };
  const scale = valueScaleOf(kpi);
  const counts = { n, x: n, sum: 0, squares: 0, tilts: scale.lambdas.map(() => 0) };
  for (let unit = 0; unit < n; unit += 1) {
    const value = countValue(scale, -level * Math.log(1 - random.next()));
    counts.sum += value.sum;
    counts.squares += value.squares;
    counts.tilts = counts.tilts.map((tilt, index) => tilt + (value.tilts[index] ?? 0));
  }
  return counts;
}
