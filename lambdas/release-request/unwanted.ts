import { type Change, withdraw } from '../../core/release/control';
import { askedByStack, type StoredRelease } from '../shared/releases';
import { stopRelease } from '../shared/stopping';
import type { Asked, DesireParts } from './desire';

/** The stack went back to what is stable: what a deploy had asked for meanwhile is not wanted any more. */
export async function withdrawUnwanted(parts: DesireParts, inProgress: StoredRelease, at: string): Promise<void> {
  if (askedByStack(inProgress)) {
    await stop(parts, inProgress, 'withdrawn', { at, by: 'cloudformation', reason: 'The stack asks for the stable release again' });
  }
}

/** Only where whoever asks says so: a canary is worth its time. */
export async function takeItsPlace(
  parts: DesireParts,
  inProgress: StoredRelease,
  { by, at, reason }: Asked,
  successor: string | undefined,
): Promise<void> {
  const why = `${successor === undefined ? 'Another release' : `Release ${successor}`} takes its place${reason === undefined ? '' : `: ${reason}`}`;
  await stop(parts, inProgress, 'superseded', { at, by, reason: why });
}

async function stop(
  { ledger, sfn }: DesireParts,
  { id }: StoredRelease,
  outcome: 'withdrawn' | 'superseded',
  change: Change,
): Promise<void> {
  await stopRelease(ledger, sfn, id, { ...change, outcome }, (control) =>
    // Promoted in the meantime: it is stable now, and stays.
    control.stable?.releaseId === id ? { ok: true, next: control } : withdraw(control, id, change),
  );
}
