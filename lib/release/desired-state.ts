/* eslint-disable awscdk/require-passing-this -- these functions construct for the construct that calls them: what is there keeps its path */
import { CustomResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ReleaseSpec } from '../../core/contracts';
import { acknowledgeResources } from '../shared/acknowledge';
import { createHandler } from '../shared/handler-function';
import { sagemakerArn } from '../shared/sagemaker-arn';
import { groupOfPackage, type RegistryGroup, registryGroup } from './model-registry';
import type { ReleaseWorkflowProps } from './release-workflow-props';

export interface DesiredStateProps {
  readonly release: ReleaseWorkflowProps;
  readonly workflow: sfn.IStateMachine;
  readonly teardown: sfn.IStateMachine;
  /** A package in the model registry that the charter names. */
  readonly modelPackageArn?: string;
  /** Whoever writes into evidence what the model registry says of a version. */
  readonly evidenceReader: lambda.Function;
  /** What the charter wants, as it is when the app is synthesized. */
  readonly spec: () => ReleaseSpec;
  /** What the custom resource still needs when it is deleted. */
  readonly dependencies: Construct[];
}

export interface DesiredState {
  /** What takes the requests. */
  readonly request: lambda.IFunction;
  /** Where owners ask. */
  readonly url: lambda.IFunctionUrl;
}

/** What is wanted released: asked for by a deploy, by the model registry, or by an owner at the URL. */
export function createDesiredState(scope: Construct, props: DesiredStateProps): DesiredState {
  const registry = props.release.registry && registryGroup(scope, props.release.registry);
  const request = createRequestHandler(scope, props, registry);
  if (registry !== undefined) listenTo(scope, registry, request);
  const url = request.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  const desired = new CustomResource(scope, 'Desired', {
    resourceType: 'Custom::SluiceDesiredRelease',
    serviceToken: request.functionArn,
    serviceTimeout: Duration.hours(1),
    properties: { Release: Lazy.string({ produce: () => Stack.of(scope).toJsonString(props.spec()) }) },
  });
  // The last to come and the first to go: its deletion still needs everything.
  desired.node.addDependency(request, ...props.dependencies);
  return { request, url };
}

function createRequestHandler(scope: Construct, props: DesiredStateProps, registry: RegistryGroup | undefined): lambda.Function {
  const { release, workflow, teardown } = props;
  const groups = packageGroups(props.modelPackageArn, registry);
  const request = createHandler(scope, 'Request', {
    useCaseName: release.useCaseName,
    ledgerTableName: release.ledger.table.tableName,
    timeoutSeconds: 60,
    encryptionKey: release.encryptionKey,
    handler: 'release-request',
    description: 'takes what is wanted released: from CloudFormation, the model registry and owners',
    environment: {
      RELEASE_STATE_MACHINE_ARN: workflow.stateMachineArn,
      TEARDOWN_STATE_MACHINE_ARN: teardown.stateMachineArn,
      EXISTING_ENDPOINT: release.existingEndpoint ?? '',
      OWNERS: JSON.stringify(release.owners),
      REGISTRY_GROUP: registry?.name ?? '',
      PACKAGE_GROUPS: Stack.of(scope).toJsonString(groups),
    },
  });
  release.ledger.grant(request, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  workflow.grantStartExecution(request);
  teardown.grantStartExecution(request);
  request.addToRolePolicy(new iam.PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [workflow.stateMachineArn] }));
  if (release.existingEndpoint !== undefined) allowAdoption(request, release.existingEndpoint);
  for (const handler of [request, props.evidenceReader]) allowPackages(handler, groups, props.modelPackageArn);
  return request;
}

/** Approved versions of these groups may be released; SageMaker writes ARNs in lower case. */
function packageGroups(modelPackageArn: string | undefined, registry: RegistryGroup | undefined): string[] {
  const named = modelPackageArn === undefined ? undefined : groupOfPackage(modelPackageArn);
  return [...new Set([named, registry?.packagePrefix].filter((group) => group !== undefined))];
}

/** Whether a version is approved, and who approved it. */
function allowPackages(handler: lambda.Function, groups: string[], modelPackageArn: string | undefined): void {
  const versions = [...new Set(groups.flatMap((group) => [`${group}/*`, `${lowerName(group)}/*`]))];
  const named = modelPackageArn === undefined || groupOfPackage(modelPackageArn) !== undefined ? [] : [modelPackageArn];
  if (versions.length + named.length === 0) return;
  handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:DescribeModelPackage'], resources: [...versions, ...named] }));
  acknowledgeResources(handler.role ?? handler, 'Versions of a model package group are not known before they are made.', ...versions);
}

const lowerName = (group: string): string => group.replace(/[^/]+$/, (name) => name.toLowerCase());

/** Versions that were approved; the handler looks once more. */
function listenTo(scope: Construct, { name, account }: RegistryGroup, request: lambda.Function): void {
  new events.Rule(scope, 'RegistryRule', {
    description: `versions of ${name} that the model registry approves are released`,
    eventPattern: {
      source: ['aws.sagemaker'],
      detailType: ['SageMaker Model Package State Change'],
      account: [account],
      detail: { ModelPackageGroupName: [name], ModelApprovalStatus: ['Approved'] },
    },
    targets: [new targets.LambdaFunction(request, { retryAttempts: 3 })],
  });
}

function allowAdoption(request: lambda.Function, existingEndpoint: string): void {
  const stack = Stack.of(request);
  const anyConfig = sagemakerArn(stack, 'endpoint-config', '*');
  request.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['sagemaker:DescribeEndpoint'],
      resources: [sagemakerArn(stack, 'endpoint', existingEndpoint.toLowerCase())],
    }),
  );
  request.addToRolePolicy(new iam.PolicyStatement({ actions: ['sagemaker:DescribeEndpointConfig'], resources: [anyConfig] }));
  acknowledgeResources(request.role ?? request, 'Nobody knows at synth which config an adopted endpoint runs.', anyConfig);
}
