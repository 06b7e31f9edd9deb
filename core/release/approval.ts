import type { ApprovalDecision, ApprovalRecord } from '../contracts';

export interface Decider {
  decision: ApprovalDecision['decision'];
  /** IAM principal ARN, from the signature. */
  signer: string;
  /** The owners' roles that the signer may act in. */
  roles: string[];
  /** The role that the signer says to act in. */
  role?: string;
  comment?: string;
  at: string;
}

export type Decided = { ok: true; next: ApprovalRecord } | { ok: false; code: 400 | 403 | 409; reason: string };

/** What the workflow is told. */
export interface Asked {
  approved: boolean;
  decisions: ApprovalDecision[];
}

/** All required roles must approve, each once; the first rejection ends it. The same decision again changes nothing. */
export function decideApproval(record: ApprovalRecord, by: Decider): Decided {
  const role = roleOf(record, by);
  if (!role.ok) {
    return role;
  }
  const before = record.decisions.find((decision) => decision.role === role.name);
  if (before !== undefined && before.decision === by.decision && before.by === by.signer) {
    return { ok: true, next: record };
  }
  if (record.status !== 'open' || by.at > record.deadline) {
    return {
      ok: false,
      code: 409,
      reason: `The approval of ${record.releaseId} is ${record.status === 'open' ? 'expired' : record.status}`,
    };
  }
  if (before !== undefined) {
    return { ok: false, code: 409, reason: `Role ${role.name} has decided: ${before.decision}, by ${before.by}` };
  }
  const decision: ApprovalDecision = {
    role: role.name,
    decision: by.decision,
    by: by.signer,
    at: by.at,
    ...(by.comment === undefined ? {} : { comment: by.comment }),
  };
  const decisions = [...record.decisions, decision];
  return { ok: true, next: { ...record, decisions, status: statusOf(record.requiredRoles, decisions) } };
}

/** Undefined while the approval is open. */
export function outcomeOf({ status, decisions }: ApprovalRecord): Asked | undefined {
  return status === 'open' ? undefined : { approved: status === 'approved', decisions };
}

function statusOf(requiredRoles: string[], decisions: ApprovalDecision[]): ApprovalRecord['status'] {
  if (decisions.some(({ decision }) => decision === 'reject')) {
    return 'rejected';
  }
  return requiredRoles.every((role) => decisions.some((decision) => decision.role === role)) ? 'approved' : 'open';
}

function roleOf(record: ApprovalRecord, by: Decider): { ok: true; name: string } | Extract<Decided, { ok: false }> {
  const able = record.requiredRoles.filter((role) => by.roles.includes(role));
  if (by.role !== undefined) {
    return able.includes(by.role)
      ? { ok: true, name: by.role }
      : { ok: false, code: 403, reason: `${by.signer} cannot decide as '${by.role}' here; ${listed(able)}` };
  }
  const owed = able.filter((role) => !record.decisions.some((decision) => decision.role === role));
  const [name, ...others] = owed.length > 0 ? owed : able;
  if (name === undefined) {
    return { ok: false, code: 403, reason: `${by.signer} holds none of the required roles: ${record.requiredRoles.join(', ')}` };
  }
  return others.length === 0
    ? { ok: true, name }
    : { ok: false, code: 400, reason: `${by.signer} holds several of the required roles: ${[name, ...others].join(', ')}` };
}

function listed(roles: string[]): string {
  return roles.length === 0 ? 'none of the required roles is held' : `held are ${roles.join(', ')}`;
}
