import type { ReleaseSpec } from '../contracts';

/** Instances that a share of all traffic needs, where all of it needs so many; never none. */
export function instancesFor(share: number, needed: number): number {
  return Math.max(1, Math.ceil(share * needed));
}

/**
 * Instances that the candidate begins with, before any traffic: as many as its first share needs.
 * Under a load gate all of them, since fewer would say nothing about the load.
 */
export function darkInstances({ serving, rollout, gates }: ReleaseSpec): number {
  if ((gates ?? []).some(({ kind }) => kind === 'load')) {
    return serving.minInstances;
  }
  const first = rollout.steps[0]?.weight ?? 1;
  return instancesFor(Math.max(first, rollout.shadow?.samplingShare ?? 0), serving.minInstances);
}
