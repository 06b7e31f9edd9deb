import { type ControlRecord, ledgerKeys, type ReleaseOutcome } from '../../core/contracts';
import { type Ending, trueEnding } from '../../core/evidence';
import { keepWarm, releaseLock } from '../../core/release/control';
import { mustChangeControl, readControl } from '../shared/control-store';
import { tryOpenIncident } from '../shared/incidents';
import { setExpression } from '../shared/ledger';
import { existingRelease, type StoredRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import { wakeNext } from '../shared/turns';
import type { ActionOf } from './action';
import { endWithEvidence, storeLastLink } from './evidence';
import { changeOf, nowIso, type StepParts } from './parts';
import { endGuarded } from './guarded';
import { closeOpenStep } from './progress';

export interface Finished {
  releaseId: string;
  outcome: ReleaseOutcome;
  /** Until then the release before stays on the endpoint: the workflow waits, then tidies. */
  warmUntil?: string;
  /** Taken back before it was settled: the clean-up that was started then restores the endpoint and ends the release. */
  takenBack?: boolean;
}

const WINDOW = 'rollback-window';

/** Ends a release. Called again, it only finishes what is still owed. */
export async function finish(parts: StepParts, action: ActionOf<'finish'>): Promise<Finished> {
  const { ledger } = parts;
  const { releaseId } = action;
  const record = await existingRelease(ledger, releaseId);
  const control = await readControl(ledger);
  if (isForCleanUp(action, record, control)) {
    return { releaseId, outcome: 'rolled-back', takenBack: true };
  }
  const isTakenBack = record.status === 'promoted' && wasTakenBack(record, control);
  const isOver = record.endedAt !== undefined && !isTakenBack;
  const ending = isOver ? endOf(record) : isTakenBack ? takenBackOf(action) : endingOf(action, record, control);
  if (isOver) {
    await storeLastLink(parts);
  } else {
    await endWithEvidence(parts, record, ending);
  }
  await closeOpenStep(parts, releaseId);
  const settled = control === undefined ? undefined : await freeLock(parts, action, record, ending);
  if (isForCleanUp(action, record, settled)) {
    return { releaseId, outcome: ending.outcome, takenBack: true };
  }
  await openIncidentOf(parts, action, record, ending);
  await endGuarded(parts, record, action.stage === 'teardown');
  if (record.announced !== true || isTakenBack) {
    await tell(parts, releaseId, ending);
    await ledger.update(ledgerKeys.release(releaseId), setExpression({ announced: true }));
  }
  const warmUntil = action.keepWarm === true ? settled?.warm?.until : undefined;
  if (warmUntil === undefined) {
    await noteTidied(parts, releaseId);
  }
  await wakeNext(ledger, parts.sfn);
  return { releaseId, outcome: ending.outcome, ...(warmUntil === undefined ? {} : { warmUntil }) };
}

/** Nothing of its rollback window is left to end. */
export async function noteTidied({ ledger, now }: StepParts, releaseId: string): Promise<void> {
  const owed = { text: 'attribute_exists(#window) AND attribute_not_exists(tidiedAt)', names: { '#window': 'window' } };
  await ledger.update(ledgerKeys.release(releaseId), setExpression({ tidiedAt: new Date(now()).toISOString() }), owed);
}

/** It was stable, and the release before took its place within the rollback window: it holds the lock until the endpoint is settled. */
function wasTakenBack({ id, window }: StoredRelease, control: ControlRecord | undefined): boolean {
  return window !== undefined && control?.lockedBy === id && control.stable?.releaseId !== id;
}

/** Whoever took it back started its clean-up: the workflow that carried it so far must not free the lock. */
function isForCleanUp({ stage }: ActionOf<'finish'>, record: StoredRelease, control: ControlRecord | undefined): boolean {
  return stage !== WINDOW && stage !== 'teardown' && wasTakenBack(record, control);
}

function endOf({ status, stage, reason }: StoredRelease): Ending {
  return { outcome: status as ReleaseOutcome, stage: stage ?? 'create', reason: reason ?? '' };
}

function takenBackOf({ reason, culprit }: ActionOf<'finish'>): Ending {
  return { outcome: 'rolled-back', stage: WINDOW, reason, ...(culprit === undefined ? {} : { culprit }) };
}

function endingOf(action: ActionOf<'finish'>, record: StoredRelease, control: ControlRecord | undefined): Ending {
  const { outcome, stage, reason } = action;
  const culprit = action.culprit ?? record.culprit;
  const said = {
    outcome,
    stage: stage === 'teardown' ? (record.stage ?? stage) : stage,
    reason,
    ...(culprit === undefined ? {} : { culprit }),
  };
  return trueEnding(said, record.id, control, record.stop);
}

async function freeLock(parts: StepParts, action: ActionOf<'finish'>, record: StoredRelease, { outcome }: Ending): Promise<ControlRecord> {
  const { releaseId, endpointConfigName } = action;
  const change = changeOf(parts, `Release ${releaseId} ended: ${outcome}`);
  return mustChangeControl(parts.ledger, (control) => {
    if (isForCleanUp(action, record, control)) {
      return { ok: true, next: control };
    }
    return action.keepWarm === true && control.warm !== undefined
      ? keepWarm(control, releaseId, change)
      : releaseLock(control, releaseId, endpointConfigName ?? undefined, change);
  });
}

/** Whoever took traffic away opens one itself, under the same id: this one is for a handler that died after its write. */
async function openIncidentOf(parts: StepParts, action: ActionOf<'finish'>, record: StoredRelease, ending: Ending): Promise<void> {
  const hadTraffic = record.status !== 'held' && (record.openedSteps ?? []).some(({ weight }) => weight > 0);
  const kind = action.incident ?? (ending.outcome === 'rolled-back' && hadTraffic ? 'rollback' : undefined);
  if (kind === undefined) {
    return;
  }
  const { releaseId } = action;
  const { ledger, notify, now, surroundings } = parts;
  const { reason } = action.incident === undefined ? ending : action;
  await tryOpenIncident(
    { useCase: surroundings.useCase, ledger, notify, now },
    // The gateway believes the control record: no answer came from what the update left behind.
    { kind, releaseId, reason, by: 'workflow', recoveredAt: nowIso(parts) },
    'warning',
  );
}

/** The evidence is kept: that nobody could be told does not undo it. */
async function tell(parts: StepParts, releaseId: string, { outcome, stage, reason, culprit }: Ending): Promise<void> {
  try {
    await parts.notify({
      event: 'ReleaseEnded',
      severity: outcome === 'killed' ? 'page' : outcome === 'promoted' ? 'info' : 'warning',
      roles: [],
      subject: `release ${releaseId} ${outcome}`,
      runbook: 'release-ended',
      releaseId,
      facts: { outcome, stage, reason, ...(culprit === undefined ? {} : { culprit }) },
    });
  } catch (error) {
    logger.error('The owners could not be notified', { error, releaseId });
  }
}
