import type { ApprovalDecision, ApprovalRecord } from '../contracts';
import { tallyOf } from './tally';

const listed = (names: string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

const rolesThat = (decisions: ApprovalDecision[], decision: ApprovalDecision['decision']): string[] =>
  decisions.filter((one) => one.decision === decision).map(({ role, escalated }) => (escalated === true ? `${role} (escalated)` : role));

/** How many approvals of whom: `quality and risk`, `2 of quality, risk and security`. */
export function askedSentence({ requiredRoles, quorum }: Pick<ApprovalRecord, 'requiredRoles' | 'quorum'>): string {
  return quorum === undefined || quorum >= requiredRoles.length ? listed(requiredRoles) : `${quorum} of ${listed(requiredRoles)}`;
}

/** How it ended, by roles: comments and names of people stay in the evidence. */
export function settledSentence(record: ApprovalRecord, approved: boolean): string {
  const { status, decisions } = record;
  const refusing = listed(rolesThat(decisions, 'reject'));
  switch (status) {
    case 'open':
      return `waits for ${askedSentence(record)}`;
    case 'approved':
      return `approved by ${listed(rolesThat(decisions, 'approve'))}`;
    case 'vetoed':
      return `vetoed by ${refusing}`;
    case 'rejected':
      return `rejected by ${refusing}`;
    case 'expired': {
      const { approvals, needed } = tallyOf(record);
      const missing = `the deadline of the approval passed (${record.deadline}) with ${approvals} of ${needed} approvals`;
      return approved ? `${missing}: the charter says that it goes on` : missing;
    }
  }
}
