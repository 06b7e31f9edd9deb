import { watchesDrift } from './drift-policy';
import type { Finding } from './problem';
import { retrains } from './retraining-policy';
import type { Charter, Kpi } from './schema';

// Settings that are part of the charter but not built yet. Those that would change who gets traffic, or what is measured, are errors;
// those that are merely not acted on are named as settings without effect.

const notYet = (path: Finding['path'], what: string, allowed: string): Finding => ({
  path,
  message: `${what} is not available yet`,
  allowed: `${allowed} (for now)`,
});

/** Settings whose absence would change what happens to traffic. */
export function unavailableSettings(charter: Charter): Finding[] {
  const findings: Finding[] = [];
  if (charter.baseline.humanQueue !== undefined) findings.push(notYet(['baseline', 'humanQueue'], 'a human queue', 'rule or fixed'));
  return findings;
}

/** A setting that is read and checked, but that nothing acts on yet. */
export interface EffectlessSetting {
  path: string;
  why: string;
}

/** What synth and `sluice validate` tell the owner, by name. */
export function effectlessSettings(charter: Charter): EffectlessSetting[] {
  const settings: [boolean, string, string][] = [
    [true, 'charter.reviewBy', '`sluice status` and `sluice validate` say when the day has passed; the dashboard does not yet'],
    [
      charter.charter.risk === 'high' && charter.lanes.length > 0,
      'lanes',
      'where charter.risk is high the whole board looks at every release',
    ],
    [charter.charter.data.residency !== undefined, 'charter.data.residency', "the stack's region is not compared with it yet"],
    [charter.charter.data.personal, 'charter.data.personal', 'bodies of requests are never kept; nothing else follows from it yet'],
    [charter.review !== undefined, 'review', 'no answer is sent to a reviewer yet'],
    [charter.drift !== undefined && !watchesDrift(charter), 'drift', uncaptured(charter)],
    [charter.retraining !== undefined && !retrains(charter), 'retraining', `${uncaptured(charter)}, so there is nothing to learn from`],
  ];
  return [
    ...settings.filter(([given]) => given).map(([, path, why]) => ({ path, why })),
    ...unscaledSettings(charter.serving),
    ...charter.kpis.flatMap((kpi, index) => effectlessKpiSettings(charter, kpi, `kpis[${index}]`)),
  ];
}

const uncaptured = ({ serving }: Charter): string => `no requests are captured where the mode is ${serving.mode}`;

/** Bounds between which nothing moves. */
function unscaledSettings({ mode, scaling, instances, component }: Charter['serving']): EffectlessSetting[] {
  if (mode === 'serverless' || scaling !== undefined) return [];
  const why = 'nothing scales without serving.scaling';
  const settings: [boolean, string, string][] = [
    [instances.max > instances.min && mode !== 'inference-components', 'serving.instances.max', `the fleet stays at min: ${why}`],
    [instances.min === 0 && mode === 'async', 'serving.instances.min', `one instance always runs: ${why}`],
    [component !== undefined && component.copies.max > component.copies.min, 'serving.component.copies.max', `copies stay at min: ${why}`],
    [component?.copies.min === 0, 'serving.component.copies.min', `one copy always runs: ${why}`],
  ];
  return settings.filter(([given]) => given).map(([, path, told]) => ({ path, why: told }));
}

function effectlessKpiSettings({ rollout }: Charter, kpi: Kpi, path: string): EffectlessSetting[] {
  const unproven = kpi.role === 'goal' && kpi.mustImprove !== true;
  const unjudged = kpi.mustImprove === true && !rollout.strategies.some((strategy) => strategy === 'canary' || strategy === 'linear');
  const unpriced = kpi.money === undefined ? undefined : whyUnpriced(kpi, rollout.holdout);
  return [
    ...(unpriced === undefined ? [] : [{ path: `${path}.money`, why: unpriced }]),
    ...(unproven
      ? [{ path: `${path}.role`, why: 'a goal, like a guard, must not get worse; mustImprove: true demands proof that it is better' }]
      : []),
    ...(unjudged ? [{ path: `${path}.mustImprove`, why: `${rollout.strategies.at(-1)} waits for no verdict` }] : []),
  ];
}

/** Amounts are computed from the difference to the units that stay with the baseline. */
function whyUnpriced(kpi: Kpi, holdout: number): string | undefined {
  if (holdout === 0) return 'no unit stays with the baseline (rollout.holdout is 0), so there is no difference to put a price on';
  if (kpi.attribution === 'variant') return "the baseline's outcomes are not known where attribution is variant";
  return undefined;
}
