import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ApprovalRecord, LedgerKey, Notifier } from '../../core/contracts';
import { type ApprovalAnswer } from '../../core/approval/contract';
import { ledgerKeys } from '../../core/contracts';
import type { Owners } from '../../core/release/principals';
import type { Ledger } from '../shared/ledger';
import { completeTask } from '../shared/tokens';
import type { OfferToken } from './callback';

export interface BoardParts {
  ledger: Ledger;
  sfn: SFNClient;
  now(): number;
  notify: Notifier;
  /** Tells a tool of the team's own which token it may answer. */
  offerToken: OfferToken;
  /** Role → who may decide in it. */
  owners: Owners;
  /** Role → to whom it may be delegated. */
  delegates: Owners;
  /** Who decides on a canary without a verdict where the charter asks for no approvals. */
  decidingRoles: string[];
}

/** An approval with what the handler keeps beside it. */
export interface StoredApproval extends ApprovalRecord {
  /** What the owners were told of it. */
  told?: 'request' | 'escalation';
}

export const approvalKey = ({ releaseId, kind }: Pick<ApprovalRecord, 'releaseId' | 'kind'>): LedgerKey =>
  ledgerKeys.approval(releaseId, kind);

export const isoNow = ({ now }: Pick<BoardParts, 'now'>): string => new Date(now()).toISOString();

/** Writes decisions and status on condition that nobody decided in between; the record as it then stands, with the newest token. */
export function writeDecided({ ledger }: BoardParts, record: ApprovalRecord, next: ApprovalRecord): Promise<StoredApproval | undefined> {
  return ledger.update<StoredApproval>(
    approvalKey(record),
    {
      text: 'SET #decisions = :decisions, #status = :status',
      names: { '#decisions': 'decisions', '#status': 'status' },
      values: { ':decisions': next.decisions, ':status': next.status },
    },
    { text: '#status = :open AND size(#decisions) = :known', values: { ':open': 'open', ':known': record.decisions.length } },
  );
}

/** True when somebody waited for the answer, or none is due yet. */
export async function answerToken({ sfn }: BoardParts, { status, taskToken, decisions }: ApprovalRecord): Promise<boolean> {
  // Whoever waited for one that expired has gone on.
  if (status === 'open' || status === 'expired') return true;
  const answer: ApprovalAnswer = { approved: status === 'approved', decisions };
  return completeTask(sfn, taskToken, answer);
}
