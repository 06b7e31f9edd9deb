import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import type { ObservationIntake } from './observation-intake';

/** A chunk of a file is read within it; the next chunk is another invocation. */
const HANDLER_TIMEOUT_SECONDS = 120;
/** Files that are read at the same time: more would only wait for the same queue. */
const FILES_AT_A_TIME = 2;
const RESULT_SUFFIX = '.result.json';

export interface KpiFileSourceProps {
  readonly useCaseName: string;
  readonly ledger: Ledger;
  readonly intake: ObservationIntake;
  readonly retentionDays: number;
  readonly encryptionKey?: kms.IKey;
}

/** A bucket whose files are read as KPI events, chunk by chunk. */
export class KpiFileSource extends Construct {
  readonly bucket: s3.IBucket;
  /** Files that could not be read after five attempts. */
  readonly deadLetters: sqs.IQueue;
  private readonly encryptionKey: kms.IKey | undefined;

  constructor(scope: Construct, id: string, props: KpiFileSourceProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    this.bucket = this.createBucket(props);
    const deadLetters = new sqs.Queue(this, 'DeadLetters', queueDefaults(props));
    this.deadLetters = deadLetters;
    const work = this.createWork(props, deadLetters);
    this.createRule(props, work);
    this.createReader(props, work);
  }

  grantDrop(grantee: iam.IGrantable): iam.Grant {
    this.encryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
    return iam.Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.bucket.arnForObjects('*')] });
  }

  private createBucket({ retentionDays, encryptionKey }: KpiFileSourceProps): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      encryption: encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      encryptionKey,
      bucketKeyEnabled: encryptionKey === undefined ? undefined : true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // A file that is replaced while it is read is read to its end.
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // On the resource itself: the prop would bring a function of its own that may change the notifications of every bucket.
    (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    acknowledge(
      bucket,
      'Objects are dropped by producers with a grant and read by one handler; CloudTrail data events record who did, which need no second bucket per use case.',
      'AwsSolutions-S1',
    );
    return bucket;
  }

  private createWork(props: KpiFileSourceProps, deadLetters: sqs.Queue): sqs.Queue {
    return new sqs.Queue(this, 'Work', {
      ...queueDefaults(props),
      visibilityTimeout: Duration.seconds(6 * HANDLER_TIMEOUT_SECONDS),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
  }

  /** S3 announces objects on the default bus alone. */
  private createRule({ useCaseName }: KpiFileSourceProps, work: sqs.Queue): void {
    new events.Rule(this, 'Dropped', {
      description: `${useCaseName}: files with KPI events`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: events.Match.anythingButSuffix(RESULT_SUFFIX) } },
      },
      targets: [new targets.SqsQueue(work, { deadLetterQueue: this.deadLetters })],
    });
  }

  private createReader(props: KpiFileSourceProps, work: sqs.Queue): void {
    const { intake } = props;
    const handler = createHandler(this, 'Handler', {
      handler: 'kpi-file',
      description: 'reads files with KPI events, chunk by chunk',
      useCaseName: props.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: HANDLER_TIMEOUT_SECONDS,
      memoryMiB: 1769,
      encryptionKey: props.encryptionKey,
      environment: {
        OBSERVATION_QUEUE_URL: intake.queue.queueUrl,
        WORK_QUEUE_URL: work.queueUrl,
        RETENTION_DAYS: String(props.retentionDays),
      },
    });
    this.grantFiles(handler);
    props.ledger.grant(handler, 'dynamodb:BatchWriteItem');
    intake.grantSendObservations(handler);
    intake.queue.grant(handler, 'sqs:GetQueueAttributes');
    props.encryptionKey?.grant(handler, 'kms:GenerateDataKey', 'kms:Decrypt');
    work.grant(handler, 'sqs:SendMessage');
    handler.addEventSource(new SqsEventSource(work, { batchSize: 1, maxConcurrency: FILES_AT_A_TIME }));
  }

  private grantFiles(handler: lambda.Function): void {
    const files = this.bucket.arnForObjects('*');
    const results = this.bucket.arnForObjects(`*${RESULT_SUFFIX}`);
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObjectVersion'], resources: [files] }));
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [results] }));
    acknowledgeResources(
      handler.role ?? handler,
      'Producers choose the names of their files: the handler reads any file of this bucket, which holds nothing else, and writes results beside them.',
      files,
      results,
    );
  }
}

const queueDefaults = ({ encryptionKey }: KpiFileSourceProps): sqs.QueueProps => ({
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
  encryption: encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
  encryptionMasterKey: encryptionKey,
});
