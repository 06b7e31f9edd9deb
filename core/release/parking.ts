import type { ControlRecord, Parking, ServingMode } from '../contracts';
import type { Change, Transition } from './control';

/** Who may end a rollback window by it: what costs money, or whoever says so. Other reasons wait for its end. */
const ENDS_ROLLBACK_WINDOW = new Set<Parking['reason']>(['cost', 'operator']);

/** Components keep an endpoint from being deleted and scale to zero themselves; a queue would be lost with it. */
export const NEVER_OFF = new Set<ServingMode | undefined>(['inference-components', 'async']);

/** Why stable's endpoint cannot be switched off now; undefined: it can. */
export function whyNotParked(control: ControlRecord, reason: Parking['reason']): string | undefined {
  const { mode, stable, lockedBy, candidate, warm, endpointAdopted } = control;
  if (mode !== 'live' || stable === undefined) {
    return `Nothing is to be switched off: the mode is '${mode}'`;
  }
  if (endpointAdopted === true) {
    return `Endpoint ${control.endpointName} was found, not made: it is never deleted, only made as small as it can be`;
  }
  if (stable.mode === 'inference-components') {
    return `Release ${stable.releaseId} is an inference component: it scales to zero copies by itself`;
  }
  if (stable.mode === 'async') {
    return `Requests wait in the queue of endpoint ${stableEndpointOf(control)} and would be lost with it: with instances.min: 0 and scaling it runs none once the queue is empty; the kill switch is the fast way`;
  }
  if (lockedBy !== undefined || candidate !== undefined) {
    return `Release ${lockedBy ?? candidate?.releaseId} is in progress: its end is waited for; the kill switch is the fast way`;
  }
  return warm === undefined || ENDS_ROLLBACK_WINDOW.has(reason)
    ? undefined
    : `The rollback window of ${stable.releaseId} is open until ${warm.until}`;
}

/** The baseline answers from now on; stable's config and model stay, its endpoint goes. */
export function park(control: ControlRecord, parking: Pick<Parking, 'reason' | 'wakesOnTraffic'>, change: Change): Transition {
  if (control.mode === 'parked') {
    return parkedAlready(control, parking, change);
  }
  const why = whyNotParked(control, parking.reason);
  if (why !== undefined) {
    return { ok: false, code: 'not-parkable', reason: why };
  }
  return changed(
    control,
    {
      mode: 'parked',
      parked: { since: change.at, by: change.by, ...parking, ...warmEndpointOf(control) },
      warm: undefined,
      endpointConfigName: control.stable?.endpointConfigName,
    },
    change,
  );
}

function warmEndpointOf({ warm }: ControlRecord): Pick<Parking, 'warmEndpointName'> {
  const { endpointName, mode } = warm?.release ?? {};
  return endpointName === undefined || NEVER_OFF.has(mode) ? {} : { warmEndpointName: endpointName };
}

/** Whoever says so outranks any other reason: no clock and no request brings it back then. It is off since when it was. */
function parkedAlready(control: ControlRecord, parking: Pick<Parking, 'reason' | 'wakesOnTraffic'>, change: Change): Transition {
  const { parked } = control;
  return parked === undefined || parked.reason === 'operator' || parking.reason !== 'operator'
    ? { ok: true, next: control }
    : changed(control, { parked: { ...parked, ...parking, by: change.by } }, change);
}

/** Stable's endpoint is in service again: it answers. */
export function wake(control: ControlRecord, change: Change): Transition {
  if (control.mode === 'live') {
    return { ok: true, next: control };
  }
  if (control.mode !== 'parked') {
    return { ok: false, code: 'not-parked', reason: `Nothing is switched off that could be woken: the mode is '${control.mode}'` };
  }
  return changed(control, { mode: 'live', parked: undefined }, change);
}

/** Where stable answers, or did before it was switched off. */
export function stableEndpointOf({ stable, endpointName }: ControlRecord): string | undefined {
  return stable?.endpointName ?? endpointName;
}

/** The same releases stand under the same variants: `armsSince` stays. */
function changed(control: ControlRecord, patch: Partial<ControlRecord>, { at, by, reason }: Change): Transition {
  return { ok: true, next: { ...control, ...patch, version: control.version + 1, changedAt: at, changedBy: by, reason } };
}
