import type { SFNClient } from '@aws-sdk/client-sfn';
import { ledgerKeys, type StepRecord } from '../../core/contracts';
import { rollBack } from '../../core/release/control';
import type { Ledger } from '../shared/ledger';
import { stopRelease } from '../shared/stopping';
import { logger } from '../shared/telemetry';
import { readStep } from '../shared/waits';

/** Longer than the workflow tries to open its next step once this one was answered. */
const GRACE_MILLIS = 180_000;

/** Nobody waits for the open step: when a later look finds the same, nobody carries the release any more, and its candidate loses its traffic. */
export async function unheard(ledger: Ledger, sfn: SFNClient, { stepId, taskToken, releaseId }: StepRecord, at: string): Promise<void> {
  const now = await readStep(ledger);
  if (now?.taskToken !== taskToken) {
    return;
  }
  if (now.unheardSince === undefined) {
    const same = { text: 'taskToken = :token', values: { ':token': taskToken } };
    await ledger.update(ledgerKeys.step(), { text: 'SET unheardSince = :at', values: { ':at': at } }, same);
    return;
  }
  if (Date.parse(at) - Date.parse(now.unheardSince) < GRACE_MILLIS) {
    return;
  }
  const change = { at, by: 'verdict', reason: `Its workflow waits for step ${stepId} no more: no verdict can reach it` };
  const { changed } = await stopRelease(ledger, sfn, releaseId, { ...change, outcome: 'rolled-back' }, (control) =>
    rollBack(control, releaseId, change),
  );
  logger.error('Nobody waits for the open step: its candidate was taken off traffic', { stepId, changed });
}
