import type { Arm, KpiPolicy } from '../contracts';
import { logMean } from './log-mean';
import type { StratumMinutes } from './strata';
import { cutStrata } from './strata';
import type { MinuteCounts } from './types';
import type { ValueScale } from './value-scale';
import { countValue, TILT_PARTS, VALUE_STEPS } from './value-scale';

export type Unobserved = 'zero' | 'left-out';

/** Values of units that were exposed at the same time, in the KPI's own unit, none above the cap. */
export interface ValueStratum {
  nC: number;
  nB: number;
  sumC: number;
  sumB: number;
  squaresC: number;
  squaresB: number;
  /** Σ over both arms of e^(λ·harm), for each λ. */
  tilts: number[];
  /** Values that somebody sent. */
  observedC: number;
  observedB: number;
}

/** What a unit without an outcome counts as: nothing happened `count` times 0, while a missing amount is not known. */
export function unobservedOf({ type, unobserved }: Pick<KpiPolicy, 'type' | 'unobserved'>): Unobserved {
  return unobserved ?? (type === 'count' ? 'zero' : 'left-out');
}

export function groupValueStrata(
  minutes: MinuteCounts[],
  stratumMinutes: number,
  control: Arm,
  scale: ValueScale,
  unobserved: Unobserved,
  treated: Arm = 'candidate',
): ValueStratum[] {
  return cutStrata(minutes, stratumMinutes).map(valueAdder(scale, unobserved, control, treated));
}

/** Adds the minutes of a stratum up: in the whole numbers of the scale, whose sums are the same in any order. */
export function valueAdder(
  { cap, lambdas, better }: ValueScale,
  unobserved: Unobserved,
  control: Arm,
  treated: Arm,
): (stratum: StratumMinutes) => ValueStratum {
  const step = cap / VALUE_STEPS;
  const zeroTilts = unobserved === 'zero' ? countValue({ cap, lambdas, better }, 0).tilts : lambdas.map(() => 0);
  return ({ minutes }) => {
    const tilts = lambdas.map(() => 0);
    const judged = addArm(minutes, treated, tilts);
    const other = addArm(minutes, control, tilts);
    const missing = judged.n - judged.x + other.n - other.x;
    for (let index = 0; index < tilts.length; index++) {
      tilts[index] = ((tilts[index] ?? 0) + missing * (zeroTilts[index] ?? 0)) / TILT_PARTS;
    }
    return {
      nC: unobserved === 'zero' ? judged.n : judged.x,
      nB: unobserved === 'zero' ? other.n : other.x,
      sumC: judged.sum * step,
      sumB: other.sum * step,
      squaresC: judged.squares * step * step,
      squaresB: other.squares * step * step,
      tilts,
      observedC: judged.x,
      observedB: other.x,
    };
  };
}

/**
 * What one stratum adds to ln E_λ, for each λ: λ S − n_c ln(M/n), S the candidate's summed harm. By Hoeffding (1963) the mean of e^(λS)
 * over all ways to draw the candidate's units is at most (M/n)^n_c.
 */
export function valueStratumLogs(stratum: ValueStratum, { cap, lambdas, better }: ValueScale): number[] {
  const { nC, nB, sumC, tilts } = stratum;
  // Alone, an arm shows nothing.
  if (nC === 0 || nB === 0) return lambdas.map(() => 0);
  const harm = better === 'lower' ? sumC : nC * cap - sumC;
  const logs = new Array<number>(lambdas.length);
  for (let index = 0; index < lambdas.length; index++) {
    logs[index] = (lambdas[index] ?? 0) * harm - nC * Math.log((tilts[index] ?? 0) / (nC + nB));
  }
  return logs;
}

/** ln E against "the candidate is no worse": large means worse. */
export function logValueRollbackEvidence(strata: ValueStratum[], scale: ValueScale): number {
  const totals = scale.lambdas.map(() => 0);
  for (const stratum of strata) {
    const logs = valueStratumLogs(stratum, scale);
    for (let index = 0; index < totals.length; index++) totals[index] = (totals[index] ?? 0) + (logs[index] ?? 0);
  }
  return logMean(totals);
}

interface Total {
  n: number;
  x: number;
  sum: number;
  squares: number;
}

/** Both arms share the tilts. */
function addArm(minutes: MinuteCounts[], arm: Arm, tilts: number[]): Total {
  const total: Total = { n: 0, x: 0, sum: 0, squares: 0 };
  for (const { arms } of minutes) {
    const counts = arms[arm];
    if (counts === undefined) continue;
    total.n += counts.n;
    total.x += counts.x;
    total.sum += counts.sum ?? 0;
    total.squares += counts.squares ?? 0;
    if (counts.tilts === undefined) continue;
    for (let index = 0; index < tilts.length; index++) tilts[index] = (tilts[index] ?? 0) + (counts.tilts[index] ?? 0);
  }
  return total;
}
