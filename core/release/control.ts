import type { ControlRecord, DeployedRelease } from '../contracts';

/** Who changes the control record, when and why. */
export interface Change {
  /** ISO 8601, UTC. */
  at: string;
  by: string;
  reason: string;
}

export type RefusalCode =
  | 'killed'
  | 'not-killed'
  | 'locked'
  | 'not-locked'
  | 'no-candidate'
  | 'other-candidate'
  | 'bad-weight'
  | 'has-endpoint'
  | 'not-warm'
  | 'parked'
  | 'not-parked'
  | 'not-parkable';

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
  if (control.mode === 'parked') {
    return refuse('parked', `The endpoint is switched off since ${control.parked?.since}: it is woken first`);
  }
  // The endpoint is about to change: whoever begins ends the rollback window of the release before.
  return written(control, { lockedBy: releaseId, warm: undefined }, change);
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
  // On an endpoint of its own it changes nothing about stable's.
  const isApart = dark.candidate.endpointName !== undefined && control.stable !== undefined;
  return written(
    control,
    {
      ...(isApart ? {} : { endpointName: dark.endpointName, endpointConfigName: dark.endpointConfigName }),
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

/**
 * The candidate becomes stable. The endpoint still runs both: its config is settled when the lock is released,
 * or when the rollback window of the release before is over.
 */
export function promote(control: ControlRecord, releaseId: string, change: Change, keepWarmMinutes = 0): Transition {
  if (control.mode === 'killed') {
    return killed(control);
  }
  if (control.stable?.releaseId === releaseId) {
    return { ok: true, next: control };
  }
  const barred = barredFrom(control, releaseId) ?? notTheCandidate(control, releaseId);
  if (barred !== undefined) {
    return barred;
  }
  const { stable: before, candidate } = control;
  const isKept = before !== undefined && keepWarmMinutes > 0;
  return written(
    control,
    {
      mode: 'live',
      // Traffic goes to the candidate's own endpoint with it.
      ...(candidate?.endpointName === undefined
        ? {}
        : { endpointName: candidate.endpointName, endpointConfigName: candidate.endpointConfigName }),
      stable: candidate,
      candidate: undefined,
      candidateWeight: 0,
      previousReleaseId: before?.releaseId,
      warm: isKept ? { release: keptOn(before, control), until: minutesLater(change.at, keepWarmMinutes) } : undefined,
    },
    change,
  );
}

/** The control record names the endpoint of stable alone: whoever stays on another one says which. */
function keptOn(before: DeployedRelease, { candidate, endpointName }: ControlRecord): DeployedRelease {
  if (candidate?.endpointName === undefined || endpointName === undefined) return before;
  return { ...before, endpointName: before.endpointName ?? endpointName };
}

/** The promotion is done, and the release before stays on the endpoint: the lock goes, its config does not change yet. */
export function keepWarm(control: ControlRecord, releaseId: string, change: Change): Transition {
  if (control.lockedBy !== releaseId || control.stable?.releaseId !== releaseId || control.warm === undefined) {
    return { ok: true, next: control };
  }
  return written(control, { lockedBy: undefined }, change);
}

/** The rollback window is over: with the lock stable goes over to its own config. Refused where another release has begun, or stable was taken back. */
export function endWarm(control: ControlRecord, releaseId: string, change: Change): Transition {
  if (control.mode === 'killed') {
    return killed(control);
  }
  if (control.stable?.releaseId !== releaseId) {
    return refuse('not-warm', `Release ${releaseId} is not the stable one: ${control.stable?.releaseId ?? 'there is none'}`);
  }
  if (control.lockedBy === releaseId && control.warm === undefined) {
    return { ok: true, next: control };
  }
  if (control.lockedBy !== undefined && control.lockedBy !== releaseId) {
    return refuse('locked', `Release ${control.lockedBy} is in progress: it ended the rollback window of ${releaseId}`);
  }
  return control.warm === undefined
    ? refuse('not-warm', `Release ${releaseId} has no release before it on the endpoint`)
    : written(control, { lockedBy: releaseId, warm: undefined }, change);
}

/**
 * Within its rollback window stable is taken back: the release before, which is still on the endpoint, answers again with this one write.
 * The release that was taken back holds the lock until the endpoint is settled.
 */
export function returnToWarm(control: ControlRecord, change: Change): Transition {
  if (control.mode === 'killed') {
    return killed(control);
  }
  const { warm, stable } = control;
  if (warm === undefined || stable === undefined) {
    return refuse('not-warm', 'The release before stable is not on the endpoint any more: there is nothing to return to with one write');
  }
  const { release } = warm;
  const isApart = release.endpointName !== undefined && release.endpointName !== control.endpointName;
  return written(
    control,
    {
      ...(isApart ? { endpointName: release.endpointName, endpointConfigName: release.endpointConfigName } : {}),
      stable: release,
      warm: undefined,
      previousReleaseId: undefined,
      lockedBy: stable.releaseId,
    },
    change,
  );
}

/**
 * Blue/green: SageMaker moves traffic between two fleets whose variants bear one name, so that no arm tells them apart.
 * The candidate stands under stable's name from now on, and the endpoint runs stable alone.
 */
export function commitGuarded(control: ControlRecord, releaseId: string, change: Change): Transition {
  const barred = barredFrom(control, releaseId) ?? notTheCandidate(control, releaseId);
  if (barred !== undefined) {
    return barred;
  }
  const { stable, candidate } = control;
  if (stable === undefined || candidate === undefined) {
    return refuse('no-candidate', `Release ${releaseId} has no stable release whose fleet it could take the place of`);
  }
  if (candidate.variantName === stable.variantName) {
    return { ok: true, next: control };
  }
  const standing = { ...candidate, variantName: stable.variantName };
  return written(control, { candidate: standing, candidateWeight: 0, endpointConfigName: stable.endpointConfigName }, change);
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
  return written(settled, { ...withoutCandidate(settled), warm: undefined, lockedBy: undefined }, change);
}

export function kill(control: ControlRecord, change: Change): Transition {
  return control.mode === 'killed'
    ? { ok: true, next: control }
    : written(control, { ...withoutCandidate(control), warm: undefined, parked: undefined, mode: 'killed', killedAt: change.at }, change);
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
      ? { mode: 'live', lockedBy: undefined, killedAt: undefined }
      : {
          mode: 'baseline',
          lockedBy: undefined,
          killedAt: undefined,
          stable: undefined,
          previousReleaseId: undefined,
          endpointName: undefined,
          endpointConfigName: undefined,
        },
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

const MINUTE_MILLIS = 60_000;

function minutesLater(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * MINUTE_MILLIS).toISOString();
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
