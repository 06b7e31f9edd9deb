/** Terms this small beside the largest no longer change a double. */
const NEGLIGIBLE = 1e-18;
const RESCALE_ABOVE = 1e250;

/**
 * ln M(ψ), M(ψ) = Σ_k C(nC,k) C(nB,s−k) ψ^k / C(n,s): the mean of ψ^x when x of the s events fall to the candidate by chance alone.
 * No factorials: each sum runs by ratios from its own largest term, and the two largest terms differ by a product of ratios.
 */
export function logMoment(nC: number, nB: number, s: number, psi: number): number {
  if (s === 0 || nC === 0 || psi === 1) {
    return 0;
  }
  if (nB === 0) {
    return s * Math.log(psi);
  }
  const lowest = Math.max(0, s - nB);
  const highest = Math.min(s, nC);
  /** Term k+1 over term k, without ψ. */
  const ratio = (k: number): number => ((nC - k) * (s - k)) / ((k + 1) * (nB - s + k + 1));
  const centre = clamp(Math.floor(((s + 1) * (nC + 1)) / (nC + nB + 2)), lowest, highest);
  const shift = walkToMode(centre, lowest, highest, psi, ratio);
  return (
    shift.logPsiPower +
    shift.logRatio +
    Math.log(sumFrom(shift.mode, lowest, highest, psi, ratio) / sumFrom(centre, lowest, highest, 1, ratio))
  );
}

type Ratio = (k: number) => number;

/** Sum of all terms, the one at `mode` being 1. */
function sumFrom(mode: number, lowest: number, highest: number, psi: number, ratio: Ratio): number {
  let sum = 1;
  let term = 1;
  for (let k = mode; k < highest && term > NEGLIGIBLE * sum; k++) {
    term *= ratio(k) * psi;
    sum += term;
  }
  term = 1;
  for (let k = mode; k > lowest && term > NEGLIGIBLE * sum; k--) {
    term /= ratio(k - 1) * psi;
    sum += term;
  }
  return sum;
}

/** From the central mode to the mode under ψ: the terms have one peak, so the first fall ends the walk. */
function walkToMode(
  centre: number,
  lowest: number,
  highest: number,
  psi: number,
  ratio: Ratio,
): { mode: number; logRatio: number; logPsiPower: number } {
  let mode = centre;
  let logRatio = 0;
  let product = 1;
  const keepInRange = (): void => {
    if (product > RESCALE_ABOVE || product < 1 / RESCALE_ABOVE) {
      logRatio += Math.log(product);
      product = 1;
    }
  };
  while (mode < highest && ratio(mode) * psi > 1) {
    product *= ratio(mode);
    mode += 1;
    keepInRange();
  }
  while (mode > lowest && ratio(mode - 1) * psi < 1) {
    product /= ratio(mode - 1);
    mode -= 1;
    keepInRange();
  }
  return { mode, logRatio: logRatio + Math.log(product), logPsiPower: mode * Math.log(psi) };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
