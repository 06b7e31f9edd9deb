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

/** Ordered by the cost guard, which waits for a release's end, or in the place of being off, which not every endpoint can be. */
export function isSmall({ control, orders, nowMillis }: Situation, insteadOfOff: boolean): boolean {
  if (control.lockedBy !== undefined) return false;
  return insteadOfOff || orderFor(orders, 'scale-in', nowMillis) !== undefined;
}

/** How stable is to be scaled; undefined: not at all. What a schedule says by itself is said once. */
export function wishOf(situation: Situation, facts: StableFacts, small: boolean): ScalingWish | undefined {
  const { control, policy, nowMillis } = situation;
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
  const bounds = small || smallOutside !== undefined ? smallest : facts.bounds;
  const wish: ScalingWish = {
    resource,
    mode: facts.mode,
    bounds,
    schedules,
    ...(scaling?.tracking === undefined ? {} : { tracking: scaling.tracking }),
  };
  return control.lockedBy === undefined ? wish : protectedNow(wish, nowMillis);
}

/** Under a release no schedule speaks: what it asks for now is registered, anew at each of its turns; what runs beyond it stays. */
function protectedNow(wish: ScalingWish, nowMillis: number): ScalingWish {
  const { bounds, schedules } = wish;
  const { min } = boundsAt(bounds, schedules, nowMillis);
  const max = Math.max(bounds.max, ...schedules.map((schedule) => schedule.bounds.max));
  return { ...wish, bounds: { min, max }, schedules: [], protected: true };
}

/** Two wishes that are the same have the same. */
export const signatureOf = (wish: ScalingWish): string => sha256Hex(canonicalJson(wish)).slice(0, 16);

/** Fewest instances, or copies, that are to run now. */
export function wantedNow(wish: ScalingWish | undefined, facts: StableFacts, nowMillis: number): number {
  return wish === undefined ? facts.bounds.min : boundsAt(wish.bounds, wish.schedules, nowMillis).min;
}

export const sameResource = (one: ScaledResource, other: ScaledResource): boolean => canonicalJson(one) === canonicalJson(other);
