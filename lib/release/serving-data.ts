import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ServingSpec } from '../../core/contracts/serving';
import { ASYNC_ANSWERS, ASYNC_FAILURES, ASYNC_REQUESTS } from '../../core/release/async-folders';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import { createDataBucket } from '../endpoint/data-bucket';
import { acknowledgeResources } from '../shared/acknowledge';

/** Requests and answers of an asynchronous endpoint are fetched by callers, not kept. */
const ASYNC_DAYS = 7;

export interface ServingDataProps {
  readonly serving: ServingSpec;
  /** What names the buckets in configs. */
  readonly step: lambda.Function;
  readonly modelRole: iam.IRole;
  readonly retentionDays: number;
  readonly encryptionKey?: kms.IKey;
}

/** Where requests and answers lie that SageMaker writes. */
export interface ServingData {
  readonly captures?: s3.IBucket;
  readonly async?: s3.IBucket;
}

export function createServingData(scope: Construct, props: ServingDataProps): ServingData {
  const { capture, mode } = props.serving;
  return {
    ...(capture === undefined ? {} : { captures: captureBucket(scope, props) }),
    ...(mode === 'async' ? { async: asyncBucket(scope, props) } : {}),
  };
}

function captureBucket(scope: Construct, { step, modelRole, retentionDays, encryptionKey }: ServingDataProps): s3.IBucket {
  const bucket = createDataBucket(scope, 'ServingCaptures', { setting: 'retentionDays', retentionDays, encryptionKey });
  step.addEnvironment('DATA_BUCKET', bucket.bucketName);
  allow(modelRole, ['s3:PutObject'], bucket.arnForObjects(`${CAPTURE_FOLDER}/*`));
  return bucket;
}

function asyncBucket(scope: Construct, { step, modelRole, encryptionKey }: ServingDataProps): s3.IBucket {
  const bucket = createDataBucket(scope, 'AsyncData', { setting: 'retentionDays', retentionDays: ASYNC_DAYS, encryptionKey });
  step.addEnvironment('ASYNC_BUCKET', bucket.bucketName);
  allow(modelRole, ['s3:GetObject'], bucket.arnForObjects(`${ASYNC_REQUESTS}/*`));
  allow(modelRole, ['s3:PutObject'], bucket.arnForObjects(`${ASYNC_ANSWERS}/*`), bucket.arnForObjects(`${ASYNC_FAILURES}/*`));
  return bucket;
}

function allow(role: iam.IRole, actions: string[], ...resources: string[]): void {
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources }));
  acknowledgeResources(role, 'SageMaker names what it reads and writes here; the folders hold nothing else.', ...resources);
}
