import { logEvidence } from '../../../core/verdict';
import golden from './golden.json';

interface Case {
  nC: number;
  nB: number;
  xC: number;
  xB: number;
  psi0: number;
  psi: number;
  logE: number;
}

const cases: Case[] = golden;

describe('log likelihood ratio of one stratum against scipy.stats.nchypergeom_fisher', () => {
  test('there are at least 60 cases, up to 5000 units', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(Math.max(...cases.map(({ nC, nB }) => nC + nB))).toBe(5000);
  });

  test.each(cases)('nC $nC nB $nB xC $xC xB $xB, ψ $psi against $psi0', ({ psi0, psi, logE, ...stratum }) => {
    const actual = logEvidence([stratum], psi0, [psi]);
    expect(Math.abs(actual - logE)).toBeLessThanOrEqual(1e-9 * Math.max(0.01, Math.abs(logE)));
  });
});
