import { logMean } from './log-mean';
import { CountsMemo } from './memo';
import { centredLogMoments, centreOf } from './moment';
import type { Stratum } from './types';

export type Better = 'lower' | 'higher';

/** The odds ratio to refute, and those that are bet on instead. */
export interface Bets {
  psi0: number;
  grid: number[];
}

/** Odds ratios a worse candidate may have. */
export const ROLLBACK_GRID: Record<Better, number[]> = {
  higher: [0.9, 0.8, 0.7, 0.55, 0.4, 0.25, 0.1, 0.02],
  lower: [1.1, 1.25, 1.5, 2, 3, 6, 15, 50],
};
const OPPOSITE: Record<Better, Better> = { lower: 'higher', higher: 'lower' };

export const rollbackBets = (better: Better): Bets => ({ psi0: 1, grid: ROLLBACK_GRID[better] });
export const improvementBets = (better: Better): Bets => rollbackBets(OPPOSITE[better]);

/** Bets on equality and on a little better. */
export function promotionBets(better: Better, margin: number): Bets {
  const psi0 = better === 'lower' ? 1 + margin : 1 - margin;
  return { psi0, grid: [1, 1 / Math.sqrt(psi0)] };
}

/** ln E against "the candidate is no worse": large means worse. */
export function logRollbackEvidence(strata: Stratum[], better: Better): number {
  return BetTable.of([rollbackBets(better)]).logEvidence(strata, 0);
}

/** ln E against "the candidate is not better": large means better. */
export function logImprovementEvidence(strata: Stratum[], better: Better): number {
  return BetTable.of([improvementBets(better)]).logEvidence(strata, 0);
}

/** ln E against "the candidate is worse by more than the margin": large means no worse. */
export function logPromotionEvidence(strata: Stratum[], better: Better, margin: number): number {
  return BetTable.of([promotionBets(better, margin)]).logEvidence(strata, 0);
}

/** ln of the mean, over the grid of ψ, of Π_h ψ^x M_h(ψ0) / (ψ0^x M_h(ψ)). Without information: 0. */
export function logEvidence(strata: Stratum[], psi0: number, grid: number[]): number {
  return BetTable.of([{ psi0, grid }]).logEvidence(strata, 0);
}

/** What one stratum adds to ln E_ψ, for each ψ: sums over strata, then `logMean`, give `logEvidence`. */
export function stratumLogs(stratum: Stratum, psi0: number, grid: number[]): number[] {
  return BetTable.of([{ psi0, grid }]).totalLogs([stratum], 0);
}

// Most strata are the same at every look, and small ones recur: a bounded memo makes a look cheap.
const tables = new Map<string, BetTable>();

/** Several bets on the same strata: what they need of a stratum is computed together, and remembered. */
export class BetTable {
  private readonly memo: CountsMemo<Float64Array>;
  private readonly logOdds: number[][];

  /** For bets that recur: the table is kept. */
  static of(bets: Bets[]): BetTable {
    const name = bets.map(({ psi0, grid }) => `${psi0}:${grid.join(' ')}`).join('|');
    const known = tables.get(name) ?? new BetTable(bets);
    tables.set(name, known);
    return known;
  }

  constructor(private readonly bets: Bets[]) {
    this.logOdds = bets.map(({ psi0, grid }) => grid.map((psi) => Math.log(psi / psi0)));
    const psis = bets.flatMap(({ psi0, grid }) => [psi0, ...grid]);
    this.memo = new CountsMemo((nC, nB, s) => centredLogMoments(nC, nB, s, psis));
  }

  logEvidence(strata: Stratum[], bet: number): number {
    return logMean(this.totalLogs(strata, bet));
  }

  /** Σ over strata of (x − centre) ln(ψ/ψ0) − ln M(ψ) + ln M(ψ0), M from the centre too, for every ψ of the bet. */
  totalLogs(strata: Stratum[], bet: number): number[] {
    const logOdds = this.logOdds[bet] ?? [];
    const reference = this.bets.slice(0, bet).reduce((sum, { grid }) => sum + 1 + grid.length, 0);
    const totals = logOdds.map(() => 0);
    for (const { nC, nB, xC, xB } of strata) {
      const events = xC + xB;
      if (events === 0 || events === nC + nB || nC === 0 || nB === 0) continue;
      const moments = this.memo.of(nC, nB, events);
      const excess = xC - centreOf(nC, nB, events);
      for (let index = 0; index < totals.length; index++) {
        const moment = (moments[reference + 1 + index] ?? 0) - (moments[reference] ?? 0);
        totals[index] = (totals[index] ?? 0) + excess * (logOdds[index] ?? 0) - moment;
      }
    }
    return totals;
  }
}
