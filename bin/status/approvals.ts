import { tallyOf } from '../../core/approval/tally';
import type { ApprovalRecord } from '../../core/contracts';
import type { Snapshot } from './snapshot';

/** An approval that is asked for and not settled. */
export interface OwedApproval {
  releaseId: string;
  kind: ApprovalRecord['kind'];
  /** Approvals given, and how many there must be. */
  approvals: number;
  needed: number;
  /** Roles that have not decided. */
  undecided: string[];
  /** Roles that may stand in for them by now. */
  escalatedTo: string[];
  deadline: string;
  requestedBy?: string;
  lane?: string;
}

export function approvalsOwed({ approvals }: Snapshot): OwedApproval[] {
  return approvals
    .filter(({ status }) => status === 'open')
    .map((record) => {
      const { approvals: given, needed, undecided } = tallyOf(record);
      const { releaseId, kind, deadline, escalatedTo = [], requestedBy, lane } = record;
      return {
        releaseId,
        kind,
        approvals: given,
        needed,
        undecided,
        escalatedTo,
        deadline,
        ...(requestedBy === undefined ? {} : { requestedBy }),
        ...(lane === undefined ? {} : { lane }),
      };
    });
}
