import type { ApprovalDecision, ApprovalRecord } from '../contracts';
import { personOf } from '../release/principals';
import type { HeldRole } from './delegation';
import { statusOf } from './tally';

export interface Decider {
  decision: ApprovalDecision['decision'];
  /** IAM principal ARN, from the signature. */
  signer: string;
  /** The roles that the signer may act in. */
  roles: HeldRole[];
  /** The role that the signer says to act in. */
  role?: string;
  comment?: string;
  at: string;
  /** How the release ended; missing while it is under way. */
  ended?: string;
}

export interface Refused {
  ok: false;
  code: 400 | 403 | 409;
  reason: string;
}

export type Decided = { ok: true; next: ApprovalRecord } | Refused;

const refused = (code: Refused['code'], reason: string): Refused => ({ ok: false, code, reason });

/** A decision, taken as far as the rules of the board allow it. The same decision again changes nothing. */
export function decideApproval(record: ApprovalRecord, by: Decider): Decided {
  const held = roleOf(record, by);
  if (!held.ok) return held;
  const { role } = held;
  const before = record.decisions.find((decision) => decision.role === role.role);
  if (before !== undefined && before.decision === by.decision && before.by === by.signer) return { ok: true, next: record };
  const problem = closed(record, by) ?? alreadyDecided(before) ?? withoutReason(by) ?? notSeparate(record, by, role);
  if (problem !== undefined) return problem;
  const decisions = [...record.decisions, decisionOf(record, by, role)];
  return { ok: true, next: { ...record, decisions, status: statusOf({ ...record, decisions }) } };
}

function decisionOf(record: ApprovalRecord, by: Decider, { role, onBehalfOf }: HeldRole): ApprovalDecision {
  const comment = by.comment?.trim();
  return {
    role,
    decision: by.decision,
    by: by.signer,
    at: by.at,
    ...(comment === undefined || comment === '' ? {} : { comment }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    ...(record.requiredRoles.includes(role) || record.escalatedTo?.includes(role) !== true ? {} : { escalated: true }),
  };
}

function closed(record: ApprovalRecord, { at, ended }: Decider): Refused | undefined {
  if (ended !== undefined) return refused(409, `Release ${record.releaseId} has ended: ${ended}`);
  if (record.status === 'open' && at <= record.deadline) return undefined;
  return refused(409, `The approval of ${record.releaseId} is ${record.status === 'open' ? 'expired' : record.status}`);
}

const alreadyDecided = (before: ApprovalDecision | undefined): Refused | undefined =>
  before === undefined ? undefined : refused(409, `Role ${before.role} has decided: ${before.decision}, by ${before.by}`);

const withoutReason = ({ decision, comment = '' }: Decider): Refused | undefined =>
  decision === 'reject' && comment.trim() === '' ? refused(400, 'A rejection needs a comment that says why') : undefined;

/** Two approvals are two people's, and neither is who asked. A delegation carries nobody past that. */
function notSeparate(record: ApprovalRecord, { decision, signer }: Decider, { onBehalfOf }: HeldRole): Refused | undefined {
  if (record.separationOfDuties === false || decision === 'reject') return undefined;
  const people = [signer, ...(onBehalfOf === undefined ? [] : [onBehalfOf])].map(personOf);
  const asked = record.requestedBy;
  if (asked !== undefined && people.includes(personOf(asked))) {
    return refused(403, `${asked} asked for ${record.releaseId} and cannot approve it${through(onBehalfOf)}`);
  }
  const earlier = record.decisions.find(
    (other) =>
      other.decision === 'approve' &&
      (people.includes(personOf(other.by)) || (other.onBehalfOf !== undefined && people.includes(personOf(other.onBehalfOf)))),
  );
  if (earlier === undefined) return undefined;
  return refused(403, `${earlier.by} has approved as ${earlier.role} already: one approval is one person's${through(onBehalfOf)}`);
}

const through = (onBehalfOf: string | undefined): string =>
  onBehalfOf === undefined ? '' : `, nor does a delegation by ${onBehalfOf} help`;

/** Whose decision is asked for: to veto is not to approve. */
function rolesAsked(record: ApprovalRecord, decision: Decider['decision']): string[] {
  const asked = [...record.requiredRoles, ...(record.escalatedTo ?? [])];
  return [...new Set(decision === 'reject' ? [...asked, ...(record.vetoRoles ?? [])] : asked)];
}

function roleOf(record: ApprovalRecord, by: Decider): { ok: true; role: HeldRole } | Refused {
  const asked = rolesAsked(record, by.decision);
  const able = asked.flatMap((role) => by.roles.find((held) => held.role === role) ?? []);
  const names = able.map(({ role }) => role);
  if (by.role !== undefined) {
    const role = able.find((held) => held.role === by.role);
    if (role !== undefined) return { ok: true, role };
    return refused(403, `${by.signer} cannot ${by.decision} as '${by.role}' here; ${listed(names)}`);
  }
  const owed = able.filter(({ role }) => !record.decisions.some((decision) => decision.role === role));
  const [role, ...others] = owed.length > 0 ? owed : able;
  if (role === undefined) return refused(403, `${by.signer} holds none of the roles that may ${by.decision}: ${asked.join(', ')}`);
  if (others.length === 0) return { ok: true, role };
  return refused(400, `${by.signer} holds several of the roles asked: ${[role, ...others].map((held) => held.role).join(', ')}`);
}

const listed = (roles: string[]): string => (roles.length === 0 ? 'none of the roles asked is held' : `held are ${roles.join(', ')}`);
