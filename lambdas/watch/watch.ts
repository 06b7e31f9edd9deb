import type { IncidentRecord } from '../../core/contracts';
import { incidentIdOf } from '../../core/incident/incident';
import { lookAtEndpoint, overdueWindow, stuckEndpoint } from '../../core/incident/endpoint-look';
import { readControl } from '../shared/control-store';
import { readDesired } from '../shared/desired';
import { ongoingIncidents, openIncident, recovered } from '../shared/incidents';
import { readRelease } from '../shared/releases';
import { ensureTeardown, teardownState } from '../shared/teardowns';
import { logger } from '../shared/telemetry';
import { isAboutParking, lookAtParked } from './parked';
import type { Scene, WatchParts } from './scene';

export type { ReleaseRun, WatchParts } from './scene';

export interface WatchReport {
  looked: boolean;
  found: string[];
}

const WATCH = 'watch';
/** What a handler began it finishes within seconds: so much later nobody is at it. */
const GRACE_MILLIS = 120_000;

/** Incidents that are over once the endpoint runs what it should and no release is at it. */
const MENDED_BY_ENDPOINT = new Set<IncidentRecord['kind']>(['silent-drift', 'failed-update', 'rollback']);

const LOST = new Set(['ABORTED', 'FAILED', 'TIMED_OUT']);

