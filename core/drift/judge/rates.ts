import { logBinomialAtLeast } from './tails';
import { compareRates, type Rate, type TwoGates } from './two-gates';
import type { RateComparison } from './types';

/** What is large, and what is significant. */
export interface Gates {
  /** √JSD in bits. */
  limit: number;
  alpha: number;
}

export const isOver = (gates: Pick<TwoGates, 'distance' | 'log10P'>, { limit, alpha }: Gates): boolean =>
  gates.distance >= limit && gates.log10P <= Math.log10(alpha);

/** Fires whichever way the rate goes. */
export function compareRate(baseline: Rate, window: Rate, gates: Gates): RateComparison {
  const { distance, log10P } = compareRates(baseline, window) ?? { distance: 0, log10P: 0 };
  return { baseline, window, distance, log10P, fired: isOver({ distance, log10P }, gates) };
}

/** Fires where there are more of them; fewer missing values are no harm. Without gates nothing fires. */
export function compareFlaws(baseline: Rate, window: Rate, gates: Gates | undefined): RateComparison {
  const compared = compareRate(baseline, window, gates ?? { limit: Infinity, alpha: 0 });
  return { ...compared, fired: compared.fired && window.count * baseline.rows > baseline.count * window.rows };
}

/** More than that share, beyond what chance explains: one of 50 rows is no proof against 1 %. Against nothing at all one row is. */
export const isAbove = ({ count, rows }: Rate, share: number, alpha: number): boolean =>
  count > 0 && logBinomialAtLeast(count, rows, share) <= Math.log(alpha);
