import type { Arm, ControlRecord, DeployedRelease } from './contracts';
import { unitInterval } from './hash';

/** Comparison of the decisions made before the first release. */
export const NO_RELEASE = 'none';
/** `servedRelease` of the decisions that the baseline is to answer. */
export const BASELINE_RELEASE = 'baseline';

export interface Assignment {
  arm: Arm;
  /** The release whose comparison the decision belongs to: the candidate's, else stable's, else `none`. */
  releaseId: string;
  /** The release that is to answer, or `baseline`. */
  servedRelease: string;
  /** What is to answer, with its endpoint; missing for the baseline. */
  deployed?: DeployedRelease;
}

/** Share of all units that each arm is to get. */
export function armWeights(control: ControlRecord): Record<Arm, number> {
  if (control.mode === 'killed' || control.mode === 'parked') {
    return { baseline: 1, stable: 0, candidate: 0 };
  }
  const others = 1 - share(control.holdout);
  // The holdout is permanent: not even a weight of 1 takes its units.
  const candidate = control.candidate === undefined ? 0 : Math.min(share(control.candidateWeight), others);
  const rest = others - candidate;
  return hasStable(control) ? { baseline: 1 - others, stable: rest, candidate } : { baseline: 1 - candidate, stable: 0, candidate };
}

/** The arm of a unit. A growing candidate weight only ever adds units to the candidate. */
export function assign(control: ControlRecord, useCase: string, unitKey: string): Assignment {
  const releaseId = control.candidate?.releaseId ?? control.stable?.releaseId ?? NO_RELEASE;
  const arm = armOf(control, useCase, unitKey);
  const deployed = arm === 'candidate' ? control.candidate : arm === 'stable' ? control.stable : undefined;
  return deployed === undefined
    ? { arm: 'baseline', releaseId, servedRelease: BASELINE_RELEASE }
    : { arm, releaseId, servedRelease: deployed.releaseId, deployed };
}

function armOf(control: ControlRecord, useCase: string, unitKey: string): Arm {
  const weights = armWeights(control);
  const others = 1 - share(control.holdout);
  if (weights.baseline >= 1 || unitInterval(`holdout|${useCase}|${unitKey}`) < 1 - others) {
    return 'baseline';
  }
  // Salted with the release, so that every release draws its units anew, apart from the holdout.
  const draw = unitInterval(`candidate|${control.candidate?.releaseId ?? ''}|${unitKey}`);
  if (draw * others < weights.candidate) {
    return 'candidate';
  }
  return hasStable(control) ? 'stable' : 'baseline';
}

function hasStable(control: ControlRecord): boolean {
  return control.mode === 'live' && control.stable !== undefined;
}

function share(value: number): number {
  if (!(value >= 0 && value <= 1)) {
    throw new Error(`A share of units must be between 0 and 1, got ${value}`);
  }
  return value;
}
