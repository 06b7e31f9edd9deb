import type { ControlRecord, DeployedRelease } from '../contracts';

/** Who changes the control record, when and why. */
export interface Change {
  /** ISO 8601, UTC. */
  at: string;
  by: string;
  reason: string;
}

export type RefusalCode =
  'killed' | 'not-killed' | 'locked' | 'not-locked' | 'no-candidate' | 'other-candidate' | 'bad-weight' | 'has-endpoint';

/** `next` is the very same object where nothing is left to change: then there is nothing to write. */
export type Transition = { ok: true; next: ControlRecord } | { ok: false; code: RefusalCode; reason: string };

/** What stands on the endpoint once a dark candidate was added. */
export interface DarkCandidate {
  candidate: DeployedRelease;
  endpointName: string;
  /** Config that holds stable and the candidate. */
  endpointConfigName: string;
  /** The release's own policy: applied with it, since nothing but a release moves traffic. */
  holdout: number;
}

export interface AdoptedEndpoint {
  endpointName: string;
  stable: DeployedRelease;
}

/** The record before anything was released. */
export function firstControl(holdout: number, change: Change): ControlRecord {
  return {
    version: 1,
    mode: 'baseline',
    candidateWeight: 0,
    holdout,
    armsSince: change.at,
    changedAt: change.at,
    changedBy: change.by,
    reason: change.reason,
  };
}

/** An endpoint that was found becomes the first stable release. */
export function adopt(control: ControlRecord, endpoint: AdoptedEndpoint, change: Change): Transition {
  if (control.endpointName !== undefined) {
    return refuse('has-endpoint', `Endpoint ${control.endpointName} is there already: ${endpoint.endpointName} cannot be adopted`);
  }
  return written(
    control,
    {
      mode: 'live',
      endpointName: endpoint.endpointName,
      endpointAdopted: true,
      endpointConfigName: endpoint.stable.endpointConfigName,
      stable: endpoint.stable,
    },
    change,
  );
}

export function takeLock(control: ControlRecord, releaseId: string, change: Change): Transition {
  if (control.mode === 'killed') {
    return killed(control);
  }
  if (control.lockedBy === releaseId) {
    return { ok: true, next: control };
  }
  if (control.lockedBy !== undefined) {
    return refuse('locked', `Release ${control.lockedBy} is in progress: one candidate at a time`);
  }
  return written(control, { lockedBy: releaseId }, change);
}

/** The candidate stands on the endpoint, or goes back to it, without a share of the traffic. */
export function commitDark(control: ControlRecord, dark: DarkCandidate, change: Change): Transition {
  const { releaseId } = dark.candidate;
  const barred = barredFrom(control, releaseId);
  if (barred !== undefined) {
    return barred;
  }
  if (control.candidate !== undefined && control.candidate.releaseId !== releaseId) {
    return refuse('other-candidate', `Release ${control.candidate.releaseId} is the candidate: one at a time`);
  }
  if (control.candidate !== undefined && control.candidateWeight === 0) {
    return { ok: true, next: control };
  }
  return written(
    control,
    {
      endpointName: dark.endpointName,
      endpointConfigName: dark.endpointConfigName,
      candidate: dark.candidate,
      candidateWeight: 0,
      holdout: dark.holdout,
    },
    change,
  );
}

export function openStep(control: ControlRecord, releaseId: string, weight: number, change: Change): Transition {
  if (!(weight >= 0 && weight <= 1)) {
    return refuse('bad-weight', `A candidate's weight is a share from 0 to 1, got ${weight}`);
  }
  const barred = barredFrom(control, releaseId) ?? notTheCandidate(control, releaseId);
  if (barred !== undefined) {
    return barred;
  }
  return control.candidateWeight === weight ? { ok: true, next: control } : written(control, { candidateWeight: weight }, change);
}

/** The candidate becomes stable. The endpoint still runs both: its config is settled when the lock is released. */
export function promote(control: ControlRecord, releaseId: string, change: Change): Transition {
  if (control.mode === 'killed') {
    return killed(control);
  }
  if (control.stable?.releaseId === releaseId) {
    return { ok: true, next: control };
  }
  const barred = barredFrom(control, releaseId) ?? notTheCandidate(control, releaseId);
  return barred ?? written(control, { mode: 'live', stable: control.candidate, candidate: undefined, candidateWeight: 0 }, change);
}

