import { guardedMisfits, instanceMisfit, LINEAR_STEP, MOST_SHADOW_MINUTES } from '../release/strategy';
import type { Finding } from './problem';
import type { Charter } from './schema';
import { modeOfStrategyFindings } from './serving-checks';
import { takeoverOf } from './takeover';

/** How the fields of the rollout fit together, and what AWS would refuse. */
export function rolloutFindings(charter: Charter): Finding[] {
  if (charter.rollout.holdout > 0.5)
    return [{ path: ['rollout', 'holdout'], message: 'is too large', allowed: 'a fraction from 0 to 0.5' }];
  return [
    ...strategyFindings(charter),
    ...belongingFindings(charter),
    ...canaryFindings(charter),
    ...linearFindings(charter),
    ...shadowFindings(charter),
    ...guardedFindings(charter),
    ...keepWarmFindings(charter),
    ...modeOfStrategyFindings(charter.serving.mode, charter.rollout.strategies),
  ];
}

const at = (...rest: (string | number)[]): Finding['path'] => ['rollout', ...rest];

/** At most a shadow phase, then one way to take over. */
function strategyFindings({ rollout: { strategies } }: Charter): Finding[] {
  const path = at('strategy');
  const takers = strategies.filter((strategy) => strategy !== 'shadow');
  if (takers.length > 1) {
    const allowed = 'one of canary, linear, blue-green, all-at-once, with shadow before it where wanted: [shadow, canary]';
    return [{ path, message: 'names strategies that exclude each other', allowed }];
  }
  if (takers.length === 0) {
    const allowed = 'what follows, such as [shadow, canary]: a shadow answers nobody, so it takes over no traffic';
    return [{ path, message: 'names shadow alone', allowed }];
  }
  if (strategies.indexOf('shadow') > 0) {
    return [{ path, message: 'puts shadow last', allowed: `shadow first: [shadow, ${takers[0]}]` }];
  }
  const twice = strategies.length > new Set(strategies).size;
  return twice ? [{ path, message: 'names a strategy twice', allowed: 'each strategy once' }] : [];
}

/** Settings of a strategy that is not chosen would be read as if they counted. */
function belongingFindings({ rollout }: Charter): Finding[] {
  const { strategies } = rollout;
  const stepwise = strategies.includes('canary') || strategies.includes('linear');
  const named = strategies.join(', ');
  const settings: [string, boolean, string][] = [
    ['steps', rollout.steps !== undefined && !strategies.includes('canary'), 'a canary'],
    ['shadow', rollout.shadow !== undefined && !strategies.includes('shadow'), 'the strategy shadow'],
    ['linear', rollout.linear !== undefined && !strategies.includes('linear'), 'the strategy linear'],
    ['blueGreen', rollout.blueGreen !== undefined && !strategies.includes('blue-green'), 'the strategy blue-green'],
  ];
  return [
    ...settings
      .filter(([, stray]) => stray)
      .map(([key, , owner]) => ({ path: at(key), message: `belongs to ${owner}`, allowed: `no ${key} where the strategy is ${named}` })),
    ...(rollout.promoteEarly && !stepwise
      ? [{ path: at('promoteEarly'), message: 'belongs to a canary', allowed: `false where the strategy is ${named}` }]
      : []),
  ];
}

function canaryFindings({ rollout: { steps, holdout, maxDurationMinutes } }: Charter): Finding[] {
  if (steps === undefined) return [];
  const findings: Finding[] = [];
  steps.forEach((step, index) => {
    const path = at('steps', index, 'weight');
    const before = steps[index - 1]?.weight ?? 0;
    const most = Math.round((1 - holdout) * 1e6) / 1e6;
    if (step.weight <= before) findings.push({ path, message: 'does not grow', allowed: `more than the step before it (${before})` });
    if (step.weight > most) findings.push({ path, message: 'reaches into the holdout', allowed: `at most ${most} (1 − holdout)` });
  });
  return [...findings, ...durationFindings(steps, maxDurationMinutes)];
}

function durationFindings(steps: { bakeMinutes: number }[], maxDurationMinutes: number): Finding[] {
  const bake = steps.reduce((sum, step) => sum + step.bakeMinutes, 0);
  if (bake <= maxDurationMinutes) return [];
  const allowed = `at least ${bake}m: the steps bake that long`;
  return [{ path: at('maxDuration'), message: 'ends before the last step', given: `${maxDurationMinutes}m`, allowed }];
}

function linearFindings({ rollout }: Charter): Finding[] {
  if (!rollout.strategies.includes('linear')) return [];
  const [least, most] = LINEAR_STEP;
  const { step } = rollout.linear ?? {};
  if (step !== undefined && (step < least || step > most)) {
    return [{ path: at('linear', 'step'), message: 'is no share to grow by', allowed: `a fraction from ${least} to ${most}` }];
  }
  return durationFindings(takeoverOf(rollout).steps, rollout.maxDurationMinutes);
}

function shadowFindings({ rollout, serving }: Charter): Finding[] {
  if (!rollout.strategies.includes('shadow')) return [];
  const findings: Finding[] = [];
  const misfit = instanceMisfit(serving.instance ?? serving.pools?.find((type) => instanceMisfit(type) !== undefined));
  if (misfit !== undefined)
    findings.push({ path: ['serving', 'instance'], message: 'does not go with a shadow', allowed: `another instance: ${misfit}` });
  if ((rollout.shadow?.bakeMinutes ?? 0) > MOST_SHADOW_MINUTES) {
    findings.push({ path: at('shadow', 'bake'), message: 'is too long', allowed: `at most ${MOST_SHADOW_MINUTES / 1440}d` });
  }
  return findings;
}

function guardedFindings({ rollout, serving }: Charter): Finding[] {
  if (!rollout.strategies.includes('blue-green')) return [];
  const { guarded } = takeoverOf(rollout);
  const findings = (guarded === undefined ? [] : guardedMisfits(guarded)).map(({ setting, message, allowed }) => ({
    path: at('blueGreen', setting),
    message,
    allowed,
  }));
  const misfit = instanceMisfit(serving.instance ?? serving.pools?.find((type) => instanceMisfit(type) !== undefined));
  if (misfit !== undefined) {
    return [...findings, { path: ['serving', 'instance'], message: 'does not go with blue-green', allowed: `another instance: ${misfit}` }];
  }
  return findings;
}

function keepWarmFindings({ rollout }: Charter): Finding[] {
  if (rollout.keepWarmMinutes === undefined || !rollout.strategies.includes('blue-green')) return [];
  const allowed = 'no keepWarm: SageMaker ends the old fleet itself, blueGreen.terminationWait after the last step';
  return [{ path: at('keepWarm'), message: 'does not go with blue-green', allowed }];
}
