import type { ControlRecord } from '../contracts';

/** How the endpoint stands; missing: SageMaker has none of the name. */
export interface SeenEndpoint {
  status: string;
  configName?: string;
}

export type EndpointFinding =
  /** A release is at it, or it is on its way from one config to another: nothing can be said. */
  { kind: 'unsettled' } | { kind: 'as-told' } | { kind: 'drift'; reason: string };

const ON_ITS_WAY = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

/** Compares the endpoint with the control record, which alone says what it must run. */
export function lookAtEndpoint(control: ControlRecord, seen: SeenEndpoint | undefined): EndpointFinding {
  const { endpointName, endpointConfigName, lockedBy, mode } = control;
  if (mode === 'killed' || mode === 'parked' || lockedBy !== undefined || endpointName === undefined || endpointConfigName === undefined) {
    return { kind: 'unsettled' };
  }
  if (seen === undefined) {
    return { kind: 'drift', reason: `Endpoint ${endpointName} is gone, and no release has deleted it` };
  }
  if (ON_ITS_WAY.has(seen.status)) {
    return { kind: 'unsettled' };
  }
  if (seen.status !== 'InService') {
    return { kind: 'drift', reason: `Endpoint ${endpointName} is ${seen.status}, and no release is at it` };
  }
  return seen.configName === endpointConfigName
    ? { kind: 'as-told' }
    : { kind: 'drift', reason: `Endpoint ${endpointName} runs config ${seen.configName}; the control record says ${endpointConfigName}` };
}

/** Longer than a change of an endpoint takes, unless SageMaker moves traffic meanwhile. */
const STUCK_AFTER_MINUTES = 90;

/** Why a release will not come on with its endpoint, or with the way back; undefined: it may. Traffic is where the control record says. */
export function stuckEndpoint(control: ControlRecord, seen: SeenEndpoint | undefined, nowMillis: number): string | undefined {
  const { endpointName, lockedBy, stable, changedAt, mode } = control;
  if (lockedBy === undefined || stable === undefined || mode === 'killed' || seen === undefined || seen.status === 'InService') {
    return undefined;
  }
  if (!ON_ITS_WAY.has(seen.status)) {
    return `Endpoint ${endpointName} is ${seen.status} while release ${lockedBy} is at it: it takes no change until somebody mends it`;
  }
  return nowMillis < Date.parse(changedAt) + STUCK_AFTER_MINUTES * 60_000
    ? undefined
    : `Endpoint ${endpointName} is still ${seen.status} for release ${lockedBy}, ${STUCK_AFTER_MINUTES} minutes after traffic last changed`;
}

/** The workflow ends a window by the minute: so much later nobody does any more. */
const OVERDUE_AFTER_MINUTES = 30;

/** Why a rollback window should have ended long ago; undefined: it has not, or there is none. */
export function overdueWindow({ warm, stable }: ControlRecord, nowMillis: number): string | undefined {
  if (warm === undefined || nowMillis < Date.parse(warm.until) + OVERDUE_AFTER_MINUTES * 60_000) {
    return undefined;
  }
  return `The rollback window of ${stable?.releaseId} ended at ${warm.until}, and ${warm.release.releaseId} is still on the endpoint and billed`;
}
