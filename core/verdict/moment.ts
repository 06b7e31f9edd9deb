import { logHypergeometric } from './binomial';

/** Terms this small beside the sum change nothing that is asked of it: 1e-9 over thousands of strata. */
const NEGLIGIBLE = 1e-14;
/** Up to this many terms all ψ share one polynomial. */
const WIDEST_POLYNOMIAL = 512;
/** Beyond this its powers could leave the range of doubles. */
const LARGEST_LOG_POWER = 600;

/** ln M(ψ), M(ψ) = Σ_k C(nC,k) C(nB,s−k) ψ^k / C(n,s): the mean of ψ^x when x of the s events fall to the candidate by chance alone. */
export function logMoment(nC: number, nB: number, s: number, psi: number): number {
  const [centred = 0] = centredLogMoments(nC, nB, s, [psi]);
  return centred + centreOf(nC, nB, s) * Math.log(psi);
}

/** The likeliest x by chance alone. */
export function centreOf(nC: number, nB: number, s: number): number {
  return Math.min(s, nC, Math.max(0, s - nB, Math.floor(((s + 1) * (nC + 1)) / (nC + nB + 2))));
}

/** ln of the mean of ψ^(x − centre), for every ψ: what is left of two large logarithms once their difference is taken exactly. */
export function centredLogMoments(nC: number, nB: number, s: number, psis: number[]): Float64Array {
  const lowest = Math.max(0, s - nB);
  const highest = Math.min(s, nC);
  const centre = centreOf(nC, nB, s);
  const logs = new Float64Array(psis.length);
  let smallest = 1;
  let largest = 1;
  for (const psi of psis) {
    smallest = Math.min(smallest, psi);
    largest = Math.max(largest, psi);
  }
  const largestPower = (highest - lowest) * Math.log(Math.max(largest, 1 / smallest));
  if (highest - lowest > WIDEST_POLYNOMIAL || largestPower > LARGEST_LOG_POWER) {
    psis.forEach((psi, index) => (logs[index] = fromMode(nC, nB, s, psi, lowest, highest, centre)));
    return logs;
  }
  const up = fillAbove(nC, nB, s, highest, centre, largest);
  const down = fillBelow(nC, nB, s, lowest, centre, smallest);
  const total = 1 + sumOf(above, up, 1) + sumOf(below, down, 1);
  for (let index = 0; index < psis.length; index++) {
    const psi = psis[index] ?? 1;
    if (psi !== 1) logs[index] = Math.log((1 + sumOf(above, up, psi) + sumOf(below, down, 1 / psi)) / total);
  }
  return logs;
}

/** C(nC,k) C(nB,s−k) relative to the central one, on its two sides. */
const above = new Float64Array(WIDEST_POLYNOMIAL + 1);
const below = new Float64Array(WIDEST_POLYNOMIAL + 1);

/** Until no ψ needs more; returns how many. */
function fillAbove(nC: number, nB: number, s: number, highest: number, centre: number, largestPsi: number): number {
  let term = 1;
  let powered = 1;
  let sum = 1;
  let count = 0;
  for (let k = centre; k < highest && powered > NEGLIGIBLE * sum; k++) {
    const ratio = ((nC - k) * (s - k)) / ((k + 1) * (nB - s + k + 1));
    term *= ratio;
    powered *= ratio * largestPsi;
    sum += powered;
    above[count++] = term;
  }
  return count;
}

function fillBelow(nC: number, nB: number, s: number, lowest: number, centre: number, smallestPsi: number): number {
  let term = 1;
  let powered = 1;
  let sum = 1;
  let count = 0;
  for (let k = centre; k > lowest && powered > NEGLIGIBLE * sum; k--) {
    const ratio = (k * (nB - s + k)) / ((nC - k + 1) * (s - k + 1));
    term *= ratio;
    powered *= ratio / smallestPsi;
    sum += powered;
    below[count++] = term;
  }
  return count;
}

/** Σ side[i] base^(i+1). Terms rise to one peak and fall: once a pair is negligible the sum is complete. */
function sumOf(side: Float64Array, count: number, base: number): number {
  const square = base * base;
  let odd = base;
  let even = square;
  let sum = 0;
  let other = 0;
  for (let i = 0; i + 1 < count; i += 2) {
    const term = (side[i + 1] ?? 0) * even;
    sum += (side[i] ?? 0) * odd;
    other += term;
    odd *= square;
    even *= square;
    if (term < NEGLIGIBLE * other) return sum + other;
  }
  return count % 2 === 0 ? sum + other : sum + other + (side[count - 1] ?? 0) * odd;
}

/** Wide supports: the largest term under ψ by its logarithm, its neighbours by ratios until they no longer count. */
function fromMode(nC: number, nB: number, s: number, psi: number, lowest: number, highest: number, centre: number): number {
  if (psi === 1) return 0;
  const mode = modeOf(nC, nB, s, psi, lowest, highest);
  let sum = 1;
  let term = 1;
  for (let k = mode; k < highest && term > NEGLIGIBLE * sum; k++) {
    term *= (((nC - k) * (s - k)) / ((k + 1) * (nB - s + k + 1))) * psi;
    sum += term;
  }
  term = 1;
  for (let k = mode; k > lowest && term > NEGLIGIBLE * sum; k--) {
    term *= (k * (nB - s + k)) / ((nC - k + 1) * (s - k + 1) * psi);
    sum += term;
  }
  return logHypergeometric(mode, nC, nB, s) + (mode - centre) * Math.log(psi) + Math.log(sum);
}

/** Where neighbouring terms are equal: (nC − k)(s − k) ψ = (k + 1)(nB − s + k + 1). */
function modeOf(nC: number, nB: number, s: number, psi: number, lowest: number, highest: number): number {
  const a = psi - 1;
  const b = s - nB - (nC + s + 2) * psi;
  const c = (nC + 1) * (s + 1) * psi;
  const discriminant = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  // Whichever form does not subtract two equal numbers.
  const root = b > 0 ? (b + discriminant) / (-2 * a) : (-2 * c) / (b - discriminant);
  return Math.min(highest, Math.max(lowest, Math.floor(root)));
}
