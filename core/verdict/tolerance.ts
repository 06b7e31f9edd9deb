import { logWeightedMean } from './evidence';

/** Error rate that a candidate may have beside a baseline that cannot fail. */
export const TOLERATED_ERROR_RATE = 0.01;
const WORSE_RATES = [0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 0.9];

/**
 * ln E against "the candidate fails at most in 1 % of requests". A rule has no errors at all, and beside it the third timeout
 * of a good model would be proof of harm: a first release is held to a fixed rate instead.
 */
export function logErrorsAboveTolerance(requests: number, errors: number): number {
  const logs = WORSE_RATES.map(
    (rate) => errors * Math.log(rate / TOLERATED_ERROR_RATE) + (requests - errors) * Math.log((1 - rate) / (1 - TOLERATED_ERROR_RATE)),
  );
  return logWeightedMean(
    logs,
    logs.map(() => 1),
  );
}
