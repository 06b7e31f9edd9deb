/** Natural logarithms of tail probabilities, accurate where the probabilities themselves are too small for a double. */

const ROUNDS = 100_000;
const ENOUGH = 1e-15;
/** Instead of a zero that would be divided by. */
const TINY = 1e-300;

/** ln P(χ² with df degrees of freedom > x). */
export function logChiSquareTail(x: number, df: number): number {
  if (x <= 0) return 0;
  const shape = df / 2;
  const half = x / 2;
  const logPrefix = shape * Math.log(half) - half - logGamma(shape);
  if (half < shape + 1) return Math.log1p(-Math.min(1, Math.exp(logPrefix) * gammaSeries(shape, half)));
  return logPrefix + Math.log(gammaFraction(shape, half));
}

/** ln P(|N(0, 1)| > |z|). */
export const logTwoSidedNormalTail = (z: number): number => logChiSquareTail(z * z, 1);

/** ln P(at least k of n happen, each with probability p). */
export function logBinomialAtLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 0;
  if (k > n || p <= 0) return -Infinity;
  return p >= 1 ? 0 : logBeta(p, 1 - p, k, n - k + 1);
}

/** ln P(at most k of n happen). */
export const logBinomialAtMost = (k: number, n: number, p: number): number => logBinomialAtLeast(n - k, n, 1 - p);

/** Lanczos' approximation, g = 7: relative error below 1e-14. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  let sum = 0.99999999999980993;
  LANCZOS.forEach((coefficient, index) => (sum += coefficient / (x + index)));
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Of the lower incomplete gamma function, without its prefix. */
function gammaSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let round = 1; round < ROUNDS && term > sum * ENOUGH; round++) {
    term *= x / (shape + round);
    sum += term;
  }
  return sum;
}

/** Of the upper incomplete gamma function, without its prefix: Lentz's way through the continued fraction. */
function gammaFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let product = d;
  for (let round = 1; round < ROUNDS; round++) {
    const a = -round * (round - shape);
    b += 2;
    d = 1 / notZero(a * d + b);
    c = notZero(b + a / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < ENOUGH) break;
  }
  return product;
}

/** ln of the regularised incomplete beta function at p = 1 - q. */
function logBeta(p: number, q: number, a: number, b: number): number {
  const logPrefix = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(p) + b * Math.log(q);
  if (p < (a + 1) / (a + b + 2)) return logPrefix + Math.log(betaFraction(p, a, b) / a);
  return Math.log1p(-Math.min(1, (Math.exp(logPrefix) * betaFraction(q, b, a)) / b));
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let product = d;
  const step = (numerator: number): number => {
    d = 1 / notZero(1 + numerator * d);
    c = notZero(1 + numerator / c);
    product *= d * c;
    return d * c;
  };
  for (let m = 1; m < ROUNDS; m++) {
    step((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    const change = step((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    if (Math.abs(change - 1) < ENOUGH) break;
  }
  return product;
}

const notZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
