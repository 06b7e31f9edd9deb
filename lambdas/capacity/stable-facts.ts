import type { CapacityPolicy, StableFacts } from '../../core/capacity';
import type { DeployedRelease } from '../../core/contracts';
import type { StoredRelease } from '../shared/releases';

/** A release that was found and not made has no record: the charter says how many instances it needs. */
export function stableFactsOf(
  { releaseId, mode = 'real-time' }: DeployedRelease,
  record: StoredRelease | undefined,
  { bounds }: CapacityPolicy,
): StableFacts {
  if (record === undefined) return { releaseId, mode, bounds };
  const { serving } = record.spec;
  const { component } = serving;
  return {
    releaseId,
    mode: serving.mode,
    bounds:
      component === undefined
        ? { min: serving.minInstances, max: serving.maxInstances }
        : { min: component.minCopies, max: component.maxCopies },
    ...(record.liveSince === undefined ? {} : { liveSince: record.liveSince }),
  };
}
