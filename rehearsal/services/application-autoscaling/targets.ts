import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import { COUNT_DIMENSION } from '../sagemaker/scaling-targets';

export interface ScalableTarget {
  id: string;
  arn: string;
  resourceId: string;
  endpointName: string;
  variantName: string;
  minCapacity: number;
  maxCapacity: number;
  roleArn: string;
  suspended: { in: boolean; out: boolean };
  createdAtMillis: number;
}

export interface ScalingPolicy {
  arn: string;
  name: string;
  target: ScalableTarget;
  /** Invocations per instance and minute. */
  targetValue: number;
  scaleOutCooldownMillis: number;
  scaleInCooldownMillis: number;
  scaleInDisabled: boolean;
  definition: Members;
  createdAtMillis: number;
  /** Minutes in a row above, and clearly below, the target. */
  highMinutes: number;
  lowMinutes: number;
  lastScaledAtMillis: number;
}

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
export const notFound = (message: string): AwsError => new AwsError('ObjectNotFoundException', message);

const RESOURCE = /^endpoint\/([^/]+)\/variant\/([^/]+)$/;
const PLAYED_METRIC = 'SageMakerVariantInvocationsPerInstance';
const DEFAULT_COOLDOWN_SECONDS = 300;

/** Only production variants of SageMaker are scaled here. */
export function checkScope(operation: string, input: Members): void {
  const { ServiceNamespace: namespace, ScalableDimension: dimension } = input;
  if (namespace !== 'sagemaker')
    throw new UnsupportedError(
      `Application Auto Scaling ${operation} for the namespace ${String(namespace)} is not supported by the laptop cloud. Use sagemaker.`,
    );
  if (dimension !== undefined && dimension !== COUNT_DIMENSION)
    throw new UnsupportedError(
      `Application Auto Scaling ${operation} for the dimension ${String(dimension)} is not supported by the laptop cloud. Use ${COUNT_DIMENSION}.`,
    );
}

export function variantOf(resourceId: unknown): { endpointName: string; variantName: string } {
  const match = RESOURCE.exec(String(resourceId));
  if (match === null) throw invalid(`Unsupported resource ID: ${String(resourceId)}. It must be endpoint/<name>/variant/<name>.`);
  return { endpointName: match[1]!, variantName: match[2]! };
}

type PolicySettings = Pick<
  ScalingPolicy,
  'targetValue' | 'scaleOutCooldownMillis' | 'scaleInCooldownMillis' | 'scaleInDisabled' | 'definition'
>;

/** Target tracking on invocations per instance; whatever else there is would never scale, so it is refused. */
export function readPolicy(input: Members): PolicySettings {
  const name = String(input.PolicyName);
  const refuse = (what: string): UnsupportedError =>
    new UnsupportedError(
      `Scaling policy ${name}: ${what} is not supported by the laptop cloud. Use TargetTrackingScaling on ${PLAYED_METRIC}.`,
    );
  if (input.PolicyType !== undefined && input.PolicyType !== 'TargetTrackingScaling')
    throw refuse(`PolicyType ${String(input.PolicyType)}`);
  const config = input.TargetTrackingScalingPolicyConfiguration as Members | undefined;
  if (config === undefined)
    throw invalid('TargetTrackingScalingPolicyConfiguration must be specified for a policy of type TargetTrackingScaling.');
  if (config.CustomizedMetricSpecification !== undefined) throw refuse('CustomizedMetricSpecification');
  const metric = config.PredefinedMetricSpecification?.PredefinedMetricType as string | undefined;
  if (metric !== PLAYED_METRIC) throw refuse(`PredefinedMetricType ${String(metric)}`);
  if (typeof config.TargetValue !== 'number' || config.TargetValue <= 0)
    throw invalid(`TargetValue must be above 0, got ${String(config.TargetValue)}.`);
  return {
    targetValue: config.TargetValue,
    scaleOutCooldownMillis: Number(config.ScaleOutCooldown ?? DEFAULT_COOLDOWN_SECONDS) * 1000,
    scaleInCooldownMillis: Number(config.ScaleInCooldown ?? DEFAULT_COOLDOWN_SECONDS) * 1000,
    scaleInDisabled: config.DisableScaleIn === true,
    definition: config,
  };
}
