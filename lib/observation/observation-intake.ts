import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import type { Ledger } from '../ledger/ledger';
import { acknowledgeResources } from '../shared/acknowledge';
import { grantSecretValue } from '../shared/grant-secret';
import { createHandler } from '../shared/handler-function';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import { countedKpis } from './counted-kpis';
import { KpiFileSource } from './kpi-file-source';
import { KpiHttpSource } from './kpi-http-source';
import type { KpiPolicy } from './kpi-policy';

/** The more observations come together, the fewer counters are written for each; at low traffic a batch waits this long, which no verdict notices. */
const BATCH_SIZE = 1_000;
const BATCHING_WINDOW_SECONDS = 60;
const HANDLER_TIMEOUT_SECONDS = 60;

/** What an observation intake counts, and where from. */
export interface ObservationIntakeProps {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where observations are counted. */
  readonly ledger: Ledger;

  /** The secret with the keys of decision ids; the gateway uses the same. */
  readonly keyring: secretsmanager.ISecret;

  /** The KPIs that are counted. */
  readonly kpis: KpiPolicy[];

  /**
   * Bus on which `KpiObserved` events arrive.
   *
   * @default - the account's default bus
   */
  readonly eventBus?: events.IEventBus;

  /**
   * How long decisions and rejected events are kept, in days.
   *
   * @default 365
   */
  readonly retentionDays?: number;

  /**
   * How many items share the counting of one minute, from 2 to 64; also how many batches are counted at the same time.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * Key that encrypts the queues.
   *
   * @default - keys managed by SQS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Takes KPI events over HTTPS too: a function URL for requests signed with SigV4, with up to 1000 events each.
   *
   * @default false
   */
  readonly kpiHttp?: boolean;

  /**
   * Takes KPI events from files too: a bucket for CSV, JSONL (each also with gzip) and Parquet.
   *
   * @default false
   */
  readonly kpiFiles?: boolean;
}

/**
 * Takes in what happened: decisions from the gateway, and KPI events from the event bus, over HTTPS, from files or straight through the
 * queue. Counts each exactly once in the ledger; keeps what it must reject.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const keyring: aws_secretsmanager.ISecret;
 * declare const kpis: KpiPolicy[];
 * const intake = new ObservationIntake(this, 'Intake', { useCaseName: 'support-triage', ledger, keyring, kpis });
 */
export class ObservationIntake extends Construct {
  /** Where observations wait to be counted. */
  readonly queue: sqs.IQueue;

  /** Where what could not be counted after five attempts is kept, for 14 days. */
  readonly deadLetters: sqs.IQueue;

  /** The handler that counts. */
  readonly handler: lambda.IFunction;

  /** The bus on which KPI events arrive. */
  readonly eventBus: events.IEventBus;

  /** How many items share the counting of one minute. */
  readonly counterShards: number;

  /** Where producers POST KPI events; undefined unless `kpiHttp` is set. */
  readonly kpiUrl?: string;

  /** Where producers drop files with KPI events; undefined unless `kpiFiles` is set. */
  readonly kpiFileBucket?: s3.IBucket;

  private readonly useCaseName: string;
  private readonly function: lambda.Function;
  private readonly httpSource: KpiHttpSource | undefined;
  private readonly fileSource: KpiFileSource | undefined;

  /**
   * @param scope where the intake belongs
   * @param id unique within the scope
   * @param props what is counted, and where from
   * @throws when the name or the number of shards is not allowed, or a KPI lacks what its type needs
   */
  constructor(scope: Construct, id: string, props: ObservationIntakeProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    this.counterShards = checkShards(props.counterShards ?? 4);
    this.eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'Bus', 'default');

    const queueDefaults = {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      encryption: props.encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
    };
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', queueDefaults);
    this.queue = new sqs.Queue(this, 'Queue', {
      ...queueDefaults,
      // As Lambda's guide asks: six times the function's timeout, and the batching window.
      visibilityTimeout: Duration.seconds(6 * HANDLER_TIMEOUT_SECONDS + BATCHING_WINDOW_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    this.createRule();
    this.function = this.createIngest(props);
    this.handler = this.function;
    const source = { useCaseName: this.useCaseName, ledger: props.ledger, intake: this, encryptionKey: props.encryptionKey };
    const retentionDays = retentionDaysOf(props);
    this.httpSource = props.kpiHttp === true ? new KpiHttpSource(this, 'KpiHttp', source) : undefined;
    this.fileSource = props.kpiFiles === true ? new KpiFileSource(this, 'KpiFiles', { ...source, retentionDays }) : undefined;
    this.kpiUrl = this.httpSource?.url;
    this.kpiFileBucket = this.fileSource?.bucket;
  }

  /**
   * Allows sending decisions and KPI events straight to the queue: what the gateway does, and producers who have many events.
   *
   * @param grantee who is allowed
   */
  grantSendObservations(grantee: iam.IGrantable): iam.Grant {
    // What is sent to an encrypted queue is encrypted with a data key of the sender's asking.
    this.queue.encryptionMasterKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
    return this.queue.grant(grantee, 'sqs:SendMessage');
  }

  /**
   * Allows putting KPI events on the event bus.
   *
   * @param grantee the producer of KPI events
   */
  grantPutKpiEvents(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [this.eventBus.eventBusArn] });
  }

