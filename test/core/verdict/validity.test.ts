import { seededRandom } from '../../../bench/simulated-stream';
import type { ValueStratum } from '../../../core/verdict';
import {
  countValue,
  logMean,
  logValuePromotionEvidence,
  matureMinutes,
  groupStrata,
  logRollbackEvidence,
  RatioSums,
  unitsForMeanVerdict,
  valueScaleOf,
  valueStratumLogs,
} from '../../../core/verdict';
import { minutes } from './fixtures';
import { handlingTime } from './values-fixtures';

/** Small and seeded, a look at every minute: `npm run bench:verdict` measures the same in full. */
const LOOKS = 300;
const RUNS = 80;
const THRESHOLD = Math.log(20);
/** 5 % allowed: 11 of 80 or more has a probability below 0.3 %. */
const MOST = 10;

const CAP = 13;
const SIGMA = 1;
// Log-normal values, none above the 99.5 % quantile.
const typical = { mean: 1.62, standardDeviation: 1.88 };
const cost = { ...handlingTime, name: 'cost', cap: CAP, typical };
const scale = valueScaleOf(cost);

interface Cost {
  perMinute: [candidate: number, control: number];
  /** Candidate's values over the control's. */
  factor: number;
  level?: (minute: number) => number;
}

const TABLE = 4096;
const draws = (() => {
  const random = seededRandom(99);
  return Array.from({ length: TABLE }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(SIGMA * normal);
  });
})();
const tables = new Map<number, { value: number; tilts: number[] }[]>();

/** What the values add to the counters, times a factor. */
function tableOf(factor: number): { value: number; tilts: number[] }[] {
  const known = tables.get(factor);
  if (known !== undefined) return known;
  const table = draws.map((draw) => {
    const value = Math.min(CAP, draw * factor);
    return { value, tilts: countValue(scale, value).tilts.map((tilt) => tilt / 1e6) };
  });
  tables.set(factor, table);
  return table;
}

function stratumOf(random: () => number, minute: number, { perMinute, factor, level = () => 1 }: Cost): ValueStratum {
  const [nC, nB] = perMinute;
  const stratum = { nC, nB, sumC: 0, sumB: 0, squaresC: 0, squaresB: 0, tilts: scale.lambdas.map(() => 0), observedC: nC, observedB: nB };
  const now = level(minute);
  for (let unit = 0; unit < nC + nB; unit++) {
    const { value = 0, tilts = [] } = tableOf(unit < nC ? now * factor : now)[Math.floor(random() * TABLE)] ?? {};
    for (let index = 0; index < tilts.length; index++) stratum.tilts[index] = (stratum.tilts[index] ?? 0) + (tilts[index] ?? 0);
    if (unit < nC) {
      stratum.sumC += value;
      stratum.squaresC += value * value;
    } else {
      stratum.sumB += value;
      stratum.squaresB += value * value;
    }
  }
  return stratum;
}

/** How many of the runs cross the threshold at any look, and after how many of the candidate's values (median). */
function crossings(stream: Cost, logAt: () => (stratum: ValueStratum) => number): { runs: number; exposed: number } {
  const exposed: number[] = [];
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = seededRandom(seed);
    const look = logAt();
    for (let minute = 0; minute < LOOKS; minute++) {
      if (look(stratumOf(random, minute, stream)) >= THRESHOLD) {
        exposed.push((minute + 1) * stream.perMinute[0]);
        break;
      }
    }
  }
  exposed.sort((a, b) => a - b);
  return { runs: exposed.length, exposed: exposed[Math.floor(exposed.length / 2)] ?? Number.NaN };
}

const rollback = () => {
  const totals = scale.lambdas.map(() => 0);
  return (stratum: ValueStratum): number => {
    valueStratumLogs(stratum, scale).forEach((log, index) => (totals[index] = (totals[index] ?? 0) + log));
    return logMean(totals);
  };
};
const promotion = () => {
  const sums = new RatioSums();
  return (stratum: ValueStratum): number => {
    sums.add(stratum);
    return logValuePromotionEvidence(sums, cost);
  };
};

