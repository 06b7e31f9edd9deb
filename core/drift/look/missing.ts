/** So rarely nothing is captured by chance where only a share of requests is. */
const UNLIKELY = 1e-6;

/** Whether captures should be there, and are not. A share of 0 captures nothing: then whatever is asked is not watched. */
export function isMissing(requests: number, samplingShare: number, files: number): boolean {
  if (files > 0 || requests === 0) return false;
  if (samplingShare <= 0) return true;
  return requests * Math.log1p(-Math.min(samplingShare, 1 - 1e-12)) < Math.log(UNLIKELY);
}

/** Requests that failed are not captured: fewer than this share of what should be there is no matter of failures. */
const TOO_FEW = 0.5;
const DEVIATIONS = 6;

/** Whether so few are there that some instances capture nothing. */
export function isPartlyMissing(requests: number, samplingShare: number, captured: number): boolean {
  const expected = requests * samplingShare;
  const deviation = Math.sqrt(expected * (1 - samplingShare) + 1);
  return captured < TOO_FEW * expected && expected - captured > DEVIATIONS * deviation;
}