/** Without a release id: whichever candidate there is. No candidate, or another one: nothing to change. */
export function rollBack(control: ControlRecord, releaseId: string | undefined, change: Change): Transition {
  const { candidate } = control;
  if (candidate === undefined || (releaseId !== undefined && candidate.releaseId !== releaseId)) {
    return { ok: true, next: control };
  }
  return written(control, withoutCandidate(control), change);
}

/**
 * A release that nobody asks for any more. Writes in every case: whoever read the record before
 * meets a version conflict and learns of the withdrawal when reading again.
 */
export function withdraw(control: ControlRecord, releaseId: string, change: Change): Transition {
  return written(control, control.candidate?.releaseId === releaseId ? withoutCandidate(control) : {}, change);
}

/**
 * The release has ended: the endpoint's config is stable's own, and no candidate outlives its lock.
 * `runningConfigName` is what the endpoint was last seen with: after a promotion that could not be tidied, still the old one.
 */
export function releaseLock(control: ControlRecord, releaseId: string, runningConfigName: string | undefined, change: Change): Transition {
  if (control.lockedBy !== releaseId) {
    return { ok: true, next: control };
  }
  const { stable } = control;
  const settled =
    stable?.releaseId === releaseId && runningConfigName !== undefined
      ? { ...control, stable: { ...stable, endpointConfigName: runningConfigName } }
      : control;
  return written(settled, { ...withoutCandidate(settled), lockedBy: undefined }, change);
}

export function kill(control: ControlRecord, change: Change): Transition {
  return control.mode === 'killed'
    ? { ok: true, next: control }
    : written(control, { ...withoutCandidate(control), mode: 'killed' }, change);
}

/** The kill took everything of ours down; what was found before stands and answers again. */
export function revive(control: ControlRecord, change: Change): Transition {
  if (control.mode !== 'killed') {
    return refuse('not-killed', `Nothing to revive: the mode is '${control.mode}'`);
  }
  const keepsStable = control.endpointAdopted === true && control.stable !== undefined;
  return written(
    control,
    keepsStable
      ? { mode: 'live', lockedBy: undefined }
      : { mode: 'baseline', lockedBy: undefined, stable: undefined, endpointName: undefined, endpointConfigName: undefined },
    change,
  );
}

function withoutCandidate(control: ControlRecord): Partial<ControlRecord> {
  return {
    candidate: undefined,
    candidateWeight: 0,
    endpointConfigName: control.stable?.endpointConfigName,
    endpointName: control.stable === undefined ? undefined : control.endpointName,
  };
}

function barredFrom(control: ControlRecord, releaseId: string): Transition | undefined {
  if (control.mode === 'killed') {
    return killed(control);
  }
  return control.lockedBy === releaseId
    ? undefined
    : refuse('not-locked', `Release ${releaseId} does not hold the lock; ${control.lockedBy ?? 'nobody'} does`);
}

function notTheCandidate(control: ControlRecord, releaseId: string): Transition | undefined {
  return control.candidate?.releaseId === releaseId
    ? undefined
    : refuse('no-candidate', `Release ${releaseId} is not the candidate; ${control.candidate?.releaseId ?? 'there is none'}`);
}

function killed(control: ControlRecord): Transition {
  return refuse('killed', `The kill switch is on since ${control.changedAt} (${control.reason}): revive first`);
}

function refuse(code: RefusalCode, reason: string): Transition {
  return { ok: false, code, reason };
}

function written(control: ControlRecord, patch: Partial<ControlRecord>, change: Change): Transition {
  const next: ControlRecord = {
    ...control,
    ...patch,
    version: control.version + 1,
    changedAt: change.at,
    changedBy: change.by,
    reason: change.reason,
  };
  return { ok: true, next: armsOf(next) === armsOf(control) ? next : { ...next, armsSince: change.at } };
}

/** What has to stay the same for a variant's name to say which release answered. */
function armsOf({ mode, stable, candidate }: ControlRecord): string {
  const deployed = [stable, candidate].map((release) => [release?.releaseId, release?.variantName]);
  return JSON.stringify([mode === 'killed', ...deployed]);
}
