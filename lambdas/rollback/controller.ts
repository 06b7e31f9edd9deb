import type { ControlRecord } from '../../core/contracts';
import { rollBack, withdraw } from '../../core/release/control';
import { isGuarded } from '../../core/release/guarded';
import { existingControl } from '../shared/control-store';
import { tryOpenIncident } from '../shared/incidents';
import { readRelease, type StoredRelease } from '../shared/releases';
import { stopRelease, type Stopped } from '../shared/stopping';
import { isCarried } from './carried-alarm';
import { killAll, reviveAll } from './kill-switch';
import { cleanUpName, type LostExecution, reasonOf, releaseOfExecution } from './lost-execution';
import { changeAt, type Done, refused, type RollbackParts, stateOf, tell, WORKFLOW } from './parts';
import { parkByHand, wakeByHand } from './presence';
import { releaseAnew, settleTakenBack, takeBack } from './take-back';
import { waiveCosts } from './waive';

/** How the teardown stops executions: it ends their releases itself. */
const TORN_DOWN = 'TornDown';
const MAX_CLEAN_UPS = 3;

/** Takes traffic away. Each act is one conditional write; doing it again changes nothing. */
export class RollbackController {
  constructor(private readonly parts: RollbackParts) {}

  /** `releaseId` missing: whichever release is in progress. */
  async rollBack(releaseId: string | undefined, by: string, reason: string, culprit?: string): Promise<Done> {
    const { ledger, sfn } = this.parts;
    const before = await existingControl(ledger);
    const target = releaseId ?? before.candidate?.releaseId ?? before.lockedBy;
    if (target === undefined || before.stable?.releaseId === target) {
      return { done: 'nothing', changed: false, releaseId: target, promoted: target !== undefined, ...stateOf(before) };
    }
    const change = changeAt(this.parts, by, reason);
    const byWorkflow = by === WORKFLOW;
    const stop = { ...change, outcome: byWorkflow ? undefined : ('rolled-back' as const), culprit };
    let last = before;
    const stopped = await stopRelease(ledger, sfn, target, stop, (control) => {
      last = control;
      // A release that is still being created has no traffic to lose, but must learn that it is to stop.
      return control.candidate?.releaseId !== target && control.lockedBy === target && !byWorkflow
        ? withdraw(control, target, change)
        : rollBack(control, target, change);
    });
    if (stopped.changed) {
      await this.afterRollBack(target, last, stopped, { by, reason, culprit });
    }
    return { done: 'rolled-back', changed: stopped.changed, releaseId: target, ...stateOf(stopped.control) };
  }

  /**
   * What a person means by "roll back": the candidate, if a release is in progress; else stable, within its rollback window; else `to`,
   * which is released anew.
   */
  async rollBackByHand(by: string, reason: string, to?: string): Promise<Done> {
    const control = await existingControl(this.parts.ledger);
    const { lockedBy, stable, warm } = control;
    const inProgress = lockedBy !== undefined && lockedBy !== stable?.releaseId;
    if (control.mode === 'killed') {
      return refused(control, `The kill switch is on since ${control.killedAt ?? control.changedAt}: revive first`);
    }
    if (inProgress && to === undefined) {
      return (await this.settledAnew(lockedBy, reason)) ?? this.rollBack(undefined, by, reason);
    }
    if (warm !== undefined && (to === undefined || to === warm.release.releaseId)) {
      return takeBack(this.parts, control, by, reason);
    }
    if (to === undefined) {
      return refused(control, await this.nothingToRollBack(control));
    }
    return releaseAnew(this.parts, control, to, { by, reason }, async () => {
      if (inProgress) await this.rollBack(undefined, by, `${reason} (release ${to} is released anew)`);
    });
  }

  kill(by: string, reason: string): Promise<Done> {
    return killAll(this.parts, by, reason);
  }

  revive(by: string, reason: string): Promise<Done> {
    return reviveAll(this.parts, by, reason);
  }

  waive(by: string, reason: string): Promise<Done> {
    return waiveCosts(this.parts, by, reason);
  }

  park(by: string, reason: string): Promise<Done> {
    return parkByHand(this.parts, by, reason);
  }

  wake(by: string, reason: string, minutes?: number): Promise<Done> {
    return wakeByHand(this.parts, by, reason, minutes);
  }

  /** Only a candidate with traffic can be the cause of an alarm. */
  async alarm(alarmName: string, inAlarm: boolean, reason: string): Promise<Done> {
    const { ledger, now } = this.parts;
    const control = await existingControl(ledger);
    const target = inAlarm ? await this.answering(control) : undefined;
    if (target === undefined) {
      return { done: 'nothing', changed: false, ...stateOf(control) };
    }
    if (await isCarried(this.parts, alarmName, target, now())) {
      return refused(control, `Alarm ${alarmName} goes back to the candidate before ${target}`, target);
    }
    return this.rollBack(target, `alarm:${alarmName}`, `Alarm ${alarmName}: ${reason}`, alarmName);
  }

