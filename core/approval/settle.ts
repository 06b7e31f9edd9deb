import type { ApprovalDecision, ApprovalPolicy, ApprovalRecord } from '../contracts';
import type { SettledApproval } from './contract';
import { settledSentence } from './sentences';

export interface Settled {
  /** The same object where nothing changes. */
  next: ApprovalRecord;
  settled: SettledApproval;
  /** Why the answer of a tool did not count. */
  refused?: string;
}

/** Role and principal under which the answer of a team's own tool is kept: it proves nobody. */
export const CALLBACK = 'callback';

type OnDeadline = Pick<ApprovalPolicy, 'onDeadline'>;

/**
 * What an approval comes to when nobody waits any more. What the ledger says stands, whatever the token was answered with: an answer while
 * the approval is open came over the callback API. Asked again, it says the same.
 */
export function settleApproval(record: ApprovalRecord, answer: unknown, policy: OnDeadline, at: string): Settled {
  if (record.status !== 'open') return { next: record, settled: settledOf(record, policy) };
  if (answer === undefined && isOver(record, at)) return ended({ ...record, status: 'expired' }, policy);
  const given = callbackOf(answer);
  const refused = whyRefused(record, answer, given);
  const decision: ApprovalDecision = {
    role: CALLBACK,
    decision: refused === undefined && given?.approved === true ? 'approve' : 'reject',
    by: CALLBACK,
    at,
    ...(given?.comment === undefined ? {} : { comment: given.comment }),
  };
  const status = decision.decision === 'approve' ? 'approved' : 'rejected';
  return { ...ended({ ...record, decisions: [...record.decisions, decision], status }, policy, refused), ...(refused && { refused }) };
}

/** The workflow began to wait a little before the request was written down. */
const CLOCK_MILLIS = 5 * 60_000;

/** Whoever fails the token in the name of a timeout does not make the deadline pass. */
const isOver = ({ deadline }: ApprovalRecord, at: string): boolean => Date.parse(at) >= Date.parse(deadline) - CLOCK_MILLIS;

function whyRefused({ callback }: ApprovalRecord, answer: unknown, given: CallbackAnswer | undefined): string | undefined {
  if (answer === undefined) return 'the task token was failed before the deadline, by somebody who is not of the board';
  if (callback !== true) return 'the task token was answered over the callback API, which the charter does not allow (approvals.callback)';
  return given === undefined
    ? 'the task token was answered with something else than { "approved": true | false, "comment"?: "…" }'
    : undefined;
}

function ended(next: ApprovalRecord, policy: OnDeadline, refused?: string): Settled {
  const settled = settledOf(next, policy);
  return { next, settled: refused === undefined ? settled : { ...settled, reason: refused } };
}

function settledOf(record: ApprovalRecord, policy: OnDeadline): SettledApproval {
  const approved = record.status === 'approved' || (record.status === 'expired' && goesOnUnheard(record, policy));
  return {
    approved,
    decisions: record.decisions,
    ...(record.status === 'vetoed' ? { vetoed: true } : {}),
    ...(record.status === 'expired' ? { expired: true } : {}),
    reason: settledSentence(record, approved),
  };
}

/** Silence is agreement only before any traffic, where the charter says so, and where nobody said no. */
const goesOnUnheard = ({ kind, decisions }: ApprovalRecord, { onDeadline }: OnDeadline): boolean =>
  kind === 'release' && onDeadline === 'approve' && decisions.every(({ decision }) => decision === 'approve');

const LONGEST_COMMENT = 1_000;

interface CallbackAnswer {
  approved: boolean;
  comment?: string;
}

function callbackOf(answer: unknown): CallbackAnswer | undefined {
  const { approved, comment } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  if (typeof approved !== 'boolean') return undefined;
  return { approved, ...(typeof comment === 'string' && comment.trim() !== '' ? { comment: comment.slice(0, LONGEST_COMMENT) } : {}) };
}
