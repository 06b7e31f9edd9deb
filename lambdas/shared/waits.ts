import type { SFNClient } from '@aws-sdk/client-sfn';
import { APPROVAL_KINDS, type ApprovalRecord, ledgerKeys, type StepRecord, type StepResult } from '../../core/contracts';
import { IF_ABSENT, type Ledger } from './ledger';
import { completeTask } from './tokens';
import { wakeRelease } from './turns';

export function readStep(ledger: Ledger): Promise<StepRecord | undefined> {
  return ledger.get<StepRecord>(ledgerKeys.step());
}

/** Answers the step's token and keeps the answer as evidence. The first answer stands. */
export async function endStep(ledger: Ledger, sfn: SFNClient, step: StepRecord, result: StepResult, at: string): Promise<boolean> {
  await ledger.put(ledgerKeys.stepResult(step.releaseId, step.index), { ...result, at }, IF_ABSENT);
  return completeTask(sfn, step.taskToken, result);
}

/** The item goes only while it is still that step. */
export function closeStep(ledger: Ledger, stepId: string): Promise<boolean> {
  return ledger.delete(ledgerKeys.step(), { text: 'stepId = :stepId', values: { ':stepId': stepId } });
}

/** Wakes the workflow of a release that must not go on, wherever it waits: for its turn, in a step or for an approval. */
export async function stopWaiting(ledger: Ledger, sfn: SFNClient, releaseId: string, result: StepResult, at: string): Promise<void> {
  const step = await readStep(ledger);
  if (step?.releaseId === releaseId) {
    await endStep(ledger, sfn, step, result, at);
    await closeStep(ledger, step.stepId);
  }
  for (const kind of APPROVAL_KINDS) {
    await stopApproval(ledger, sfn, releaseId, kind);
  }
  await wakeRelease(ledger, sfn, releaseId);
}

async function stopApproval(ledger: Ledger, sfn: SFNClient, releaseId: string, kind: ApprovalRecord['kind']): Promise<void> {
  const key = ledgerKeys.approval(releaseId, kind);
  const approval = await ledger.get<ApprovalRecord>(key);
  if (approval?.status !== 'open') {
    return;
  }
  const expire = { text: 'SET #status = :expired', names: { '#status': 'status' }, values: { ':expired': 'expired' } };
  const isOpen = { text: '#status = :open', names: { '#status': 'status' }, values: { ':open': 'open' } };
  await ledger.update(key, expire, isOpen);
  await completeTask(sfn, approval.taskToken, { approved: false, decisions: approval.decisions });
}
