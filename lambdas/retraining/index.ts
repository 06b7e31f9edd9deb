import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { BUILT_IN_PRICES, withPriceFile } from '../../core/prices';
import type { Owners } from '../../core/release/principals';
import type { RetrainingSettings } from '../../core/retraining';
import { CLIENT, lean } from '../shared/client';
import { optional, optionalJson, required, requiredJson } from '../shared/env';
import { answering } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { emit } from '../shared/telemetry';
import { readEvent } from './event';
import { answerHttp } from './http';
import { heardDrift, heardSchedule } from './heard';
import { endLost } from './lost';
import type { AskParts, WorkflowParts } from './parts';
import { act } from './workflow';

const prices = optional('PRICES');
const useCase = required('USE_CASE');
const common = {
  useCase,
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  sagemaker: lean(new SageMakerClient(CLIENT)),
  settings: requiredJson<RetrainingSettings>('RETRAINING_POLICY'),
  notify: notifierFromEnvironment(),
  measure: (counts: Record<string, number>) =>
    emit(
      { UseCase: useCase },
      Object.entries(counts).map(([name, count]) => [name, MetricUnit.Count, count]),
    ),
  now: () => Date.now(),
};

/** Deployed twice from one bundle: what asks may start the workflow, what the workflow asks may read data, and neither may do both. */
const askParts = (): AskParts => ({
  ...common,
  sfn: lean(new SFNClient(CLIENT)),
  prices: prices === undefined ? BUILT_IN_PRICES : withPriceFile(BUILT_IN_PRICES, prices, 'PRICES'),
  region: required('AWS_REGION'),
  machineArn: required('RETRAINING_STATE_MACHINE_ARN'),
  owners: requiredJson<Owners>('OWNERS'),
});

const workflowParts = (): WorkflowParts => {
  const vpcConfig = optionalJson<WorkflowParts['vpcConfig']>('VPC_CONFIG');
  const kmsKeyArn = optional('KMS_KEY_ARN');
  return {
    ...common,
    s3: lean(new S3Client(CLIENT)),
    prefix: required('RESOURCE_PREFIX'),
    roleArn: required('EVALUATION_ROLE_ARN'),
    captureBucket: required('CAPTURE_BUCKET'),
    driftBucket: required('DRIFT_BUCKET'),
    driftPolicyUri: required('DRIFT_POLICY'),
    tags: optionalJson<Record<string, string>>('TAGS') ?? {},
    ...(vpcConfig === undefined ? {} : { vpcConfig }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
  };
};

let asking: AskParts | undefined;
let working: WorkflowParts | undefined;

export const handler = async (event: unknown, context: Context): Promise<unknown> => {
  const read = readEvent(event);
  if (read.kind === 'workflow') return act((working ??= workflowParts()), read.action);
  const parts = (asking ??= askParts());
  switch (read.kind) {
    case 'http':
      return answering(() => answerHttp(parts, read.event, context.awsRequestId));
    case 'drift':
      return heardDrift(parts, read.useCase, read.told);
    case 'schedule':
      return heardSchedule(parts, read.time);
    case 'lost':
      return endLost(parts, read.lost);
  }
};
