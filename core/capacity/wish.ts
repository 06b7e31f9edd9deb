import { canonicalJson, sha256Hex } from '../hash';
import type { ControlRecord } from '../contracts';
import { stableEndpointOf } from '../release/parking';
import { boundsAt, type CapacityBounds, type ScaledResource, type ScheduledBounds, type ScalingWish } from '../scaling';
import { orderFor } from '../cost/orders';
import type { Situation, StableFacts } from './types';

/** What of a stable release is scaled. */
export function resourceOf(control: ControlRecord): ScaledResource | undefined {
  const { stable } = control;
  const endpointName = stableEndpointOf(control);
  if (stable === undefined || endpointName === undefined) return undefined;
  return stable.componentName === undefined
    ? { kind: 'variant', endpointName, variantName: stable.variantName }
    : { kind: 'component', componentName: stable.componentName };
}

/** Ordered by the cost guard, or in the place of being off, which not every endpoint can be. */
export function isSmall({ orders, nowMillis }: Situation, insteadOfOff: boolean): boolean {
  return insteadOfOff || orderFor(orders, 'scale-in', nowMillis) !== undefined;
}

/** How stable is to be scaled; undefined: not at all. What a schedule says by itself is said once. */
export function wishOf(situation: Situation, facts: StableFacts, small: boolean): ScalingWish | undefined {
  const { control, policy } = situation;
  const { scaling, availability } = policy;
  const resource = resourceOf(control);
  const smallOutside = availability.officeHours?.outside === 'min' ? availability.officeHours : undefined;
  if (resource === undefined || facts.mode === 'serverless' || (scaling === undefined && !small && smallOutside === undefined)) {
    return undefined;
  }
  // What scales to zero must be able to come back for whoever asks.
  const smallest: CapacityBounds = { min: facts.bounds.min, max: Math.max(1, facts.bounds.min) };
  const inside: ScheduledBounds[] =
    smallOutside === undefined
      ? []
      : [{ name: 'office-hours', window: smallOutside.window, warmUpMinutes: smallOutside.warmUpMinutes, bounds: facts.bounds }];
  const schedules = small ? [] : [...inside, ...(scaling?.schedules ?? [])];
  return {
    resource,
    mode: facts.mode,
    bounds: small || smallOutside !== undefined ? smallest : facts.bounds,
    schedules,
    ...(scaling?.tracking === undefined ? {} : { tracking: scaling.tracking }),
    ...(control.lockedBy === undefined ? {} : { protected: true }),
  };
}

/** Two wishes that are the same have the same. */
export const signatureOf = (wish: ScalingWish): string => sha256Hex(canonicalJson(wish)).slice(0, 16);

/** Fewest instances, or copies, that are to run now. */
export function wantedNow(wish: ScalingWish | undefined, facts: StableFacts, nowMillis: number): number {
  return wish === undefined ? facts.bounds.min : boundsAt(wish.bounds, wish.schedules, nowMillis).min;
}

export const sameResource = (one: ScaledResource, other: ScaledResource): boolean => canonicalJson(one) === canonicalJson(other);
