import { kill, revive } from '../../core/release/control';
import { isGuarded } from '../../core/release/guarded';
import { changeControl, existingControl } from '../shared/control-store';
import { waiveOrders } from '../shared/cost-orders';
import { ongoingIncidents, recovered, tryOpenIncident } from '../shared/incidents';
import { readRelease } from '../shared/releases';
import { stopRelease } from '../shared/stopping';
import { ensureTeardown, teardownState } from '../shared/teardowns';
import { logger } from '../shared/telemetry';
import { wakeAll } from '../shared/turns';
import { changeAt, type Done, refused, type RollbackParts, stateOf, tell, WORKFLOW } from './parts';
import { startDesired } from './revival';

/** The baseline answers everything, and everything else is taken down. Done again, it finishes what is owed. */
export async function killAll(parts: RollbackParts, by: string, reason: string): Promise<Done> {
  const { ledger, sfn, teardowns } = parts;
  const change = changeAt(parts, by, reason);
  const { lockedBy: releaseId } = await existingControl(ledger);
  const stopped = await stopRelease(ledger, sfn, releaseId, { ...change, outcome: 'killed' }, (control) => kill(control, change));
  await ensureTeardown(teardowns, stopped.control, by, reason);
  // An endpoint is deleted only once SageMaker has ended its deployment, which may take hours.
  if (releaseId !== undefined && isGuarded(await readRelease(ledger, releaseId))) parts.askSageMakerBack();
  if (stopped.changed) {
    const subject = 'Kill switch on: the baseline answers, everything else is taken down';
    await tell(
      parts,
      { event: 'KillSwitchOn', severity: 'page', subject, runbook: 'kill-switch', ...(releaseId === undefined ? {} : { releaseId }) },
      stopped.control,
      { by, reason },
    );
    const about = stopped.control.killedAt ?? stopped.control.changedAt;
    const whose = releaseId === undefined ? {} : { releaseId };
    await tryOpenIncident(parts, { kind: 'kill', about, reason, by, ...whose }, 'info');
    if (by === WORKFLOW && releaseId !== undefined) {
      await tryOpenIncident(parts, { kind: 'failed-rollback', releaseId, reason, by }, 'info');
    }
  }
  return { done: 'killed', changed: stopped.changed, releaseId, ...stateOf(stopped.control) };
}

/** What the stack wants starts anew; only then the kill switch goes off. */
export async function reviveAll(parts: RollbackParts, by: string, reason: string): Promise<Done> {
  const { ledger, teardowns } = parts;
  const change = changeAt(parts, by, reason);
  const before = await existingControl(ledger);
  if (before.mode === 'killed') {
    const state = teardownState(await teardowns.list(), before);
    if (state === 'runs') {
      return refused(before, 'The teardown of the kill has not ended: what is started now would be deleted');
    }
    if (state === 'none') {
      await ensureTeardown(teardowns, before, before.changedBy, before.reason);
      return refused(before, 'The teardown of the kill had not begun: it begins now; revive when it has ended');
    }
  }
  const releaseId = before.mode === 'killed' ? await startDesired(parts, before, by, change.at) : undefined;
  const result = await changeControl(ledger, (control) => revive(control, change));
  if (!result.ok) {
    return refused(before, result.reason);
  }
  await wakeWaiting(parts);
  const subject = 'Kill switch off';
  await tell(
    parts,
    { event: 'KillSwitchOff', severity: 'warning', subject, runbook: 'kill-switch', ...(releaseId === undefined ? {} : { releaseId }) },
    result.next,
    { by, reason },
  );
  await waiveKill(parts, by);
  await recoverKill(parts);
  return { done: 'revived', changed: true, releaseId, ...stateOf(result.next) };
}

/** The release that was started waits for this moment; not woken, it asks again by itself. */
async function wakeWaiting({ ledger, sfn }: RollbackParts): Promise<void> {
  try {
    await wakeAll(ledger, sfn);
  } catch (error) {
    logger.error('Releases that wait for the kill switch could not be woken', { error });
  }
}

/** Where the cost guard killed, whoever revives takes the cost on: until the month is over it does not kill again. */
async function waiveKill({ ledger, now }: RollbackParts, by: string): Promise<void> {
  try {
    await waiveOrders(ledger, by, now(), 'kill');
  } catch (error) {
    logger.error('Orders of the cost guard could not be waived: sluice cost waive does', { error });
  }
}

/** What the kill switch answered is over. */
async function recoverKill(parts: RollbackParts): Promise<void> {
  try {
    for (const { id, kind } of await ongoingIncidents(parts.ledger)) {
      if (kind === 'kill' || kind === 'failed-rollback') await recovered(parts, id);
    }
  } catch (error) {
    logger.error('Incidents could not be marked as recovered', { error });
  }
}
