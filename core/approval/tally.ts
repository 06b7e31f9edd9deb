import type { ApprovalRecord } from '../contracts';

type Counted = Pick<ApprovalRecord, 'requiredRoles' | 'quorum' | 'vetoRoles' | 'escalatedTo' | 'decisions'>;

export interface Tally {
  approvals: number;
  needed: number;
  /** What it can still come to. */
  possible: number;
  /** Roles that were asked and have not decided. */
  undecided: string[];
}

/** Roles escalated to stand in for those who have not decided, one for one: never for somebody who said no. */
export function tallyOf({ requiredRoles, quorum, decisions }: Counted): Tally {
  const required = decisions.filter(({ role }) => requiredRoles.includes(role));
  const undecided = requiredRoles.filter((role) => !required.some((decision) => decision.role === role));
  const approved = required.filter(({ decision }) => decision === 'approve').length;
  const standIns = decisions.filter(({ escalated, decision }) => escalated === true && decision === 'approve').length;
  return {
    approvals: approved + Math.min(standIns, undecided.length),
    needed: quorum ?? requiredRoles.length,
    possible: approved + undecided.length,
    undecided,
  };
}

/** Open until so many approve, somebody vetoes, or so many can no longer approve. */
export function statusOf(record: Counted): ApprovalRecord['status'] {
  if (record.decisions.some(({ role, decision }) => decision === 'reject' && mayVeto(record, role))) return 'vetoed';
  const { approvals, needed, possible } = tallyOf(record);
  if (approvals >= needed) return 'approved';
  return possible >= needed ? 'open' : 'rejected';
}

/** Without veto roles, whoever was asked can end it alone. */
const mayVeto = ({ requiredRoles, escalatedTo = [], vetoRoles }: Counted, role: string): boolean =>
  (vetoRoles ?? [...requiredRoles, ...escalatedTo]).includes(role);
