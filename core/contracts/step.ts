/** Ledger item, pk `step`, sk `step`: the one open canary step, if any. The verdict answers its task token. */
export interface StepRecord {
  /** `shadow`: weight 0, the shadow variant's answers are compared; missing: `canary`. */
  kind?: 'canary' | 'shadow';
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
  /** It was answered, and the candidate gets instances before its next share: the verdict goes on, and nobody waits for it. */
  growingSince?: string;
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

/** `release`: before any traffic; `retraining`: before a retrained model is registered (its release id is the run's id); `shadow`, `inconclusive`: the shadow phase, or the canary, ended without a verdict. */
export const APPROVAL_KINDS = ['release', 'shadow', 'inconclusive', 'retraining'] as const;

export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** Ledger item, pk `approval#<releaseId>`, sk = kind. */
export interface ApprovalRecord {
  releaseId: string;
  kind: ApprovalKind;
  taskToken: string;
  requiredRoles: string[];
  /** As many approvals are needed; missing: all of `requiredRoles`. */
  quorum?: number;
  vetoRoles?: string[];
  separationOfDuties?: boolean;
  /** Who asked for the release. */
  requestedBy?: string;
  /** Name of the lane that the release stays inside of. */
  lane?: string;
  /** Roles that were told when time ran, and may decide in the place of others. */
  escalatedTo?: string[];
  callback?: boolean;
  requestedAt: string;
  deadline: string;
  decisions: ApprovalDecision[];
  /** `vetoed`: rejected by a role that can end it alone. */
  status: 'open' | 'approved' | 'rejected' | 'vetoed' | 'expired';
}

export interface ApprovalDecision {
  role: string;
  decision: 'approve' | 'reject';
  /** IAM principal ARN, taken from the request's signature; `callback`: a tool of the user's answered the token, which proves nobody. */
  by: string;
  at: string;
  comment?: string;
  /** The principal who delegated the role. */
  onBehalfOf?: string;
  /** Of a role that was escalated to. */
  escalated?: boolean;
}

/** Ledger item `delegations`: a principal may decide for a role. */
export interface DelegationRecord {
  role: string;
  to: string;
  by: string;
  from: string;
  until: string;
  reason: string;
}

/** Ledger item `refusals`. */
export interface RefusalRecord {
  at: string;
  /** Such as `approve`, `release`, `registry`. */
  what: string;
  by: string;
  releaseId?: string;
  reason: string;
  expiresAt: number;
}
