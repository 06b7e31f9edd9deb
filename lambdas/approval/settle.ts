import type { SettledApproval, SettleRequest } from '../../core/approval/contract';
import { CALLBACK, settleApproval } from '../../core/approval/settle';
import { recordRefusal } from '../shared/refusals';
import { approvalKey, type BoardParts, isoNow, type StoredApproval, writeDecided } from './parts';
import { subjectOf } from './subject';

const MAX_ATTEMPTS = 5;

/** How an approval ended, once nobody waits any more: after a timeout, or after the token was answered by whomever. */
export async function settle(parts: BoardParts, { releaseId, kind, answer }: SettleRequest): Promise<SettledApproval> {
  const { policy } = await subjectOf(parts, { releaseId, kind });
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const record = await parts.ledger.get<StoredApproval>(approvalKey({ releaseId, kind }));
    if (record === undefined) return { approved: false, decisions: [], reason: 'nobody was asked for the approval' };
    const { next, settled, refused } = settleApproval(record, answer, policy, isoNow(parts));
    if (refused !== undefined) {
      await recordRefusal(parts.ledger, { at: isoNow(parts), what: 'callback', by: CALLBACK, releaseId, reason: refused });
    }
    if (next === record || (await writeDecided(parts, record, next)) !== undefined) return settled;
  }
  throw new Error(`The approval of ${releaseId} changed each of ${MAX_ATTEMPTS} times that it was settled`);
}
