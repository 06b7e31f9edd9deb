import type { Parking } from '../contracts';
import { NEVER_OFF, stableEndpointOf, whyNotParked } from '../release/parking';
import { orderFor } from '../cost/orders';
import { idleNotice, type Presence, presenceOf } from './presence';
import type { Act, CapacityMemory, Situation, StableFacts } from './types';
import { isSmall, resourceOf, sameResource, signatureOf, wishOf } from './wish';

/** Longer than the gateway's cache and its longest request together. */
const DRAIN_MILLIS = 90_000;
/** A release that has freed the endpoint asks for its change within seconds. */
const HOLD_MILLIS = 120_000;
/** A release takes its turn at once when the endpoint that it waited for is there. */
export const AWAKE_FOR_RELEASE_MINUTES = 30;

/** What SageMaker never brings into service again by itself. */
const ONLY_TO_BE_DELETED = new Set(['Failed', 'OutOfService', 'UpdateRollbackFailed']);

export interface Decision {
  act?: Act;
  /** What is to be remembered; the very same object where nothing changed. */
  memory: CapacityMemory;
}

const remember = (memory: CapacityMemory, patch: Partial<CapacityMemory>): CapacityMemory => ({ ...memory, ...patch });

/** The next thing to be done, or nothing. Asked again after each: what it did is part of the situation then. */
export function decide(situation: Situation): Decision {
  const { control, memory } = situation;
  const facts = memory.stable;
  if (control.mode === 'killed' || control.mode === 'baseline' || control.stable === undefined) {
    return withoutStable(memory);
  }
  const waiting = callOf(situation);
  if (waiting !== undefined) return waiting;
  if (facts === undefined || facts.releaseId !== control.stable.releaseId) {
    return { memory };
  }
  const presence = presenceOf(situation);
  return control.mode === 'parked' ? whileParked(situation, presence) : whileLive(situation, facts, presence);
}

/** The teardown deletes endpoints, and their scalable targets with them; alarms of ours are left. */
function withoutStable(memory: CapacityMemory): Decision {
  if (memory.scaled !== undefined) {
    return { act: { do: 'unscale', resource: memory.scaled.resource }, memory };
  }
  const { version, lookedAt } = memory;
  const isBlank = Object.keys(memory).every((member) => member === 'version' || member === 'lookedAt');
  return { memory: isBlank ? memory : { version, ...(lookedAt === undefined ? {} : { lookedAt }) } };
}

/** Releases that the cost guard barred ask again when it bars them no more. */
function callOf({ orders, memory, nowMillis }: Situation): Decision | undefined {
  const barred = orderFor(orders, 'block-releases', nowMillis) !== undefined;
  if (barred === (memory.barred ?? false)) return undefined;
  const next = remember(memory, { barred });
  return barred ? { memory: next } : { act: { do: 'call-waiting', what: 'cost' }, memory: next };
}

function whileParked(situation: Situation, presence: Presence): Decision {
  const { control, memory, endpoint, nowMillis } = situation;
  const { stable, parked } = control;
  const endpointName = stableEndpointOf(control);
  if (stable === undefined || endpointName === undefined || parked === undefined) return { memory };
  const since = Date.parse(parked.since);
  if (!presence.on && (memory.goneFor === parked.since || nowMillis < since + DRAIN_MILLIS)) return { memory };
  if (memory.scaled !== undefined) return { act: { do: 'unscale', resource: memory.scaled.resource }, memory };
  if (endpoint === undefined) return { act: { do: 'look', endpointName }, memory };
  if (endpoint === 'gone') {
    return presence.on
      ? { act: { do: 'create-endpoint', endpointName, stable }, memory: remember(memory, { goneFor: undefined }) }
      : { memory: remember(memory, { goneFor: parked.since }) };
  }
  if (presence.on && endpoint.status === 'InService' && endpoint.configName === stable.endpointConfigName) {
    return { act: { do: 'go-live', why: presence.why }, memory };
  }
  if (ONLY_TO_BE_DELETED.has(endpoint.status)) {
    if (!presence.on) return { act: { do: 'delete-endpoint', endpointName, because: 'parked' }, memory };
    const failures = (memory.wakeFailures ?? 0) + 1;
    return { act: { do: 'delete-endpoint', endpointName, because: 'failed' }, memory: remember(memory, { wakeFailures: failures }) };
  }
  // Told to be off again while it was still starting, or never deleted: an endpoint on its way is waited for.
  return endpoint.status === 'InService' ? { act: { do: 'delete-endpoint', endpointName, because: 'parked' }, memory } : { memory };
}

