import { logMean } from './log-mean';

/** Error rate that a candidate may have beside a baseline that cannot fail. */
export const TOLERATED_ERROR_RATE = 0.01;
/** Share of slow answers that a candidate may have beside a baseline that is always quick: `aboveMillis` is meant as a 95 % quantile. */
export const TOLERATED_SLOW_RATE = 0.05;
const ODDS_RATIOS = [1.5, 2, 3, 5, 10, 25, 100, 1000];

/**
 * ln E against "the candidate's rate is at most `tolerated`". A rule never fails and answers at once, and beside it the third
 * time-out of a good model would be proof of harm: a first release is held to a fixed rate instead.
 */
export function logAboveTolerance(units: number, events: number, tolerated: number): number {
  const rates = ODDS_RATIOS.map((odds) => rateAt(tolerated, odds));
  return logAgainstRate(units, events, tolerated, rates);
}

/** ln E against "the candidate's rate is not below `tolerated`". */
export function logBelowTolerance(units: number, events: number, tolerated: number): number {
  const rates = ODDS_RATIOS.map((odds) => rateAt(tolerated, 1 / odds));
  return logAgainstRate(units, events, tolerated, rates);
}

/** ln E against "the candidate's rate exceeds `tolerated` by more than the margin". */
export function logWithinTolerance(units: number, events: number, tolerated: number, margin: number): number {
  const worse = Math.min(tolerated * (1 + margin), (1 + tolerated) / 2);
  return logAgainstRate(units, events, worse, [tolerated, tolerated / Math.sqrt(1 + margin)]);
}

/** ln of the mean, over the rates q, of (q/rate)^events ((1−q)/(1−rate))^(units−events). */
function logAgainstRate(units: number, events: number, rate: number, rates: number[]): number {
  return logMean(rates.map((q) => events * Math.log(q / rate) + (units - events) * Math.log((1 - q) / (1 - rate))));
}

const rateAt = (rate: number, odds: number): number => (rate * odds) / (1 - rate + rate * odds);
