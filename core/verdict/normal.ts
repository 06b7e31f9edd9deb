const SERIES_BELOW = 2;

/** ln(2Φ(t)) + t²/2, Φ the normal distribution: what a half-normal bet earns, without underflow on either side. */
export function logTwoPhiScaled(t: number): number {
  const x = t / Math.SQRT2;
  if (x < -SERIES_BELOW) return Math.log(scaledErfc(-x));
  if (x < SERIES_BELOW) return Math.log1p(erf(x)) + x * x;
  return Math.log(2 - Math.exp(-x * x) * scaledErfc(x)) + x * x;
}

/** 2/√π e^(−x²) Σ 2^k x^(2k+1) / (2k+1)!!: all terms of one sign. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > Number.EPSILON * Math.abs(sum) * 0.01; k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(x²) erfc(x) for x ≥ 2, by its continued fraction from the far end. */
function scaledErfc(x: number): number {
  let tail = x;
  for (let k = 80; k > 0; k--) tail = x + k / 2 / tail;
  return 1 / (tail * Math.sqrt(Math.PI));
}
