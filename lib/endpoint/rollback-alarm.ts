/* eslint-disable awscdk/require-passing-this -- these classes construct for the endpoint that calls them */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** When a share of requests that end in a server error undoes a deployment. */
export interface ServerErrorsProps {
  /**
   * Share of the requests, above 0, at most 1.
   *
   * @default 0.05
   */
  readonly share?: number;

  /**
   * Requests a minute below which nothing is concluded.
   *
   * @default 20
   */
  readonly minimumRequests?: number;

  /**
   * Minutes in a row.
   *
   * @default 1
   */
  readonly minutes?: number;
}

/** When slow answers undo a deployment. */
export interface ModelLatencyProps {
  /** Milliseconds that 95 of 100 answers of the container must not exceed. */
  readonly p95Millis: number;

  /**
   * Requests a minute below which nothing is concluded.
   *
   * @default 20
   */
  readonly minimumRequests?: number;

  /**
   * Minutes in a row.
   *
   * @default 2
   */
  readonly minutes?: number;
}

/** @internal The fleet that an alarm looks at: of a variant under one config, or of an inference component. */
export interface WatchedFleet {
  readonly id: string;
  readonly dimensions: Record<string, string>;
}

/**
 * What undoes a deployment: an alarm on the new instances alone, so that trouble of the old ones undoes nothing.
 *
 * @example
 * const alarm = RollbackAlarm.serverErrors({ share: 0.01, minimumRequests: 100 });
 */
export abstract class RollbackAlarm {
  /**
   * A share of the requests ends in a server error (5xx).
   *
   * @param props share and sample
   */
  static serverErrors(props?: ServerErrorsProps): RollbackAlarm {
    const { share = 0.05, minimumRequests = 20, minutes = 1 } = props ?? {};
    if (!(share > 0 && share <= 1))
      throw new Error(`share of RollbackAlarm.serverErrors is ${share}: above 0 and at most 1 is allowed, such as 0.05.`);
    return new FleetAlarm('ServerErrors', share, minutes, (metric) => ({
      label: 'share of requests that end in a server error',
      expression: `IF(requests >= ${minimumRequests}, errors / requests, 0)`,
      usingMetrics: { requests: metric('Invocations', 'Sum'), errors: metric('Invocation5XXErrors', 'Sum') },
    }));
  }

  /**
   * The container answers too slowly.
   *
   * @param props latency and sample
   */
  static modelLatency(props: ModelLatencyProps): RollbackAlarm {
    const { p95Millis, minimumRequests = 20, minutes = 2 } = props;
    if (!(p95Millis > 0)) throw new Error(`p95Millis of RollbackAlarm.modelLatency is ${p95Millis}: milliseconds above 0 are allowed.`);
    // SageMaker measures in microseconds.
    return new FleetAlarm('ModelLatency', p95Millis, minutes, (metric) => ({
      label: "p95 of the container's answers in milliseconds",
      expression: `IF(requests >= ${minimumRequests}, latency / 1000, 0)`,
      usingMetrics: { requests: metric('Invocations', 'Sum'), latency: metric('ModelLatency', 'p95') },
    }));
  }

  /**
   * An alarm of your own. What it looks at is yours to say: with the dimension `EndpointConfigName` it would look at new instances alone.
   *
   * @param alarm the alarm
   */
  static of(alarm: cloudwatch.IAlarm): RollbackAlarm {
    return new OwnAlarm(alarm);
  }

  /** @internal The alarms for the endpoint's fleets. */
  abstract _bind(scope: Construct, fleets: WatchedFleet[]): cloudwatch.IAlarm[];

  /** @internal How many alarms it is on so many fleets. */
  abstract _count(fleets: number): number;
}

class OwnAlarm extends RollbackAlarm {
  constructor(private readonly alarm: cloudwatch.IAlarm) {
    super();
  }

  override _bind(): cloudwatch.IAlarm[] {
    return [this.alarm];
  }

  override _count(): number {
    return 1;
  }
}

const PERIOD = Duration.minutes(1);

type FleetMetric = (metricName: string, statistic: string) => cloudwatch.Metric;

class FleetAlarm extends RollbackAlarm {
  constructor(
    private readonly name: string,
    private readonly threshold: number,
    private readonly minutes: number,
    private readonly expression: (metric: FleetMetric) => cloudwatch.MathExpressionProps,
  ) {
    super();
  }

  override _bind(scope: Construct, fleets: WatchedFleet[]): cloudwatch.IAlarm[] {
    return fleets.map(({ id, dimensions }) => {
      const metric: FleetMetric = (metricName, statistic) =>
        new cloudwatch.Metric({ namespace: 'AWS/SageMaker', metricName, statistic, period: PERIOD, dimensionsMap: dimensions });
      return new cloudwatch.Alarm(scope, `${this.name}-${id}`, {
        alarmDescription: `${this.name} of new instances of ${id}: the deployment under way is undone.`,
        metric: new cloudwatch.MathExpression({ ...this.expression(metric), period: PERIOD }),
        threshold: this.threshold,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: this.minutes,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    });
  }

  override _count(fleets: number): number {
    return fleets;
  }
}
