import type { Act, CapacityMemory, Situation } from '../../core/capacity';
import { park, stableEndpointOf, wake } from '../../core/release/parking';
import { tagsOf } from '../../core/release/plan';
import { changeControl, existingControl } from '../shared/control-store';
import { applyScaling, deregisterScaling } from '../shared/scaling';
import { logger } from '../shared/telemetry';
import { wakeWaitingFor } from '../shared/turns';
import type { CapacityParts } from './parts';
import { tellNotice, tellNotWoken, tellParked, tellWoken } from './tell';
import { LONGEST_READ_MILLIS } from './traffic';

const CAPACITY = 'capacity';

export interface Acted {
  situation: Situation;
  /** What comes next takes AWS time, or failed: the next look goes on from there. */
  stop: boolean;
}

type Doing = Exclude<Act, { do: 'look' }>;

const iso = (millis: number): string => new Date(millis).toISOString();
const going = (situation: Situation, memory: Partial<CapacityMemory> = {}): Acted => ({
  situation: { ...situation, memory: { ...situation.memory, ...memory } },
  stop: false,
});
const waiting = (situation: Situation, memory: Partial<CapacityMemory> = {}): Acted => ({ ...going(situation, memory), stop: true });

/** Does it, and says how things stand then. */
export async function actOut(parts: CapacityParts, situation: Situation, act: Doing): Promise<Acted> {
  switch (act.do) {
    case 'park':
      return parkStable(parts, situation, act);
    case 'go-live':
      return goLive(parts, situation, act.why);
    case 'create-endpoint':
      return create(parts, situation, act);
    case 'delete-endpoint':
      return remove(parts, situation, act);
    case 'scale':
      return scale(parts, situation, act);
    case 'unscale':
      await deregisterScaling(parts.scaling, act.resource);
      return going(situation, { scaled: undefined });
    case 'shrink':
      await parts.endpoints.setInstances(act.endpointName, act.variantName, act.instances);
      return waiting(situation);
    case 'call-waiting':
      await wakeWaitingFor(parts.ledger, parts.sfn, act.what);
      return going(situation);
    case 'tell':
      await tellNotice(parts, situation.control, act);
      return going(situation);
  }
}

/** The baseline answers at once; the endpoint goes at the next look, when what was under way has been answered. */
async function parkStable(parts: CapacityParts, situation: Situation, act: Extract<Act, { do: 'park' }>): Promise<Acted> {
  const { reason, why, wakesOnTraffic } = act;
  const invokedMillis = reason === 'idle' ? await lastInvocation(parts, situation) : undefined;
  if (invokedMillis !== undefined) {
    logger.warn('The endpoint was invoked, and the gateway counted no request: it stays on', { at: iso(invokedMillis) });
    return waiting(situation, { activeAt: iso(invokedMillis) });
  }
  const change = { at: iso(parts.now()), by: CAPACITY, reason: `Switched off: ${why}` };
  const result = await changeControl(parts.ledger, (control) => park(control, { reason, wakesOnTraffic }, change));
  if (!result.ok) {
    // A release has begun in the same moment.
    logger.info('Not switched off', { refusal: result.reason });
    return waiting(situation);
  }
  if (result.changed) await tellParked(parts, result.next, why);
  return waiting({ ...situation, control: result.next }, { goneFor: undefined, awakeUntil: undefined, wakeFailures: undefined });
}

/** A silence of the gateway's metric may be the metric's. */
async function lastInvocation(parts: CapacityParts, { control, policy, nowMillis }: Situation): Promise<number | undefined> {
  const { stable } = control;
  const endpointName = stableEndpointOf(control);
  const { idle } = policy.availability;
  if (stable === undefined || endpointName === undefined || idle === undefined) return undefined;
  const fromMillis = nowMillis - Math.min(idle.afterMinutes * 60_000, LONGEST_READ_MILLIS);
  return parts.lastInvocation(endpointName, stable.variantName, fromMillis, nowMillis);
}

async function goLive(parts: CapacityParts, situation: Situation, why: string): Promise<Acted> {
  const at = iso(parts.now());
  const { memory } = situation;
  const by = memory.wakeBy?.by ?? CAPACITY;
  const result = await changeControl(parts.ledger, (control) => wake(control, { at, by, reason: `Switched on again: ${why}` }));
  if (!result.ok) {
    // The kill switch went on while it started: its teardown deletes it.
    logger.info('Not switched on', { refusal: result.reason });
    return waiting(situation);
  }
  if (result.changed) await tellWoken(parts, result.next, why);
  await wakeWaitingFor(parts.ledger, parts.sfn, 'parked');
  return going({ ...situation, control: result.next }, { activeAt: at, wakeFailures: undefined });
}

async function create(parts: CapacityParts, situation: Situation, act: Extract<Act, { do: 'create-endpoint' }>): Promise<Acted> {
  const { endpointName, stable } = act;
  try {
    await parts.endpoints.create({
      EndpointName: endpointName,
      EndpointConfigName: stable.endpointConfigName,
      Tags: tagsOf(stable.releaseId, parts),
    });
  } catch (error) {
    const failures = (situation.memory.wakeFailures ?? 0) + 1;
    return notWoken(parts, situation, failures, String(error instanceof Error ? error.message : error));
  }
  return waiting(situation);
}

async function remove(parts: CapacityParts, situation: Situation, act: Extract<Act, { do: 'delete-endpoint' }>): Promise<Acted> {
  const { mode, version } = await existingControl(parts.ledger);
  if (mode !== 'parked' || version !== situation.control.version) {
    // Another look has switched it on since this one read.
    logger.info('Not deleted: the control record has changed', { mode, version });
    return waiting(situation);
  }
  if (act.because === 'parked') await removeWarm(parts, situation);
  await parts.endpoints.delete(act.endpointName);
  return act.because === 'failed'
    ? notWoken(
        parts,
        situation,
        situation.memory.wakeFailures ?? 1,
        `endpoint ${act.endpointName} did not come into service; SageMaker says why in its events`,
      )
    : waiting(situation);
}

/** Whose rollback window the parking ended; its execution would delete it when the window had been over. One that was found stays. */
async function removeWarm({ endpoints, prefix }: CapacityParts, { control }: Situation): Promise<void> {
  const { warmEndpointName } = control.parked ?? {};
  if (warmEndpointName?.startsWith(`${prefix}-`) === true) await endpoints.delete(warmEndpointName);
}

/** Told at the first time, and when it has failed for an hour. */
async function notWoken(parts: CapacityParts, situation: Situation, failures: number, why: string): Promise<Acted> {
  await tellNotWoken(parts, situation.control, failures, why);
  return waiting(situation, { wakeFailures: failures });
}

async function scale(parts: CapacityParts, situation: Situation, act: Extract<Act, { do: 'scale' }>): Promise<Acted> {
  const { wish, signature } = act;
  try {
    const changes = await applyScaling(parts.scaling, wish, parts.now());
    logger.info('Scaling', { changes });
  } catch (error) {
    // While the endpoint changes this is how it should be: it comes with an event when it has. Otherwise somebody must look.
    if (await isInService(parts, situation)) throw error;
    logger.warn('The endpoint is changing: scaling is applied when it is in service', { error });
    return waiting(situation, { scaled: { resource: wish.resource } });
  }
  return going(situation, { scaled: { resource: wish.resource, signature } });
}

async function isInService({ endpoints }: CapacityParts, { control }: Situation): Promise<boolean> {
  const name = stableEndpointOf(control);
  const seen = name === undefined ? 'gone' : await endpoints.look(name);
  return seen !== 'gone' && seen.status === 'InService';
}
