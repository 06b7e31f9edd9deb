import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';

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
 * Where the evidence of every ended release is kept: a versioned bucket with Object Lock, retained when the stack goes.
 *
 * @example
 * const evidence = new EvidenceStore(this, 'Evidence', { lockDays: 730 });
 */
export class EvidenceStore extends Construct {
  /** The bucket: `bundles/<place>-<release id>.json`, `heads/<place>.json`, `looks/`, and public keys in `keys/`. */
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
    const bucket = new s3.Bucket(this, 'Bucket', {
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
    // On the resource itself: the prop would bring a function of its own that may change the notifications of every bucket.
    (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.bucket = bucket;
    acknowledge(
      this.bucket,
      'Every object is written once by one handler and locked; who read it is recorded by CloudTrail data events, which need no second bucket per use case.',
      'AwsSolutions-S1',
    );
  }

  /**
   * Allows reading all evidence and its versions, for auditors.
   *
   * @param grantee who is allowed
   */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    const versions = iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucketVersions'],
      resourceArns: [this.bucket.bucketArn],
    });
    return this.bucket.grantRead(grantee).combine(versions);
  }

  /**
   * @internal The handler may write under these folders, and nobody else may: not even who can write anywhere in the account.
   */
  _writtenBy(handler: lambda.IFunction, ...folders: string[]): void {
    const { role } = handler;
    if (role === undefined) throw new Error('A handler that writes evidence needs a role of its own.');
    const resources = folders.map((folder) => this.bucket.arnForObjects(`${folder}*`));
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources }));
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources,
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    );
    acknowledgeResources(role, 'Names of evidence begin with its place in the chain; the folders hold nothing else.', ...resources);
  }

  /** @internal The handler may list and read what lies under these folders. */
  _readBy(handler: lambda.IFunction, ...folders: string[]): void {
    const objects = folders.map((folder) => this.bucket.arnForObjects(`${folder}*`));
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: objects }));
    acknowledgeResources(handler.role ?? handler, 'The chain is read from one end to the other.', ...objects);
  }
}
