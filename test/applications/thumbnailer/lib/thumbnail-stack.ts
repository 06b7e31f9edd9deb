import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BlockPublicAccess, Bucket, BucketEncryption, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { handlers } from './code';

interface ThumbnailStackProps extends StackProps {
  table: Table;
}

/** Uploads → queue → thumbnail → bucket → event → catalogue. */
export class ThumbnailStack extends Stack {
  constructor(scope: Construct, id: string, { table, ...props }: ThumbnailStackProps) {
    super(scope, id, props);
    const uploads = this.bucket('Uploads');
    const thumbnails = this.bucket('Thumbnails', true);

    const poison = new Queue(this, 'Poison', { retentionPeriod: Duration.days(14) });
    const jobs = new Queue(this, 'Jobs', {
      visibilityTimeout: Duration.seconds(90),
      deadLetterQueue: { queue: poison, maxReceiveCount: 3 },
    });
    uploads.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(jobs), { prefix: 'in/', suffix: '.pgm' });

    const make = this.lambda('Make', 'make', { THUMBNAILS: thumbnails.bucketName });
    uploads.grantRead(make, 'in/*');
    thumbnails.grantPut(make);
    make.addEventSource(
      new SqsEventSource(jobs, { batchSize: 5, maxBatchingWindow: Duration.seconds(2), reportBatchItemFailures: true, maxConcurrency: 10 }),
    );

    const catalogue = this.lambda('Catalogue', 'catalogue', { TABLE: table.tableName });
    thumbnails.grantRead(catalogue);
    table.grant(catalogue, 'dynamodb:UpdateItem');
    const lost = new Queue(this, 'Lost', { retentionPeriod: Duration.days(14) });
    new Rule(this, 'Stored', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [thumbnails.bucketName] }, object: { key: [{ suffix: '.pgm' }] } },
      },
      targets: [new LambdaTarget(catalogue, { deadLetterQueue: lost, retryAttempts: 10, maxEventAge: Duration.hours(1) })],
    });

    const onCall = new Topic(this, 'OnCall');
    [poison, lost].forEach((queue) =>
      new Alarm(this, `${queue.node.id}Alarm`, {
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(onCall)),
    );
  }

  private bucket(id: string, eventBridgeEnabled = false): Bucket {
    return new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      eventBridgeEnabled,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }

  private lambda(id: string, file: string, environment: Record<string, string>): LambdaFunction {
    return new LambdaFunction(this, id, {
      runtime: Runtime.NODEJS_22_X,
      code: handlers(),
      handler: `${file}.handler`,
      timeout: Duration.seconds(15),
      memorySize: 512,
      environment,
    });
  }
}
