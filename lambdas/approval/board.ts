import type { SFNClient } from '@aws-sdk/client-sfn';
import { type ApprovalDecision, type ApprovalRecord, ledgerKeys, type Notifier } from '../../core/contracts';
import { type Asked, decideApproval, outcomeOf } from '../../core/release/approval';
import { HttpError } from '../shared/http';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { completeTask } from '../shared/tokens';

export interface BoardParts {
  ledger: Ledger;
  sfn: SFNClient;
  now(): number;
  notify: Notifier;
}

export interface Request {
  taskToken: string;
  releaseId: string;
  kind: ApprovalRecord['kind'];
  requiredRoles: string[];
  deadlineMinutes: number;
}

export interface Given {
  releaseId: string;
  kind?: ApprovalRecord['kind'];
  role?: string;
  comment?: string;
  decision: ApprovalDecision['decision'];
  signer: string;
  /** The roles that the signer may act in. */
  roles: string[];
}

const MAX_ATTEMPTS = 5;
const MINUTE_MILLIS = 60_000;
const KINDS = ['release', 'inconclusive'] as const;

/** Keeps approvals that are owed, and takes them from whoever signs for a role. */
export class ApprovalBoard {
  constructor(private readonly parts: BoardParts) {}

  /** Asked again by a retry of the workflow, the newer token counts; decisions stay. */
  async ask(request: Request): Promise<void> {
    const { ledger, now, notify } = this.parts;
    const { releaseId, kind, taskToken, requiredRoles, deadlineMinutes } = request;
    const key = ledgerKeys.approval(releaseId, kind);
    const record: ApprovalRecord = {
      releaseId,
      kind,
      taskToken,
      requiredRoles,
      requestedAt: new Date(now()).toISOString(),
      deadline: new Date(now() + deadlineMinutes * MINUTE_MILLIS).toISOString(),
      decisions: [],
      status: 'open',
    };
    if (!(await ledger.put(key, record, IF_ABSENT))) {
      const known = await ledger.update<ApprovalRecord>(key, { text: 'SET taskToken = :token', values: { ':token': taskToken } });
      await this.answer(known);
      return;
    }
    const roles = requiredRoles.join(', ');
    await notify({
      event: 'ApprovalRequested',
      severity: 'warning',
      roles: requiredRoles,
      subject: `${releaseId} asks for approval (${kind}) by ${roles}`,
      runbook: 'approval-requested',
      releaseId,
      facts: { kind, requiredRoles, deadline: record.deadline },
    });
  }

  async decide(given: Given): Promise<ApprovalRecord> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const record = await this.find(given);
      const decided = decideApproval(record, { ...given, at: new Date(this.parts.now()).toISOString() });
      if (!decided.ok) {
        // The token may still be owed: whoever decided before may have died before answering it.
        await this.answer(record);
        throw refusal(decided, record);
      }
      if (decided.next === record || (await this.write(record, decided.next))) {
        if (!(await this.answer(decided.next))) {
          logger.warn('Nobody waits for this approval any more', { releaseId: given.releaseId, kind: record.kind });
        }
        return decided.next;
      }
    }
    throw new HttpError(409, 'The approval changed while it was being written', 'One decision at a time', 'Try again');
  }

  private async find({ releaseId, kind }: Given): Promise<ApprovalRecord> {
    const kinds = kind === undefined ? KINDS : [kind];
    const records = await Promise.all(kinds.map((one) => this.parts.ledger.get<ApprovalRecord>(ledgerKeys.approval(releaseId, one))));
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

  private async write(record: ApprovalRecord, next: ApprovalRecord): Promise<boolean> {
    const updated = await this.parts.ledger.update(
      ledgerKeys.approval(record.releaseId, record.kind),
      {
        text: 'SET #decisions = :decisions, #status = :status',
        names: { '#decisions': 'decisions', '#status': 'status' },
        values: { ':decisions': next.decisions, ':status': next.status },
      },
      { text: '#status = :open AND size(#decisions) = :known', values: { ':open': 'open', ':known': record.decisions.length } },
    );
    return updated !== undefined;
  }

  /** True when somebody waited for the answer, or none is due yet. */
  private async answer(record: ApprovalRecord | undefined): Promise<boolean> {
    const outcome: Asked | undefined = record === undefined ? undefined : outcomeOf(record);
    return record === undefined || outcome === undefined || completeTask(this.parts.sfn, record.taskToken, outcome);
  }
}

function refusal({ code, reason }: { code: 403 | 409 | 400; reason: string }, record: ApprovalRecord): HttpError {
  return new HttpError(
    code,
    reason,
    `One decision by each of ${record.requiredRoles.join(', ')} until ${record.deadline}, while the approval is open`,
    code === 400 ? 'Name the role' : 'Look at the status of the use case',
  );
}
