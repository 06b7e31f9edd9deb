import type { KpiPolicy } from '../../../core/contracts';
import type { Comparison, EffectInterval, MinuteCounts } from '../../../core/verdict';
import { groupStrata, intervalOf, logPromotionEvidence, logRollbackEvidence, valueScaleOf } from '../../../core/verdict';
import { seededRandom } from '../../../bench/simulated-stream';
import { minutes, missedSpam, steady } from './fixtures';
import { countsOf, handlingTime, valueMinutes } from './values-fixtures';

const against: Comparison = { control: 'stable', stratumMinutes: 5, alpha: 0.05 };
const found = (kpi: KpiPolicy, stream: MinuteCounts[], options = against): EffectInterval => {
  const interval = intervalOf(kpi, stream, options);
  if (interval === undefined) throw new Error('No interval');
  return interval;
};

describe('of rates', () => {
  const stream = steady(0, 100, { candidate: [20, 6], control: [80, 16] });

  test('holds the truth, and odds, rates and differences agree', () => {
    const { ratio, difference, oddsRatio, controlLevel, confidence } = found(missedSpam, stream);
    expect(confidence).toBe(0.95);
    expect(controlLevel).toBeCloseTo(0.2, 10);
    expect(ratio.estimate).toBeCloseTo(1.5, 10);
    expect(difference.estimate).toBeCloseTo(0.1, 10);
    expect(oddsRatio?.estimate).toBeCloseTo((0.3 / 0.7) * 4, 10);
    expect(ratio.low).toBeGreaterThan(1.2);
    expect(ratio.high).toBeLessThan(1.9);
    expect(ratio.low).toBeLessThan(1.5);
    expect(ratio.high).toBeGreaterThan(1.5);
    expect(difference.low).toBeCloseTo((ratio.low - 1) * controlLevel, 12);
  });

  test('is the inverted test: what it leaves out is refuted, and nothing else', () => {
    const { oddsRatio } = found(missedSpam, stream);
    // Roll back means that 1 is refuted from above; so 1 is below the interval.
    expect(logRollbackEvidence(groupStrata(stream, 5, 'stable'), 'lower')).toBeGreaterThan(Math.log(40));
    expect(oddsRatio?.low).toBeGreaterThan(1);
    const close = steady(0, 200, { candidate: [100, 20], control: [100, 20] });
    // Promotion with a margin of 30 % means that 1.3 is refuted.
    expect(logPromotionEvidence(groupStrata(close, 5, 'stable'), 'lower', 0.3)).toBeGreaterThan(Math.log(40));
    expect(found(missedSpam, close).oddsRatio?.high).toBeLessThan(1.3);
  });

  test('narrows with data and widens with confidence', () => {
    const width = ({ ratio }: EffectInterval): number => ratio.high - ratio.low;
    const longer = steady(0, 400, { candidate: [20, 6], control: [80, 16] });
    expect(width(found(missedSpam, longer))).toBeLessThan(width(found(missedSpam, stream)) * 0.7);
    expect(width(found(missedSpam, stream, { ...against, alpha: 0.001 }))).toBeGreaterThan(width(found(missedSpam, stream)));
  });

  test('turns round with the arms', () => {
    const turned = intervalOf(missedSpam, stream, { treated: 'stable', control: 'candidate', stratumMinutes: 5, alpha: 0.05 });
    const { oddsRatio } = found(missedSpam, stream);
    expect(turned?.oddsRatio?.low).toBeCloseTo(1 / (oddsRatio?.high ?? 0), 2);
    expect(turned?.oddsRatio?.high).toBeCloseTo(1 / (oddsRatio?.low ?? 0), 2);
  });

  test('stable against the baseline is a comparison like any other', () => {
    const holdout = stream.map(({ minuteMillis, arms }) => ({ minuteMillis, arms: { stable: arms.candidate, baseline: arms.stable } }));
    const asHoldout = intervalOf(missedSpam, holdout as MinuteCounts[], {
      treated: 'stable',
      control: 'baseline',
      stratumMinutes: 5,
      alpha: 0.05,
    });
    expect(asHoldout).toEqual(found(missedSpam, stream));
  });

  test('an outcome that never happened on one side leaves that side open', () => {
    const none = found(missedSpam, steady(0, 20, { candidate: [20, 0], control: [80, 8] }));
    expect(none.oddsRatio).toMatchObject({ low: 0, estimate: 0 });
    expect(none.ratio.high).toBeLessThan(1);
    const all = found(missedSpam, steady(0, 20, { candidate: [20, 20], control: [80, 8] }));
    expect(all.oddsRatio).toMatchObject({ estimate: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY });
    expect(all.ratio).toMatchObject({ estimate: 10, high: 10 });
    expect(all.ratio.low).toBeGreaterThan(5);
  });

  test.each([
    ['no units', []],
    ['one arm alone', steady(0, 10, { candidate: [10, 1], control: [0, 0] })],
    ['no outcome of the control', steady(0, 10, { candidate: [10, 1], control: [10, 0] })],
  ])('there is none with %s', (_, counted) => {
    expect(intervalOf(missedSpam, counted, against)).toBeUndefined();
  });
});