  /**
   * Allows posting KPI events to the URL: both `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction`, which AWS asks for together.
   *
   * @param grantee the producer of KPI events
   * @throws when `kpiHttp` is not set
   */
  grantPostKpis(grantee: iam.IGrantable): iam.Grant {
    if (this.httpSource === undefined) throw new Error(`${this.node.path} takes no KPI events over HTTPS: set kpiHttp to true.`);
    return this.httpSource.grantPost(grantee);
  }

  /**
   * Allows dropping files with KPI events into the bucket.
   *
   * @param grantee the producer of KPI events
   * @throws when `kpiFiles` is not set
   */
  grantDropKpiFiles(grantee: iam.IGrantable): iam.Grant {
    if (this.fileSource === undefined) throw new Error(`${this.node.path} takes no files with KPI events: set kpiFiles to true.`);
    return this.fileSource.grantDrop(grantee);
  }

  /**
   * Units seen for the first time, by arm: the denominator of every KPI's rate, as the verdict counts it.
   *
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricUnitsExposed(arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('UnitsExposed', { UseCase: this.useCaseName, Arm: arm }, 'Sum', options);
  }

  /**
   * Units whose outcome was observed, by arm, whether it happened or not.
   *
   * @param kpi name of the KPI
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricKpiEvents(kpi: string, arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('KpiEvents', { UseCase: this.useCaseName, Kpi: kpi, Arm: arm }, 'Sum', options);
  }

  /**
   * Units in which the KPI's outcome happened, by arm: the numerator of its rate.
   *
   * @param kpi name of the KPI
   * @param arm `baseline`, `stable` or `candidate`
   * @param options period, label, colour
   */
  metricKpiOutcomes(kpi: string, arm: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('KpiOutcomes', { UseCase: this.useCaseName, Kpi: kpi, Arm: arm }, 'Sum', options);
  }

  /**
   * KPI events that were kept but not counted.
   *
   * @param kpi name of the KPI; `unknown`: events that name none of the charter's
   * @param options period, label, colour
   */
  metricKpiRejected(kpi: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('KpiRejected', { UseCase: this.useCaseName, Kpi: kpi }, 'Sum', options);
  }

  /**
   * Observations in the dead-letter queue.
   *
   * @param options period, label, colour
   */
  metricDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }

  /**
   * Files that could not be read after five attempts; undefined unless `kpiFiles` is set.
   *
   * @param options period, label, colour
   */
  metricKpiFileDeadLetters(options?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined {
    return this.fileSource?.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...options });
  }

  /**
   * Age of the oldest observation that is not counted yet, in seconds.
   *
   * @param options period, label, colour
   */
  metricOldestObservationAgeInSeconds(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...options });
  }

  /** @internal Truth that KPI events bring is kept for quality and retraining. */
  _keepTruths(bucket: s3.IBucket): void {
    const files = bucket.arnForObjects(`${DRIFT_FOLDERS.truth}/*`);
    this.function.addEnvironment('DRIFT_BUCKET', bucket.bucketName);
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [files] }));
    bucket.encryptionKey?.grant(this.function, 'kms:GenerateDataKey');
    acknowledgeResources(this.function.role ?? this.function, 'Files of truth are named by hour and content.', files);
  }

  private createRule(): void {
    new events.Rule(this, 'Rule', {
      description: `${this.useCaseName}: KPI events to the observation queue`,
      eventBus: this.eventBus,
      eventPattern: { detailType: ['KpiObserved'], detail: { useCase: [this.useCaseName] } },
      targets: [new targets.SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
  }

  private createIngest(props: ObservationIntakeProps): lambda.Function {
    const handler = createHandler(this, 'Handler', {
      handler: 'ingest',
      description: 'counts decisions and KPI events exactly once',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: HANDLER_TIMEOUT_SECONDS,
      encryptionKey: props.encryptionKey,
      environment: {
        KEYRING_SECRET_ARN: props.keyring.secretArn,
        KPIS: countedKpis(props.kpis),
        RETENTION_DAYS: String(retentionDaysOf(props)),
        COUNTER_SHARDS: String(this.counterShards),
      },
    });
    props.ledger.grant(handler, 'dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    grantSecretValue(props.keyring, handler);
    handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: BATCH_SIZE,
        maxBatchingWindow: Duration.seconds(BATCHING_WINDOW_SECONDS),
        reportBatchItemFailures: true,
        maxConcurrency: this.counterShards,
      }),
    );
    return handler;
  }
}

const retentionDaysOf = ({ retentionDays }: ObservationIntakeProps): number => retentionDays ?? 365;

function checkShards(shards: number): number {
  if (!Number.isInteger(shards) || shards < 2 || shards > 64) {
    throw new Error(`counterShards is ${shards}: it must be a whole number from 2 to 64, such as 4.`);
  }
  return shards;
}
