import { isInferentia1 } from './mode-limits';
import { isMarketplace } from './model-limits';
import type { DeploymentPlan, EndpointPlan, SizePlan } from './plan';
import { outOfRange, problem, type ServingProblem } from './problem';

const SHARES = { canary: { least: 1, most: 50 }, linear: { least: 10, most: 50 }, rolling: { least: 5, most: 50 } };
const MAX_ALARMS = 10;
const MAX_SECONDS = 28_800;

/** What native deployments cannot do. */
export function deploymentProblems(plan: EndpointPlan): ServingProblem[] {
  const { deployment } = plan;
  if (deployment === undefined) return [];
  return [...modeProblems(plan, deployment), ...sizeProblems(plan, deployment), ...timeProblems(deployment), ...alarmProblems(deployment)];
}

function modeProblems({ mode, variants }: EndpointPlan, { kind }: DeploymentPlan): ServingProblem[] {
  const at = 'deployment';
  if (mode === 'serverless')
    return [
      problem(
        at,
        `is ${kind} on a serverless endpoint`,
        'those have no guarded deployments',
        'leave it out: SageMaker replaces it at once',
      ),
    ];
  if (mode === 'inference-components' && kind !== 'rolling')
    return [problem(at, `is ${kind} with inference components`, 'their copies are replaced in batches', 'deploy rolling')];
  const unguarded = variants.some(isInferentia1)
    ? 'Inf1'
    : variants.some(({ model }) => isMarketplace(model))
      ? 'the AWS Marketplace'
      : undefined;
  if (unguarded !== undefined)
    return [
      problem(
        at,
        `is ${kind} on ${unguarded}`,
        'SageMaker replaces those at once, whatever is asked for, and no alarm undoes it',
        'leave the deployment out',
      ),
    ];
  if (kind === 'rolling' && variants.length > 1)
    return [
      problem(
        at,
        `is rolling on ${variants.length} variants`,
        'a rolling deployment has one variant',
        'deploy blue/green, or leave one variant',
      ),
    ];
  return [];
}

function sizeProblems({ variants, mode }: EndpointPlan, { kind, size, rollbackSize }: DeploymentPlan): ServingProblem[] {
  if (kind === 'all-at-once') return [];
  const counts =
    mode === 'inference-components' ? [] : variants.flatMap(({ initialCount }) => (initialCount === undefined ? [] : [initialCount]));
  return [
    ...partProblems('deployment.size', size, SHARES[kind], counts),
    ...partProblems('deployment.rollbackSize', rollbackSize, { least: 1, most: 100 }, counts),
  ];
}

function partProblems(at: string, size: SizePlan | undefined, share: { least: number; most: number }, counts: number[]): ServingProblem[] {
  if (size === undefined) return [];
  const { percent, instances } = size;
  if (percent !== undefined && instances !== undefined)
    return [problem(at, `is ${percent} % and ${instances} instances`, 'one of them is allowed', 'choose one')];
  const smallest = counts.length === 0 ? undefined : Math.min(...counts);
  const ofInstances = instances === undefined || smallest === undefined ? undefined : (instances / smallest) * 100;
  const found = [
    ...outOfRange(`${at}.percent`, percent, { ...share, unit: 'percent' }),
    ...outOfRange(`${at}.instances`, instances, { least: 1 }),
  ];
  if (ofInstances !== undefined && found.length === 0 && (ofInstances < share.least || ofInstances > share.most))
    found.push(
      problem(
        `${at}.instances`,
        `is ${instances} of ${smallest}`,
        `${share.least} to ${share.most} percent of the instances are allowed`,
        'give it in percent, or start with more instances',
      ),
    );
  return found;
}

/** How often a deployment waits: after each step but the last, which has its own wait. */
const waitsOf = ({ kind, size }: DeploymentPlan): number => {
  if (kind === 'all-at-once') return 0;
  if (kind === 'canary') return 1;
  const steps = size?.percent === undefined ? 2 : Math.ceil(100 / size.percent);
  return kind === 'linear' ? steps - 1 : steps;
};

function timeProblems(deployment: DeploymentPlan): ServingProblem[] {
  const { waitSeconds, terminationWaitSeconds, timeoutSeconds } = deployment;
  const found = [
    ...outOfRange(
      'deployment.waitSeconds',
      waitSeconds,
      { least: 0, most: 3600, unit: 'seconds' },
      'bake longer with a canary of AiUseCase',
    ),
    ...outOfRange('deployment.terminationWaitSeconds', terminationWaitSeconds, { least: 0, most: 3600, unit: 'seconds' }),
    ...outOfRange('deployment.timeoutSeconds', timeoutSeconds, { least: 600, most: MAX_SECONDS, unit: 'seconds' }),
  ];
  const waits = waitsOf(deployment) * (waitSeconds ?? 0) + (terminationWaitSeconds ?? 0);
  const limit = timeoutSeconds ?? MAX_SECONDS;
  if (found.length === 0 && waits >= limit)
    found.push(
      problem(
        'deployment',
        `waits ${waits} seconds in all`,
        `the whole deployment must end within ${limit} seconds`,
        timeoutSeconds === undefined ? 'wait less, or take larger steps' : 'wait less, take larger steps, or raise the time-out',
      ),
    );
  return found;
}

function alarmProblems({ alarms }: DeploymentPlan): ServingProblem[] {
  if (alarms === undefined || (alarms >= 1 && alarms <= MAX_ALARMS)) return [];
  const advice = alarms === 0 ? 'leave the list out' : 'join some in a composite alarm';
  return [problem('deployment.alarms', `are ${alarms}`, `1 to ${MAX_ALARMS} are allowed`, advice)];
}
