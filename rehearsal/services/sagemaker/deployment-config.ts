import type { Members } from '../../cloud/types';
import { invalid } from './errors';
import { checkRange } from './names';
import type { Fleet, VariantDefinition } from './state';

const MAX_WAIT_SECONDS = 3600;
const EXECUTION_SECONDS: [number, number] = [600, 28_800];
const MAX_ALARMS = 10;
const HALF = 50;

/** A part of the new fleet that takes traffic, and how long it is watched. */
export interface TrafficStep {
  /** Part of all requests that the new fleet answers. */
  share: number;
  bakeSeconds: number;
  /** The setting that says how long, as AWS's status message names it. */
  setting: 'WaitIntervalInSeconds' | 'TerminationWaitInSeconds';
}

/** A deployment with guardrails. */
export interface DeploymentPlan {
  kind: 'blue-green' | 'rolling';
  steps: TrafficStep[];
  alarmNames: string[];
  maxExecutionMillis: number;
  definition: Members;
}

type Capacity = { Type?: unknown; Value?: unknown };

function percentOf(member: string, size: Capacity | undefined, instanceCount: number, least: number): number {
  if (size === undefined) throw invalid(`'${member}' must be specified.`);
  const isCount = size.Type === 'INSTANCE_COUNT';
  if (!isCount && size.Type !== 'CAPACITY_PERCENT')
    throw invalid(`Value '${String(size.Type)}' at '${member}.type' must be one of INSTANCE_COUNT, CAPACITY_PERCENT.`);
  checkRange(`${member}.value`, size.Value, 1, Number.MAX_SAFE_INTEGER);
  const percent = isCount ? (Number(size.Value) / instanceCount) * 100 : Number(size.Value);
  // One whole instance of a small fleet may be more than the percentage asks for, but not more than half of it.
  if (percent > HALF || percent < least)
    throw invalid(
      `'${member}' is ${percent} percent of the variant's ${instanceCount} instances; it must be between ${least} and ${HALF} percent.`,
    );
  return percent;
}

const stepsOf = (percent: number, bakeSeconds: number, lastBakeSeconds: number): TrafficStep[] => {
  const count = Math.ceil(100 / percent);
  return Array.from({ length: count }, (_, index) =>
    index === count - 1
      ? { share: 1, bakeSeconds: lastBakeSeconds, setting: 'TerminationWaitInSeconds' }
      : { share: (percent * (index + 1)) / 100, bakeSeconds, setting: 'WaitIntervalInSeconds' },
  );
};

function blueGreenSteps(policy: Members, instanceCount: number): TrafficStep[] {
  const member = 'deploymentConfig.blueGreenUpdatePolicy';
  const routing = policy.TrafficRoutingConfiguration as Members | undefined;
  if (routing === undefined) throw invalid(`'${member}.trafficRoutingConfiguration' must be specified.`);
  const at = `${member}.trafficRoutingConfiguration`;
  checkRange(`${at}.waitIntervalInSeconds`, routing.WaitIntervalInSeconds, 0, MAX_WAIT_SECONDS);
  checkRange(`${member}.terminationWaitInSeconds`, policy.TerminationWaitInSeconds, 0, MAX_WAIT_SECONDS);
  const wait = Number(routing.WaitIntervalInSeconds ?? 0);
  const last: TrafficStep = {
    share: 1,
    bakeSeconds: Number(policy.TerminationWaitInSeconds ?? 0),
    setting: 'TerminationWaitInSeconds',
  };
  if (routing.Type === 'ALL_AT_ONCE') return [last];
  if (routing.Type === 'CANARY') {
    const percent = percentOf(`${at}.canarySize`, routing.CanarySize as Capacity | undefined, instanceCount, 0);
    return [{ share: percent / 100, bakeSeconds: wait, setting: 'WaitIntervalInSeconds' }, last];
  }
  if (routing.Type === 'LINEAR')
    return stepsOf(
      percentOf(`${at}.linearStepSize`, routing.LinearStepSize as Capacity | undefined, instanceCount, 10),
      wait,
      last.bakeSeconds,
    );
  throw invalid(`Value '${String(routing.Type)}' at '${at}.type' must be one of ALL_AT_ONCE, CANARY, LINEAR.`);
}

