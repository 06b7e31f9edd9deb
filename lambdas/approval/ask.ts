import type { ApprovalRequest } from '../../core/approval/contract';
import { IF_ABSENT, setExpression } from '../shared/ledger';
import { tell } from './announce';
import { answerToken, approvalKey, type BoardParts, isoNow, type StoredApproval } from './parts';
import { type Subject, subjectOf } from './subject';

const MINUTE_MILLIS = 60_000;

/** The workflow asks again when it reads this name. */
class ApprovalNotAsked extends Error {
  override readonly name = 'ApprovalNotAsked';
}

/** As `putToBoard`; whatever goes wrong has one name, so that the workflow tells it from what a tool answers. */
export async function ask(parts: BoardParts, request: ApprovalRequest): Promise<void> {
  try {
    await putToBoard(parts, request);
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new ApprovalNotAsked(`The approval of ${request.releaseId} could not be kept or announced: ${why}`, { cause: error });
  }
}

/**
 * Asks for an approval, or escalates one. Asked again, by a retry of the workflow or after the time before escalation, the newer token
 * counts and decisions stay; what was decided in between is answered at once.
 */
async function putToBoard(parts: BoardParts, request: ApprovalRequest): Promise<void> {
  const { ledger } = parts;
  const subject = await subjectOf(parts, request);
  const record = newRecord(parts, request, subject);
  const known = (await ledger.put(approvalKey(record), record, IF_ABSENT)) ? record : await asksAgain(parts, record);
  await answerToken(parts, known);
  if (known.status !== 'open') return;
  await tell(parts, subject, known);
  if (known.callback === true) await parts.offerToken(known);
}

function newRecord(parts: BoardParts, request: ApprovalRequest, { policy, requestedBy, lane }: Subject): StoredApproval {
  const { releaseId, kind, taskToken, escalate } = request;
  const { requiredRoles, quorum, vetoRoles, deadlineMinutes, escalation, separationOfDuties, callback } = policy;
  return {
    releaseId,
    kind,
    taskToken,
    requiredRoles,
    ...(quorum === undefined ? {} : { quorum }),
    ...(vetoRoles === undefined ? {} : { vetoRoles }),
    ...(separationOfDuties === undefined ? {} : { separationOfDuties }),
    requestedBy,
    ...(lane === undefined ? {} : { lane }),
    ...(escalate === true && escalation !== undefined ? { escalatedTo: escalation.roles } : {}),
    ...(callback === true ? { callback } : {}),
    requestedAt: isoNow(parts),
    deadline: new Date(parts.now() + deadlineMinutes * MINUTE_MILLIS).toISOString(),
    decisions: [],
    status: 'open',
  };
}

/** What was decided, and until when, stands. */
async function asksAgain({ ledger }: BoardParts, { taskToken, escalatedTo, ...rest }: StoredApproval): Promise<StoredApproval> {
  const known = await ledger.update<StoredApproval>(approvalKey(rest), setExpression({ taskToken, escalatedTo }));
  return known ?? { ...rest, taskToken };
}
