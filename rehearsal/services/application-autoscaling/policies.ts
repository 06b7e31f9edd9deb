import { UnsupportedError, type Members } from '../../cloud/types';
import { readSteps, type StepSettings } from './steps';
import type { ScalableTarget, ScaledThing, Scaling } from './targets';
import { invalid } from './targets';
import { trackedMetric, type TrackedMetric } from './tracked-metric';

export interface Tracking {
  kind: 'tracking';
  targetValue: number;
  metric: TrackedMetric;
  scaleInDisabled: boolean;
}

export interface Stepping extends StepSettings {
  kind: 'step';
}

export interface ScalingPolicy {
  arn: string;
  name: string;
  target: ScalableTarget;
  rule: Tracking | Stepping;
  scaleOutCooldownMillis: number;
  scaleInCooldownMillis: number;
  /** As it was put. */
  definition: Members;
  createdAtMillis: number;
  /** Names of target tracking's own two alarms. */
  alarms?: { high: string; low: string };
  /** How it scaled out last. */
  lastOut?: Scaling;
}

type PolicySettings = Pick<ScalingPolicy, 'rule' | 'scaleOutCooldownMillis' | 'scaleInCooldownMillis' | 'definition'>;

const DEFAULT_COOLDOWN_SECONDS = 300;
const PLAYED_TYPES = ['TargetTrackingScaling', 'StepScaling'];

const millis = (seconds: unknown): number => Number(seconds ?? DEFAULT_COOLDOWN_SECONDS) * 1000;

export function readPolicy(input: Members, thing: ScaledThing): PolicySettings {
  const name = String(input.PolicyName);
  const type = String(input.PolicyType ?? (input.StepScalingPolicyConfiguration === undefined ? PLAYED_TYPES[0] : PLAYED_TYPES[1]));
  if (!PLAYED_TYPES.includes(type))
    throw new UnsupportedError(
      `Scaling policy ${name}: PolicyType ${type} is not supported by the laptop cloud. Use ${PLAYED_TYPES.join(' or ')}.`,
    );
  const member = `${type}PolicyConfiguration`;
  const config = input[member] as Members | undefined;
  if (config === undefined) throw invalid(`${member} must be specified for a policy of type ${type}.`);
  return type === 'StepScaling' ? readStepping(name, config) : readTracking(name, config, thing);
}

function readStepping(name: string, config: Members): PolicySettings {
  const cooldownMillis = millis(config.Cooldown);
  return {
    rule: { kind: 'step', ...readSteps(name, config) },
    scaleOutCooldownMillis: cooldownMillis,
    scaleInCooldownMillis: cooldownMillis,
    definition: config,
  };
}

function readTracking(name: string, config: Members, thing: ScaledThing): PolicySettings {
  if (typeof config.TargetValue !== 'number' || config.TargetValue <= 0)
    throw invalid(`TargetValue must be above 0, got ${String(config.TargetValue)}.`);
  return {
    rule: {
      kind: 'tracking',
      targetValue: config.TargetValue,
      metric: trackedMetric(name, config, thing),
      scaleInDisabled: config.DisableScaleIn === true,
    },
    scaleOutCooldownMillis: millis(config.ScaleOutCooldown),
    scaleInCooldownMillis: millis(config.ScaleInCooldown),
    definition: config,
  };
}
