import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Ledger } from './ledger';
import { readRelease, type StoredRelease } from './releases';
import { completeTask } from './tokens';

const RELEASES = 'releases';
/** Who waits for something else than the lock does not take it when it is free. */
const NOT_FOR_THE_LOCK = new Set<NonNullable<StoredRelease['waitsFor']>['what'] | undefined>(['freeze', 'parked', 'cost']);

/** Releases that wait for their turn: a return first, which takes traffic off trouble, then the oldest. */
async function waiting(ledger: Ledger): Promise<StoredRelease[]> {
  const releases = await ledger.query<StoredRelease>(RELEASES);
  return releases
    .filter(({ endedAt, status, turnToken }) => endedAt === undefined && status === 'requested' && turnToken !== undefined)
    .sort((a, b) => Number(b.returnTo !== undefined) - Number(a.returnTo !== undefined) || a.sequence - b.sequence);
}

/** The lock is free: whoever waits longest for it asks again. Returns who that is. */
export async function wakeNext(ledger: Ledger, sfn: SFNClient): Promise<string | undefined> {
  for (const record of await waiting(ledger)) {
    if (!NOT_FOR_THE_LOCK.has(record.waitsFor?.what) && (await wake(sfn, record))) {
      return record.id;
    }
  }
  return undefined;
}

/** The endpoint is there again, or the cost guard bars nobody any more: all who wait for that ask again. */
export async function wakeWaitingFor(ledger: Ledger, sfn: SFNClient, what: 'parked' | 'cost'): Promise<void> {
  for (const record of await waiting(ledger)) {
    if (record.waitsFor?.what === what) await wake(sfn, record);
  }
}

/** Something else is wanted now, or the kill switch went off: all who wait ask again. Who is not wanted any more ends. */
export async function wakeAll(ledger: Ledger, sfn: SFNClient): Promise<void> {
  for (const record of await waiting(ledger)) {
    await wake(sfn, record);
  }
}

export async function wakeRelease(ledger: Ledger, sfn: SFNClient, releaseId: string): Promise<boolean> {
  const record = await readRelease(ledger, releaseId);
  return record !== undefined && wake(sfn, record);
}

/** False when it does not wait any more: it asks again by itself. */
async function wake(sfn: SFNClient, { turnToken }: StoredRelease): Promise<boolean> {
  return turnToken !== undefined && completeTask(sfn, turnToken, { woken: true });
}
