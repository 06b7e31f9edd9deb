import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import type { DriftPolicy } from '../../core/contracts';
import type { Owners } from '../../core/release/principals';
import { Bucket } from '../shared/bucket';
import { CLIENT, lean } from '../shared/client';
import { readDriftPolicy } from '../shared/drift-policy';
import { optional, required, requiredJson, requiredNumber } from '../shared/env';
import { startOnce } from '../shared/executions';
import { answering, isHttpEvent } from '../shared/http';
import { Ledger } from '../shared/ledger';
import { notifierFromEnvironment } from '../shared/notify';
import { emit } from '../shared/telemetry';
import { conclude } from './conclude';
import { isJobRequest } from './event';
import { answerOwner } from './http';
import { mergeGroup, readPart } from './job';
import { lookAtDrift } from './look';
import { packagePropertiesOf } from './package-properties';
import type { DriftParts } from './parts';
import { Profiles } from './profiles';
import { requestsOf } from './requests';

const s3 = lean(new S3Client(CLIENT));
const sfn = lean(new SFNClient(CLIENT));
const useCase = required('USE_CASE');
const machineArn = required('DRIFT_MACHINE_ARN');
const policyUri = required('DRIFT_POLICY');
const registryGroup = optional('REGISTRY_GROUP');
let policy: Promise<DriftPolicy> | undefined;

const lasting: Omit<DriftParts, 'remaining'> = {
  useCase,
  owners: requiredJson<Owners>('OWNERS'),
  policy: () => {
    policy ??= readDriftPolicy(s3, policyUri).catch((error: unknown) => {
      policy = undefined;
      throw error;
    });
    return policy;
  },
  ledger: new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE')),
  s3,
  bucket: new Bucket(s3, required('DRIFT_BUCKET')),
  captures: new Bucket(s3, required('DATA_BUCKET')),
  counterShards: requiredNumber('COUNTER_SHARDS'),
  requests: requestsOf(lean(new CloudWatchClient(CLIENT))),
  packageProperties: packagePropertiesOf(() => lean(new SageMakerClient(CLIENT)), registryGroup),
  start: async (name, input) => void (await startOnce(sfn, machineArn, name, input)),
  notify: notifierFromEnvironment(),
  measure: (dimensions, values) => emit({ UseCase: useCase, ...dimensions }, values),
  now: () => Date.now(),
};

const profiles = new Profiles(lasting.bucket);

/** By the clock, by the job machine, and over the URL. */
export const handler = async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<unknown> => {
  const parts: DriftParts = { ...lasting, remaining: () => context.getRemainingTimeInMillis() };
  if (isHttpEvent(event)) return answering(() => answerOwner(parts, event));
  if (!isJobRequest(event)) return lookAtDrift(parts, profiles);
  if (event.action === 'read') return readPart(parts, event.job, event.item);
  if (event.action === 'merge') return mergeGroup(parts, event.job, event.group);
  return conclude(parts, profiles, event.job);
};
