/** What becomes of a release that nobody approved in time. */
export enum DeadlineAction {
  /** It is rejected. */
  REJECT = 'reject',

  /** It goes on, where nobody rejected it. */
  APPROVE = 'approve',
}

/** Who is told when time runs, and may then approve in the place of those who have not. */
export interface ApprovalEscalation {
  /** So many minutes after the request; less than the deadline. */
  readonly afterMinutes: number;

  /** Roles named among the owners, other than the required ones. Each stands in for one of those. */
  readonly roles: string[];
}

/**
 * Who must agree before a release gets traffic.
 *
 * @example
 * const approvals: ApprovalPolicy = {
 *   requiredRoles: ['quality', 'risk', 'security'],
 *   quorum: 2,
 *   vetoRoles: ['risk'],
 *   deadlineMinutes: 2880,
 *   escalation: { afterMinutes: 1440, roles: ['process'] },
 * };
 */
export interface ApprovalPolicy {
  /**
   * Roles named among the owners; each may approve once.
   *
   * @default - no approval is owed
   */
  readonly requiredRoles?: string[];

  /**
   * So many of them must approve.
   *
   * @default - all of them
   */
  readonly quorum?: number;

  /**
   * Roles of which a single rejection ends it; a role that is not asked besides may only reject.
   *
   * @default - whoever is asked
   */
  readonly vetoRoles?: string[];

  /**
   * Time to decide, in minutes.
   *
   * @default 2880
   */
  readonly deadlineMinutes?: number;

  /**
   * What happens when the time is over.
   *
   * @default DeadlineAction.REJECT
   */
  readonly onDeadline?: DeadlineAction;

  /**
   * Who is told when time runs.
   *
   * @default - nobody
   */
  readonly escalation?: ApprovalEscalation;

  /**
   * Whether who asked for the release, or approved in another role, cannot approve.
   *
   * @default true
   */
  readonly separationOfDuties?: boolean;

  /**
   * Whether a tool of one's own may answer by the Step Functions callback API: the event `ApprovalCallbackOffered` carries the task
   * token. It proves nobody's identity.
   *
   * @default false
   */
  readonly callback?: boolean;
}

/**
 * Agreed to in advance: a release that differs from the stable one in no more than this owes these approvals in the place of the
 * charter's. Where the risk is high, lanes are ignored.
 *
 * @example
 * const lane: Lane = {
 *   name: 'tuning',
 *   changes: ['behaviour.threshold'],
 *   within: { 'behaviour.threshold': [0.5, 0.7] },
 *   requiredRoles: ['quality'],
 * };
 */
export interface Lane {
  /** 2 to 32 of a-z, 0-9 and -, starting with a letter. */
  readonly name: string;

  /** What may change: `model`, `serving`, `behaviour`, or a path below one of them such as `behaviour.threshold`. */
  readonly changes: string[];

  /**
   * Path of a number → the smallest and the largest value that stay inside the lane.
   *
   * @default - numbers are not limited
   */
  readonly within?: Record<string, number[]>;

  /**
   * Roles named among the owners; each may approve once.
   *
   * @default - no approval is owed
   */
  readonly requiredRoles?: string[];

  /**
   * So many of them must approve.
   *
   * @default - all of them
   */
  readonly quorum?: number;
}
