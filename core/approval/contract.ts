import type { ApprovalDecision, ApprovalRecord } from '../contracts';

/** What the workflow sends to ask, or to ask those whom the policy escalates to. The handler reads the policy from the release record. */
export interface ApprovalRequest {
  taskToken: string;
  releaseId: string;
  kind: ApprovalRecord['kind'];
  /** True when the time before escalation has passed. */
  escalate?: boolean;
}

/** What the workflow sends when the waiting has ended, however it did. */
export interface SettleRequest {
  action: 'settle';
  releaseId: string;
  kind: ApprovalRecord['kind'];
  /** What the task token was answered with; missing after a timeout. */
  answer?: unknown;
}

/** Output of the task token. */
export interface ApprovalAnswer {
  approved: boolean;
  decisions: ApprovalDecision[];
}

/** How it ended: the ledger decides, not whoever answered the token. */
export interface SettledApproval extends ApprovalAnswer {
  vetoed?: boolean;
  /** Nobody decided in time: the policy's `onDeadline` says what follows. */
  expired?: boolean;
  /** A sentence for people. */
  reason: string;
}
