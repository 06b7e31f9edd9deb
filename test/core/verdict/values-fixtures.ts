import type { KpiPolicy } from '../../../core/contracts';
import type { ArmCounts, MinuteCounts, ValueScale } from '../../../core/verdict';
import { countValue, valueScaleOf } from '../../../core/verdict';
import { seededRandom } from '../../../bench/simulated-stream';
import { minutes, missedSpam } from './fixtures';

export const handlingTime: KpiPolicy = {
  ...missedSpam,
  name: 'handling-time',
  type: 'mean',
  cap: 60,
  typical: { mean: 10, standardDeviation: 8 },
};

export const complaints: KpiPolicy = {
  ...missedSpam,
  name: 'complaints',
  type: 'count',
  cap: 20,
  typical: { mean: 0.5, standardDeviation: 1 },
};

/** What the ingest handler counts of these values, among `n` units. */
export function countsOf(scale: ValueScale, values: number[], n = values.length): Required<ArmCounts> {
  const counts = { n, x: values.length, sum: 0, squares: 0, tilts: scale.lambdas.map(() => 0) };
  for (const value of values) {
    const { sum, squares, tilts } = countValue(scale, value);
    counts.sum += sum;
    counts.squares += squares;
    tilts.forEach((tilt, index) => (counts.tilts[index] = (counts.tilts[index] ?? 0) + tilt));
  }
  return counts;
}

/** Exponential values, of the given means; `level` moves both arms with the minute. */
export function valueMinutes(
  kpi: KpiPolicy,
  { seed, count, perMinute, means, level = () => 1 }: ValueStream,
  arm: 'stable' | 'baseline' = 'stable',
): MinuteCounts[] {
  const scale = valueScaleOf(kpi);
  const random = seededRandom(seed);
  const draw = (mean: number): number => -mean * Math.log(1 - random());
  return Array.from({ length: count }, (_, index) => ({
    minuteMillis: minutes(index),
    arms: {
      candidate: countsOf(
        scale,
        Array.from({ length: perMinute[0] }, () => draw(means[0] * level(index))),
      ),
      [arm]: countsOf(
        scale,
        Array.from({ length: perMinute[1] }, () => draw(means[1] * level(index))),
      ),
    },
  }));
}

interface ValueStream {
  seed: number;
  count: number;
  /** Of candidate and control. */
  perMinute: [number, number];
  means: [number, number];
  level?: (minute: number) => number;
}
