import { logMoment } from './moment';
import type { Stratum } from './types';

type Better = 'lower' | 'higher';

/** Odds ratios a worse candidate may have. */
const ROLLBACK_GRID: Record<Better, number[]> = {
  higher: [0.9, 0.8, 0.7, 0.55, 0.4, 0.25, 0.1, 0.02],
  lower: [1.1, 1.25, 1.5, 2, 3, 6, 15, 50],
};
/** E-values are kept finite and above zero: JSON and logarithms of them stay numbers. */
const LOG_LIMIT = 300 * Math.LN10;
const MEMO_ENTRIES = 20_000;
/** Three counts below this make one exact integer. */
const KEY_BASE = 2 ** 17;

/** ln E against "the candidate is no worse": large means worse. */
export function logRollbackEvidence(strata: Stratum[], better: Better): number {
  return logEvidence(strata, 1, ROLLBACK_GRID[better]);
}

/** ln E against "the candidate is worse by more than the margin": large means no worse. */
export function logPromotionEvidence(strata: Stratum[], better: Better, margin: number): number {
  const psi0 = better === 'lower' ? 1 + margin : 1 - margin;
  return logEvidence(strata, psi0, [1, 1 / Math.sqrt(psi0)]);
}

/** ln of the mean, over the grid of ψ, of Π_h ψ^x M_h(ψ0) / (ψ0^x M_h(ψ)). Without information: 0. */
export function logEvidence(strata: Stratum[], psi0: number, grid: number[]): number {
  const logOdds = grid.map((psi) => Math.log(psi / psi0));
  const totals = grid.map(() => 0);
  const momentsOf = memoisedLogMoments(psi0, grid);
  for (const stratum of strata) {
    const events = stratum.xC + stratum.xB;
    if (events === 0 || events === stratum.nC + stratum.nB || stratum.nC === 0 || stratum.nB === 0) {
      continue;
    }
    const moments = momentsOf(stratum.nC, stratum.nB, events);
    for (let index = 0; index < totals.length; index++) {
      totals[index] = (totals[index] ?? 0) + stratum.xC * (logOdds[index] ?? 0) - (moments[index] ?? 0);
    }
  }
  return logWeightedMean(
    totals,
    grid.map(() => 1),
  );
}

/** ln( Σ w_i e^{v_i} / Σ w_i ), without overflow. */
export function logWeightedMean(logValues: number[], weights: number[]): number {
  const largest = Math.max(...logValues.filter((_, index) => (weights[index] ?? 0) > 0));
  if (!Number.isFinite(largest)) {
    throw new Error(`Evidence is not a number: logs ${logValues.join(', ')}`);
  }
  let sum = 0;
  let total = 0;
  logValues.forEach((value, index) => {
    const weight = weights[index] ?? 0;
    sum += weight > 0 ? weight * Math.exp(value - largest) : 0;
    total += weight;
  });
  return largest + Math.log(sum / total);
}

/** e^log, held between 1e-300 and 1e300. */
export function toEvidence(log: number): number {
  return Math.exp(Math.min(LOG_LIMIT, Math.max(-LOG_LIMIT, log)));
}

type LogMoments = (nC: number, nB: number, events: number) => number[];

// Most strata are the same at every look, and small ones recur: a bounded memo makes a look cheap.
const memos = new Map<string, Map<number, number[]>>();

/** ln M(ψ) − ln M(ψ0) for every ψ of the grid. */
function memoisedLogMoments(psi0: number, grid: number[]): LogMoments {
  const name = [psi0, ...grid].join(' ');
  const memo = memos.get(name) ?? new Map<number, number[]>();
  memos.set(name, memo);
  return (nC, nB, events) => {
    const key = (nC * KEY_BASE + nB) * KEY_BASE + events;
    // Beyond the base two strata could share a key.
    const small = Math.max(nC, nB, events) < KEY_BASE;
    const known = small ? memo.get(key) : undefined;
    if (known !== undefined) {
      return known;
    }
    const reference = logMoment(nC, nB, events, psi0);
    const moments = grid.map((psi) => logMoment(nC, nB, events, psi) - reference);
    if (memo.size >= MEMO_ENTRIES) {
      memo.clear();
    }
    if (small) {
      memo.set(key, moments);
    }
    return moments;
  };
}
