import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Ledger } from '../ledger/ledger';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import type { ReleaseWorkflow } from '../release/release-workflow';
import type { BatchScoring } from '../release/serving-policy';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { checkUseCaseName } from '../shared/names';
import { batchDefinition } from './batch-definition';

/** What is scored, by whom, and when. */
export interface BatchTransformProps extends BatchScoring {
  /** Name of the use case: 3 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly useCaseName: string;

  /** Where the control record says which release is stable. */
  readonly ledger: Ledger;

  /** The releases; its model's role reads the files and writes the answers. */
  readonly release: ReleaseWorkflow;

  /** Who is told. */
  readonly notifications: OwnerNotifications;

  /**
   * Tags on jobs, beside `sluice:use-case`, `sluice:stack` and `sluice:release`.
   *
   * @default - none
   */
  readonly runtimeTags?: Record<string, string>;

  /**
   * Key that encrypts the volumes of jobs.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Has the stable release's model score files at fixed times, with a SageMaker transform job. Where no release is stable, or the kill switch
 * is on, it says so and scores nothing. Each run writes into a folder of its own; owners are told when one fails.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const release: ReleaseWorkflow;
 * declare const notifications: OwnerNotifications;
 * new BatchTransform(this, 'Batch', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   release,
 *   notifications,
 *   schedule: 'cron(0 3 * * ? *)',
 *   input: 's3://mail-archive/yesterday/',
 *   output: 's3://mail-archive/scores',
 *   instanceType: 'ml.m5.xlarge',
 * });
 */
export class BatchTransform extends Construct {
  /** One execution is one run. */
  readonly machine: sfn.IStateMachine;

  /**
   * @param scope where it belongs
   * @param id unique within the scope
   * @param props what is scored, and when
   * @throws when the name, input or output is not allowed, or no instance type is given
   */
  constructor(scope: Construct, id: string, props: BatchTransformProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    const [input, output] = [placeOf('input', props.input), placeOf('output', props.output)];
    const { release, notifications, ledger } = props;
    const role = this.createRole(useCaseName, props);
    const machine = new sfn.StateMachine(this, 'Machine', {
      comment: `${useCaseName}: the stable release scores files`,
      definitionBody: sfn.DefinitionBody.fromString(
        Stack.of(this).toJsonString(
          batchDefinition({
            useCaseName,
            resourcePrefix: release.resourcePrefix,
            tableName: ledger.table.tableName,
            topicArn: notifications.topic.topicArn,
            runbooksUrl: notifications.runbooksUrl,
            eventBusName: notifications.eventBus.eventBusName,
            input: props.input,
            output: props.output,
            instanceType: instanceOf(props),
            instances: props.instances ?? 1,
            contentType: props.contentType ?? 'application/jsonlines',
            tags: props.runtimeTags ?? {},
            ...(props.encryptionKey === undefined ? {} : { volumeKeyArn: props.encryptionKey.keyArn }),
          }),
        ),
      ),
      stateMachineType: sfn.StateMachineType.STANDARD,
      role,
      tracingEnabled: true,
      logs: {
        destination: new logs.LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${release.resourcePrefix}-batch`,
          retention: logs.RetentionDays.ONE_YEAR,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    acknowledge(role, 'Log delivery and X-Ray have no resources to name.', 'AwsSolutions-IAM5[Resource::*]');
    this.machine = machine;
    this.letModelReach(release.modelRole, input, output);
    this.schedule(useCaseName, machine, props.schedule);
  }

  /**
   * Runs that scored their files, or found nothing to score with.
   *
   * @param options period, label, colour
   */
  metricSucceeded(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.machine.metricSucceeded(options);
  }

  /**
   * Runs that failed.
   *
   * @param options period, label, colour
   */
  metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.machine.metricFailed(options);
  }

  private createRole(useCaseName: string, { ledger, notifications, release, encryptionKey }: BatchTransformProps): iam.Role {
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'MachineRole', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
      description: `${useCaseName}: batch scoring`,
    });
    ledger.grant(role, 'dynamodb:GetItem');
    notifications.topic.grantPublish(role);
    notifications.eventBus.grantPutEventsTo(role);
    const jobs = stack.formatArn({
      service: 'sagemaker',
      resource: 'transform-job',
      resourceName: `${release.resourcePrefix}-batch-*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const rule = stack.formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: 'StepFunctionsGetEventsForSageMakerTransformJobsRule',
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['sagemaker:CreateTransformJob', 'sagemaker:DescribeTransformJob', 'sagemaker:StopTransformJob', 'sagemaker:AddTags'],
        resources: [jobs],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [rule] }),
    );
    encryptionKey?.grant(role, 'kms:CreateGrant', 'kms:DescribeKey');
    acknowledgeResources(role, 'Jobs are named after executions, which are not known before.', jobs);
    return role;
  }

  /** SageMaker reads and writes as the role of the model. */
  private letModelReach(modelRole: iam.IRole, input: Place, output: Place): void {
    const [read, write] = [`${input.bucketArn}/${input.prefix}*`, `${output.bucketArn}/${output.prefix}*`];
    modelRole.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [input.bucketArn],
        conditions: { StringLike: { 's3:prefix': [input.prefix.replace(/\/+$/, ''), `${input.prefix}*`] } },
      }),
    );
    modelRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [read] }));
    modelRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [write] }));
    acknowledgeResources(modelRole, 'Files that are scored come and go under these prefixes.', read, write);
  }

  private schedule(useCaseName: string, machine: sfn.IStateMachine, expression: string): void {
    const stack = Stack.of(this);
    const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
    const role = new iam.Role(this, 'ScheduleRole', {
      description: `starts ${useCaseName}: batch scoring`,
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
      }),
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }));
    const schedule = new scheduler.CfnSchedule(this, 'Schedule', {
      description: `${useCaseName}: batch scoring`,
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.stateMachineArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 },
      },
    });
    schedule.node.addDependency(role);
  }
}

function instanceOf({ instanceType }: BatchTransformProps): string {
  if (instanceType !== undefined) return instanceType;
  throw new Error('instanceType is missing: a transform job runs on instances, such as ml.m5.xlarge.');
}

interface Place {
  readonly bucketArn: string;
  readonly prefix: string;
}

function placeOf(setting: string, uri: string): Place {
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9.-]{3,63})\/(\S{1,900})$/.exec(uri) ?? [];
  if (bucket === undefined || prefix === undefined) {
    throw new Error(`${setting} is '${uri}': it must be s3://bucket/prefix, such as s3://mail-archive/yesterday/.`);
  }
  return { bucketArn: `arn:${Aws.PARTITION}:s3:::${bucket}`, prefix };
}
