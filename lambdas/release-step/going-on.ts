import { existingRelease, type StoredRelease } from '../shared/releases';
import type { StepParts } from './parts';

/** A release that was told to stop goes no further: the workflow catches this and rolls back. */
export async function goingOn({ ledger }: StepParts, releaseId: string): Promise<StoredRelease> {
  const record = await existingRelease(ledger, releaseId);
  if (record.stop !== undefined || record.endedAt !== undefined) {
    throw refused(record.stop?.reason ?? `Release ${releaseId} has ended: ${record.reason ?? record.status}`);
  }
  return record;
}

export function refused(reason: string): Error {
  const error = new Error(reason);
  error.name = 'ReleaseRefused';
  return error;
}
