import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ReleaseWorkflow } from '../release/release-workflow';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import { createDriftBucket } from './drift-bucket';
import { createDriftMachine } from './drift-machine';
import type { DriftSettings } from './drift-settings';
import { type DeployedPolicy, deployPolicy } from './monitored-policy';

/** What is watched, and whom it concerns. */
export interface DriftMonitorProps extends DriftSettings {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where it stands which release is stable, and what was told. */
  readonly ledger: Ledger;

  /** Whose stable release is watched; it must capture data. */
  readonly release: ReleaseWorkflow;

  /** Where owners are told. */
  readonly notifications: OwnerNotifications;

  /** Role → principals that may look, snooze and acknowledge. */
  readonly owners: Record<string, string[]>;

  /**
   * How long profiles, looks, reports and truth are kept, in days.
   *
   * @default 365
   */
  readonly retentionDays?: number;

  /**
   * How many items share the counting of one minute; the same as the intake's.
   *
   * @default 4
   */
  readonly counterShards?: number;

  /**
   * Key that encrypts the bucket and the handler's environment.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/** SageMaker has written the files of the hour before by then. */
const HOURLY = 'cron(12 * * * ? *)';
const PERIOD = Duration.hours(1);
const { parts, policies, baselines, profiles, looks, reports, quality, truth, models } = DRIFT_FOLDERS;
const WRITTEN = [parts, policies, baselines, profiles, looks, reports, quality];
const READ = [parts, policies, baselines, profiles, quality, truth, models];

/**
 * Watches the requests and answers of the stable release, as data capture keeps them: every hour it counts what has come, compares windows of
 * an hour to a week with the baseline, and tells the owner what drifts, how far, and which records show it. What is known can be snoozed or
 * acknowledged, with a reason and an end.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const release: ReleaseWorkflow;
 * declare const notifications: OwnerNotifications;
 * new DriftMonitor(this, 'Drift', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   release,
 *   notifications,
 *   owners: { quality: ['arn:aws:iam::111122223333:role/Quality'] },
 *   features: [DriftFeature.text('subject', { input: 'subject' }), DriftFeature.categorical('label', { output: 'label' })],
 *   baseline: DriftBaseline.firstDays(7),
 * });
 */
export class DriftMonitor extends Construct {
  /** Profiles, baselines, looks, reports, truth, and what retraining makes of them. */
  readonly bucket: s3.IBucket;

  /** The handler that looks every hour, and when it is invoked. */
  readonly handler: lambda.IFunction;

  /** What reads hours that are too large for one function. */
  readonly machine: sfn.IStateMachine;

  /** Where owners look, snooze and acknowledge. */
  readonly url: string;

  /** The role of the charter that is told. */
  readonly owner: string;

  /** @internal What is watched, as it is deployed. */
  readonly _deployed: DeployedPolicy;

  private readonly useCaseName: string;
  private readonly function: lambda.Function;
  private readonly functionUrl: lambda.FunctionUrl;

  /**
   * @param scope where it belongs
   * @param id unique within the scope
   * @param props what is watched, and whom it concerns
   * @throws when the release captures nothing, a setting is not allowed, or a file of the baseline is not there
   */
  constructor(scope: Construct, id: string, props: DriftMonitorProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    const { release, encryptionKey } = props;
    const captures = release.dataCaptures;
    if (captures === undefined) {
      throw new Error(`${this.node.path} has nothing to look at: let the release capture requests and answers (serving.capture).`);
    }
    this._deployed = deployPolicy(this, props, Object.keys(props.owners));
    this.owner = this._deployed.policy.owner;
    this.bucket = createDriftBucket(this, props.retentionDays ?? 365, encryptionKey);
    const machineName = `${release.resourcePrefix}-drift`;
    const machineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: machineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.function = createHandler(this, 'Handler', {
      handler: 'drift',
      description: 'looks at drift of the stable release',
      useCaseName: this.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 900,
      memoryMiB: 1769,
      encryptionKey,
      environment: {
        OWNERS: JSON.stringify(props.owners),
        DRIFT_BUCKET: this.bucket.bucketName,
        DATA_BUCKET: captures.bucketName,
        DRIFT_MACHINE_ARN: machineArn,
        COUNTER_SHARDS: String(props.counterShards ?? 4),
        ...this._policyEnvironment(),
        ...props.notifications._environment(),
      },
    });
    this.handler = this.function;
    this.allow(props, captures, machineArn);
    this.machine = createDriftMachine(this, {
      useCaseName: this.useCaseName,
      machineName,
      handler: this.function,
      bucket: this.bucket,
    });
    this.functionUrl = this.function.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    this.url = this.functionUrl.url;
    createSchedule(this, {
      handler: this.function,
      description: `${this.useCaseName}: drift, every hour`,
      expression: HOURLY,
      retries: 2,
      maxAgeSeconds: 1800,
    });
  }