  /**
   * Nobody carries the release to its end any more: traffic is taken away, and the workflow starts once more to clean up.
   * Where that fails over and over a person must look: traffic is safe, and a stable release must not go down for it.
   */
  async executionLost(lost: LostExecution): Promise<Done> {
    const { ledger, startRelease } = this.parts;
    const { releaseId, cleanUps } = releaseOfExecution(lost.name);
    const record = await readRelease(ledger, releaseId);
    const control = await existingControl(ledger);
    // One that waited for the end of its rollback window has ended, and still has to settle the endpoint.
    const waits = record?.window !== undefined && record.tidiedAt === undefined;
    const isOver = record === undefined || (record.endedAt !== undefined && control.lockedBy !== releaseId && !waits);
    if (lost.error === TORN_DOWN || isOver) {
      return { done: 'nothing', changed: false, releaseId, ...stateOf(control) };
    }
    const reason = reasonOf(lost);
    const by = `execution:${lost.name}`;
    const done = await this.rollBack(releaseId, by, reason);
    if (cleanUps >= MAX_CLEAN_UPS) {
      const subject = `${releaseId} could not be cleaned up: it has no traffic, but holds the lock`;
      await tell(this.parts, { event: 'CleanUpFailed', severity: 'page', subject, runbook: 'rollback-failed', releaseId }, control, {
        reason,
        attempts: cleanUps,
      });
      await tryOpenIncident(this.parts, { kind: 'failed-rollback', releaseId, reason: subject, by }, 'info');
      return done;
    }
    await startRelease(lost.stateMachineArn, cleanUpName(releaseId, cleanUps + 1), { releaseId, cleanUp: { reason } });
    return done;
  }

  /** The release whose answers callers get while it is on trial; during a blue/green deployment SageMaker moves the traffic. */
  private async answering({ candidate, candidateWeight, lockedBy }: ControlRecord): Promise<string | undefined> {
    if (candidate !== undefined && candidateWeight > 0) return candidate.releaseId;
    if (lockedBy === undefined) return undefined;
    return isGuarded(await readRelease(this.parts.ledger, lockedBy)) ? lockedBy : undefined;
  }

  /** A release that was taken back holds the lock although it has ended: whoever wrote that may not have come to start its workflow. */
  private async settledAnew(lockedBy: string, reason: string): Promise<Done | undefined> {
    const record = await readRelease(this.parts.ledger, lockedBy);
    if (record?.endedAt === undefined) return undefined;
    await settleTakenBack(this.parts, lockedBy, reason);
    const control = await existingControl(this.parts.ledger);
    return { done: 'returned', changed: false, releaseId: lockedBy, to: control.stable?.releaseId, ...stateOf(control) };
  }

  private async nothingToRollBack({ previousReleaseId, stable }: ControlRecord): Promise<string> {
    const nothing = 'No release is in progress, and no rollback window is open: there is nothing to roll back';
    const previous = previousReleaseId === undefined ? undefined : await readRelease(this.parts.ledger, previousReleaseId);
    return previous?.liveSince === undefined
      ? nothing
      : `${nothing} at once. Before ${stable?.releaseId} release ${previous.id} answered: it is released anew with { "to": "${previous.id}" }`;
  }

  private async afterRollBack(
    releaseId: string,
    before: ControlRecord,
    { control }: Stopped,
    { by, reason, culprit }: { by: string; reason: string; culprit?: string },
  ): Promise<void> {
    const record = await this.recordOf(releaseId);
    const guarded = isGuarded(record);
    if (guarded) this.parts.askSageMakerBack();
    const hadTraffic = guarded || (before.candidate?.releaseId === releaseId && before.candidateWeight > 0);
    await tell(
      this.parts,
      {
        event: 'ReleaseRolledBack',
        severity: hadTraffic ? 'page' : 'warning',
        subject: `${releaseId} rolled back`,
        runbook: 'rolled-back',
        releaseId,
      },
      control,
      { by, reason, culprit },
    );
    if (!hadTraffic) return;
    const beganAt = record?.openedSteps?.at(-1)?.openedAt;
    // In a blue/green deployment callers are safe once SageMaker has gone back: the workflow sees that.
    const safe = guarded ? {} : { recoveredAt: control.changedAt };
    await tryOpenIncident(
      this.parts,
      { kind: 'rollback', releaseId, reason, by, ...(beganAt === undefined ? {} : { beganAt }), ...safe },
      'info',
    );
  }

  private async recordOf(releaseId: string): Promise<StoredRelease | undefined> {
    try {
      return await readRelease(this.parts.ledger, releaseId);
    } catch {
      // Traffic is safe; only what is told about it is poorer.
      return undefined;
    }
  }
}