/** One look at what nobody else looks at: the endpoint behind Sluice's back, and what a handler that died left undone. */
export async function watch(parts: WatchParts): Promise<WatchReport> {
  const control = await readControl(parts.ledger);
  if (control === undefined) {
    return { looked: false, found: [] };
  }
  const scene: Scene = { parts, control, ongoing: await ongoingIncidents(parts.ledger), found: [] };
  const looks = [lookAtTeardown, lookAtDrift, lookAtStuckEndpoint, lookAtWindow, lookAtParked, lookAtLock, lookAtAlarms];
  const failures: unknown[] = [];
  for (const look of looks) {
    try {
      await look(scene);
    } catch (error) {
      // One look that fails leaves the others their turn.
      logger.error('A look failed', { error, look: look.name });
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} of ${looks.length} looks failed: ${failures.map(String).join('; ')}`, { cause: failures[0] });
  }
  return { looked: true, found: scene.found };
}

/** The kill switch is on: what it takes down must go, and somebody must know when it does not. */
async function lookAtTeardown({ parts, control, ongoing, found }: Scene): Promise<void> {
  const failed = ongoing.filter(({ id }) => id.startsWith('i-failed-rollback-teardown-'));
  if (control.mode !== 'killed') {
    for (const { id } of failed) await recovered(parts, id);
    return;
  }
  const since = control.killedAt ?? control.changedAt;
  if (parts.now() - Date.parse(since) < GRACE_MILLIS) return;
  // The same as the rollback handler opens: only where that did not come so far.
  const { reason: why, changedBy: by } = control;
  await openIncident(parts, { kind: 'kill', about: since, reason: why, by });
  const state = teardownState(await parts.teardowns.list(), control);
  if (state === 'none') {
    found.push('teardown-not-begun');
    await ensureTeardown(parts.teardowns, control, WATCH, control.reason);
  } else if (state === 'failed') {
    found.push('teardown-failed');
    const reason = 'The teardown of the kill failed: what it left is billed. sluice kill starts it anew';
    await openIncident(parts, { kind: 'failed-rollback', about: `teardown-${since}`, reason, beganAt: since, by: WATCH });
  } else if (state === 'done') {
    for (const { id } of failed) await recovered(parts, id);
  }
}

/** Somebody, or SageMaker, changed the endpoint while no release is at it. */
async function lookAtDrift({ parts, control, ongoing, found }: Scene): Promise<void> {
  if (control.endpointName === undefined || control.lockedBy !== undefined || control.mode === 'killed' || control.mode === 'parked')
    return;
  const finding = lookAtEndpoint(control, await parts.describeEndpoint(control.endpointName));
  const open = ongoing.filter(({ kind }) => MENDED_BY_ENDPOINT.has(kind));
  if (finding.kind === 'as-told') {
    for (const { id } of open) await recovered(parts, id);
    return;
  }
  if (finding.kind === 'unsettled' || open.some(({ kind }) => kind === 'silent-drift')) return;
  // A release may have begun while the endpoint was looked at.
  const after = await readControl(parts.ledger);
  if (after?.version !== control.version) return;
  found.push('silent-drift');
  const about = new Date(parts.now()).toISOString().slice(0, 16);
  const { stable } = control;
  await openIncident(parts, {
    kind: 'silent-drift',
    about,
    reason: finding.reason,
    by: WATCH,
    ...(stable === undefined ? {} : { releaseId: stable.releaseId }),
  });
}

/** A release waits for hours on the way back: people know before it gives up. */
async function lookAtStuckEndpoint({ parts, control, found }: Scene): Promise<void> {
  const { endpointName, lockedBy, changedAt } = control;
  if (endpointName === undefined || lockedBy === undefined || control.mode === 'killed') return;
  const reason = stuckEndpoint(control, await parts.describeEndpoint(endpointName), parts.now());
  if (reason === undefined) return;
  const record = await readRelease(parts.ledger, lockedBy);
  // SageMaker moves its traffic step by step: that takes hours, and the workflow knows how many.
  if (record === undefined || (record.spec.rollout.strategy === 'blue-green' && control.candidate !== undefined)) return;
  found.push('endpoint-stuck');
  const about = `stuck-${lockedBy}`;
  await openIncident(parts, { kind: 'failed-update', about, releaseId: lockedBy, reason, beganAt: changedAt, by: WATCH });
}

async function lookAtWindow({ parts, control, ongoing, found }: Scene): Promise<void> {
  const reason = overdueWindow(control, parts.now());
  if (reason === undefined || control.warm === undefined) {
    for (const { id, kind } of ongoing) {
      if (kind === 'overdue' && !isAboutParking(id)) await recovered(parts, id);
    }
    return;
  }
  found.push('overdue');
  const releaseId = control.stable?.releaseId ?? control.warm.release.releaseId;
  await openIncident(parts, { kind: 'overdue', releaseId, reason, beganAt: control.warm.until, by: WATCH });
}

/** Whoever holds the lock has an execution that carries it on: nobody else would ever free it. */
async function lookAtLock({ parts, control, ongoing, found }: Scene): Promise<void> {
  const { lockedBy, stable, changedAt, reason, mode } = control;
  if (lockedBy === undefined || mode === 'killed' || parts.now() - Date.parse(changedAt) < GRACE_MILLIS) return;
  const record = await readRelease(parts.ledger, lockedBy);
  const desired = await readDesired(parts.ledger);
  if (record === undefined || desired === undefined) return;
  const { workflowArn } = desired;
  if (record.endedAt !== undefined && lockedBy !== stable?.releaseId) {
    // Taken back. The same name as the rollback handler gives: where it runs, or has run, nothing starts.
    found.push('lock-of-ended-release');
    await parts.startRelease(workflowArn, `${lockedBy}-clean-up-1`, { releaseId: lockedBy, cleanUp: { reason } });
    return;
  }
  // Its clean-ups have failed three times, and people know.
  if (ongoing.some(({ id }) => id === incidentIdOf('failed-rollback', lockedBy))) return;
  const runs = (await parts.releaseRuns(workflowArn)).filter(({ name }) => name === lockedBy || name.startsWith(`${lockedBy}-clean-up-`));
  const [last] = runs;
  const isLost = last?.stoppedAt !== undefined && parts.now() - Date.parse(last.stoppedAt) >= GRACE_MILLIS && LOST.has(last.status);
  if (isLost && runs.every(({ status }) => status !== 'RUNNING')) {
    found.push('lost-execution');
    await parts.reportLost(workflowArn, last.name);
  }
}

/** An alarm that was in ALARM before the candidate came changes no state when it goes on: nobody else would hear of it. */
async function lookAtAlarms({ parts, control, found }: Scene): Promise<void> {
  if (control.candidate === undefined || control.candidateWeight === 0) return;
  for (const { alarmName, reason } of await parts.raisedAlarms()) {
    found.push(`alarm:${alarmName}`);
    await parts.reportAlarm(alarmName, reason);
  }
}