function whileLive(situation: Situation, facts: StableFacts, presence: Presence): Decision {
  const { control, memory, nowMillis } = situation;
  const awake = keptAwake(memory, nowMillis);
  if (awake !== undefined) return { memory: awake };
  const whyOn = presence.on ? undefined : whyNotParked(control, presence.reason);
  if (!presence.on && whyOn === undefined) {
    return parkNow(memory, presence.reason, presence);
  }
  const cannotBeOff = !presence.on && (control.endpointAdopted === true || NEVER_OFF.has(facts.mode));
  const told = noticeOf(situation) ?? (cannotBeOff && whyOn !== undefined ? onceTold(memory, 'not-parkable', whyOn) : undefined);
  return told ?? scalingOf(situation, facts, isSmall(situation, cannotBeOff));
}

/** Who woke it has their time from when it answers; the longest that anybody was given counts. */
function keptAwake(memory: CapacityMemory, nowMillis: number): CapacityMemory | undefined {
  const { wakeFor, wakeBy, awakeUntil } = memory;
  if (wakeFor === undefined && wakeBy === undefined) return undefined;
  const minutes = Math.max(wakeBy?.minutes ?? 0, wakeFor === undefined ? 0 : AWAKE_FOR_RELEASE_MINUTES);
  const until = Math.max(nowMillis + minutes * 60_000, awakeUntil === undefined ? 0 : Date.parse(awakeUntil));
  return remember(memory, {
    wakeFor: undefined,
    wakeBy: undefined,
    awakeUntil: new Date(until).toISOString(),
    ...(wakeBy === undefined ? {} : { wokenAt: new Date(nowMillis).toISOString() }),
  });
}

const parkNow = (memory: CapacityMemory, reason: Parking['reason'], presence: Presence & { on: false }): Decision => ({
  act: { do: 'park', reason, why: presence.why, wakesOnTraffic: presence.wakesOnTraffic },
  memory,
});

/** Once for each silence. */
function noticeOf(situation: Situation): Decision | undefined {
  const { memory } = situation;
  const said = idleNotice(situation);
  return said === undefined ? undefined : onceTold(memory, said.notice, said.why, memory.activeAt);
}

const MOST_TOLD = 8;

function onceTold(memory: CapacityMemory, notice: 'idle-soon' | 'idle' | 'not-parkable', why: string, about = why): Decision | undefined {
  const id = `${notice} ${about}`;
  const told = memory.told ?? [];
  return told.includes(id)
    ? undefined
    : { act: { do: 'tell', notice, id, why }, memory: remember(memory, { told: [...told, id].slice(-MOST_TOLD) }) };
}

function scalingOf(situation: Situation, facts: StableFacts, small: boolean): Decision {
  const { control, memory } = situation;
  if (memory.hold !== undefined) return held(situation, memory.hold);
  const wish = wishOf(situation, facts, small);
  const resource = resourceOf(control);
  const before = memory.scaled;
  if (before !== undefined && (wish === undefined || resource === undefined || !sameResource(before.resource, resource))) {
    return { act: { do: 'unscale', resource: before.resource }, memory };
  }
  if (wish !== undefined) {
    const signature = signatureOf(wish);
    if (before?.signature !== signature) return { act: { do: 'scale', wish, signature }, memory };
  }
  return shrinking(situation, facts, small);
}

/** The release goes on as soon as the endpoint is as it asked; scaling comes back with that. */
function held(situation: Situation, { releaseId, at }: NonNullable<CapacityMemory['hold']>): Decision {
  const { control, memory, endpoint, nowMillis } = situation;
  const released = { memory: remember(memory, { hold: undefined }) };
  if (memory.scaled !== undefined) return { act: { do: 'unscale', resource: memory.scaled.resource }, memory };
  if (control.lockedBy !== releaseId) return released;
  if (nowMillis < Date.parse(at) + HOLD_MILLIS) return { memory };
  const endpointName = stableEndpointOf(control);
  if (endpointName === undefined) return { memory };
  if (endpoint === undefined) return { act: { do: 'look', endpointName }, memory };
  return endpoint !== 'gone' && endpoint.status === 'InService' ? released : { memory };
}

/** Bounds alone take nothing away where nothing scales: what a canary grew to is taken back by hand. */
function shrinking({ control, memory, endpoint }: Situation, { bounds, mode }: StableFacts, small: boolean): Decision {
  const { stable, lockedBy, warm, candidate } = control;
  const endpointName = stableEndpointOf(control);
  const isFree = lockedBy === undefined && warm === undefined && candidate === undefined;
  if (!small || !isFree || stable === undefined || endpointName === undefined || mode === 'inference-components' || bounds.min === 0) {
    return { memory };
  }
  if (endpoint === undefined) return { act: { do: 'look', endpointName }, memory };
  if (endpoint === 'gone' || endpoint.status !== 'InService') return { memory };
  const variant = endpoint.variants.find(({ name }) => name === stable.variantName);
  return variant !== undefined && variant.instances > bounds.min
    ? { act: { do: 'shrink', endpointName, variantName: stable.variantName, instances: bounds.min }, memory }
    : { memory };
}
