/** When an endpoint is in trouble. */
export interface EndpointAlarmThresholds {
  /**
   * Share of requests that are answered with a status of 500 or above, a fraction above 0, at most 1.
   *
   * @default 0.05
   */
  readonly errorShare?: number;

  /**
   * 95th percentile of the model's latency, in milliseconds.
   *
   * @default - 30 000: half of what SageMaker waits for an answer
   */
  readonly latencyP95Millis?: number;

  /**
   * Fewest requests within 5 minutes before errors and latency count: one failure of two requests says nothing.
   *
   * @default 20
   */
  readonly minimumRequests?: number;

  /**
   * Use of the fullest instance's disk, in percent below 75: where a disk is fuller, SageMaker stops capturing data and says nothing.
   *
   * @default 60
   */
  readonly diskPercent?: number;

  /**
   * Use of the memory of a GPU, in percent. Servers of large language models reserve 90 % of it and stay there.
   *
   * @default 95
   */
  readonly gpuMemoryPercent?: number;

  /**
   * How long requests may find no instance, or no copy, in minutes, a multiple of 5: waking from zero takes its time.
   *
   * @default 20
   */
  readonly noCapacityMinutes?: number;

  /**
   * Age of the oldest request that an asynchronous endpoint has not begun, in minutes.
   *
   * @default 30
   */
  readonly oldestRequestMinutes?: number;

  /**
   * Share of a serverless variant's highest concurrency that is in use, a fraction: at 1 requests are refused.
   *
   * @default 0.9
   */
  readonly concurrencyShare?: number;
}

/** The developer guide asks to stay below it: SageMaker stops capturing at high levels of disk use. */
const CAPTURE_STOPS_PERCENT = 75;

/** @internal */
export function checkEndpointThresholds(given: EndpointAlarmThresholds): Required<EndpointAlarmThresholds> {
  const thresholds = {
    errorShare: given.errorShare ?? 0.05,
    latencyP95Millis: given.latencyP95Millis ?? 30_000,
    minimumRequests: given.minimumRequests ?? 20,
    diskPercent: given.diskPercent ?? 60,
    gpuMemoryPercent: given.gpuMemoryPercent ?? 95,
    noCapacityMinutes: given.noCapacityMinutes ?? 20,
    oldestRequestMinutes: given.oldestRequestMinutes ?? 30,
    concurrencyShare: given.concurrencyShare ?? 0.9,
  };
  const refuse = (name: keyof EndpointAlarmThresholds, allowed: string): never => {
    throw new Error(`${name} is ${thresholds[name]}: it must be ${allowed}.`);
  };
  for (const name of Object.keys(thresholds) as (keyof EndpointAlarmThresholds)[]) if (!(thresholds[name] > 0)) refuse(name, 'above 0');
  for (const name of ['errorShare', 'concurrencyShare'] as const) if (thresholds[name] > 1) refuse(name, 'a fraction, at most 1');
  if (thresholds.gpuMemoryPercent > 100) refuse('gpuMemoryPercent', 'at most 100');
  if (thresholds.diskPercent >= CAPTURE_STOPS_PERCENT) refuse('diskPercent', `below ${CAPTURE_STOPS_PERCENT}, where data capture may stop`);
  if (thresholds.noCapacityMinutes % 5 !== 0) refuse('noCapacityMinutes', 'a multiple of 5, such as 20');
  return thresholds;
}
