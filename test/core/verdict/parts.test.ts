import fc from 'fast-check';
import {
  checkSampleRatio,
  groupStrata,
  hoursForUnits,
  hoursForVerdict,
  logEvidence,
  logMoment,
  logPromotionEvidence,
  logRollbackEvidence,
  logWeightedMean,
  matureMinutes,
  unitsForMeanVerdict,
  unitsForVerdict,
} from '../../../core/verdict';
import { CountsMemo } from '../../../core/verdict/memo';
import { minutes } from './fixtures';

const counts = fc.integer({ min: 0, max: 60 });

describe('logMoment', () => {
  test('is ln of the sum, by plain arithmetic', () => {
    // nC = 2, nB = 3, s = 2: (3 + 2·3ψ + ψ²) / 10.
    expect(logMoment(2, 3, 2, 3)).toBeCloseTo(Math.log((3 + 18 + 9) / 10), 14);
  });

  test('stays finite at the extremes', () => {
    for (const psi of [0.02, 50]) {
      expect(Number.isFinite(logMoment(100_000, 100_000, 90_000, psi))).toBe(true);
    }
  });
});

describe('CountsMemo', () => {
  test('computes once, keeps what is asked for again, forgets the rest', () => {
    const computed: string[] = [];
    const memo = new CountsMemo((nC, nB, s) => {
      computed.push(`${nC} ${nB} ${s}`);
      return nC + nB + s;
    });
    expect([memo.of(1, 2, 3), memo.of(1, 2, 3), memo.of(1, 3, 2), memo.of(3, 2, 1)]).toEqual([6, 6, 6, 6]);
    expect(computed).toEqual(['1 2 3', '1 3 2', '3 2 1']);
    for (let round = 0; round < 3; round++) {
      for (let n = 10; n < 12_010; n++) memo.of(n, round, 0);
      memo.of(1, 2, 3);
    }
    expect(computed.filter((one) => one === '1 2 3')).toHaveLength(1);
    memo.of(1, 3, 2);
    expect(computed.filter((one) => one === '1 3 2')).toHaveLength(2);
  });

  test('counts too large for one key are computed each time, never mixed up', () => {
    const memo = new CountsMemo((nC, nB, s) => [nC, nB, s]);
    expect([memo.of(1, 0, 0), memo.of(0, 2 ** 17, 0)]).toEqual([
      [1, 0, 0],
      [0, 2 ** 17, 0],
    ]);
  });
});

describe('logEvidence', () => {
  test('without information the evidence is 1', () => {
    const empty = [
      { nC: 0, nB: 0, xC: 0, xB: 0 },
      { nC: 9, nB: 9, xC: 0, xB: 0 },
      { nC: 9, nB: 9, xC: 9, xB: 9 },
      { nC: 9, nB: 0, xC: 4, xB: 0 },
    ];
    expect(logRollbackEvidence(empty, 'lower')).toBe(0);
    expect(logRollbackEvidence([], 'higher')).toBe(0);
  });

  test('its mean under the null is 1, given the margins: an e-value', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.1, 0.8, 1.2, 3, 50),
        (nC, nB, part, psi) => {
          const s = Math.round(part * (nC + nB));
          let mean = 0;
          for (let xC = Math.max(0, s - nB); xC <= Math.min(s, nC); xC++) {
            const probability = Math.exp(logChoose(nC, xC) + logChoose(nB, s - xC) - logChoose(nC + nB, s));
            mean += probability * Math.exp(logEvidence([{ nC, nB, xC, xB: s - xC }], 1, [psi]));
          }
          expect(mean).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test('more harm is more evidence', () => {
    const logs = [2, 4, 8, 16].map((xC) => logRollbackEvidence([{ nC: 20, nB: 80, xC, xB: 8 }], 'lower'));
    expect(logs).toEqual(logs.toSorted((a, b) => a - b));
  });

  test.each([
    ['lower' as const, 1.2],
    ['higher' as const, 0.8],
  ])('promotion, %s is better: the mean over equality and a little better', (better, psi0) => {
    const strata = [{ nC: 40, nB: 60, xC: 9, xB: 21 }];
    const [equal, little] = [1, 1 / Math.sqrt(psi0)].map((psi) => Math.exp(logEvidence(strata, psi0, [psi])));
    expect(Math.exp(logPromotionEvidence(strata, better, 0.2))).toBeCloseTo(((equal ?? 0) + (little ?? 0)) / 2, 12);
  });

  test('refuses what is no number', () => {
    expect(() => logEvidence([{ nC: Number.NaN, nB: 5, xC: 1, xB: 1 }], 1, [2])).toThrow('not a number');
  });
});

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) {
    sum += Math.log((n - k + i) / i);
  }
  return sum;
}