describe('of means', () => {
  const stream = valueMinutes(handlingTime, { seed: 8, count: 200, perMinute: [10, 40], means: [9, 6] });

  test('holds the truth; the difference is in the unit of the KPI', () => {
    const { ratio, difference, controlLevel, oddsRatio } = found(handlingTime, stream);
    expect(oddsRatio).toBeUndefined();
    expect(controlLevel).toBeGreaterThan(5.5);
    expect(ratio.low).toBeGreaterThan(1.25);
    expect(ratio.low).toBeLessThan(1.5);
    expect(ratio.high).toBeGreaterThan(1.5);
    expect(ratio.high).toBeLessThan(1.8);
    expect(difference.estimate).toBeCloseTo((ratio.estimate - 1) * controlLevel, 12);
  });

  test('there is none before 200 values, or where the control has nothing but zeros', () => {
    expect(intervalOf(handlingTime, stream.slice(0, 19), against)).toBeUndefined();
    const arms = {
      candidate: countsOf(valueScaleOf(handlingTime), Array(300).fill(1)),
      stable: countsOf(valueScaleOf(handlingTime), Array(300).fill(0)),
    };
    expect(intervalOf(handlingTime, [{ minuteMillis: minutes(0), arms }], against)).toBeUndefined();
  });
});

describe('at every look at once', () => {
  /** Share of streams whose interval misses the truth at any of the looks. */
  function missed(kpi: KpiPolicy, streamOf: (seed: number) => MinuteCounts[], truth: number, alpha: number, runs: number): number {
    let misses = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const stream = streamOf(seed);
      const looks = Array.from({ length: 8 }, (_, look) => stream.slice(0, (look + 1) * 15));
      misses += looks.some((seen) => {
        const interval = intervalOf(kpi, seen, { control: 'stable', stratumMinutes: 1, alpha });
        return interval !== undefined && !(interval.ratio.low <= truth && truth <= interval.ratio.high);
      })
        ? 1
        : 0;
    }
    return misses / runs;
  }

  const binary = (seed: number): MinuteCounts[] => {
    const random = seededRandom(seed);
    const arm = (n: number, rate: number) => ({ n, x: Array.from({ length: n }, random).filter((draw) => draw < rate).length });
    return Array.from({ length: 120 }, (_, index) => {
      const rate = 0.1 * (1 + 0.5 * Math.sin(index / 20));
      return { minuteMillis: minutes(index), arms: { candidate: arm(5, rate), stable: arm(15, rate) } };
    });
  };
  const values = (seed: number): MinuteCounts[] =>
    valueMinutes(handlingTime, { seed, count: 120, perMinute: [5, 15], means: [5, 5], level: (index) => 1 + 0.5 * Math.sin(index / 20) });

  // 40 runs at 20 %: more than 15 misses have a probability below 0.3 %.
  test('rates are missed at most as often as said', () => {
    expect(missed(missedSpam, binary, 1, 0.2, 40)).toBeLessThanOrEqual(15 / 40);
  });

  test('means are missed at most as often as said', () => {
    expect(missed(handlingTime, values, 1, 0.2, 40)).toBeLessThanOrEqual(15 / 40);
  });

  test('another truth is missed', () => {
    expect(missed(missedSpam, binary, 3, 0.2, 5)).toBe(1);
    expect(missed(handlingTime, values, 2, 0.2, 5)).toBe(1);
  });
});
