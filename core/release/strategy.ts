import type { CanaryStep, GuardedPolicy, RolloutPolicy, ShadowPolicy } from '../contracts';

/** How a release takes over traffic, apart from how long it may take and what is held out. */
export type Takeover = Pick<RolloutPolicy, 'strategy' | 'steps' | 'shadow' | 'guarded'>;

/** A setting that AWS, or the comparison, would refuse. */
export interface Misfit {
  /** Name of the setting, as the charter has it. */
  setting: string;
  message: string;
  allowed: string;
}

export const DEFAULT_STEPS: CanaryStep[] = [0.05, 0.25, 0.5].map((weight) => ({ weight, bakeMinutes: 30 }));

export const DEFAULT_LINEAR = { step: 0.2, bakeMinutes: 30 };

export const DEFAULT_SHADOW: Omit<ShadowPolicy, 'bakeMinutes'> = { samplingShare: 1, errorRateAbove: 0.02, minimumAnswers: 100 };

export const DEFAULT_SHADOW_MINUTES = 120;

export const DEFAULT_GUARDED: GuardedPolicy = { routing: 'canary', stepShare: 0.1, waitMinutes: 10, terminationWaitMinutes: 10 };

/** A share of a tenth grows in nine steps; more steps than these last longer than they tell. */
export const LINEAR_STEP: [least: number, most: number] = [0.05, 0.5];

/** Captures and metrics of a longer phase would be read for nothing new. */
export const MOST_SHADOW_MINUTES = 7 * 1440;

const MOST_WAIT_MINUTES = 60;
const MOST_STEP_SHARE = 0.5;
const LEAST_LINEAR_SHARE = 0.1;
/** SageMaker ends a deployment after eight hours. */
export const MOST_DEPLOYMENT_MINUTES = 480;
/** Of these, so many are left for instances to start. */
export const PROVISIONING_MINUTES = 60;

/** Equal steps below full traffic: the last one is the promotion. */
export function linearSteps(step: number, bakeMinutes: number, holdout: number): CanaryStep[] {
  const most = Math.min(1 - holdout, 1 - 1e-9);
  const count = Math.ceil(1 / step);
  const weights = Array.from({ length: count }, (_, index) => Math.round(step * (index + 1) * 1e6) / 1e6);
  return weights.filter((weight) => weight <= most + 1e-9 && weight < 1).map((weight) => ({ weight, bakeMinutes }));
}

/** How long SageMaker waits in all while it moves traffic. */
export function guardedWaitMinutes({ routing, stepShare, waitMinutes, terminationWaitMinutes }: GuardedPolicy): number {
  const waits = routing === 'all-at-once' ? 0 : routing === 'canary' ? 1 : Math.ceil(1 / (stepShare ?? MOST_STEP_SHARE) - 1e-9) - 1;
  return waits * waitMinutes + terminationWaitMinutes;
}

/** What SageMaker's deployment guardrails would refuse. */
export function guardedMisfits(policy: GuardedPolicy): Misfit[] {
  return [...shareMisfits(policy), ...waitMisfits(policy)];
}

function shareMisfits({ routing, stepShare }: GuardedPolicy): Misfit[] {
  if (routing === 'all-at-once') {
    if (stepShare === undefined) return [];
    return [{ setting: 'step', message: 'belongs to canary and linear routing', allowed: 'no step where routing is all-at-once' }];
  }
  const least = routing === 'linear' ? LEAST_LINEAR_SHARE : 0;
  const fits = stepShare !== undefined && stepShare > 0 && stepShare >= least && stepShare <= MOST_STEP_SHARE;
  if (fits) return [];
  const range = routing === 'linear' ? 'from 0.1 to 0.5' : 'above 0, at most 0.5';
  return [{ setting: 'step', message: `is no share that SageMaker takes for ${routing} routing`, allowed: `a fraction ${range}` }];
}

function waitMisfits(policy: GuardedPolicy): Misfit[] {
  const misfits: Misfit[] = [];
  for (const [setting, minutes] of [
    ['wait', policy.waitMinutes],
    ['terminationWait', policy.terminationWaitMinutes],
  ] as const) {
    if (!(minutes >= 0 && minutes <= MOST_WAIT_MINUTES)) {
      misfits.push({
        setting,
        message: 'is longer than SageMaker waits',
        allowed: 'at most 60m; a canary judged by KPIs bakes for longer',
      });
    }
  }
  const most = MOST_DEPLOYMENT_MINUTES - PROVISIONING_MINUTES;
  const all = guardedWaitMinutes(policy);
  if (misfits.length === 0 && all > most) {
    misfits.push({
      setting: 'wait',
      message: `adds up to ${all} minutes of waiting`,
      allowed: `${most} minutes in all: SageMaker ends a deployment after 8 hours, instances need time to start; wait less, or take larger steps`,
    });
  }
  return misfits;
}

/** Shadow variants and guardrails do not do what is asked for on every instance. */
export function instanceMisfit(instanceType: string | undefined): string | undefined {
  return instanceType?.startsWith('ml.inf1.') === true
    ? 'Inf1 instances have no shadow variants, and deployment guardrails move their traffic at once'
    : undefined;
}