function rollingSteps(policy: Members, instanceCount: number): TrafficStep[] {
  const member = 'deploymentConfig.rollingUpdatePolicy';
  checkRange(`${member}.waitIntervalInSeconds`, policy.WaitIntervalInSeconds, 0, MAX_WAIT_SECONDS);
  const wait = Number(policy.WaitIntervalInSeconds ?? 0);
  const percent = percentOf(`${member}.maximumBatchSize`, policy.MaximumBatchSize as Capacity | undefined, instanceCount, 5);
  if (policy.RollbackMaximumBatchSize !== undefined) {
    // A rollback may go in one batch, so only its form is checked.
    checkRange(`${member}.rollbackMaximumBatchSize.value`, policy.RollbackMaximumBatchSize.Value, 1, Number.MAX_SAFE_INTEGER);
  }
  return stepsOf(percent, wait, wait).map((step) => ({ ...step, setting: 'WaitIntervalInSeconds' as const }));
}

function readAlarms(definition: Members): string[] {
  const config = definition.AutoRollbackConfiguration as Members | undefined;
  if (config === undefined || config === null) return [];
  const alarms = (config.Alarms ?? []) as Members[];
  if (alarms.length === 0 || alarms.length > MAX_ALARMS)
    throw invalid(
      `${alarms.length} alarms were specified at 'deploymentConfig.autoRollbackConfiguration.alarms'; 1 to ${MAX_ALARMS} are allowed.`,
    );
  return alarms.map(({ AlarmName }) => String(AlarmName));
}

function checkFits(kind: DeploymentPlan['kind'], running: VariantDefinition[], next: Fleet): void {
  const serverless = [...running, ...next.variants].some((variant) => variant.serverless !== undefined);
  if (serverless) throw invalid('Deployment guardrails are not supported for serverless endpoints.');
  if (kind === 'rolling' && (running.length > 1 || next.variants.length > 1))
    throw invalid('Rolling deployments are not supported for endpoints with more than one production variant.');
  const before = running.map(({ variantName }) => variantName).sort();
  const after = next.variants.map(({ variantName }) => variantName).sort();
  if (before.join() !== after.join())
    throw invalid(
      `The new endpoint configuration must have the same variant names as the old one: [${after.join(', ')}] instead of [${before.join(', ')}].`,
    );
}

/** Marketplace models and Inf1 fall back to all at once without a bake. */
const excluded = (running: VariantDefinition[], next: Fleet): boolean =>
  [...running, ...next.variants].some(
    ({ instanceType, model }) => instanceType.startsWith('ml.inf1.') || /:model-package\/(?!.*\/\d+$)/.test(model.modelPackageName ?? ''),
  );

/** The steps of an update; undefined: all at once, as an update without guardrails goes. */
export function readDeploymentPlan(definition: Members | undefined, running: VariantDefinition[], next: Fleet): DeploymentPlan | undefined {
  if (definition === undefined || definition === null) return undefined;
  const blueGreen = definition.BlueGreenUpdatePolicy as Members | undefined;
  const rolling = definition.RollingUpdatePolicy as Members | undefined;
  if (blueGreen !== undefined && rolling !== undefined)
    throw invalid('DeploymentConfig cannot specify both BlueGreenUpdatePolicy and RollingUpdatePolicy.');
  const alarmNames = readAlarms(definition);
  const policy = rolling ?? blueGreen;
  const kind = rolling === undefined ? 'blue-green' : 'rolling';
  checkFits(kind, running, next);
  const instanceCount = Math.min(...next.variants.map((variant) => variant.instanceCount));
  const allAtOnce: TrafficStep[] = [{ share: 1, bakeSeconds: 0, setting: 'TerminationWaitInSeconds' }];
  const steps =
    policy === undefined ? allAtOnce : kind === 'rolling' ? rollingSteps(policy, instanceCount) : blueGreenSteps(policy, instanceCount);
  const [least, most] = EXECUTION_SECONDS;
  const at = `deploymentConfig.${kind === 'rolling' ? 'rolling' : 'blueGreen'}UpdatePolicy.maximumExecutionTimeoutInSeconds`;
  checkRange(at, policy?.MaximumExecutionTimeoutInSeconds, least, most);
  const seconds = Number(policy?.MaximumExecutionTimeoutInSeconds ?? most);
  const baking = steps.reduce((sum, step) => sum + step.bakeSeconds, 0);
  if (seconds <= baking)
    throw invalid(`'${at}' is ${seconds} seconds; it must be larger than the ${baking} seconds that the deployment waits in all.`);
  if (excluded(running, next)) return undefined;
  return { kind, steps, alarmNames, maxExecutionMillis: seconds * 1000, definition };
}
