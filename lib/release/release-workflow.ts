import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ReleaseSpec } from '../../core/contracts';
import { BUNDLES, LOOKS } from '../../core/evidence';
import { checkThresholds } from '../alarms/technical-thresholds';
import { type BoundModel, modelAccess, registryAccess } from '../model/model-source';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { createHandler, type HandlerFunctionProps } from '../shared/handler-function';
import { checkUseCaseName, resourcePrefixOf } from '../shared/names';
import { sagemakerArn } from '../shared/sagemaker-arn';
import { desiredRelease } from './desired-release';
import { createDesiredState, type DesiredState } from './desired-state';
import { createGuardedRollout } from './guarded-rollout';
import { createModelRole } from './model-role';
import { allowSecrets, modelSecrets } from './model-secrets';
import { releaseDefinition } from './release-definition';
import type { ReleaseWorkflowProps } from './release-workflow-props';
import { allowFreeing } from './scaling-access';
import { createServingData } from './serving-data';
import { ShadowCaptures } from './shadow-captures';
import { teardownDefinition } from './teardown-definition';
import { releaseGrants, restoreGrants } from './sagemaker-grants';
import { createMachine } from './workflow-machine';

/** The gateway's, unless it is told otherwise. */
const DEFAULT_TIMEOUT_MILLIS = 5000;

/**
 * Carries releases to production: a custom resource hands the desired release to a workflow, which builds the candidate in the dark,
 * asks for approval, moves traffic step by step, and promotes or rolls back. A deploy never touches live traffic.
 *
 * @example
 * declare const ledger: Ledger;
 * declare const evidence: EvidenceStore;
 * declare const rollback: RollbackController;
 * declare const notifications: OwnerNotifications;
 * declare const kpis: KpiPolicy[];
 * const release = new ReleaseWorkflow(this, 'Release', {
 *   useCaseName: 'support-triage',
 *   ledger,
 *   evidence,
 *   rollback,
 *   notifications,
 *   owners: { risk: ['arn:aws:iam::111122223333:role/ModelRisk'] },
 *   model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
 *   serving: { instanceType: 'ml.g5.xlarge' },
 *   kpis,
 *   approvals: { requiredRoles: ['risk'] },
 * });
 */
export class ReleaseWorkflow extends Construct {
  /** The release workflow; an execution is named after its release. */
  readonly workflow: sfn.IStateMachine;

  /** The workflow that stops and deletes everything made at run time: by the kill switch, or when the stack goes. */
  readonly teardown: sfn.IStateMachine;

  /** The role that model containers run as. */
  readonly modelRole: iam.IRole;

  /** Where owners POST to `/approve` and `/reject`. */
  readonly approvalUrl: string;

  /** Where owners POST to `/release`. */
  readonly releaseUrl: string;

  /** What names of everything made at run time begin with. */
  readonly resourcePrefix: string;

  /** Where answers are captured while a shadow is compared with stable; undefined where the strategy has no shadow. */
  readonly captures: ShadowCaptures | undefined;

  /** Where SageMaker keeps samples of requests and answers (`serving-captures/`); undefined where nothing is captured. */
  readonly dataCaptures: s3.IBucket | undefined;

  /**
   * Where requests (`requests/`), answers (`answers/`) and failures (`failures/`) of an asynchronous model lie for seven days; callers
   * read their answers here. Undefined in every other mode.
   */
  readonly asyncData: s3.IBucket | undefined;

  /** @internal Boards of other workflows ask it, too. */
  readonly _approval: lambda.Function;

  private readonly approvalFunctionUrl: lambda.FunctionUrl;
  private readonly desired: DesiredState;
  private spec: ReleaseSpec;

  /**
   * @param scope where the workflow belongs
   * @param id unique within the scope
   * @param props what is released, and how
   * @throws when the name is not allowed, or the model's artefact or container is not there
   */
  constructor(scope: Construct, id: string, props: ReleaseWorkflowProps) {
    super(scope, id);
    const useCaseName = checkUseCaseName(props.useCaseName);
    this.resourcePrefix = resourcePrefixOf(this, useCaseName);
    const model = props.model._bind(this);
    const secrets = modelSecrets(this, props.modelSecrets);
    this.spec = desiredRelease(props, model, secrets);
    const modelRole = this.createModelRole(props, model);
    allowSecrets(modelRole, secrets, props.encryptionKey);
    this.modelRole = modelRole;

    const step = this.createStep(props);
    this.captures = this.createCaptures(props, step);
    const data = createServingData(this, {
      serving: this.spec.serving,
      step,
      modelRole,
      retentionDays: props.retentionDays ?? 365,
      encryptionKey: props.encryptionKey,
    });
    this.dataCaptures = data.captures;
    this.asyncData = data.async;
    this.guard(props, step);
    const approval = this.createApproval(props);
    this._approval = approval;
    this.approvalFunctionUrl = approval.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    this.approvalUrl = this.approvalFunctionUrl.url;

    const teardown = this.createTeardown(props, step);
    this.teardown = teardown;
    props.rollback._useTeardown(teardown);
    const workflow = this.createWorkflow(props, step, approval);
    this.workflow = workflow;
    for (const { role } of [step, teardown as sfn.StateMachine, workflow as sfn.StateMachine]) allowFreeing(role, this.resourcePrefix);
    const late = this.grantAfterwards(props, [approval, step], workflow, teardown);
    this.desired = createDesiredState(this, {
      release: props,
      workflow,
      teardown,
      ...(model.modelPackageArn === undefined ? {} : { modelPackageArn: model.modelPackageArn }),
      spec: () => this.spec,
      evidenceReader: step,
      dependencies: [
        teardown,
        workflow,
        props.ledger,
        props.evidence,
        ...(props.seal === undefined ? [] : [props.seal]),
        ...(props.gates === undefined ? [] : [props.gates]),
        props.rollback,
        this.modelRole as iam.Role,
        ...late,
      ],
    });
    this.releaseUrl = this.desired.url.url;
  }

