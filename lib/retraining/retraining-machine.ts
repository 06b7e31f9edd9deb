import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RetrainingPolicy, TrainingPolicy } from '../../core/contracts';
import type { OwnerNotifications } from '../notifications/owner-notifications';
import { registryGroup } from '../release/model-registry';
import type { ModelNetwork } from '../release/release-policy';
import { createMachine } from '../release/workflow-machine';
import { acknowledgeResources } from '../shared/acknowledge';
import { retrainingDefinition } from './definition';

export interface RetrainingMachineProps {
  readonly useCaseName: string;
  readonly resourcePrefix: string;
  readonly policy: RetrainingPolicy;
  readonly step: lambda.IFunction;
  readonly approval: lambda.IFunction;
  readonly notifications: OwnerNotifications;
  /** Of a training job. */
  readonly trainingRole?: iam.IRole;
  readonly evaluationRole: iam.IRole;
  readonly tags: Record<string, string>;
  readonly network?: ModelNetwork;
  readonly encryptionKey?: kms.IKey;
}

/** The workflow of a run, with a role that may do what its states do, under names of this use case. */
export function createRetrainingMachine(scope: Construct, props: RetrainingMachineProps): sfn.StateMachine {
  const { useCaseName, resourcePrefix, policy, step, approval, notifications, trainingRole, evaluationRole, network, encryptionKey } =
    props;
  const asksBoard = (policy.approval?.requiredRoles.length ?? 0) > 0;
  const machine = createMachine(scope, 'Machine', {
    useCaseName,
    resourcePrefix,
    purpose: 'retraining',
    definition: retrainingDefinition({
      useCaseName,
      resourcePrefix,
      stepArn: step.functionArn,
      approvalArn: approval.functionArn,
      topicArn: notifications.topic.topicArn,
      runbooksUrl: notifications.runbooksUrl,
      training: policy.training,
      asksBoard,
      tags: props.tags,
      ...(trainingRole === undefined ? {} : { trainingRoleArn: trainingRole.roleArn }),
      ...(network === undefined ? {} : { network }),
      ...(encryptionKey === undefined ? {} : { keyArn: encryptionKey.keyArn }),
    }),
    functions: asksBoard ? [step, approval] : [step],
    notifications: notifications.topic,
    sagemaker: [{ type: 'model', actions: ['sagemaker:CreateModel', 'sagemaker:AddTags'] }],
  });
  const allowed = new Allowance(scope, machine.role);
  allowed.jobs('transform-job', 'TransformJob', 'StepFunctionsGetEventsForSageMakerTransformJobsRule', resourcePrefix);
  allowed.training(policy.training, resourcePrefix);
  allowed.registration(policy.group);
  const roles = [evaluationRole, ...(trainingRole === undefined ? [] : [trainingRole])];
  allowed.add(
    ['iam:PassRole'],
    roles.map(({ roleArn }) => roleArn),
    { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  );
  encryptionKey?.grant(machine, 'kms:CreateGrant', 'kms:DescribeKey');
  return machine;
}

const RUNS = 'Made at run time by retraining runs: names begin with the prefix of this use case, which no other use case shares.';

class Allowance {
  private readonly stack: Stack;

  constructor(
    scope: Construct,
    private readonly role: iam.IRole,
  ) {
    this.stack = Stack.of(scope);
  }

  add(actions: string[], resources: string[], conditions?: Record<string, unknown>): void {
    this.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) }));
  }

  jobs(resource: string, kind: string, rule: string, prefix: string): void {
    const jobs = this.sagemaker(resource, `${prefix}-t*`);
    this.add([...['Create', 'Describe', 'Stop'].map((verb) => `sagemaker:${verb}${kind}`), 'sagemaker:AddTags'], [jobs]);
    this.events(rule);
    acknowledgeResources(this.role, RUNS, jobs);
  }

  training(training: TrainingPolicy, prefix: string): void {
    if (training.kind === 'job') {
      this.jobs('training-job', 'TrainingJob', 'StepFunctionsGetEventsForSageMakerTrainingJobsRule', prefix);
    } else if (training.kind === 'pipeline') {
      const pipeline = this.sagemaker('pipeline', training.pipelineName.toLowerCase());
      const executions = `${pipeline}/execution/*`;
      this.add(['sagemaker:StartPipelineExecution'], [pipeline]);
      this.add(['sagemaker:DescribePipelineExecution', 'sagemaker:StopPipelineExecution'], [executions]);
      acknowledgeResources(this.role, 'Executions of the pipeline are named by SageMaker.', executions);
    } else {
      this.stateMachine(training.stateMachineArn);
    }
  }

  /** Versions are numbered by SageMaker; it writes the group's name in lower case. */
  registration(group: string): void {
    const { packagePrefix } = registryGroup(this.stack, { group });
    const prefixes = [...new Set([packagePrefix, packagePrefix.replace(/[^/]+$/, (name) => name.toLowerCase())])];
    const versions = prefixes.map((prefix) => `${prefix}/*`);
    const groups = prefixes.map((prefix) => prefix.replace(':model-package/', ':model-package-group/'));
    this.add(['sagemaker:CreateModelPackage'], [...groups, ...versions]);
    this.add(['sagemaker:UpdateModelPackage'], versions);
    acknowledgeResources(this.role, 'Versions of a model package group are not known before they are made.', ...versions);
  }

  private stateMachine(arn: string): void {
    const { resourceName, ...rest } = Arn.split(arn, ArnFormat.COLON_RESOURCE_NAME);
    const executions = Arn.format(
      { ...rest, resource: 'execution', resourceName: `${resourceName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      this.stack,
    );
    this.add(['states:StartExecution'], [arn]);
    this.add(['states:DescribeExecution', 'states:StopExecution'], [executions]);
    this.events('StepFunctionsGetEventsForStepFunctionsExecutionRule');
    acknowledgeResources(this.role, "Executions of the user's own state machine are named after runs.", executions);
  }

  private events(rule: string): void {
    const arn = this.stack.formatArn({ service: 'events', resource: 'rule', resourceName: rule });
    this.add(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [arn]);
  }

  private sagemaker(resource: string, resourceName: string): string {
    return this.stack.formatArn({ service: 'sagemaker', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }
}
