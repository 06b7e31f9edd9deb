/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { allowMapChildren } from '../shared/map-children';
import { driftDefinition, PARTS_LABEL } from './drift-definition';

export interface DriftMachineProps {
  readonly useCaseName: string;
  /** The handler starts it by this name, and it calls the handler. */
  readonly machineName: string;
  readonly handler: lambda.IFunction;
  readonly bucket: s3.IBucket;
}

/** Reads what is too large for one function, as a role of its own that may call the handler, read the list of parts, and start children. */
export function createDriftMachine(scope: Construct, props: DriftMachineProps): sfn.StateMachine {
  const { useCaseName, machineName, handler, bucket } = props;
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, 'MachineRole', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    description: `${useCaseName}: drift job`,
  });
  const lists = bucket.arnForObjects(`${DRIFT_FOLDERS.parts}/*`);
  role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }));
  role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [lists] }));
  bucket.encryptionKey?.grant(role, 'kms:Decrypt');
  acknowledgeResources(role, 'Lists of parts are named by what is read.', lists);
  const logGroup = new logs.LogGroup(scope, 'MachineLogs', {
    logGroupName: `/aws/vendedlogs/states/${machineName}`,
    retention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const definition = driftDefinition({ handlerArn: handler.functionArn, bucketName: bucket.bucketName, useCaseName });
  const machine = new sfn.StateMachine(scope, 'Machine', {
    stateMachineName: machineName,
    comment: `${useCaseName}: captures that are read by many`,
    definitionBody: sfn.DefinitionBody.fromString(stack.toJsonString(definition)),
    stateMachineType: sfn.StateMachineType.STANDARD,
    role,
    tracingEnabled: true,
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
  });
  acknowledge(role, 'Log delivery and X-Ray have no resources to name.', 'AwsSolutions-IAM5[Resource::*]');
  allowMapChildren(scope, role, machine, PARTS_LABEL);
  return machine;
}
