import { ledgerKeys } from '../../core/contracts';
import { type CleanUpPlan, planCleanUp } from '../../core/release/clean-up';
import { existingControl } from '../shared/control-store';
import { setExpression } from '../shared/ledger';
import { existingRelease } from '../shared/releases';
import type { ActionOf } from './action';
import type { StepParts } from './parts';

/** What is to be taken back of a release whose workflow was lost, and how far that had come. */
export async function cleanUp(
  parts: StepParts,
  { releaseId, executionArn }: ActionOf<'clean-up'>,
): Promise<CleanUpPlan & { stage: string }> {
  const { ledger, surroundings } = parts;
  const record = await existingRelease(ledger, releaseId);
  // The teardown stops whoever works for the release now.
  if (executionArn !== undefined) await ledger.update(ledgerKeys.release(releaseId), setExpression({ executionArn }));
  const plan = planCleanUp(record, await existingControl(ledger), surroundings.prefix);
  return { ...plan, stage: plan.takenBack ? 'rollback-window' : (record.stage ?? 'create') };
}
