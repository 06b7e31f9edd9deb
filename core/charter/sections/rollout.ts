import type * as z from 'zod';
import { durationMinutes, flag, fraction, listOf, oneOf, positiveFraction, section, waitMinutes } from '../fields';
import { freezes } from './freezes';
import { blueGreen, linear, shadow, strategies } from './strategies';

const step = section({ weight: positiveFraction, bake: durationMinutes }).transform(({ weight, bake }) => ({ weight, bakeMinutes: bake }));

const shape = {
  strategy: strategies.default(['canary']),
  /** Of a canary. */
  steps: listOf(step, 'steps { weight, bake }', 1, 20).optional(),
  shadow: shadow.optional(),
  linear: linear.optional(),
  blueGreen: blueGreen.optional(),
  maxDuration: waitMinutes.default(1440),
  inconclusive: oneOf('hold', 'roll-back').default('hold'),
  holdout: fraction.default(0.02),
  /** From any step whose bake has passed, once every gate passes. */
  promoteEarly: flag.default(false),
  /** So long the release before stays on the endpoint after a promotion. */
  keepWarm: waitMinutes.optional(),
  /** Times in which no release begins. */
  freezes: freezes.optional(),
};

/** How a release takes over traffic. */
export const rollout = section(shape).transform(({ strategy, maxDuration, keepWarm, ...rest }) => ({
  ...rest,
  strategies: strategy,
  maxDurationMinutes: maxDuration,
  keepWarmMinutes: keepWarm,
}));

/** What a profile lays over `rollout`: the strategy alone, whose settings the charter holds. */
export const rolloutOverlay = section({ strategy: strategies.optional(), steps: shape.steps, keepWarm: shape.keepWarm });

export type Rollout = z.output<typeof rollout>;
