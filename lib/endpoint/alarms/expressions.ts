import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** PutMetricAlarm overwrites an alarm of the same name: the end of the name is drawn from where the construct stands. */
export function alarmNamer(scope: Construct, endpointName: string): (what: string) => string {
  const place = scope.node.addr.slice(-6);
  return (what) => `${endpointName}-${place}-${what}`;
}

export interface ShareOf {
  readonly requests: cloudwatch.Metric;
  readonly failures: cloudwatch.Metric;
  readonly minimumRequests: number;
  readonly period: Duration;
}

/** Below the minimum the share is 0, so that an alarm goes back to OK; without requests there is no data. */
export const failureShare = ({ requests, failures, minimumRequests, period }: ShareOf): cloudwatch.MathExpression =>
  new cloudwatch.MathExpression({
    label: 'share of requests that fail',
    expression: `IF(requests >= ${minimumRequests}, failures / requests, 0)`,
    usingMetrics: { requests, failures },
    period,
  });

export interface SlownessOf {
  readonly requests: cloudwatch.Metric;
  readonly latencyMillis: cloudwatch.MathExpression;
  readonly minimumRequests: number;
  readonly period: Duration;
}

export const slowestAbove = ({ requests, latencyMillis, minimumRequests, period }: SlownessOf): cloudwatch.MathExpression =>
  new cloudwatch.MathExpression({
    label: 'p95 in ms',
    expression: `IF(requests >= ${minimumRequests}, latency, 0)`,
    usingMetrics: { requests, latency: latencyMillis },
    period,
  });
