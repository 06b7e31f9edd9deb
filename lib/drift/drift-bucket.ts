/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { acknowledge } from '../shared/acknowledge';

/** Longer than a job runs, and long enough to see why one failed. */
const PART_DAYS = 3;
const { parts, profiles, looks, reports, quality, truth, training } = DRIFT_FOLDERS;
const FORGOTTEN = [profiles, looks, reports, quality, truth, training];

/** Baselines and models stay as long as a release may answer with them; everything else forgets. */
export function createDriftBucket(scope: Construct, retentionDays: number, encryptionKey: kms.IKey | undefined): s3.Bucket {
  if (!Number.isInteger(retentionDays) || retentionDays < 1) {
    throw new Error(`retentionDays is ${retentionDays}: it must be a whole number of days from 1, such as 30.`);
  }
  const bucket = new s3.Bucket(scope, 'Bucket', {
    encryption: encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: encryptionKey === undefined ? undefined : true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      { prefix: `${parts}/`, expiration: Duration.days(PART_DAYS) },
      ...FORGOTTEN.map((folder) => ({ prefix: `${folder}/`, expiration: Duration.days(retentionDays) })),
    ],
    // CloudFormation deletes no bucket that holds something: it goes by hand once its objects have expired.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    bucket,
    'Counts and reports are written and read by the handlers of one use case; CloudTrail data events record who else does, which need no second bucket.',
    'AwsSolutions-S1',
  );
  return bucket;
}
