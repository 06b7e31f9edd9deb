import { ledgerKeys, type ReleaseOutcome } from '../../core/contracts';
import { trueEnding } from '../../core/evidence';
import { releaseLock } from '../../core/release/control';
import { mustChangeControl, readControl } from '../shared/control-store';
import { setExpression } from '../shared/ledger';
import { existingRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import type { ActionOf } from './action';
import { endWithEvidence, storeLastLink } from './evidence';
import type { StepParts } from './parts';
import { changeOf, closeOpenStep } from './progress';

/** Ends a release. Called again, it only finishes what is still owed. */
export async function finish(parts: StepParts, action: ActionOf<'finish'>): Promise<{ releaseId: string; outcome: ReleaseOutcome }> {
  const { ledger } = parts;
  const { releaseId, outcome, stage, reason } = action;
  const record = await existingRelease(ledger, releaseId);
  const control = await readControl(ledger);
  const culprit = action.culprit ?? record.culprit;
  const said = {
    outcome,
    stage: stage === 'teardown' ? (record.stage ?? stage) : stage,
    reason,
    ...(culprit === undefined ? {} : { culprit }),
  };
  const ending = trueEnding(said, releaseId, control, record.stop);
  const ended = record.endedAt !== undefined;
  if (ended) {
    await storeLastLink(parts);
  } else {
    await endWithEvidence(parts, record, ending);
  }
  await closeOpenStep(parts, releaseId);
  if (control !== undefined) {
    const change = changeOf(parts, `Release ${releaseId} ended: ${ending.outcome}`);
    await mustChangeControl(ledger, (current) => releaseLock(current, releaseId, action.endpointConfigName ?? undefined, change));
  }
  if (record.announced !== true) {
    await tell(parts, releaseId, ended ? { outcome: record.status, reason: record.reason ?? ending.reason } : ending);
    await ledger.update(ledgerKeys.release(releaseId), setExpression({ announced: true }));
  }
  return { releaseId, outcome: ended ? (record.status as ReleaseOutcome) : ending.outcome };
}

/** The evidence is kept: that nobody could be told does not undo it. */
async function tell(parts: StepParts, releaseId: string, ending: { outcome: string; reason: string }): Promise<void> {
  try {
    await parts.notify({
      event: 'ReleaseEnded',
      severity: ending.outcome === 'killed' ? 'page' : ending.outcome === 'promoted' ? 'info' : 'warning',
      roles: [],
      subject: `release ${releaseId} ${ending.outcome}`,
      runbook: 'release-ended',
      releaseId,
      facts: { ...ending },
    });
  } catch (error) {
    logger.error('The owners could not be notified', { error, releaseId });
  }
}
