/** Requests as Application Auto Scaling and CloudWatch take them. */
export interface TargetKey {
  ServiceNamespace: 'sagemaker';
  ResourceId: string;
  ScalableDimension: ScalableDimension;
}

export type ScalableDimension = 'sagemaker:variant:DesiredInstanceCount' | 'sagemaker:inference-component:DesiredCopyCount';

export interface RegisterTarget extends TargetKey {
  MinCapacity: number;
  MaxCapacity: number;
  SuspendedState: {
    DynamicScalingInSuspended: boolean;
    DynamicScalingOutSuspended: boolean;
    ScheduledScalingSuspended: boolean;
  };
}

export type PredefinedMetric =
  | 'SageMakerVariantInvocationsPerInstance'
  | 'SageMakerVariantConcurrentRequestsPerModelHighResolution'
  | 'SageMakerInferenceComponentInvocationsPerCopy'
  | 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';

export interface PutTrackingPolicy extends TargetKey {
  PolicyName: string;
  PolicyType: 'TargetTrackingScaling';
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: number;
    PredefinedMetricSpecification?: { PredefinedMetricType: PredefinedMetric };
    CustomizedMetricSpecification?: {
      Namespace: string;
      MetricName: string;
      Dimensions: { Name: string; Value: string }[];
      Statistic: 'Average';
    };
    ScaleOutCooldown: number;
    ScaleInCooldown: number;
    DisableScaleIn: boolean;
  };
}

export interface PutStepPolicy extends TargetKey {
  PolicyName: string;
  PolicyType: 'StepScaling';
  StepScalingPolicyConfiguration: {
    AdjustmentType: 'ChangeInCapacity';
    MetricAggregationType: 'Average' | 'Maximum';
    Cooldown: number;
    StepAdjustments: { MetricIntervalLowerBound: number; ScalingAdjustment: number }[];
  };
}

export interface PutScheduledAction extends TargetKey {
  ScheduledActionName: string;
  Schedule: string;
  Timezone: string;
  ScalableTargetAction: { MinCapacity: number; MaxCapacity: number };
}

/** PutMetricAlarm's, but for `AlarmActions`: the policy's ARN, which PutScalingPolicy answers. */
export interface WakeAlarm {
  AlarmName: string;
  AlarmDescription: string;
  Namespace: 'AWS/SageMaker';
  MetricName: 'HasBacklogWithoutCapacity' | 'NoCapacityInvocationFailures';
  Dimensions: { Name: string; Value: string }[];
  Statistic: 'Average' | 'Maximum';
  Period: number;
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  Threshold: number;
  ComparisonOperator: 'GreaterThanOrEqualToThreshold';
  TreatMissingData: 'missing';
}
