import * as z from 'zod';
import { durationMinutes, flag, fraction, listOf, oneOf, positiveFraction, section, waitMinutes } from '../fields';

export const STRATEGIES = ['shadow', 'canary', 'linear', 'blue-green', 'all-at-once'] as const;
const STRATEGY = `one of ${STRATEGIES.join(', ')}, or a list of them`;

const step = section({ weight: positiveFraction, bake: durationMinutes }).transform(({ weight, bake }) => ({ weight, bakeMinutes: bake }));

const strategies = z
  .union([z.enum(STRATEGIES), z.array(z.enum(STRATEGIES)).min(1).max(5)], { error: STRATEGY })
  .transform((chosen) => (typeof chosen === 'string' ? [chosen] : chosen));

export const DEFAULT_STEPS = [0.05, 0.25, 0.5].map((weight) => ({ weight, bakeMinutes: 30 }));

/** How a release takes over traffic. */
export const rollout = section({
  strategy: strategies.default(['canary']),
  steps: listOf(step, 'steps { weight, bake }', 1, 20).optional(),
  maxDuration: waitMinutes.default(1440),
  inconclusive: oneOf('hold', 'roll-back').default('hold'),
  holdout: fraction.default(0.02),
  /** From any step whose bake has passed, once every gate passes. */
  promoteEarly: flag.default(false),
  keepWarm: durationMinutes.optional(),
}).transform(({ strategy, maxDuration, keepWarm, ...rest }) => ({
  ...rest,
  strategies: strategy,
  maxDurationMinutes: maxDuration,
  keepWarmMinutes: keepWarm,
}));

export type Rollout = z.output<typeof rollout>;
