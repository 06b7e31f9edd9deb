/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- this function constructs for the construct that calls it */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge';

export interface DataBucketProps {
  /** Name of the setting, for its error. */
  readonly setting: string;
  readonly retentionDays: number;
  readonly encryptionKey?: kms.IKey;
}

/** A bucket of requests and answers, which forgets. */
export function createDataBucket(scope: Construct, id: string, props: DataBucketProps): s3.Bucket {
  const { setting, retentionDays, encryptionKey } = props;
  if (!Number.isInteger(retentionDays) || retentionDays < 1) {
    throw new Error(`${setting} is ${retentionDays}: it must be a whole number of days from 1, such as 7.`);
  }
  const bucket = new s3.Bucket(scope, id, {
    encryption: encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: encryptionKey === undefined ? undefined : true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ expiration: Duration.days(retentionDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    // CloudFormation deletes no bucket that holds something: it goes by hand once its objects have expired.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    bucket,
    'What lies here expires by its retention; CloudTrail data events record who reads it, which need no second bucket per endpoint.',
    'AwsSolutions-S1',
  );
  return bucket;
}
