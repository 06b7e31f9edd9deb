import {
  DEFAULT_GUARDED,
  DEFAULT_LINEAR,
  DEFAULT_SHADOW,
  DEFAULT_SHADOW_MINUTES,
  DEFAULT_STEPS,
  linearSteps,
  type Takeover,
} from '../release/strategy';
import type { Rollout } from './sections/rollout';

/** How the charter's strategies take over traffic, one after the other. */
export function takeoverOf({ strategies, steps, shadow, linear, blueGreen, holdout }: Rollout): Takeover {
  const shadowed = strategies.includes('shadow') ? { shadow: shadow ?? { ...DEFAULT_SHADOW, bakeMinutes: DEFAULT_SHADOW_MINUTES } } : {};
  if (strategies.includes('blue-green')) return { strategy: 'blue-green', steps: [], ...shadowed, guarded: blueGreen ?? DEFAULT_GUARDED };
  if (strategies.includes('linear')) {
    const { step, bakeMinutes } = linear ?? DEFAULT_LINEAR;
    return { strategy: 'canary', steps: linearSteps(step, bakeMinutes, holdout), ...shadowed };
  }
  if (strategies.includes('canary')) return { strategy: 'canary', steps: steps ?? DEFAULT_STEPS, ...shadowed };
  return { strategy: 'all-at-once', steps: [], ...shadowed };
}
