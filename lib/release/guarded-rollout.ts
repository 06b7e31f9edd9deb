/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { askedAlarmName, type GuardThresholds } from '../../core/release/guarded';
import type { RollbackController } from '../rollback/rollback-controller';
import { acknowledgeResources } from '../shared/acknowledge';
import { sagemakerArn } from '../shared/sagemaker-arn';

export interface GuardedRolloutProps {
  readonly useCaseName: string;
  readonly resourcePrefix: string;
  readonly rollback: RollbackController;
  /** Makes the alarms of a release, and looks at its deployment. */
  readonly step: lambda.Function;
  /** SageMaker reads the alarms as this role. */
  readonly modelRole: iam.IRole;
  readonly thresholds: GuardThresholds;
  readonly existingEndpoint?: string;
}

/** What a blue/green deployment needs besides the workflow: the alarm through which somebody asks for the way back, and permissions. */
export function createGuardedRollout(scope: Construct, props: GuardedRolloutProps): cloudwatch.Alarm {
  const { step, modelRole, resourcePrefix, thresholds, existingEndpoint } = props;
  const stack = Stack.of(scope);
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `${resourcePrefix}-guard-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const endpoints = [`${resourcePrefix}-*`, ...(existingEndpoint === undefined ? [] : [existingEndpoint.toLowerCase()])];
  step.addEnvironment('GUARD_THRESHOLDS', JSON.stringify(thresholds));
  step.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DescribeAlarms', 'cloudwatch:DeleteAlarms'],
      resources: [alarms],
    }),
  );
  step.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['sagemaker:DescribeEndpoint'],
      resources: endpoints.map((name) => sagemakerArn(stack, 'endpoint', name)),
    }),
  );
  modelRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [alarms] }));
  const why = 'Alarms on a new fleet are named after its release, which is not known before.';
  acknowledgeResources(step.role ?? step, why, alarms);
  acknowledgeResources(modelRole, why, alarms);
  return new cloudwatch.Alarm(scope, 'RollbackAsked', {
    alarmName: askedAlarmName(resourcePrefix),
    alarmDescription: `${props.useCaseName}: somebody asked for the way back: SageMaker ends a blue/green deployment and keeps the old fleet.`,
    metric: props.rollback.metricRollbackAsked({ period: Duration.minutes(1) }),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
