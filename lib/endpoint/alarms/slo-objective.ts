import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Duration } from 'aws-cdk-lib';
import type { InferenceComponentMetrics } from '../metrics/component-metrics';
import { INVOCATIONS } from '../metrics/sagemaker-metric';
import type { EndpointVariantMetrics } from '../metrics/variant-metrics';

/** Above 1 - 1 / 14.4 the fastest alarm can go off at all; 0.99999 leaves 26 seconds a month. */
const LEAST = 0.94;
const MOST = 0.99999;

/** @internal Where bad requests are counted. */
export interface SloSource {
  readonly metrics: EndpointVariantMetrics | InferenceComponentMetrics;
  readonly dimensionsMap: Record<string, string>;
}

/** @internal Metrics `requests` and `bad`: bad is the number of requests that miss the objective. */
export interface SloParts {
  readonly usingMetrics: Record<string, cloudwatch.IMetric>;
  /** Share of bad requests, from those metrics. */
  readonly share: string;
}

/**
 * What share of requests must be good.
 *
 * @example
 * const objective = SloObjective.latency(800, 0.99);
 */
export class SloObjective {
  /**
   * Requests that are not answered with a status of 500 or above.
   *
   * @param share of all requests, a fraction such as 0.999
   */
  static availability(share: number): SloObjective {
    return new SloObjective(share, undefined);
  }

  /**
   * Requests that the model answers within a time.
   *
   * @param withinMillis milliseconds in the container, above 0
   * @param share of all requests, a fraction such as 0.99
   */
  static latency(withinMillis: number, share: number): SloObjective {
    if (!(withinMillis > 0)) throw new Error(`The objective is ${withinMillis} ms: it must be above 0.`);
    return new SloObjective(share, withinMillis);
  }

  private constructor(
    /** Share of requests that must be good. */
    readonly share: number,
    private readonly withinMillis: number | undefined,
  ) {
    if (!(share >= LEAST && share <= MOST)) {
      throw new Error(
        `The objective is ${share}: it must be a fraction from ${LEAST} (below it the fastest alarm could never go off) to ${MOST}.`,
      );
    }
  }

  /** Share of requests that may be bad: the error budget. */
  get errorBudget(): number {
    // 1 - 0.999 is 0.0010000000000000009.
    return Number((1 - this.share).toPrecision(10));
  }

  /** What is good, in words. */
  get description(): string {
    const percent = Number((this.share * 100).toPrecision(10));
    return this.withinMillis === undefined
      ? `${percent} % of the requests do not fail`
      : `${percent} % of the requests take at most ${this.withinMillis} ms`;
  }

  /** @internal */
  _parts({ metrics, dimensionsMap }: SloSource, period: Duration): SloParts {
    const requests = metrics.metricInvocations({ period });
    if (this.withinMillis === undefined) {
      return { usingMetrics: { requests, failures: metrics.metricInvocation5xxErrors({ period }) }, share: 'failures / requests' };
    }
    // SageMaker measures in microseconds: the percentile rank is the percentage of requests that were at most so slow.
    const statistic = `PR(:${this.withinMillis * 1000})`;
    const quick = new cloudwatch.Metric({ namespace: INVOCATIONS, metricName: 'ModelLatency', dimensionsMap, statistic, period });
    return { usingMetrics: { requests, quick }, share: '1 - quick / 100' };
  }
}
