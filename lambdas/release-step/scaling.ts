import { ledgerKeys } from '../../core/contracts';
import { noteForCapacity, readCapacity } from '../shared/capacity-store';
import { deregisterScaling } from '../shared/scaling';
import type { ActionOf } from './action';
import { nowIso, type StepParts } from './parts';

/**
 * The endpoint is about to change: an update that removes or changes a scaled variant is refused, and so is one that meets a scaling
 * activity. What was scaled is deregistered; who looks after capacity leaves it so until the endpoint is in service again. `mayBeBusy`:
 * an activity may be under way.
 */
export async function freeScaling(parts: StepParts, { releaseId }: ActionOf<'free-scaling'>): Promise<{ mayBeBusy: boolean }> {
  const memory = await noteForCapacity(parts.ledger, { hold: { releaseId, at: nowIso(parts) } });
  if (memory?.scaled !== undefined) {
    await deregisterScaling(parts.scaling, memory.scaled.resource);
  }
  return { mayBeBusy: memory !== undefined };
}

/** Before a teardown deletes the endpoint: its scalable targets go with it, alarms of ours would not. */
export async function forgetScaling({ ledger, scaling }: Pick<StepParts, 'ledger' | 'scaling'>): Promise<void> {
  const memory = await readCapacity(ledger);
  if (memory?.scaled === undefined) return;
  await deregisterScaling(scaling, memory.scaled.resource);
  await ledger.delete(ledgerKeys.capacity());
}