  /**
   * Allows calling the approval URL. Whoever calls must also be one of the owners to be heard.
   *
   * @param grantee an owner's principal
   */
  grantApprove(grantee: iam.IGrantable): iam.Grant {
    return this.approvalFunctionUrl.grantInvokeUrl(grantee);
  }

  /**
   * Allows calling the URL that releases are asked for at. Whoever calls must also be one of the owners to be heard.
   *
   * @param grantee an owner's principal
   */
  grantRelease(grantee: iam.IGrantable): iam.Grant {
    return this.desired.url.grantInvokeUrl(grantee);
  }

  /**
   * Releases whose workflow failed: one without evidence, or stopped by a teardown.
   *
   * @param options period, label, colour
   */
  metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.workflow.metricFailed(options);
  }

  /**
   * Requests for releases that could not be taken: an approval in the model registry may have come to nothing.
   *
   * @param options period, label, colour
   */
  metricRequestErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.desired.request.metricErrors(options);
  }

  /** @internal Changes what is asked for before it is synthesized: a rehearsal's own releases. */
  _amend(change: (spec: ReleaseSpec) => ReleaseSpec): void {
    this.spec = change(this.spec);
  }

  private createModelRole(props: ReleaseWorkflowProps, model: BoundModel): iam.Role {
    return createModelRole(this, 'ModelRole', {
      useCaseName: props.useCaseName,
      resourcePrefix: this.resourcePrefix,
      ...(props.registry === undefined ? modelAccess(model) : registryAccess(this, model)),
      inNetwork: props.network !== undefined,
      asComponents: this.spec.serving.mode === 'inference-components',
      existingEndpoint: props.existingEndpoint,
      encryptionKey: props.encryptionKey,
    });
  }

  private handler(id: string, props: ReleaseWorkflowProps, rest: Pick<HandlerFunctionProps, 'handler' | 'description' | 'environment'>) {
    return createHandler(this, id, {
      useCaseName: props.useCaseName,
      ledgerTableName: props.ledger.table.tableName,
      timeoutSeconds: 60,
      encryptionKey: props.encryptionKey,
      ...rest,
    });
  }

  private createStep(props: ReleaseWorkflowProps): lambda.Function {
    const { network, encryptionKey } = props;
    const step = this.handler('Step', props, {
      handler: 'release-step',
      description: "takes the release workflow's decisions",
      environment: {
        EVIDENCE_BUCKET: props.evidence.bucket.bucketName,
        MODEL_ROLE_ARN: this.modelRole.roleArn,
        RESOURCE_PREFIX: this.resourcePrefix,
        ...props.notifications._environment(),
        RETENTION_DAYS: String(props.retentionDays ?? 365),
        COUNTER_SHARDS: String(props.counterShards ?? 4),
        TAGS: JSON.stringify(props.runtimeTags ?? {}),
        ...(network === undefined
          ? {}
          : { VPC_CONFIG: JSON.stringify({ Subnets: network.subnetIds, SecurityGroupIds: network.securityGroupIds }) }),
        ...(encryptionKey === undefined ? {} : { KMS_KEY_ARN: encryptionKey.keyArn }),
      },
    });
    props.ledger.grant(step, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    props.notifications._allow(step);
    props.evidence._writtenBy(step, BUNDLES, LOOKS);
    encryptionKey?.grantEncryptDecrypt(step);

    const made = (['endpoint', 'endpoint-config', 'model', 'inference-component'] as const).map((type) =>
      sagemakerArn(Stack.of(this), type, `${this.resourcePrefix}-*`),
    );
    step.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['sagemaker:ListEndpoints', 'sagemaker:ListEndpointConfigs', 'sagemaker:ListModels', 'sagemaker:ListInferenceComponents'],
        resources: ['*'],
      }),
    );
    step.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:ListTags'], resources: made }));
    if (props.existingEndpoint !== undefined) {
      const adopted = sagemakerArn(Stack.of(this), 'endpoint', props.existingEndpoint.toLowerCase());
      step.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:DescribeEndpoint'], resources: [adopted] }));
    }
    const role = step.role ?? step;
    acknowledge(role, 'Listing endpoints, configs, models and components has no resource to name.', 'AwsSolutions-IAM5[Resource::*]');
    acknowledgeResources(role, 'What releases make at run time, under names of this use case only.', ...made);
    return step;
  }

  private createCaptures(props: ReleaseWorkflowProps, step: lambda.Function): ShadowCaptures | undefined {
    if (this.spec.rollout.shadow === undefined) return undefined;
    const captures = new ShadowCaptures(this, 'Captures', { encryptionKey: props.encryptionKey });
    captures._writtenBy(this.modelRole);
    step.addEnvironment('CAPTURE_BUCKET', captures.bucket.bucketName);
    return captures;
  }

  private guard(props: ReleaseWorkflowProps, step: lambda.Function): void {
    if (this.spec.rollout.strategy !== 'blue-green') return;
    createGuardedRollout(this, {
      useCaseName: props.useCaseName,
      resourcePrefix: this.resourcePrefix,
      rollback: props.rollback,
      step,
      modelRole: this.modelRole,
      thresholds: checkThresholds(props.guardThresholds ?? {}, DEFAULT_TIMEOUT_MILLIS),
      existingEndpoint: props.existingEndpoint,
    });
  }

  private createApproval(props: ReleaseWorkflowProps): lambda.Function {
    const delegates = Object.fromEntries(Object.entries(props.delegates ?? {}).filter(([, named]) => named.length > 0));
    const approval = this.handler('Approval', props, {
      handler: 'approval',
      description: "asks for approvals and takes owners' decisions",
      environment: {
        OWNERS: JSON.stringify(props.owners),
        ...(Object.keys(delegates).length === 0 ? {} : { DELEGATES: JSON.stringify(delegates) }),
        ...props.notifications._environment(),
      },
    });
    props.ledger.grant(approval, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    props.notifications._allow(approval);
    return approval;
  }

  private createTeardown(props: ReleaseWorkflowProps, step: lambda.Function): sfn.StateMachine {
    return createMachine(this, 'Teardown', {
      useCaseName: props.useCaseName,
      resourcePrefix: this.resourcePrefix,
      purpose: 'teardown',
      definition: teardownDefinition({
        stepArn: step.functionArn,
        topicArn: props.notifications.topic.topicArn,
        runbooksUrl: props.notifications.runbooksUrl,
        useCaseName: props.useCaseName,
      }),
      functions: [step],
      notifications: props.notifications.topic,
      sagemaker: [
        { type: 'endpoint', actions: ['sagemaker:DeleteEndpoint'] },
        { type: 'inference-component', actions: ['sagemaker:DeleteInferenceComponent'] },
        { type: 'endpoint-config', actions: ['sagemaker:DeleteEndpointConfig'] },
        { type: 'model', actions: ['sagemaker:DeleteModel'] },
        ...(props.existingEndpoint === undefined ? [] : restoreGrants(props.existingEndpoint)),
      ],
    });
  }

  private createWorkflow(props: ReleaseWorkflowProps, step: lambda.Function, approval: lambda.Function): sfn.StateMachine {
    const roles = Object.keys(props.owners);
    const workflow = createMachine(this, 'Workflow', {
      useCaseName: props.useCaseName,
      resourcePrefix: this.resourcePrefix,
      purpose: 'release',
      definition: releaseDefinition({
        stepArn: step.functionArn,
        approvalArn: approval.functionArn,
        rollbackArn: props.rollback.handler.functionArn,
        topicArn: props.notifications.topic.topicArn,
        runbooksUrl: props.notifications.runbooksUrl,
        useCaseName: props.useCaseName,
        decidingRoles: roles.includes('process') ? ['process'] : roles.slice(0, 1),
        ...(props.gates === undefined ? {} : { gateMachineArn: props.gates.machine.stateMachineArn }),
      }),
      functions: [step, approval, props.rollback.handler],
      notifications: props.notifications.topic,
      sagemaker: releaseGrants(props.existingEndpoint),
    });
    workflow.role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.modelRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      }),
    );
    props.gates?._allowRun(workflow.role);
    // An endpoint whose config names a key is created with a grant on it.
    props.encryptionKey?.grant(workflow, 'kms:CreateGrant', 'kms:DescribeKey');
    return workflow;
  }

  /** Permissions that name the workflow, for handlers and a workflow that it depends on itself: apart from their roles' own policies. */
  private grantAfterwards(
    props: ReleaseWorkflowProps,
    answering: lambda.Function[],
    workflow: sfn.StateMachine,
    teardown: sfn.StateMachine,
  ): Construct[] {
    props.rollback._lookAfter(workflow);
    const tokens = new iam.Policy(this, 'TaskTokens', {
      statements: [new iam.PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [workflow.stateMachineArn] })],
    });
    for (const { role } of answering) if (role !== undefined) tokens.attachToRole(role);
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${workflow.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const stop = new iam.Policy(this, 'TeardownStops', {
      statements: [new iam.PolicyStatement({ actions: ['states:StopExecution'], resources: [executions] })],
    });
    stop.attachToRole(teardown.role);
    acknowledgeResources(stop, 'Executions are named after releases, which are not known before.', executions);
    return [tokens, stop];
  }
}
