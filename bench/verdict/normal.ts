/** Φ(z), relative error below 1.2e-7 (complementary error function by Chebyshev's polynomial, as in Numerical Recipes). */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let polynomial = 0;
  for (const coefficient of COEFFICIENTS) polynomial = polynomial * t + coefficient;
  const upper = 0.5 * t * Math.exp(-x * x + polynomial);
  return z > 0 ? 1 - upper : upper;
}

/** Of t⁹ down to t⁰. */
const COEFFICIENTS = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223,
];

const quantiles = new Map<number, number>();

/** Φ⁻¹ by bisection, remembered: tables ask for the same few thousand again and again. */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const known = quantiles.get(probability);
  if (known !== undefined) return known;
  let low = -40;
  let high = 0;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  quantiles.set(probability, (low + high) / 2);
  return (low + high) / 2;
}
