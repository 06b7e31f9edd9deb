import { type CleanUpPlan, planCleanUp } from '../../core/release/clean-up';
import { existingControl } from '../shared/control-store';
import { existingRelease } from '../shared/releases';
import type { ActionOf } from './action';
import type { StepParts } from './parts';

/** What is to be taken back of a release whose workflow was lost, and how far that had come. */
export async function cleanUp(parts: StepParts, { releaseId }: ActionOf<'clean-up'>): Promise<CleanUpPlan & { stage: string }> {
  const { stage } = await existingRelease(parts.ledger, releaseId);
  const control = await existingControl(parts.ledger);
  return { ...planCleanUp(releaseId, control, parts.surroundings.prefix), stage: stage ?? 'create' };
}
