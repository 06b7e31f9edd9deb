import type { KpiPolicy } from '../../core/contracts';
import type { Stratum, ValueScale, ValueStratum } from '../../core/verdict';
import {
  logMean,
  logValuePromotionEvidence,
  promotionBets,
  RatioSums,
  ROLLBACK_GRID,
  stratumLogs,
  valueStratumLogs,
} from '../../core/verdict';
import { TILT_PARTS, VALUE_STEPS } from '../../core/verdict/value-scale';
import type { Tallies, Tally } from './tally';
import { ofControl, SQUARES, SUM, TILTS, UNITS } from './tally';

/** As `rollout.stratumMinutes` has it. */
export const STRATUM_MINUTES = 5;
const LOG_THRESHOLD = Math.log(20);

/** Whether the mean of the bets reaches the threshold: never while the best of them does not. */
export function reached(logs: number[]): boolean {
  return logs.some((log) => log >= LOG_THRESHOLD) && logMean(logs) >= LOG_THRESHOLD;
}

/** Reads each minute of exposure once, in order; says whether the evidence has reached the threshold. */
export interface Judge {
  minute(judged: Tallies, minute: number): boolean;
}

/** Rollback: strata that are complete add up; the open one is evaluated anew at each look, as the product does. */
export class BinaryRollback implements Judge {
  private readonly grid: number[];
  private readonly logGrid: number[];
  private readonly totals: number[];
  private readonly bounds: number[];
  private readonly open: Stratum = { nC: 0, nB: 0, xC: 0, xB: 0 };

  /** `openCounts`: false where only complete strata are read. */
  constructor(
    { better }: Pick<KpiPolicy, 'better'>,
    private readonly openCounts: boolean,
  ) {
    this.grid = ROLLBACK_GRID[better];
    this.logGrid = this.grid.map(Math.log);
    this.totals = this.grid.map(() => 0);
    this.bounds = this.grid.map(() => 0);
  }

  minute(judged: Tallies, minute: number): boolean {
    addMinute(this.open, judged);
    const closes = minute % STRATUM_MINUTES === STRATUM_MINUTES - 1;
    if (!closes && !(this.openCounts && this.couldCross())) return false;
    const increments = stratumLogs(this.open, 1, this.grid);
    const now = this.totals.map((total, index) => total + (increments[index] ?? 0));
    if (closes) {
      now.forEach((total, index) => (this.totals[index] = total));
      clearStratum(this.open);
    }
    return reached(now);
  }

  /** M(ψ) ≥ ψ^(s·nC/n) by Jensen, so the open stratum adds at most (x − s·nC/n) ln ψ: most looks need no moments at all. */
  private couldCross(): boolean {
    const { nC, nB, xC, xB } = this.open;
    const excess = nC + nB === 0 ? 0 : xC - ((xC + xB) * nC) / (nC + nB);
    for (let index = 0; index < this.totals.length; index++) {
      this.bounds[index] = (this.totals[index] ?? 0) + excess * (this.logGrid[index] ?? 0);
    }
    return reached(this.bounds);
  }
}

export class ValueRollback implements Judge {
  private readonly totals: number[];
  private readonly open = emptyValueStratum();

  constructor(
    private readonly scale: ValueScale,
    private readonly openCounts: boolean,
  ) {
    this.totals = scale.lambdas.map(() => 0);
  }

  minute(judged: Tallies, minute: number): boolean {
    addValueMinute(this.open, judged, this.scale);
    const closes = minute % STRATUM_MINUTES === STRATUM_MINUTES - 1;
    if (!closes && !this.openCounts) return false;
    const increments = valueStratumLogs(this.open, this.scale);
    const now = this.totals.map((total, index) => total + (increments[index] ?? 0));
    if (closes) {
      now.forEach((total, index) => (this.totals[index] = total));
      clearValueStratum(this.open);
    }
    return reached(now);
  }
}

/** Promotion reads complete strata only. */
export class BinaryPromotion implements Judge {
  private readonly psi0: number;
  private readonly grid: number[];
  private readonly totals: number[];
  private readonly open: Stratum = { nC: 0, nB: 0, xC: 0, xB: 0 };

  constructor({ better, margin }: Pick<KpiPolicy, 'better' | 'margin'>) {
    const { psi0, grid } = promotionBets(better, margin);
    this.psi0 = psi0;
    this.grid = grid;
    this.totals = grid.map(() => 0);
  }

  minute(judged: Tallies, minute: number): boolean {
    addMinute(this.open, judged);
    if (minute % STRATUM_MINUTES !== STRATUM_MINUTES - 1) return false;
    stratumLogs(this.open, this.psi0, this.grid).forEach((log, index) => (this.totals[index] = (this.totals[index] ?? 0) + log));
    clearStratum(this.open);
    return reached(this.totals);
  }
}

export class ValuePromotion implements Judge {
  private readonly sums = new RatioSums();
  private readonly open = emptyValueStratum();

  constructor(
    private readonly policy: KpiPolicy,
    private readonly scale: ValueScale,
  ) {}

  minute(judged: Tallies, minute: number): boolean {
    addValueMinute(this.open, judged, this.scale);
    if (minute % STRATUM_MINUTES !== STRATUM_MINUTES - 1) return false;
    this.sums.add({ ...this.open });
    clearValueStratum(this.open);
    return logValuePromotionEvidence(this.sums, this.policy) >= LOG_THRESHOLD;
  }
}

function addMinute(stratum: Stratum, judged: Tallies): void {
  stratum.nC += judged.candidate[UNITS] ?? 0;
  stratum.xC += judged.candidate[SUM] ?? 0;
  stratum.nB += ofControl(judged, UNITS);
  stratum.xB += ofControl(judged, SUM);
}

function clearStratum(stratum: Stratum): void {
  stratum.nC = 0;
  stratum.nB = 0;
  stratum.xC = 0;
  stratum.xB = 0;
}

const emptyValueStratum = (): ValueStratum => ({
  nC: 0,
  nB: 0,
  sumC: 0,
  sumB: 0,
  squaresC: 0,
  squaresB: 0,
  tilts: [0, 0, 0, 0, 0],
  observedC: 0,
  observedB: 0,
});

function addValueMinute(stratum: ValueStratum, judged: Tallies, { cap, lambdas }: ValueScale): void {
  const step = cap / VALUE_STEPS;
  const { candidate, equal, rest } = judged;
  stratum.nC += candidate[UNITS] ?? 0;
  stratum.observedC += candidate[UNITS] ?? 0;
  stratum.nB += ofControl(judged, UNITS);
  stratum.observedB += ofControl(judged, UNITS);
  stratum.sumC += (candidate[SUM] ?? 0) * step;
  stratum.sumB += ofControl(judged, SUM) * step;
  stratum.squaresC += (candidate[SQUARES] ?? 0) * step * step;
  stratum.squaresB += ofControl(judged, SQUARES) * step * step;
  const tilt = (tally: Tally, index: number): number => tally[TILTS + index] ?? 0;
  for (let index = 0; index < lambdas.length; index++) {
    stratum.tilts[index] = (stratum.tilts[index] ?? 0) + (tilt(candidate, index) + tilt(equal, index) + tilt(rest, index)) / TILT_PARTS;
  }
}

function clearValueStratum(stratum: ValueStratum): void {
  Object.assign(stratum, emptyValueStratum());
}
