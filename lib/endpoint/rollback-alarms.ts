/* eslint-disable awscdk/require-passing-this -- this function constructs for the endpoint that calls it */
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IDependable } from 'constructs';
import type { Deployment } from './deployment';
import type { WatchedFleet } from './rollback-alarm';

export interface BoundRollback {
  readonly alarmNames: string[];
  /** What lets SageMaker look at them. */
  readonly policy?: IDependable;
}

/** The alarms that undo a deployment, which the role may look at. */
export function bindRollback(scope: Construct, deployment: Deployment, role: iam.IRole, fleets: WatchedFleet[]): BoundRollback {
  const place = new Construct(scope, 'RollbackAlarms');
  const alarms = deployment._alarms.flatMap((alarm) => alarm._bind(place, fleets));
  if (alarms.length === 0) return { alarmNames: [] };
  // A policy of its own: models wait for the role's others, and alarms look at the config, which waits for the models.
  const policy = new iam.Policy(scope, 'RollbackPolicy', {
    statements: [new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: alarms.map(({ alarmArn }) => alarmArn) })],
  });
  policy.attachToRole(role);
  return { alarmNames: alarms.map(({ alarmName }) => alarmName), policy };
}
