/** E-values are kept finite and above zero: JSON and logarithms of them stay numbers. */
const LOG_LIMIT = 300 * Math.LN10;

/** ln( Σ w_i e^{v_i} / Σ w_i ), without overflow. */
export function logWeightedMean(logValues: number[], weights: number[]): number {
  const largest = Math.max(...logValues.filter((_, index) => (weights[index] ?? 0) > 0));
  if (!Number.isFinite(largest)) {
    throw new Error(`Evidence is not a number: logs ${logValues.join(', ')}`);
  }
  let sum = 0;
  let total = 0;
  logValues.forEach((value, index) => {
    const weight = weights[index] ?? 0;
    sum += weight > 0 ? weight * Math.exp(value - largest) : 0;
    total += weight;
  });
  return largest + Math.log(sum / total);
}

/** ln of the plain mean of e^{v_i}. */
export function logMean(logValues: number[]): number {
  return logWeightedMean(
    logValues,
    logValues.map(() => 1),
  );
}

/** e^log, held between 1e-300 and 1e300. */
export function toEvidence(log: number): number {
  return Math.exp(Math.min(LOG_LIMIT, Math.max(-LOG_LIMIT, log)));
}
