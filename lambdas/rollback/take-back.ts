import type { ControlRecord } from '../../core/contracts';
import { returnToWarm } from '../../core/release/control';
import { refusalToReturn, returningSpec } from '../../core/rollback/return';
import { changeControl } from '../shared/control-store';
import { nextReleaseId, noteReturn, readDesired } from '../shared/desired';
import { tryOpenIncident } from '../shared/incidents';
import { noteStop, readRelease, registerRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import { cleanUpName } from './lost-execution';
import { changeAt, type Done, refused, type RollbackParts, stateOf, tell } from './parts';

/** Within the rollback window: the release before answers again, by one write. Its endpoint is settled by the workflow of the one taken back. */
export async function takeBack(parts: RollbackParts, before: ControlRecord, by: string, reason: string): Promise<Done> {
  const { ledger } = parts;
  const change = changeAt(parts, by, reason);
  const releaseId = before.stable?.releaseId;
  const result = await changeControl(ledger, (control) =>
    control.stable?.releaseId === releaseId
      ? returnToWarm(control, change)
      : { ok: false, code: 'not-warm', reason: 'Another release has become stable' },
  );
  if (!result.ok || releaseId === undefined) {
    return refused(before, result.ok ? 'There is no stable release' : result.reason, releaseId);
  }
  const to = result.next.stable?.releaseId;
  const record = await noted(parts, releaseId, { by, reason, at: change.at });
  await wantedFromNow(parts, to);
  await settleTakenBack(parts, releaseId, reason);
  const subject = `${releaseId} taken back: ${to} answers again`;
  await tell(parts, { event: 'ReleaseRolledBack', severity: 'page', subject, runbook: 'rolled-back', releaseId }, result.next, {
    by,
    reason,
    to,
  });
  const beganAt = record?.liveSince;
  await tryOpenIncident(
    parts,
    { kind: 'rollback', releaseId, reason, by, recoveredAt: change.at, ...(beganAt === undefined ? {} : { beganAt }) },
    'info',
  );
  return { done: 'returned', changed: true, releaseId, ...(to === undefined ? {} : { to }), ...stateOf(result.next) };
}

/** The workflow of a release that was taken back starts once more: the endpoint back to stable's own config, its own deleted. Once. */
export async function settleTakenBack({ ledger, startRelease }: RollbackParts, releaseId: string, reason: string): Promise<void> {
  const desired = await readDesired(ledger);
  if (desired === undefined) {
    throw new Error(`The ledger does not say which workflow settles release ${releaseId}: deploy the stack`);
  }
  await startRelease(desired.workflowArn, cleanUpName(releaseId, 1), { releaseId, cleanUp: { reason } });
}

/** Neither an unchanged deploy nor a revival brings back what was taken back. Traffic is safe already: that comes first. */
async function wantedFromNow({ ledger }: RollbackParts, releaseId: string | undefined): Promise<void> {
  try {
    const record = releaseId === undefined ? undefined : await readRelease(ledger, releaseId);
    if (record !== undefined) await noteReturn(ledger, record.spec, record.id);
  } catch (error) {
    logger.error('The return could not be noted as what is wanted', { error, releaseId });
  }
}

/** A promotion that has not ended learns that it was taken back. Traffic is safe already: that comes first. */
async function noted(
  { ledger }: RollbackParts,
  releaseId: string,
  stop: { by: string; reason: string; at: string },
): Promise<StoredRelease | undefined> {
  try {
    await noteStop(ledger, releaseId, { outcome: 'rolled-back', ...stop }, undefined);
    return await readRelease(ledger, releaseId);
  } catch (error) {
    logger.error('The order to stop could not be noted', { error, releaseId });
    return undefined;
  }
}

/**
 * After the rollback window: a release that was approved and answered once is released anew, at once, under a new id.
 * `clearTheWay` ends another release that is in progress, once it is certain that this one can begin.
 */
export async function releaseAnew(
  parts: RollbackParts,
  control: ControlRecord,
  to: string,
  { by, reason }: { by: string; reason: string },
  clearTheWay: () => Promise<unknown>,
): Promise<Done> {
  const { ledger, startRelease } = parts;
  const record = await readRelease(ledger, to);
  const refusal = refusalToReturn(to, record, record?.liveSince !== undefined, control.stable?.releaseId);
  if (refusal !== undefined || record === undefined) {
    return refused(control, refusal ?? '', to);
  }
  const desired = await readDesired(ledger);
  if (desired === undefined) {
    return refused(control, 'The ledger does not say which workflow releases: deploy the stack', to);
  }
  const under = await underWay(parts, to);
  if (under === undefined || under.id !== control.lockedBy) {
    await clearTheWay();
  }
  const id = under?.id ?? (await registered(parts, record, by, reason));
  await noteReturn(ledger, record.spec, id);
  const executionArn = await startRelease(desired.workflowArn, id, { releaseId: id });
  await updateOpenRelease(ledger, id, { executionArn });
  if (under === undefined) {
    const subject = `${id} releases ${to} anew`;
    await tell(parts, { event: 'ReleaseReturning', severity: 'warning', subject, runbook: 'rolled-back', releaseId: id }, control, {
      by,
      reason,
      to,
    });
  }
  return { done: 'releasing-anew', changed: under === undefined, releaseId: id, to, ...stateOf(control) };
}

async function underWay({ ledger }: RollbackParts, to: string): Promise<StoredRelease | undefined> {
  const releases = await ledger.query<StoredRelease>('releases');
  return releases.find(({ returnTo, endedAt, stop }) => returnTo === to && endedAt === undefined && stop === undefined);
}

async function registered(parts: RollbackParts, { id: returnTo, hash, spec }: StoredRelease, by: string, reason: string): Promise<string> {
  const { id, sequence } = await nextReleaseId(parts.ledger, hash);
  await registerRelease(parts.ledger, {
    id,
    sequence,
    hash,
    spec: returningSpec(spec),
    status: 'requested',
    requestedBy: by,
    requestedAt: new Date(parts.now()).toISOString(),
    requestReason: reason,
    returnTo,
  });
  return id;
}
