import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ControlMode, ControlRecord, Notification, Notifier } from '../../core/contracts';
import { type Change, kill, revive, rollBack, withdraw } from '../../core/release/control';
import { changeControl, existingControl } from '../shared/control-store';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { readRelease } from '../shared/releases';
import { stopRelease } from '../shared/stopping';
import { type CleanUpInput, cleanUpName, type LostExecution, reasonOf, releaseOfExecution } from './lost-execution';
import { startDesired } from './revival';

export interface RollbackParts {
  ledger: Ledger;
  sfn: SFNClient;
  now(): number;
  notify: Notifier;
  /** Starting it again under the same name is no error. */
  startTeardown(executionName: string, input: object): Promise<void>;
  startRelease(stateMachineArn: string, executionName: string, input: CleanUpInput | { releaseId: string }): Promise<string>;
  teardownRuns(): Promise<boolean>;
}

export interface Done {
  done: 'rolled-back' | 'killed' | 'revived' | 'nothing';
  /** True when the release is the stable one: there is no way back for it. */
  promoted?: boolean;
  changed: boolean;
  releaseId?: string;
  mode: ControlMode;
  version: number;
  refusal?: string;
}

export const WORKFLOW = 'workflow';
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
    const change = this.change(by, reason);
    const byWorkflow = by === WORKFLOW;
    const stop = { ...change, outcome: byWorkflow ? undefined : ('rolled-back' as const), culprit };
    const stopped = await stopRelease(ledger, sfn, target, stop, (control) =>
      // A release that is still being created has no traffic to lose, but must learn that it is to stop.
      control.candidate?.releaseId !== target && control.lockedBy === target && !byWorkflow
        ? withdraw(control, target, change)
        : rollBack(control, target, change),
    );
    if (stopped.changed) {
      await this.tell(
        { event: 'ReleaseRolledBack', severity: 'page', subject: `${target} rolled back`, runbook: 'rolled-back', releaseId: target },
        stopped.control,
        { by, reason, culprit },
      );
    }
    return { done: 'rolled-back', changed: stopped.changed, releaseId: target, ...stateOf(stopped.control) };
  }

  async kill(by: string, reason: string): Promise<Done> {
    const { ledger, sfn } = this.parts;
    const change = this.change(by, reason);
    const before = await existingControl(ledger);
    const releaseId = before.lockedBy;
    const stopped = await stopRelease(ledger, sfn, releaseId, { ...change, outcome: 'killed' }, (control) => kill(control, change));
    // One kill, one teardown: the version of the killed record names it.
    await this.parts.startTeardown(`kill-v${stopped.control.version}`, { kind: 'kill', reason, by });
    if (stopped.changed) {
      await this.tell(
        {
          event: 'KillSwitchOn',
          severity: 'page',
          subject: 'Kill switch on: the baseline answers, everything else is taken down',
          runbook: 'kill-switch',
          releaseId,
        },
        stopped.control,
        { by, reason },
      );
    }
    return { done: 'killed', changed: stopped.changed, releaseId, ...stateOf(stopped.control) };
  }

  /** What the stack wants starts anew; only then the kill switch goes off. */
  async revive(by: string, reason: string): Promise<Done> {
    const { ledger, teardownRuns } = this.parts;
    const change = this.change(by, reason);
    const before = await existingControl(ledger);
    const refused = (refusal: string): Done => ({ done: 'nothing', changed: false, ...stateOf(before), refusal });
    if (before.mode === 'killed' && (await teardownRuns())) {
      return refused('The teardown of the kill has not ended: what is started now would be deleted');
    }
    const releaseId = before.mode === 'killed' ? await startDesired(this.parts, before, by, change.at) : undefined;
    const result = await changeControl(ledger, (control) => revive(control, change));
    if (!result.ok) {
      return refused(result.reason);
    }
    await this.tell(
      { event: 'KillSwitchOff', severity: 'warning', subject: 'Kill switch off', runbook: 'kill-switch', releaseId },
      result.next,
      {
        by,
        reason,
      },
    );
    return { done: 'revived', changed: true, releaseId, ...stateOf(result.next) };
  }

  /** Only a candidate with traffic can be the cause of an alarm. */
  async alarm(alarmName: string, inAlarm: boolean, reason: string): Promise<Done> {
    const control = await existingControl(this.parts.ledger);
    const { candidate } = control;
    if (!inAlarm || candidate === undefined || control.candidateWeight === 0) {
      return { done: 'nothing', changed: false, ...stateOf(control) };
    }
    return this.rollBack(candidate.releaseId, `alarm:${alarmName}`, `Alarm ${alarmName}: ${reason}`, alarmName);
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
    const isOver = record === undefined || (record.endedAt !== undefined && control.lockedBy !== releaseId);
    if (lost.error === TORN_DOWN || isOver) {
      return { done: 'nothing', changed: false, releaseId, ...stateOf(control) };
    }
    const reason = reasonOf(lost);
    const done = await this.rollBack(releaseId, `execution:${lost.name}`, reason);
    if (cleanUps >= MAX_CLEAN_UPS) {
      const subject = `${releaseId} could not be cleaned up: it has no traffic, but holds the lock`;
      await this.tell({ event: 'CleanUpFailed', severity: 'page', subject, runbook: 'rollback-failed', releaseId }, control, {
        reason,
        attempts: cleanUps,
      });
      return done;
    }
    await startRelease(lost.stateMachineArn, cleanUpName(releaseId, cleanUps + 1), { releaseId, cleanUp: { reason } });
    return done;
  }

  private change(by: string, reason: string): Change {
    return { at: new Date(this.parts.now()).toISOString(), by, reason };
  }

  /** The rollback stands even when nobody can be told. */
  private async tell(what: Omit<Notification, 'roles' | 'facts'>, control: ControlRecord, facts: object): Promise<void> {
    try {
      await this.parts.notify({ ...what, roles: [], facts: { ...facts, mode: control.mode, version: control.version } });
    } catch (error) {
      logger.error('The owners could not be notified', { error, subject: what.subject });
    }
  }
}

function stateOf({ mode, version }: ControlRecord): Pick<Done, 'mode' | 'version'> {
  return { mode, version };
}
