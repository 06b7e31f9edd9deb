import { readFileSync } from 'node:fs';
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RetrainingPolicy } from '../../core/contracts';
import { pricesOf } from '../cost/price-file';
import { repositoryOf } from '../model/model-source';
import { acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { createSchedule } from '../shared/handler-schedule';
import { sluiceMetric } from '../shared/metrics';
import { checkUseCaseName } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import { createEvaluationRole, createTrainingRole, type JobRoleProps } from './job-roles';
import { policyOf } from './policy-of';
import { createRetrainingMachine } from './retraining-machine';
import type { RetrainingWorkflowProps } from './retraining-workflow-props';
import { allowData } from './step-access';

/**
 * Makes a new model of labelled traffic when the one that answers no longer fits: selects what was captured and whose truth is known,
 * trains, holds the new model against stable on the newest requests, asks a board where there is one, and registers a version with its
 * lineage. Release control takes over from there: a retrained model goes live past no gate.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const release: ReleaseWorkflow;
 * declare const drift: DriftMonitor;
 * declare const notifications: OwnerNotifications;
 * new RetrainingWorkflow(this, 'Retraining', {
 *   useCaseName: 'flight-delay',
 *   ledger,
 *   release,
 *   drift,
 *   notifications,
 *   owners: { quality: ['arn:aws:iam::111122223333:role/ModelQuality'] },
 *   group: 'flight-delay',
 *   training: Training.job({ image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/delay-train:1.4.0' }),
 *   evaluation: { metric: RetrainingMetric.MAE },
 *   inference: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/delay-serve:1.4.0' },
 * });
 */
export class RetrainingWorkflow extends Construct {
  /** One execution is one run, and is named after it. */
  readonly machine: sfn.IStateMachine;

  /** Where owners POST `{ "do": "retrain", "reason": "…" }`, and GET the runs. */
  readonly url: string;

  /** The role of training jobs; undefined where something else trains. */
  readonly trainingRole?: iam.IRole;

  /** The role of the new model while it is evaluated. */
  readonly evaluationRole: iam.IRole;

  private readonly useCaseName: string;
  private readonly request: lambda.Function;
  private readonly step: lambda.Function;
  private readonly functionUrl: lambda.FunctionUrl;

  /**
   * @param scope where it belongs
   * @param id unique within the scope
   * @param props what is retrained, and when
   * @throws when a setting is out of its range, nothing is captured, or a budget is given for what has no known price
   */
  constructor(scope: Construct, id: string, props: RetrainingWorkflowProps) {
    super(scope, id);
    this.useCaseName = checkUseCaseName(props.useCaseName);
    if (props.release.dataCaptures === undefined) {
      throw new Error('The release captures nothing: set serving.capture, since retraining learns from captured requests.');
    }
    const policy = policyOf(props, props.group, props.owners);
    const { training, inference } = policy;
    if (training.kind === 'job') this.trainingRole = createTrainingRole(this, this.roleProps(props, training.image));
    this.evaluationRole = createEvaluationRole(this, this.roleProps(props, inference.image));
    this.step = this.createStep(props, policy);
    const machine = createRetrainingMachine(this, {
      useCaseName: this.useCaseName,
      resourcePrefix: props.release.resourcePrefix,
      policy,
      step: this.step,
      approval: props.release._approval,
      notifications: props.notifications,
      trainingRole: this.trainingRole,
      evaluationRole: this.evaluationRole,
      tags: props.runtimeTags ?? {},
      network: props.network,
      encryptionKey: props.encryptionKey,
    });
    this.machine = machine;
    this.request = this.createRequest(props, policy, machine);
    this.functionUrl = this.request.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    this.url = this.functionUrl.url;
    this.letAnswer(props, machine);
    this.listen(props, policy);
    this.lookAfter(machine);
  }

  /**
   * Allows calling the URL. Whoever calls must also be one of the owners to be heard.
   *
   * @param grantee an owner's principal
   */
  grantRetrain(grantee: iam.IGrantable): iam.Grant {
    return this.functionUrl.grantInvokeUrl(grantee);
  }

  /**
   * Runs that began.
   *
   * @param options period, label, colour
   */
  metricRuns(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RetrainingRuns', options);
  }

  /**
   * Requests that were refused: cool-down, limits, budget, another run.
   *
   * @param options period, label, colour
   */
  metricRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RetrainingRefused', options);
  }

  /**
   * Runs that failed.
   *
   * @param options period, label, colour
   */
  metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RetrainingFailed', options);
  }

  /**
   * Runs that registered a new version.
   *
   * @param options period, label, colour
   */
  metricRegistered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RetrainingRegistered', options);
  }

  /**
   * Errors of what takes requests: a trigger may have come to nothing.
   *
   * @param options period, label, colour
   */
  metricRequestErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.request.metricErrors(options);
  }

  private metric(name: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return sluiceMetric(name, { UseCase: this.useCaseName }, 'Sum', options);
  }

  private roleProps({ drift, network, encryptionKey }: RetrainingWorkflowProps, image: string): JobRoleProps {
    const { useCaseName } = this;
    return { useCaseName, bucket: drift.bucket, repository: repositoryOf(this, image), inNetwork: network !== undefined, encryptionKey };
  }

  private createStep(props: RetrainingWorkflowProps, policy: RetrainingPolicy): lambda.Function {
    const { network, encryptionKey, drift, release } = props;
    const step = createHandler(this, 'Step', {
      ...this.handlerProps(props),
      description: "takes the retraining workflow's decisions",
      timeoutSeconds: 900,
      memoryMiB: 3008,
      environment: {
        RETRAINING_POLICY: this.settingsOf(policy),
        RESOURCE_PREFIX: release.resourcePrefix,
        EVALUATION_ROLE_ARN: this.evaluationRole.roleArn,
        CAPTURE_BUCKET: release.dataCaptures?.bucketName ?? '',
        DRIFT_BUCKET: drift.bucket.bucketName,
        TAGS: JSON.stringify(props.runtimeTags ?? {}),
        ...drift._policyEnvironment(),
        ...props.notifications._environment(),
        ...(network === undefined
          ? {}
          : { VPC_CONFIG: JSON.stringify({ Subnets: network.subnetIds, SecurityGroupIds: network.securityGroupIds }) }),
        ...(encryptionKey === undefined ? {} : { KMS_KEY_ARN: encryptionKey.keyArn }),
      },
    });
    props.ledger.grant(step, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    props.notifications._allow(step);
    drift._allowPolicy(step);
    allowData(step, release.dataCaptures, drift.bucket, encryptionKey);
    this.allowEnding(step, policy, release.resourcePrefix);
    return step;
  }

  private createRequest(props: RetrainingWorkflowProps, policy: RetrainingPolicy, machine: sfn.StateMachine): lambda.Function {
    const { pricesFile, encryptionKey } = props;
    const prices = pricesOf(this, pricesFile === undefined ? undefined : { path: pricesFile, text: readFileSync(pricesFile, 'utf8') });
    const request = createHandler(this, 'Request', {
      ...this.handlerProps(props),
      description: 'takes requests for retraining: from drift, the schedule and owners',
      timeoutSeconds: 60,
      environment: {
        RETRAINING_POLICY: this.settingsOf(policy),
        RETRAINING_STATE_MACHINE_ARN: machine.stateMachineArn,
        OWNERS: JSON.stringify(props.owners),
        ...prices.environment,
        ...props.notifications._environment(),
      },
    });
    props.ledger.grant(request, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    props.notifications._allow(request);
    encryptionKey?.grantDecrypt(request);
    machine.grants.startExecution(request);
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    request.addToRolePolicy(new iam.PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }));
    acknowledgeResources(request.role ?? request, 'Executions are named after runs, which are not known before.', executions);
    this.allowEnding(request, policy, props.release.resourcePrefix);
    return request;
  }

  private handlerProps({ ledger, encryptionKey }: RetrainingWorkflowProps) {
    return { handler: 'retraining', useCaseName: this.useCaseName, ledgerTableName: ledger.table.tableName, encryptionKey };
  }

  /** Without what only the workflow needs. */
  private settingsOf({ training, ...policy }: RetrainingPolicy): string {
    const { kind, maxRuntimeMinutes } = training;
    const job = training.kind === 'job' ? { instanceType: training.instanceType, instanceCount: training.instanceCount } : {};
    return Stack.of(this).toJsonString({ ...policy, training: { kind, maxRuntimeMinutes, ...job } });
  }

  /** Whoever ends a run deletes its model and stops its pipeline: the workflow, or who finds its execution lost. */
  private allowEnding(handler: lambda.Function, { training }: RetrainingPolicy, prefix: string): void {
    const stack = Stack.of(this);
    const models = sagemakerArn(stack, 'model', `${prefix}-t*`);
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:DeleteModel'], resources: [models] }));
    acknowledgeResources(handler.role ?? handler, 'Models of runs: names begin with the prefix of this use case.', models);
    if (training.kind !== 'pipeline') return;
    const resourceName = `${training.pipelineName.toLowerCase()}/execution/*`;
    const executions = stack.formatArn({ service: 'sagemaker', resource: 'pipeline', resourceName });
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:StopPipelineExecution'], resources: [executions] }));
    acknowledgeResources(handler.role ?? handler, 'Executions of the pipeline are named by SageMaker.', executions);
  }

  /** Apart from the approval handler's own policy, which the machine waits for. */
  private letAnswer({ release }: RetrainingWorkflowProps, machine: sfn.StateMachine): void {
    const { role } = release._approval;
    if (role === undefined) return;
    new iam.Policy(this, 'TaskTokens', {
      statements: [new iam.PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [machine.stateMachineArn] })],
    }).attachToRole(role);
  }

  private listen({ notifications }: RetrainingWorkflowProps, { on }: RetrainingPolicy): void {
    if (on.drift || on.kpi) {
      new events.Rule(this, 'DriftRule', {
        description: `${this.useCaseName}: drift asks for a new model`,
        eventBus: notifications.eventBus,
        eventPattern: { source: ['sluice'], detailType: ['DriftDetected'], detail: { useCase: [this.useCaseName] } },
        targets: [new targets.LambdaFunction(this.request, { retryAttempts: 3 })],
      });
    }
    if (on.schedule === undefined) return;
    createSchedule(this, {
      handler: this.request,
      description: `${this.useCaseName}: retraining, ${on.schedule}`,
      expression: on.schedule,
      retries: 5,
      maxAgeSeconds: 3600,
      input: '{"source":"schedule","time":"<aws.scheduler.scheduled-time>"}',
    });
  }

  private lookAfter(machine: sfn.StateMachine): void {
    new events.Rule(this, 'LostExecutionRule', {
      description: 'retraining runs whose workflow was aborted, failed or timed out are ended',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.stateMachineArn], status: ['ABORTED', 'FAILED', 'TIMED_OUT'] },
      },
      targets: [new targets.LambdaFunction(this.request, { retryAttempts: 3 })],
    });
  }
}
