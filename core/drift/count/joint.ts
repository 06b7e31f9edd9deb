import type { JointCounts, JointLayout } from '../types';

/** Reconstruction errors are counted in whole steps of this size, so that their sums are exact. */
export const JOINT_STEP = 0.01;
/** Larger errors count as this: no row outweighs the others, and sums of 90 million rows are still exact. */
export const JOINT_MOST = 100;

const MOST_STEPS = JOINT_MOST / JOINT_STEP;

/** How far rows are from what the components of the baseline say of them. Missing values count as the mean. */
export class Reconstruction {
  private readonly standard: Float64Array;
  private readonly scales: number[];
  readonly counts: JointCounts = { n: 0, sum: 0, sumOfSquares: 0 };

  constructor(private readonly joint: JointLayout) {
    this.standard = new Float64Array(joint.features.length);
    this.scales = joint.deviations.map((deviation) => (deviation > 0 ? 1 / deviation : 0));
  }

  /** `value(index)` gives the values in the order of `joint.features`. */
  add(steps: number): void {
    this.counts.n += 1;
    this.counts.sum += steps;
    this.counts.sumOfSquares += steps * steps;
  }

  /** Sets one value; undefined: missing. */
  set(index: number, value: number | undefined): void {
    const { means } = this.joint;
    this.standard[index] = value === undefined ? 0 : (value - (means[index] as number)) * (this.scales[index] as number);
  }

  /** The components are orthonormal: what they leave is the length of the row less the lengths along them. */
  steps(): number {
    const { standard } = this;
    const size = standard.length;
    let left = 0;
    for (let at = 0; at < size; at += 1) left += (standard[at] as number) * (standard[at] as number);
    for (const loading of this.joint.loadings) {
      let score = 0;
      for (let at = 0; at < size; at += 1) score += (standard[at] as number) * (loading[at] as number);
      left -= score * score;
    }
    const steps = Math.round(Math.sqrt(Math.max(0, left)) / JOINT_STEP);
    return steps < MOST_STEPS ? steps : MOST_STEPS;
  }
}

export function reconstructionSteps(joint: JointLayout, values: (number | undefined)[]): number {
  const row = new Reconstruction(joint);
  for (const [index, value] of values.entries()) row.set(index, value);
  return row.steps();
}
