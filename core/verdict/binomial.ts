/**
 * ln of binomial and hypergeometric probabilities by Loader's saddle-point expansion (2000): exact to a few units in the last place
 * at any size, where differences of ln n! lose what is wanted.
 */

const EXACT_UP_TO = 15;
const CLOSE = 0.1;

/** What Stirling's formula misses of ln n!. */
const SMALL_ERRORS = Array.from({ length: EXACT_UP_TO + 1 }, (_, n) => {
  if (n === 0) return 0;
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return Math.log(factorial) - 0.5 * Math.log(2 * Math.PI * n) - n * Math.log(n) + n;
});

/** ln of the probability that k of the s drawn are among nC, the rest among nB. */
export function logHypergeometric(k: number, nC: number, nB: number, s: number): number {
  const p = s / (nC + nB);
  const q = (nC + nB - s) / (nC + nB);
  return logBinomial(k, nC, p, q) + logBinomial(s - k, nB, p, q) - logBinomial(s, nC + nB, p, q);
}

function logBinomial(k: number, n: number, p: number, q: number): number {
  if (k === 0) return n === 0 ? 0 : n * (p < CLOSE ? Math.log1p(-p) : Math.log(q));
  if (k === n) return n * (q < CLOSE ? Math.log1p(-q) : Math.log(p));
  const spread = Math.log(2 * Math.PI * k) + Math.log1p(-k / n);
  return stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * q) - spread / 2;
}

function stirlingError(n: number): number {
  if (n <= EXACT_UP_TO) return SMALL_ERRORS[n] ?? 0;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x ln(x/mean) + mean − x, without cancellation where both are close. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= CLOSE * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}
