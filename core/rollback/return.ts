import type { ReleaseRecord, ReleaseSpec } from '../contracts';

/** A return is what people approved once, at once: no gate, no approval, no canary, no window of its own. */
export function returningSpec(spec: ReleaseSpec): ReleaseSpec {
  const { holdout, rollbackAlpha, promotionAlpha, stratumMinutes, inconclusive, maxDurationMinutes } = spec.rollout;
  const { deadlineMinutes, onDeadline } = spec.approvals;
  return {
    ...spec,
    rollout: {
      strategy: 'all-at-once',
      steps: [],
      holdout,
      rollbackAlpha,
      promotionAlpha,
      stratumMinutes,
      inconclusive,
      maxDurationMinutes,
    },
    approvals: { requiredRoles: [], deadlineMinutes, onDeadline },
    gates: [],
    lanes: [],
  };
}

/** Why a release cannot be released anew; undefined: it can. `wasLive`: it was promoted once. */
export function refusalToReturn(
  to: string,
  record: Pick<ReleaseRecord, 'status'> | undefined,
  wasLive: boolean,
  stableId: string | undefined,
): string | undefined {
  if (record === undefined) return `There is no release '${to}'`;
  if (stableId === to) return `Release ${to} is the stable one`;
  return wasLive
    ? undefined
    : `Release ${to} was never promoted (${record.status}): only what was approved and answered once is released anew`;
}
