import type { Cloud, Members } from '../../cloud/types';
import type { ScalingPolicy } from './policies';
import { scopeOf, type ScalableTarget } from './targets';
import { describeAlarms } from './tracking-alarms';

export const describeTarget = (target: ScalableTarget): Members => ({
  ...scopeOf(target),
  ScalableTargetARN: target.arn,
  MinCapacity: target.minCapacity,
  MaxCapacity: target.maxCapacity,
  RoleARN: target.roleArn,
  CreationTime: new Date(target.createdAtMillis),
  SuspendedState: {
    DynamicScalingInSuspended: target.suspended.in,
    DynamicScalingOutSuspended: target.suspended.out,
    ScheduledScalingSuspended: target.suspended.scheduled,
  },
});

export function describePolicy(cloud: Cloud, policy: ScalingPolicy): Members {
  const type = policy.rule.kind === 'step' ? 'StepScaling' : 'TargetTrackingScaling';
  return {
    ...scopeOf(policy.target),
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    PolicyType: type,
    [`${type}PolicyConfiguration`]: policy.definition,
    Alarms: describeAlarms(cloud, policy),
    CreationTime: new Date(policy.createdAtMillis),
  };
}
