/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { sagemakerArn } from '../shared/sagemaker-arn';
import type { StateMachineDefinition } from './asl';

export interface MachineProps {
  readonly useCaseName: string;
  readonly resourcePrefix: string;
  /** Last part of the log group's name. */
  readonly purpose: string;
  readonly definition: StateMachineDefinition;
  readonly functions: lambda.IFunction[];
  readonly notifications: sns.ITopic;
  readonly sagemaker: SageMakerGrant[];
}

export interface SageMakerGrant {
  type: 'endpoint' | 'endpoint-config' | 'model' | 'inference-component';
  actions: string[];
  /** Names beside those that begin with the prefix. */
  alsoNames?: string[];
}

/** A standard state machine with a role of its own, which may call exactly what the definition calls. */
export function createMachine(scope: Construct, id: string, props: MachineProps): sfn.StateMachine {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    description: `${props.useCaseName}: ${props.purpose} workflow`,
  });
  role.addToPolicy(
    new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: props.functions.map((item) => item.functionArn) }),
  );
  props.notifications.grantPublish(role);
  props.sagemaker.forEach((grant) => allowSageMaker(role, stack, props.resourcePrefix, grant));

  const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
    // The prefix keeps the account's policy for log delivery small.
    logGroupName: `/aws/vendedlogs/states/${props.resourcePrefix}-${props.purpose}`,
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const machine = new sfn.StateMachine(scope, id, {
    comment: `${props.useCaseName}: ${props.purpose} workflow`,
    definitionBody: sfn.DefinitionBody.fromString(stack.toJsonString(props.definition)),
    stateMachineType: sfn.StateMachineType.STANDARD,
    role,
    tracingEnabled: true,
    // Without execution data: task tokens have no place in logs.
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
  });
  acknowledge(role, 'Log delivery and X-Ray have no resources to name.', 'AwsSolutions-IAM5[Resource::*]');
  return machine;
}

function allowSageMaker(role: iam.Role, stack: Stack, prefix: string, grant: SageMakerGrant): void {
  const made = sagemakerArn(stack, grant.type, `${prefix}-*`);
  const others = (grant.alsoNames ?? []).map((name) => sagemakerArn(stack, grant.type, name));
  role.addToPolicy(new iam.PolicyStatement({ actions: grant.actions, resources: [made, ...others] }));
  acknowledgeResources(
    role,
    'Made at run time by releases: names begin with the prefix of this use case, which no other use case shares; an adopted endpoint brings configs of any name.',
    made,
    ...others.filter((arn) => arn.endsWith('*')),
  );
}
