import { BadInputError } from '../errors';
import type { PredefinedMetric, PutTrackingPolicy, TargetKey } from './requests';
import type { ScaledResource, ScalingWish, TargetTracking } from './wish';

/** High resolution: every 10 s. */
const PREDEFINED: Record<ScaledResource['kind'], Record<'invocations' | 'concurrency', PredefinedMetric>> = {
  variant: {
    invocations: 'SageMakerVariantInvocationsPerInstance',
    concurrency: 'SageMakerVariantConcurrentRequestsPerModelHighResolution',
  },
  component: {
    invocations: 'SageMakerInferenceComponentInvocationsPerCopy',
    concurrency: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
  },
};

/** Its name says what it follows: another metric is another policy, and the one before it becomes obsolete. */
export function trackingPolicy(key: TargetKey, { resource, mode }: ScalingWish, tracking: TargetTracking): PutTrackingPolicy {
  return {
    ...key,
    PolicyName: `sluice-${tracking.metric}`,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: tracking.targetValue,
      ...metricOf(resource, mode, tracking.metric),
      ScaleOutCooldown: tracking.scaleOutCooldownSeconds,
      ScaleInCooldown: tracking.scaleInCooldownSeconds,
      DisableScaleIn: tracking.scaleInDisabled ?? false,
    },
  };
}

type Metric = Pick<
  PutTrackingPolicy['TargetTrackingScalingPolicyConfiguration'],
  'PredefinedMetricSpecification' | 'CustomizedMetricSpecification'
>;

function metricOf(resource: ScaledResource, mode: ScalingWish['mode'], metric: TargetTracking['metric']): Metric {
  if (metric !== 'backlog') {
    if (mode === 'async') {
      throw new BadInputError(`An asynchronous endpoint is scaled on its backlog, not on ${metric}: nothing calls its instances directly.`);
    }
    return { PredefinedMetricSpecification: { PredefinedMetricType: PREDEFINED[resource.kind][metric] } };
  }
  if (mode !== 'async' || resource.kind !== 'variant') {
    throw new BadInputError(`Only an asynchronous endpoint has a backlog, the mode is ${mode}: scale on invocations or concurrency.`);
  }
  return {
    CustomizedMetricSpecification: {
      Namespace: 'AWS/SageMaker',
      MetricName: 'ApproximateBacklogSizePerInstance',
      Dimensions: [{ Name: 'EndpointName', Value: resource.endpointName }],
      Statistic: 'Average',
    },
  };
}
