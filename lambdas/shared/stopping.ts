import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ControlRecord, StepResult } from '../../core/contracts';
import type { Change, Transition } from '../../core/release/control';
import { changeControl } from './control-store';
import type { Ledger } from './ledger';
import { noteStop, type StopOrder } from './releases';
import { logger } from './telemetry';
import { stopWaiting } from './waits';

export interface Stop extends Change {
  /** Missing when the workflow itself ends the release: it says how. */
  outcome?: StopOrder['outcome'];
  culprit?: string;
}

export interface Stopped {
  changed: boolean;
  control: ControlRecord;
  refusal?: string;
}

/**
 * Ends a release in progress: the order to stop is noted, traffic is taken away, the workflow is woken.
 * In this order a workflow that is about to open a step meets either the order or a version conflict.
 */
export async function stopRelease(
  ledger: Ledger,
  sfn: SFNClient,
  releaseId: string | undefined,
  stop: Stop,
  transition: (control: ControlRecord) => Transition,
): Promise<Stopped> {
  const { outcome, by, reason, at, culprit } = stop;
  if (releaseId !== undefined && outcome !== undefined) {
    await noted(noteStop(ledger, releaseId, { outcome, by, reason, at }, culprit), releaseId);
  }
  let last: ControlRecord | undefined;
  const result = await changeControl(ledger, (control) => {
    last = control;
    return transition(control);
  });
  const control = result.ok ? result.next : (last as ControlRecord);
  if (releaseId !== undefined && result.ok) {
    const answer: StepResult = { decision: 'roll-back', reason, by, ...(culprit === undefined ? {} : { culprit }) };
    await stopWaiting(ledger, sfn, releaseId, answer, at);
  }
  return { changed: result.changed, control, ...(result.ok ? {} : { refusal: result.reason }) };
}

/** Taking traffic away matters more than the note. */
async function noted(noting: Promise<void>, releaseId: string): Promise<void> {
  try {
    await noting;
  } catch (error) {
    logger.error('The order to stop could not be noted', { error, releaseId });
  }
}
