import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { GuardThresholds } from '../../core/release/guarded';
import type { VpcConfig } from '../../core/release/sagemaker';
import { CLIENT, lean } from '../shared/client';
import { optional, optionalJson, required, requiredJson } from '../shared/env';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { readAction } from './action';
import { act } from './act';
import type { StepParts } from './parts';

const vpcConfig = optionalJson<VpcConfig>('VPC_CONFIG');
const kmsKeyArn = optional('KMS_KEY_ARN');
const captureBucket = optional('CAPTURE_BUCKET');
const dataBucket = optional('DATA_BUCKET');
const asyncBucket = optional('ASYNC_BUCKET');
const guardThresholds = optionalJson<GuardThresholds>('GUARD_THRESHOLDS');
const useCase = required('USE_CASE');

const cloudwatch = lean(new CloudWatchClient(CLIENT));

const parts: StepParts = {
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  s3: lean(new S3Client(CLIENT)),
  sagemaker: lean(new SageMakerClient(CLIENT)),
  sfn: lean(new SFNClient(CLIENT)),
  cloudwatch,
  scaling: { scaling: lean(new ApplicationAutoScalingClient(CLIENT)), cloudWatch: cloudwatch },
  ...(guardThresholds === undefined ? {} : { guardThresholds }),
  evidenceBucket: required('EVIDENCE_BUCKET'),
  surroundings: {
    useCase,
    prefix: required('RESOURCE_PREFIX'),
    modelRoleArn: required('MODEL_ROLE_ARN'),
    tags: requiredJson<Record<string, string>>('TAGS'),
    ...(vpcConfig === undefined ? {} : { vpcConfig }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    ...(captureBucket === undefined ? {} : { captureBucket }),
    ...(dataBucket === undefined ? {} : { dataBucket }),
    ...(asyncBucket === undefined ? {} : { asyncBucket }),
  },
  notify: notifierFromEnvironment(),
  now: () => Date.now(),
};

export const handler = (event: unknown): Promise<object> => act(parts, readAction(event));
