/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledgeResources } from './acknowledge';

/** Lets a machine run the children of its distributed Map, as AWS documents their permissions: apart from the role's own policy, which the machine waits for. */
export function allowMapChildren(scope: Construct, role: iam.Role, machine: sfn.StateMachine, mapLabel: string): void {
  const children = ['', `/${mapLabel}`].map((label) =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.stateMachineName}${label}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const policy = new iam.Policy(scope, 'Children', {
    statements: [
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
      new iam.PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: children }),
    ],
  });
  policy.attachToRole(role);
  acknowledgeResources(policy, 'Children of a Map Run are named by Step Functions.', ...children);
}
