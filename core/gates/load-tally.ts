import { type Histogram, mergeHistograms } from './histogram';
import { mergeBy } from './sums';

/** What one driver saw of one level, or of the rival beside it; merges in any split. */
export interface LoadTally {
  sent: number;
  /** Latencies of those that were answered, from when they were due. */
  latencies: Histogram;
  /** Name of the error → how often. */
  failures: Record<string, number>;
}

export const noLoadTally = (): LoadTally => ({ sent: 0, latencies: {}, failures: {} });

export function mergeLoad(left: LoadTally, right: LoadTally): LoadTally {
  return {
    sent: left.sent + right.sent,
    latencies: mergeHistograms(left.latencies, right.latencies),
    failures: mergeBy(left.failures, right.failures, (one, other) => one + other),
  };
}

export const failuresOf = ({ failures }: LoadTally): number => Object.values(failures).reduce((sum, n) => sum + n, 0);
