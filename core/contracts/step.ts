/** Ledger item, pk `step`, sk `step`: the one open canary step, if any. The verdict answers its task token. */
export interface StepRecord {
  releaseId: string;
  /** `<releaseId>#<index>`; a token is only ever used for the step it was opened for. */
  stepId: string;
  index: number;
  weight: number;
  bakeMinutes: number;
  /** The last step also waits for the promotion evidence. */
  last: boolean;
  taskToken: string;
  /** ISO 8601, UTC. */
  openedAt: string;
  /** When the canary as a whole began; `maxDurationMinutes` counts from here. */
  canaryStartedAt: string;
  /** Since when nobody waits for the token, as far as the verdict knows. */
  unheardSince?: string;
}

/** What the verdict says of a step. `continue` is a heartbeat; the others complete the task token. */
export type StepDecision = 'continue' | 'advance' | 'promote' | 'roll-back' | 'hold';

/** Output of the step's task token. */
export interface StepResult {
  decision: Exclude<StepDecision, 'continue'>;
  /** A sentence for people. */
  reason: string;
  culprit?: string;
  /** Whoever ended it: `verdict`, `alarm:<name>`, or an IAM principal ARN. */
  by: string;
}

/** Ledger item, pk `approval#<releaseId>`, sk = kind. */
export interface ApprovalRecord {
  releaseId: string;
  /** `release`: before any traffic; `inconclusive`: the canary ended without a verdict. */
  kind: 'release' | 'inconclusive';
  taskToken: string;
  requiredRoles: string[];
  requestedAt: string;
  deadline: string;
  decisions: ApprovalDecision[];
  status: 'open' | 'approved' | 'rejected' | 'expired';
}

export interface ApprovalDecision {
  role: string;
  decision: 'approve' | 'reject';
  /** IAM principal ARN, taken from the request's signature. */
  by: string;
  at: string;
  comment?: string;
}
