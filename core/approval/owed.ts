import type { ApprovalPolicy, ApprovalRecord, ReleaseRecord } from '../contracts';

type Asking = Pick<ReleaseRecord, 'spec' | 'lane' | 'returnTo'>;

/** Whose approval a release owes before it gets traffic: those of its lane, else the charter's. What returns was approved then. */
export function approvalsOwed({ spec, lane, returnTo }: Asking): ApprovalPolicy {
  const { approvals, lanes = [] } = spec;
  if (returnTo !== undefined) return { ...approvals, requiredRoles: [] };
  const inside = lane === undefined ? undefined : lanes.find(({ name }) => name === lane);
  if (inside === undefined) return approvals;
  return { ...approvals, requiredRoles: inside.requiredRoles, quorum: inside.quorum };
}

/** Whoever may decide on a canary without a verdict: the charter's roles in full, since no lane foresaw it; without any, the deciding roles. */
export function decidersOf(record: Asking, kind: ApprovalRecord['kind'], decidingRoles: string[]): ApprovalPolicy {
  if (kind === 'release') return approvalsOwed(record);
  const { approvals } = record.spec;
  return approvals.requiredRoles.length > 0 ? approvals : { ...approvals, requiredRoles: decidingRoles };
}
