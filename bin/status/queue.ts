import type { ReleaseRecord } from '../../core/contracts';
import { sequenceOf } from '../../lambdas/shared/desired';
import type { Snapshot } from './snapshot';

/** A release that waits for its turn. */
export interface Queued {
  releaseId: string;
  requestedBy: string;
  requestedAt: string;
  /** Missing until its workflow has looked. */
  waitsFor?: NonNullable<ReleaseRecord['waitsFor']>['what'];
  /** Of a freeze: its end. */
  until?: string;
  /** Of a lock: who holds it. */
  behind?: string;
  /** Something else is wanted by now: it ends when it wakes. */
  superseded?: true;
  returnTo?: string;
}

/** In the order in which they get their turn: returns first, then the oldest. */
export function queueOf({ releases, control, desired }: Snapshot): Queued[] {
  return releases
    .filter(
      ({ id, status, endedAt, stop }) => status === 'requested' && endedAt === undefined && stop === undefined && id !== control?.lockedBy,
    )
    .sort((a, b) => Number(b.returnTo !== undefined) - Number(a.returnTo !== undefined) || a.sequence - b.sequence)
    .map(({ id, hash, sequence, requestedBy, requestedAt, waitsFor, returnTo }) => ({
      releaseId: id,
      requestedBy,
      requestedAt,
      ...(waitsFor === undefined ? {} : { waitsFor: waitsFor.what }),
      ...(waitsFor?.until === undefined ? {} : { until: waitsFor.until }),
      ...(waitsFor?.what === 'lock' && control?.lockedBy !== undefined ? { behind: control.lockedBy } : {}),
      ...(returnTo === undefined && isSuperseded({ hash, sequence }, desired) ? { superseded: true as const } : {}),
      ...(returnTo === undefined ? {} : { returnTo }),
    }));
}

/** As the workflow decides when it wakes. */
function isSuperseded({ hash, sequence }: Pick<ReleaseRecord, 'hash' | 'sequence'>, desired: Snapshot['desired']): boolean {
  if (desired === undefined) return false;
  const isNewer = desired.starts && desired.releaseId !== undefined && sequenceOf(desired.releaseId) > sequence;
  return isNewer || desired.hash !== hash;
}
