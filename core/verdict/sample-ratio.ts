/** Strength of the prior around the intended share. */
const KAPPA = 100;
const SAMPLE_RATIO_ALPHA = 0.001;

export interface SampleRatioCheck {
  mismatch: boolean;
  /** ln of the Bayes factor against the intended share. */
  logEvidence: number;
}

/** Do the units of the candidate and its control arrive in the intended proportion? `share` is the candidate's part of both. */
export function checkSampleRatio(candidateUnits: number, controlUnits: number, share: number): SampleRatioCheck {
  if (share <= 0 || share >= 1 || candidateUnits + controlUnits === 0) {
    return { mismatch: false, logEvidence: 0 };
  }
  const a = KAPPA * share;
  const b = KAPPA * (1 - share);
  const logEvidence =
    logBeta(a + candidateUnits, b + controlUnits) - logBeta(a, b) - candidateUnits * Math.log(share) - controlUnits * Math.log(1 - share);
  return { mismatch: logEvidence >= Math.log(1 / SAMPLE_RATIO_ALPHA), logEvidence };
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series, after shifting the argument to where it is exact to a double. */
function logGamma(value: number): number {
  let z = value;
  let shift = 0;
  while (z < 12) {
    shift -= Math.log(z);
    z += 1;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
