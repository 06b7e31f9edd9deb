import type { ValueScale, ValueStratum } from '../../../core/verdict';
import {
  groupValueStrata,
  logEvidence,
  logRatioEvidence,
  logValueRollbackEvidence,
  RatioSums,
  valueScaleOf,
  valueStratumLogs,
} from '../../../core/verdict';
import { logTwoPhiScaled } from '../../../core/verdict/normal';
import golden from './golden.json';
import goldenValues from './golden-values.json';
import { countsOf } from './values-fixtures';

interface Case {
  nC: number;
  nB: number;
  xC: number;
  xB: number;
  psi0: number;
  psi: number;
  logE: number;
  scipy?: number;
}

const cases: Case[] = golden;
const differs = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.max(1, Math.abs(expected));

describe('log likelihood ratio of one stratum', () => {
  const results = cases.map(({ psi0, psi, logE, scipy, ...stratum }) => ({
    stratum,
    actual: logEvidence([stratum], psi0, [psi]),
    logE,
    scipy,
  }));

  test('200 cases and more of scipy.stats.nchypergeom_fisher, to 1e-9', () => {
    const known = results.flatMap(({ actual, scipy }) => (scipy === undefined ? [] : [{ actual, scipy }]));
    expect(known.length).toBeGreaterThanOrEqual(200);
    expect(known.filter(({ actual, scipy }) => !(differs(actual, scipy) <= 1e-9))).toEqual([]);
  });

  test('all cases at 40 digits, to 1e-10, and to 1e-11 where the value is small', () => {
    expect(results.filter(({ actual, logE }) => !(Math.abs(actual - logE) <= 1e-10 * Math.max(0.1, Math.abs(logE))))).toEqual([]);
  });

  test('among them no outcomes, nothing but outcomes, one unit of the candidate, a million per cell', () => {
    const having = (is: (one: Case) => boolean): number => cases.filter(is).length;
    expect(having(({ xC, xB }) => xC + xB === 0)).toBeGreaterThan(5);
    expect(having(({ nC, nB, xC, xB }) => xC + xB === nC + nB)).toBeGreaterThan(5);
    expect(having(({ nC }) => nC === 1)).toBeGreaterThan(10);
    expect(having(({ nC, nB }) => nC === 1e6 && nB === 1e6)).toBeGreaterThan(10);
  });

  test('a digit too few would be seen', () => {
    const off = results.filter(({ actual, logE }) => logE !== 0 && differs(actual * (1 + 1e-7), logE) > 1e-9);
    expect(off.length).toBeGreaterThan(cases.length / 3);
  });
});

describe('exponential tilt of one stratum', () => {
  test.each(goldenValues.tilts.map((one) => ({ ...one, nC: one.candidate.length, nB: one.control.length })))(
    '$nC and $nB values, $better is better, cap $cap: from whole counters, to 1e-9',
    ({ better, cap, mean, standardDeviation, candidate, control, tilts, logs }) => {
      const scale: ValueScale = valueScaleOf({
        name: 'cost',
        better: better as 'lower' | 'higher',
        cap,
        typical: { mean, standardDeviation },
      });
      const inUnits = (steps: number[]): number[] => steps.map((step) => (step * cap) / 10_000);
      const arms = { candidate: countsOf(scale, inUnits(candidate)), stable: countsOf(scale, inUnits(control)) };
      const [grouped] = groupValueStrata([{ minuteMillis: 0, arms }], 1, 'stable', scale, 'left-out');
      // Where e^(λ·harm) is a whole number of millionths, a double may round up to the next.
      tilts.forEach((tilt, index) => {
        const counted = Math.round((grouped?.tilts[index] ?? 0) * 1e6);
        expect(counted).toBeGreaterThanOrEqual(tilt);
        expect(counted).toBeLessThanOrEqual(tilt + candidate.length + control.length);
      });
      const stratum = { ...(grouped as ValueStratum), tilts: tilts.map((tilt) => tilt / 1e6) };
      const actual = valueStratumLogs(stratum, scale);
      logs.forEach((log, index) => expect(differs(actual[index] ?? Number.NaN, log)).toBeLessThanOrEqual(1e-9));
      const mixed = Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length);
      expect(differs(logValueRollbackEvidence([stratum], scale), mixed)).toBeLessThanOrEqual(1e-9);
    },
  );
});

describe('evidence about a ratio of means', () => {
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const squares = (values: number[]): number => sum(values.map((value) => value * value));
  const sumsOf = (strata: { candidate: number[]; control: number[] }[]): RatioSums =>
    RatioSums.of(
      strata.map(({ candidate, control }) => ({
        nC: candidate.length,
        nB: control.length,
        sumC: sum(candidate),
        sumB: sum(control),
        squaresC: squares(candidate),
        squaresB: squares(control),
        tilts: [],
        observedC: candidate.length,
        observedB: control.length,
      })),
    );

  test.each(goldenValues.ratios)(
    'ratio $rho, bet $bet: from sums, to 1e-9 of what the values say',
    ({ strata, rho, bet, below, above }) => {
      const sums = sumsOf(strata);
      expect(differs(logRatioEvidence(sums, rho, 'below', bet), below)).toBeLessThanOrEqual(1e-9);
      expect(differs(logRatioEvidence(sums, rho, 'above', bet), above)).toBeLessThanOrEqual(1e-9);
    },
  );

  test('with and without the floor of the variance', () => {
    expect(new Set(goldenValues.ratios.map(({ floored }) => floored))).toEqual(new Set([true, false]));
  });

  test.each(goldenValues.normal)('ln 2Φ($t) + t²/2', ({ t, log }) => {
    expect(differs(logTwoPhiScaled(t), log)).toBeLessThanOrEqual(1e-12);
  });
});
