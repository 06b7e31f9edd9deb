import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge';

/** How evidence is kept. */
export interface EvidenceStoreProps {
  /**
   * How long no ordinary permission can delete or overwrite an evidence bundle, in days, from 1 to 36500.
   *
   * @default 365
   */
  readonly lockDays?: number;

  /**
   * Whether not even an administrator can shorten the lock (Object Lock in compliance mode instead of governance mode).
   *
   * @default false
   */
  readonly compliance?: boolean;

  /**
   * Key that encrypts the bundles.
   *
   * @default - keys managed by S3
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where an evidence bundle of every ended release is kept: a versioned bucket with Object Lock, retained when the stack goes.
 *
 * @example
 * const evidence = new EvidenceStore(this, 'Evidence', { lockDays: 730 });
 */
export class EvidenceStore extends Construct {
  /** The bucket; bundles are `releases/<release id>/evidence.json`. */
  readonly bucket: s3.IBucket;

  /**
   * @param scope where the store belongs
   * @param id unique within the scope
   * @param props how evidence is kept
   * @throws when `lockDays` is no whole number from 1 to 36500
   */
  constructor(scope: Construct, id: string, props?: EvidenceStoreProps) {
    super(scope, id);
    const lockDays = props?.lockDays ?? 365;
    if (!Number.isInteger(lockDays) || lockDays < 1 || lockDays > 36500) {
      throw new Error(`lockDays is ${lockDays}: it must be a whole number of days from 1 to 36500, such as 365.`);
    }
    const duration = Duration.days(lockDays);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        props?.compliance === true ? s3.ObjectLockRetention.compliance(duration) : s3.ObjectLockRetention.governance(duration),
      encryption: props?.encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey: props?.encryptionKey,
      bucketKeyEnabled: props?.encryptionKey === undefined ? undefined : true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.bucket,
      'Every object is written once by one handler and locked; who read it is recorded by CloudTrail data events, which need no second bucket per use case.',
      'AwsSolutions-S1',
    );
  }

  /**
   * Allows reading evidence bundles, for auditors.
   *
   * @param grantee who is allowed
   */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.bucket.grantRead(grantee, 'releases/*');
  }
}