/** In steps of half an hour. */
const wave = (minute: number): number => 0.6 * (1 + 0.5 * Math.sin(Math.floor(minute / 30)));

describe('a mean at every look', () => {
  test('without a difference it is rarely called harmful, though the level moves', () => {
    expect(crossings({ perMinute: [2, 18], factor: 1, level: wave }, rollback).runs).toBeLessThanOrEqual(MOST);
  });

  test('harm is found, after about as many values as planned for', () => {
    const { runs, exposed } = crossings({ perMinute: [2, 18], factor: 1.4 }, rollback);
    expect(runs).toBe(RUNS);
    expect(exposed).toBeLessThan(200);
  });

  test('the test has power over itself: tilts counted too low call harmless candidates harmful', () => {
    const low = () => {
      const look = rollback();
      return (stratum: ValueStratum): number => look({ ...stratum, tilts: stratum.tilts.map((tilt) => tilt * 0.97) });
    };
    expect(crossings({ perMinute: [2, 18], factor: 1, level: wave }, low).runs).toBeGreaterThan(MOST);
  });

  test('exactly at the margin it is rarely called no worse', () => {
    // Values cut at the cap lose a little of the factor: 1.2113 makes means differ by 1.2.
    expect(crossings({ perMinute: [5, 15], factor: 1.2113 }, promotion).runs).toBeLessThanOrEqual(MOST);
  });

  test('without a difference it is called no worse, after about as many units as `unitsForMeanVerdict` says', () => {
    const perMinute: [number, number] = [5, 15];
    const { runs, exposed } = crossings({ perMinute, factor: 1 }, promotion);
    expect(runs).toBe(RUNS);
    const planned = unitsForMeanVerdict(cost.margin, typical.mean, typical.standardDeviation);
    const used = exposed * (perMinute[1] / (perMinute[0] + perMinute[1]));
    expect(used / planned).toBeGreaterThan(0.6);
    expect(used / planned).toBeLessThan(1.3);
  });

  test('the test has power over itself: a variance taken too small calls a candidate at the margin no worse', () => {
    const bold = () => {
      const sums = new RatioSums();
      return (stratum: ValueStratum): number => {
        sums.add({ ...stratum, squaresC: stratum.sumC ** 2 / stratum.nC, squaresB: stratum.squaresB * 0.5 });
        return logValuePromotionEvidence(sums, cost);
      };
    };
    expect(crossings({ perMinute: [5, 15], factor: 1.2113 }, bold).runs).toBeGreaterThan(MOST);
  });
});

describe('late outcomes', () => {
  /** Candidate's outcomes come after `delays[0]` minutes, the control's after `delays[1]`; the rate is the same. */
  function falseAlarms(delays: [number, number], wait: number | undefined): number {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const rate = 0.2;
      const drawn = Array.from({ length: 240 }, () =>
        [8, 32].map((n) => ({ n, happened: Array.from({ length: n }, random).filter((draw) => draw < rate).length })),
      );
      const seen = (now: number) =>
        drawn.slice(0, now).map((arms, index) => {
          const counts = arms.map(({ n, happened }, arm) => ({ n, x: now - index > (delays[arm] ?? 0) ? happened : 0 }));
          const [candidate = { n: 0, x: 0 }, stable = { n: 0, x: 0 }] = counts;
          return { minuteMillis: minutes(index), arms: { candidate, stable } };
        });
      for (let now = 10; now <= 240; now += 10) {
        const counted = wait === undefined ? seen(now) : matureMinutes(seen(now), 1, wait, minutes(now));
        if (logRollbackEvidence(groupStrata(counted, 1, 'stable'), 'lower') >= THRESHOLD) {
          alarms += 1;
          break;
        }
      }
    }
    return alarms;
  }

  test('the same on both arms, or waited for, raise no alarm', () => {
    expect(falseAlarms([60, 60], undefined)).toBeLessThanOrEqual(6);
    expect(falseAlarms([30, 90], 90)).toBeLessThanOrEqual(6);
  });

  test('sooner on the candidate, and not waited for, they nearly always do: that is what maturity is for', () => {
    expect(falseAlarms([30, 90], undefined)).toBeGreaterThan(35);
  });
});