test('logWeightedMean does not overflow and leaves out weight 0', () => {
  expect(logWeightedMean([1000, 0], [1, 3])).toBeCloseTo(1000 + Math.log(0.25), 10);
  expect(logWeightedMean([1000, 0], [0, 3])).toBe(0);
});

describe('strata', () => {
  const one = (minute: number) => ({
    minuteMillis: minutes(minute),
    arms: { candidate: { n: 1, x: 1 }, stable: { n: 2, x: 0 }, baseline: { n: 4, x: 4 } },
  });

  test('minutes of one stratum add up, arms apart, the other arm left out', () => {
    const strata = groupStrata([one(0), one(4), one(5)], 5, 'stable');
    expect(strata).toEqual([
      { nC: 2, nB: 4, xC: 2, xB: 0 },
      { nC: 1, nB: 2, xC: 1, xB: 0 },
    ]);
    expect(groupStrata([one(0)], 5, 'baseline')).toEqual([{ nC: 1, nB: 4, xC: 1, xB: 4 }]);
  });

  test('an arm without units is 0', () => {
    expect(groupStrata([{ minuteMillis: minutes(0), arms: {} }], 5, 'stable')).toEqual([{ nC: 0, nB: 0, xC: 0, xB: 0 }]);
  });

  test('a stratum matures as a whole', () => {
    const mature = (now: number) => matureMinutes([one(0), one(4), one(5)], 5, 60, minutes(now)).length;
    expect([64, 65, 69, 70].map(mature)).toEqual([0, 2, 2, 3]);
  });
});

describe('checkSampleRatio', () => {
  test('agrees with the formula by hand', () => {
    // One unit for the candidate: the Bayes factor is exactly 1.
    expect(checkSampleRatio(1, 0, 0.25).logEvidence).toBeCloseTo(0, 12);
    // Two: (25/100 · 26/101) / 0.25².
    expect(checkSampleRatio(2, 0, 0.25).logEvidence).toBeCloseTo(Math.log(26 / 101 / 0.25), 12);
  });

  test('tells a wrong split from a right one', () => {
    expect(checkSampleRatio(250, 750, 0.25).mismatch).toBe(false);
    expect(checkSampleRatio(350, 650, 0.25).mismatch).toBe(true);
    expect(checkSampleRatio(150, 850, 0.25).mismatch).toBe(true);
  });

  test.each([0, 1])('a share of %p has nothing to compare', (share) => {
    expect(checkSampleRatio(5, 5, share).mismatch).toBe(false);
  });
});

describe('power', () => {
  test('units by the formula', () => {
    expect(unitsForVerdict(0.2, 0.1)).toBeCloseTo(6 / (Math.log(1.2) ** 2 * 0.09), 9);
    expect(unitsForVerdict(0.2, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('units of a mean by the formula, and never without a mean', () => {
    expect(unitsForMeanVerdict(0.2, 10, 8)).toBeCloseTo((8 * 64) / 4, 9);
    expect(unitsForMeanVerdict(0.2, 0, 8)).toBe(Number.POSITIVE_INFINITY);
    expect(hoursForUnits(128, 256, [{ weight: 0.5, bakeMinutes: 30 }])).toBeCloseTo(2, 9);
  });

  test('hours run through the steps, the last for as long as it takes', () => {
    const steps = [
      { weight: 0.1, bakeMinutes: 60 },
      { weight: 0.5, bakeMinutes: 60 },
    ];
    const needed = unitsForVerdict(0.2, 0.1);
    const unitsPerHour = 1000;
    expect(hoursForVerdict({ margin: 0.2, rate: 0.1, unitsPerHour, steps })).toBeCloseTo(1 + (needed - 90) / 250, 9);
    expect(hoursForVerdict({ margin: 0.2, rate: 0.1, unitsPerHour: 1e6, steps })).toBeCloseTo(needed / 90_000, 9);
  });

  test('without traffic, or with a share of 1, never', () => {
    const outlook = { margin: 0.2, rate: 0.1, unitsPerHour: 0, steps: [{ weight: 0.5, bakeMinutes: 60 }] };
    expect(hoursForVerdict(outlook)).toBe(Number.POSITIVE_INFINITY);
    expect(hoursForVerdict({ ...outlook, unitsPerHour: 60, steps: [{ weight: 1, bakeMinutes: 60 }] })).toBe(Number.POSITIVE_INFINITY);
  });
});
