/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface HandlerScheduleProps {
  readonly handler: lambda.IFunction;
  /** What the handler does, and when: `support-triage: the verdict, every minute`. */
  readonly description: string;
  readonly expression: string;
  readonly retries: number;
  readonly maxAgeSeconds: number;
  /** JSON that the handler gets. Default: what the scheduler sends. */
  readonly input?: string;
}

/** Invokes a handler by the clock, through a role that may do nothing else. */
export function createSchedule(scope: Construct, props: HandlerScheduleProps): scheduler.CfnSchedule {
  const { handler, description } = props;
  const stack = Stack.of(scope);
  const group = stack.formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  const role = new iam.Role(scope, 'ScheduleRole', {
    description: `invokes ${description}`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
    }),
  });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }));
  const schedule = new scheduler.CfnSchedule(scope, 'Schedule', {
    description,
    scheduleExpression: props.expression,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: handler.functionArn,
      roleArn: role.roleArn,
      ...(props.input === undefined ? {} : { input: props.input }),
      retryPolicy: { maximumRetryAttempts: props.retries, maximumEventAgeInSeconds: props.maxAgeSeconds },
    },
  });
  schedule.node.addDependency(role);
  return schedule;
}
