import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';

/** How captured answers are kept. */
export interface ShadowCapturesProps {
  /**
   * How long they are kept, in days, from 1.
   *
   * @default 7
   */
  readonly retentionDays?: number;

  /**
   * Key that encrypts them.
   *
   * @default - keys managed by S3
   */
  readonly encryptionKey?: kms.IKey;
}

const FOLDER = 'captures/';

/**
 * Where SageMaker captures the answers of stable and of its shadow, for a few days. Requests are not captured.
 *
 * @example
 * const captures = new ShadowCaptures(this, 'Captures', { retentionDays: 3 });
 */
export class ShadowCaptures extends Construct {
  /** The bucket: `captures/<release id>/<endpoint>/<variant>/…`. */
  readonly bucket: s3.IBucket;

  /**
   * @param scope where the bucket belongs
   * @param id unique within the scope
   * @param props how answers are kept
   * @throws when `retentionDays` is no whole number above 0
   */
  constructor(scope: Construct, id: string, props?: ShadowCapturesProps) {
    super(scope, id);
    const retentionDays = props?.retentionDays ?? 7;
    if (!Number.isInteger(retentionDays) || retentionDays < 1) {
      throw new Error(`retentionDays is ${retentionDays}: it must be a whole number of days from 1, such as 7.`);
    }
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: props?.encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey: props?.encryptionKey,
      bucketKeyEnabled: props?.encryptionKey === undefined ? undefined : true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(retentionDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      // CloudFormation deletes no bucket that holds something: it goes by hand once its objects have expired.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.bucket,
      'Answers lie here for days only, are written by SageMaker and read by one handler; CloudTrail data events record who did, which need no second bucket per use case.',
      'AwsSolutions-S1',
    );
  }

  /**
   * Allows writing captures. An adopted endpoint runs as a role of its own, which must be allowed before its answers can be compared.
   *
   * @param grantee the role that models of the endpoint run as
   */
  grantWrite(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.objects] });
  }

  /** @internal */
  _writtenBy(role: iam.IRole): void {
    this.grantWrite(role);
    acknowledgeResources(role, 'SageMaker names captures after endpoint, variant and time; the folder holds nothing else.', this.objects);
  }

  /** @internal */
  _readBy(handler: lambda.Function): void {
    handler.addEnvironment('CAPTURE_BUCKET', this.bucket.bucketName);
    handler.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${FOLDER}*` } },
      }),
    );
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [this.objects] }));
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    this.bucket.encryptionKey?.grant(handler, 'kms:Decrypt');
    const role = handler.role ?? handler;
    acknowledgeResources(role, 'SageMaker names captures after endpoint, variant and time; the folder holds nothing else.', this.objects);
    acknowledge(role, 'cloudwatch:GetMetricData has no resource to name.', 'AwsSolutions-IAM5[Resource::*]');
  }

  private get objects(): string {
    return this.bucket.arnForObjects(`${FOLDER}*`);
  }
}
