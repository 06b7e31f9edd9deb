/** So rarely nothing is captured by chance where only a share of requests is. */
const UNLIKELY = 1e-6;

/** Whether captures should be there, and are not. A share of 0 captures nothing: then whatever is asked is not watched. */
export function isMissing(requests: number, samplingShare: number, files: number): boolean {
  if (files > 0 || requests === 0) return false;
  if (samplingShare <= 0) return true;
  return requests * Math.log1p(-Math.min(samplingShare, 1 - 1e-12)) < Math.log(UNLIKELY);
}
