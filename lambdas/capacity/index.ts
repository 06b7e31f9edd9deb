import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { CapacityPolicy } from '../../core/capacity';
import { CLIENT, lean } from '../shared/client';
import { required, requiredJson } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { emit, logger, type MetricValue } from '../shared/telemetry';
import { endpointsOf } from './endpoints';
import type { CapacityParts } from './parts';
import { type CapacityReport, lookAfterCapacity } from './run';
import { lastInvocationOf, lastRequestOf } from './traffic';

const cloudWatch = lean(new CloudWatchClient(CLIENT));
const useCase = required('USE_CASE');

const parts: CapacityParts = {
  useCase,
  prefix: required('RESOURCE_PREFIX'),
  tags: requiredJson<Record<string, string>>('TAGS'),
  policy: requiredJson<CapacityPolicy>('CAPACITY_POLICY'),
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sfn: lean(new SFNClient(CLIENT)),
  scaling: { scaling: lean(new ApplicationAutoScalingClient(CLIENT)), cloudWatch },
  endpoints: endpointsOf(lean(new SageMakerClient(CLIENT))),
  lastRequest: lastRequestOf(cloudWatch, useCase),
  lastInvocation: lastInvocationOf(cloudWatch),
  notify: notifierFromEnvironment(),
  measure: ({ wanted, parked, idleMinutes }) => {
    const idle: MetricValue[] = idleMinutes === undefined ? [] : [['IdleMinutes', MetricUnit.Count, Math.floor(idleMinutes)]];
    emit({ UseCase: useCase }, [['InstancesWanted', MetricUnit.Count, wanted], ['Parked', MetricUnit.Count, parked ? 1 : 0], ...idle]);
  },
  now: () => Date.now(),
};

/** By the clock, on a change of the endpoint's state, when somebody parks or wakes, and whenever it is asked. */
export const handler = async (event: unknown): Promise<CapacityReport> => {
  const detailType = (event as { 'detail-type'?: unknown } | null)?.['detail-type'];
  const report = await lookAfterCapacity(parts, detailType === 'SageMaker Endpoint State Change');
  if (report.did.length > 0) logger.info('Looked after capacity', { ...report });
  return report;
};
