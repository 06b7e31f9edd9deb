import { type Decider, decideApproval, type Refused } from '../../core/approval/decide';
import type { HeldRole } from '../../core/approval/delegation';
import { APPROVAL_KINDS, type ApprovalRecord } from '../../core/contracts';
import { HttpError } from '../shared/http';
import { logger } from '../shared/telemetry';
import { answerToken, approvalKey, type BoardParts, isoNow, type StoredApproval, writeDecided } from './parts';
import { endOf } from './subject';

export interface Given {
  releaseId: string;
  kind?: ApprovalRecord['kind'];
  role?: string;
  comment?: string;
  decision: Decider['decision'];
  signer: string;
  /** The roles that the signer may act in. */
  roles: HeldRole[];
}

const MAX_ATTEMPTS = 5;

/** Takes a decision from whoever signs for a role. Sent again after a lost answer, it says the same. */
export async function decide(parts: BoardParts, given: Given): Promise<ApprovalRecord> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const record = await find(parts, given);
    const ended = await endOf(parts, record);
    const decided = decideApproval(record, { ...given, at: isoNow(parts), ...(ended === undefined ? {} : { ended }) });
    if (!decided.ok) {
      // The token may still be owed: whoever decided before may have died before answering it.
      await answerToken(parts, record);
      throw refusal(decided, record);
    }
    const written = decided.next === record ? record : await writeDecided(parts, record, decided.next);
    if (written !== undefined) {
      if (!(await answerToken(parts, written))) {
        logger.warn('Nobody waits for this approval any more', { releaseId: given.releaseId, kind: record.kind });
      }
      return written;
    }
  }
  throw new HttpError(409, 'The approval changed while it was being written', 'One decision at a time', 'Try again');
}

async function find({ ledger }: BoardParts, { releaseId, kind }: Given): Promise<StoredApproval> {
  const kinds = kind === undefined ? APPROVAL_KINDS : [kind];
  const records = await Promise.all(kinds.map((one) => ledger.get<StoredApproval>(approvalKey({ releaseId, kind: one }))));
  const asked = records.filter((record) => record !== undefined);
  const found = asked.find(({ status }) => status === 'open') ?? asked.at(-1);
  if (found === undefined) {
    throw new HttpError(
      404,
      `Release ${releaseId} has asked for no approval${kind === undefined ? '' : ` of kind ${kind}`}`,
      'Releases that wait for an approval',
      'Look at the status of the use case',
    );
  }
  return found;
}

function refusal({ code, reason }: Refused, record: ApprovalRecord): HttpError {
  const roles = [...new Set([...record.requiredRoles, ...(record.escalatedTo ?? []), ...(record.vetoRoles ?? [])])];
  return new HttpError(
    code,
    reason,
    `One decision by each of ${roles.join(', ')} until ${record.deadline}, by different people, while the approval is open`,
    code === 400 ? 'Add what is missing' : 'Look at the status of the use case',
  );
}
