/* eslint-disable awscdk/require-passing-this -- these functions construct for the construct that calls them */
import { Arn, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { allowMapChildren } from '../shared/map-children';
import type { GateNeeds } from './bind-gate';
import { gateDefinition, LINES_LABEL } from './gate-definition';

/** The gate workflow with a role of its own, which may call the handler, what gates ask, and start children of itself. */
export function createGateMachine(
  scope: Construct,
  useCaseName: string,
  resourcePrefix: string,
  handler: lambda.IFunction,
  needs: GateNeeds,
): sfn.StateMachine {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, 'MachineRole', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    description: `${useCaseName}: gates workflow`,
  });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn, ...needs.functions] }));
  if (needs.stateMachines.size > 0) allowStateMachines(role, stack, [...needs.stateMachines]);
  const logGroup = new logs.LogGroup(scope, 'MachineLogs', {
    logGroupName: `/aws/vendedlogs/states/${resourcePrefix}-gates`,
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const definition = gateDefinition({
    handlerArn: handler.functionArn,
    useCaseName,
    asksFunctions: needs.functions.size > 0,
    asksStateMachines: needs.stateMachines.size > 0,
  });
  const machine = new sfn.StateMachine(scope, 'Machine', {
    comment: `${useCaseName}: gates workflow`,
    definitionBody: sfn.DefinitionBody.fromString(stack.toJsonString(definition)),
    stateMachineType: sfn.StateMachineType.STANDARD,
    role,
    tracingEnabled: true,
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
  });
  acknowledge(role, 'Log delivery and X-Ray have no resources to name.', 'AwsSolutions-IAM5[Resource::*]');
  allowMapChildren(scope, role, machine, LINES_LABEL);
  return machine;
}

/** A gate that is a state machine: started, watched by events, stopped when its time is over. */
function allowStateMachines(role: iam.Role, stack: Stack, arns: string[]): void {
  const executions = arns.map((arn) => {
    const { resourceName, ...rest } = Arn.split(arn, ArnFormat.COLON_RESOURCE_NAME);
    return Arn.format(
      { ...rest, resource: 'execution', resourceName: `${resourceName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
      stack,
    );
  });
  const rule = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
  });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: arns }));
  role.addToPolicy(new iam.PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: executions }));
  role.addToPolicy(new iam.PolicyStatement({ actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [rule] }));
  acknowledgeResources(role, "Executions of the user's own gates are named by Step Functions.", ...executions);
}
