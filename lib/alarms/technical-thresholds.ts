/** When a candidate is technically broken. */
export interface TechnicalThresholds {
  /**
   * Share of the candidate's requests that fail, a fraction above 0, at most 1.
   *
   * @default 0.3
   */
  readonly failureShare?: number;

  /**
   * Fewest failures within 15 minutes before the share counts: a single failure of three requests says nothing.
   *
   * @default 3
   */
  readonly minimumFailures?: number;

  /**
   * Fewest requests within 15 minutes before the share counts.
   *
   * @default 5
   */
  readonly minimumRequests?: number;

  /**
   * 95th percentile of the candidate's latency, in milliseconds.
   *
   * @default - 80 % of the gateway's time-out
   */
  readonly latencyP95Millis?: number;

  /**
   * Fewest requests within 15 minutes before the latency counts.
   *
   * @default 20
   */
  readonly minimumRequestsForLatency?: number;
}

/** @internal */
export function checkThresholds(given: TechnicalThresholds, timeoutMillis: number): Required<TechnicalThresholds> {
  const thresholds = {
    failureShare: given.failureShare ?? 0.3,
    minimumFailures: given.minimumFailures ?? 3,
    minimumRequests: given.minimumRequests ?? 5,
    latencyP95Millis: given.latencyP95Millis ?? timeoutMillis * 0.8,
    minimumRequestsForLatency: given.minimumRequestsForLatency ?? 20,
  };
  if (!(thresholds.failureShare > 0 && thresholds.failureShare <= 1)) {
    throw new Error(`failureShare is ${thresholds.failureShare}: it must be a fraction above 0, at most 1, such as 0.3.`);
  }
  for (const [name, value] of Object.entries(thresholds)) {
    if (!(value > 0)) throw new Error(`${name} is ${value}: it must be above 0.`);
  }
  return thresholds;
}
