import { thresholdOf, type Sides } from './features';
import { compareRate } from './rates';
import type { GroupComparison } from './types';

/** Rate of the favourable outcome in each group that both sides have. */
export function compareGroups({ baseline, window, policy, significance }: Sides): GroupComparison[] {
  const { groups } = policy;
  if (groups === undefined) return [];
  const limit = groups.threshold ?? thresholdOf(policy, groups.outcome);
  return Object.entries(window.groups ?? {})
    .filter(([group]) => Object.hasOwn(baseline.groups ?? {}, group))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, { n, favourable }]) => {
      const before = baseline.groups![group]!;
      return {
        group,
        ...compareRate({ count: before.favourable, rows: before.n }, { count: favourable, rows: n }, { limit, alpha: significance.moved }),
      };
    });
}
