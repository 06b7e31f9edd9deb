import type { ApprovalRecord } from '../../../core/contracts';
import { type Decider, decideApproval } from '../../../core/approval/decide';

export const OPEN: ApprovalRecord = {
  releaseId: 'r1',
  kind: 'release',
  taskToken: 't',
  requiredRoles: ['quality', 'risk'],
  requestedBy: 'arn:aws:iam::111122223333:role/Deployer',
  requestedAt: '2026-03-02T09:00:00.000Z',
  deadline: '2026-03-02T10:00:00.000Z',
  decisions: [],
  status: 'open',
};

export const principal = (name: string): string => `arn:aws:sts::111122223333:assumed-role/${name}/session`;

/** Whoever signs as `Risk` holds `risk`. */
export const by = (role: string, given: Partial<Decider> = {}): Decider => ({
  decision: 'approve',
  signer: principal(role[0]!.toUpperCase() + role.slice(1)),
  roles: [{ role }],
  at: '2026-03-02T09:30:00.000Z',
  ...given,
});

export const rejects = (role: string, given: Partial<Decider> = {}): Decider =>
  by(role, { decision: 'reject', comment: 'not yet', ...given });

/** The record after these decisions, each of which must be taken. */
export const after = (record: ApprovalRecord, ...deciders: Decider[]): ApprovalRecord =>
  deciders.reduce((current, decider) => {
    const decided = decideApproval(current, decider);
    if (!decided.ok) throw new Error(decided.reason);
    return decided.next;
  }, record);