  /**
   * Allows calling the URL. Whoever calls must also be one of the owners to be obeyed.
   *
   * @param grantee an owner's principal
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  /**
   * Allows reading reports, looks and profiles in the bucket.
   *
   * @param grantee who reads
   */
  grantReadReports(grantee: iam.IGrantable): iam.Grant {
    this.bucket.encryptionKey?.grantDecrypt(grantee);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [reports, looks, profiles].map((folder) => this.bucket.arnForObjects(`${folder}/*`)),
    });
  }

  /**
   * Looks that were made: one an hour, and one more whenever a large hour has been read.
   *
   * @param options period, label, colour
   */
  metricChecks(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftChecks', 'Sum', options);
  }

  /**
   * Records of the last hour that were counted.
   *
   * @param options period, label, colour, statistic
   */
  metricRows(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftRows', 'Maximum', options);
  }

  /**
   * Features, measures and KPIs that drift and that nobody has muted.
   *
   * @param options period, label, colour, statistic
   */
  metricDriftingFeatures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftingFeatures', 'Maximum', options);
  }

  /**
   * 1 where the endpoint was asked and nothing of it can be judged, else 0.
   *
   * @param options period, label, colour, statistic
   */
  metricNoData(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftNoData', 'Maximum', options);
  }

  /**
   * Features that are broken (missing, of another type, out of range) and that nobody has muted; unreadable records count as one.
   *
   * @param options period, label, colour, statistic
   */
  metricBrokenInput(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftBrokenInput', 'Maximum', options);
  }

  /**
   * Records of the last hour that could not be read.
   *
   * @param options period, label, colour, statistic
   */
  metricBrokenRecords(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DriftBrokenRecords', 'Maximum', options);
  }

  /**
   * How far a feature is from its baseline over a day, or the longest window below: √JSD in bits, 0 to 1, without what chance alone makes.
   *
   * @param feature name of the feature; of texts with what is derived, such as `subject.length`
   * @param options period, label, colour, statistic
   */
  metricDistance(feature: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('DriftDistance', { UseCase: this.useCaseName, Feature: feature }, 'Maximum', { period: PERIOD, ...options });
  }

  /**
   * How good the answers were whose truth is known.
   *
   * @param measure `accuracy`, `precision`, `recall`, `calibration-error` or `mae`
   * @param options period, label, colour, statistic
   */
  metricModelQuality(measure: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric('ModelQuality', { UseCase: this.useCaseName, Measure: measure }, 'Average', { period: PERIOD, ...options });
  }

  /**
   * Errors of the handler.
   *
   * @param options period, label, colour
   */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  /** @internal Environment of a handler that reads the policy. */
  _policyEnvironment(): Record<string, string> {
    return { DRIFT_POLICY: this._deployed.asset.s3ObjectUrl };
  }

  /** @internal */
  _allowPolicy(handler: lambda.IFunction): void {
    const { asset } = this._deployed;
    handler.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${asset.bucket.bucketArn}/${asset.s3ObjectKey}`] }),
    );
  }

  /** @internal Retrained models bring the baseline of the data that they were trained on. */
  _useRetrained(groupName: string): void {
    const packages = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'model-package',
      resourceName: `${groupName.toLowerCase()}/*`,
    });
    this.function.addEnvironment('REGISTRY_GROUP', groupName);
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:DescribeModelPackage'], resources: [packages] }));
    acknowledgeResources(this.function.role ?? this.function, 'Versions of the group are numbered by SageMaker.', packages);
  }

  private metric(name: string, statistic: string, options: cloudwatch.MetricOptions | undefined): cloudwatch.Metric {
    return sluiceMetric(name, { UseCase: this.useCaseName }, statistic, { period: PERIOD, ...options });
  }

  private allow(props: DriftMonitorProps, captures: s3.IBucket, machineArn: string): void {
    props.ledger.grant(
      this.function,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    props.notifications._allow(this.function);
    this._allowPolicy(this.function);
    const captured = captures.arnForObjects(`${CAPTURE_FOLDER}/*`);
    const written = WRITTEN.map((folder) => this.bucket.arnForObjects(`${folder}/*`));
    const read = READ.map((folder) => this.bucket.arnForObjects(`${folder}/*`));
    const statements: [string[], string[]][] = [
      // Without it S3 says of what is not there that it may not be read.
      [['s3:ListBucket'], [this.bucket.bucketArn, captures.bucketArn]],
      [['s3:GetObject'], [...read, captured, ...this._deployed.sources]],
      [['s3:PutObject'], written],
      [['cloudwatch:GetMetricData'], ['*']],
      [['states:StartExecution'], [machineArn]],
    ];
    for (const [actions, resources] of statements) this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    this.bucket.encryptionKey?.grant(this.function, 'kms:Decrypt', 'kms:GenerateDataKey');
    captures.encryptionKey?.grant(this.function, 'kms:Decrypt');
    const role = this.function.role ?? this.function;
    acknowledge(role, 'Reading metrics has no resource to name.', 'AwsSolutions-IAM5[Resource::*]');
    acknowledgeResources(
      role,
      'Captures are named by SageMaker, counts by release and hour; each folder holds nothing else.',
      captured,
      ...new Set([...written, ...read]),
    );
  }
}
