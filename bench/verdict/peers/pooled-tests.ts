import { normalCdf } from '../normal';
import type { Tallies } from '../tally';
import { ofControl, SQUARES, SUM, UNITS } from '../tally';
import type { Score } from './score';

/** Candidate units before a pooled test is read. */
const MIN_UNITS = 30;
const MIN_UNITS_OF_SEQUENCE = 200;

interface Difference {
  candidateUnits: number;
  /** Candidate minus control, positive where the candidate is worse. */
  harm: number;
  variance: number;
  /** n_c·n_b/n. */
  information: number;
}

/** Everything since the start, added up: what stratifying is not. */
class Pool {
  private readonly fields = { nC: 0, sC: 0, qC: 0, nB: 0, sB: 0, qB: 0 };

  constructor(
    private readonly better: 'lower' | 'higher',
    private readonly binary: boolean,
  ) {}

  add(seen: Tallies): Difference {
    const { fields } = this;
    fields.nC += seen.candidate[UNITS] ?? 0;
    fields.sC += seen.candidate[SUM] ?? 0;
    fields.qC += seen.candidate[SQUARES] ?? 0;
    fields.nB += ofControl(seen, UNITS);
    fields.sB += ofControl(seen, SUM);
    fields.qB += ofControl(seen, SQUARES);
    const { nC, sC, nB, sB } = fields;
    if (nC < 2 || nB < 2) return { candidateUnits: nC, harm: 0, variance: 0, information: 0 };
    const difference = sC / nC - sB / nB;
    return {
      candidateUnits: nC,
      harm: this.better === 'lower' ? difference : -difference,
      variance: this.binary ? this.pooledVariance() : this.separateVariance(),
      information: (nC * nB) / (nC + nB),
    };
  }

  private pooledVariance(): number {
    const { nC, sC, nB, sB } = this.fields;
    const rate = Math.min(1, (sC + sB) / (nC + nB));
    return rate * (1 - rate) * (1 / nC + 1 / nB);
  }

  private separateVariance(): number {
    const { nC, sC, qC, nB, sB, qB } = this.fields;
    return (qC - sC ** 2 / nC) / (nC - 1) / nC + (qB - sB ** 2 / nB) / (nB - 1) / nB;
  }
}

/** One-sided z-test on pooled counts, read each minute: the largest z so far. */
export class PeekedZTest implements Score {
  private readonly pool: Pool;
  private score = Number.NEGATIVE_INFINITY;

  constructor(better: 'lower' | 'higher', binary: boolean) {
    this.pool = new Pool(better, binary);
  }

  minute(seen: Tallies): number {
    const { candidateUnits, harm, variance } = this.pool.add(seen);
    if (candidateUnits >= MIN_UNITS && variance > 0) this.score = Math.max(this.score, harm / Math.sqrt(variance));
    return this.score;
  }
}

/** O'Brien-Fleming in continuous time: z·√t against Φ⁻¹(1 − α/2), t the share of the planned information. One-sided. */
export class OBrienFleming implements Score {
  private readonly pool: Pool;
  private score = Number.NEGATIVE_INFINITY;

  constructor(
    better: 'lower' | 'higher',
    binary: boolean,
    private readonly plannedInformation: number,
  ) {
    this.pool = new Pool(better, binary);
  }

  minute(seen: Tallies): number {
    const { harm, variance, information } = this.pool.add(seen);
    const share = Math.min(1, information / this.plannedInformation);
    if (variance > 0) this.score = Math.max(this.score, (harm / Math.sqrt(variance)) * Math.sqrt(share));
    return this.score;
  }
}

/** Pooled asymptotic confidence sequence as a one-sided e-process (Waudby-Smith and others, 2024): the largest ln e so far. */
export class PooledSequence implements Score {
  private readonly pool: Pool;
  private score = Number.NEGATIVE_INFINITY;

  /** `effect`: the difference it is tuned to, in the KPI's unit. */
  constructor(
    better: 'lower' | 'higher',
    binary: boolean,
    private readonly effect: number,
  ) {
    this.pool = new Pool(better, binary);
  }

  minute(seen: Tallies): number {
    const { candidateUnits, harm, variance } = this.pool.add(seen);
    if (candidateUnits >= MIN_UNITS_OF_SEQUENCE && variance > 0) {
      const v = 1 / variance;
      const k = 1 + this.effect ** 2 * v;
      const drift = harm * v * this.effect;
      this.score = Math.max(this.score, Math.log(2 * normalCdf(drift / Math.sqrt(k))) - Math.log(k) / 2 + drift ** 2 / (2 * k));
    }
    return this.score;
  }
}
