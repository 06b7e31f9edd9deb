import type { GuardedPolicy, ReleaseRecord } from '../contracts';
import { guardedWaitMinutes, MOST_DEPLOYMENT_MINUTES } from './strategy';

interface CapacitySize {
  Type: 'CAPACITY_PERCENT';
  Value: number;
}

/** SageMaker's DeploymentConfig, as far as it is used. */
export interface DeploymentConfig {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR';
      WaitIntervalInSeconds: number;
      CanarySize?: CapacitySize;
      LinearStepSize?: CapacitySize;
    };
    TerminationWaitInSeconds: number;
    MaximumExecutionTimeoutInSeconds: number;
  };
  AutoRollbackConfiguration: { Alarms: { AlarmName: string }[] };
}

/** When the new fleet is broken. */
export interface GuardThresholds {
  failureShare: number;
  minimumFailures: number;
  minimumRequests: number;
  latencyP95Millis: number;
  minimumRequestsForLatency: number;
}

/** The fleet that alarms watch. */
export interface GuardedFleet {
  endpointName: string;
  variantName: string;
  /** Tells the new fleet from the old one, whose variant has the same name. */
  endpointConfigName: string;
}

/** CloudWatch's PutMetricAlarm, as far as it is used. */
export interface GuardAlarm {
  AlarmName: string;
  AlarmDescription: string;
  Metrics: object[];
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  Threshold: number;
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold';
  TreatMissingData: 'notBreaching';
}

const SECONDS_PER_MINUTE = 60;
const LEAST_EXECUTION_SECONDS = 600;
/** Beside the waits: how long the instances of the new fleet may take. */
const STARTING_MINUTES = 120;
const PERIOD_SECONDS = 300;
const MICROS_PER_MILLI = 1000;

/** The standing alarm: somebody asked for the way back. Its name must not begin as those that roll back. */
export const askedAlarmName = (prefix: string): string => `${prefix}-guard-asked`;

/** Alarms of one release, made when its new fleet starts and deleted when it ends. */
export const guardAlarmNames = (prefix: string, releaseId: string): { failures: string; latency: string } => ({
  failures: `${prefix}-guard-${releaseId}-failures`,
  latency: `${prefix}-guard-${releaseId}-latency`,
});

/** What undoes a deployment: trouble of the new fleet, or somebody who asks for it. */
export function allGuardAlarmNames(prefix: string, releaseId: string): string[] {
  return [...Object.values(guardAlarmNames(prefix, releaseId)), askedAlarmName(prefix)];
}

/** SageMaker moves traffic while the release stands at this stage. */
export const GUARDED_STAGE = 'blue-green';

/** Taking traffic away from it is SageMaker's to do. */
export const isGuarded = (record: Pick<ReleaseRecord, 'stage' | 'endedAt' | 'spec'> | undefined): boolean =>
  record?.endedAt === undefined && record?.spec.rollout.strategy === 'blue-green' && record.stage === GUARDED_STAGE;

export function deploymentConfig(policy: GuardedPolicy, alarmNames: string[]): DeploymentConfig {
  const { routing, stepShare, waitMinutes, terminationWaitMinutes } = policy;
  const size: CapacitySize = { Type: 'CAPACITY_PERCENT', Value: Math.round((stepShare ?? 0) * 100) };
  const all = Math.min(MOST_DEPLOYMENT_MINUTES, guardedWaitMinutes(policy) + STARTING_MINUTES) * SECONDS_PER_MINUTE;
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: routing === 'canary' ? 'CANARY' : routing === 'linear' ? 'LINEAR' : 'ALL_AT_ONCE',
        WaitIntervalInSeconds: waitMinutes * SECONDS_PER_MINUTE,
        ...(routing === 'canary' ? { CanarySize: size } : {}),
        ...(routing === 'linear' ? { LinearStepSize: size } : {}),
      },
      TerminationWaitInSeconds: terminationWaitMinutes * SECONDS_PER_MINUTE,
      MaximumExecutionTimeoutInSeconds: Math.max(LEAST_EXECUTION_SECONDS, all),
    },
    AutoRollbackConfiguration: { Alarms: alarmNames.map((AlarmName) => ({ AlarmName })) },
  };
}

/** Both watch the new fleet alone: the old one's troubles are no reason to keep it. */
export function guardAlarms(prefix: string, releaseId: string, fleet: GuardedFleet, thresholds: GuardThresholds): GuardAlarm[] {
  const names = guardAlarmNames(prefix, releaseId);
  const { minimumRequests, minimumFailures, minimumRequestsForLatency, failureShare, latencyP95Millis } = thresholds;
  const requests = metric('requests', 'Invocations', 'Sum', fleet);
  const common = { EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching' as const };
  return [
    {
      ...common,
      AlarmName: names.failures,
      AlarmDescription: `The new fleet of ${releaseId} fails in at least ${failureShare * 100} % of its requests: SageMaker goes back to the old one.`,
      Metrics: [
        requests,
        metric('failures', 'Invocation5XXErrors', 'Sum', fleet),
        expression(`IF(requests >= ${minimumRequests}, IF(failures >= ${minimumFailures}, failures / requests, 0), 0)`),
      ],
      Threshold: failureShare,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    },
    {
      ...common,
      AlarmName: names.latency,
      AlarmDescription: `The p95 of the new fleet of ${releaseId} is above ${latencyP95Millis} ms: SageMaker goes back to the old one.`,
      Metrics: [
        requests,
        metric('latency', 'ModelLatency', 'p95', fleet),
        expression(`IF(requests >= ${minimumRequestsForLatency}, latency, 0)`),
      ],
      // SageMaker counts in microseconds.
      Threshold: latencyP95Millis * MICROS_PER_MILLI,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  ];
}

function metric(id: string, name: string, statistic: string, { endpointName, variantName, endpointConfigName }: GuardedFleet): object {
  const dimensions = { EndpointName: endpointName, VariantName: variantName, EndpointConfigName: endpointConfigName };
  return {
    Id: id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SageMaker',
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: statistic,
    },
  };
}

const expression = (text: string): object => ({ Id: 'watched', Expression: text, Period: PERIOD_SECONDS, ReturnData: true });
