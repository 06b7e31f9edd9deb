import { askedSentence } from '../../core/approval/sentences';
import { type GateResult, ledgerKeys, type Notification, type VerdictRecord } from '../../core/contracts';
import { withoutPerson } from '../../core/release/principals';
import { setExpression } from '../shared/ledger';
import { readLook, type StoredRelease, type StoredVerdict } from '../shared/releases';
import { approvalKey, type BoardParts, type StoredApproval } from './parts';

/** Tells those who are asked, with the evidence so far: once of the request, once of its escalation. */
export async function tell(parts: BoardParts, release: StoredRelease, record: StoredApproval): Promise<void> {
  const news = record.escalatedTo === undefined ? 'request' : 'escalation';
  if (record.told === news) return;
  await parts.notify(notificationOf(release, record, await evidenceSoFar(parts, release, record.kind)));
  await parts.ledger.update(approvalKey(record), setExpression({ told: news }));
}

interface EvidenceSoFar {
  gates: Pick<GateResult, 'gate' | 'passed' | 'reason'>[];
  /** What the verdict said last, where a canary was judged. */
  verdict?: string[];
}

async function evidenceSoFar({ ledger }: BoardParts, { id }: StoredRelease, kind: StoredApproval['kind']): Promise<EvidenceSoFar> {
  const results = await ledger.query<GateResult>(ledgerKeys.gate(id, '').pk);
  const gates = results.map(({ gate, passed, reason }) => ({ gate, passed, reason }));
  if (kind === 'release') return { gates };
  const last = await ledger.get<StoredVerdict>(ledgerKeys.verdict(id));
  const look: VerdictRecord | undefined = last === undefined ? undefined : await readLook(ledger, id, last.at);
  return { gates, verdict: look?.words ?? (last === undefined ? [] : [last.reason]) };
}

function notificationOf(release: StoredRelease, record: StoredApproval, { gates, verdict }: EvidenceSoFar): Notification {
  const { releaseId, kind, requiredRoles, escalatedTo, deadline } = record;
  const asked = askedSentence(record);
  const what = kind === 'release' ? 'before it gets traffic' : 'since its canary ended without a verdict';
  return {
    event: escalatedTo === undefined ? 'ApprovalRequested' : 'ApprovalEscalated',
    severity: 'warning',
    roles: [...new Set([...requiredRoles, ...(record.vetoRoles ?? []), ...(escalatedTo ?? [])])],
    subject:
      escalatedTo === undefined
        ? `${releaseId} asks for approval (${kind}) by ${asked}`
        : `${releaseId} still waits for approval (${kind}): ${escalatedTo.join(', ')} may stand in`,
    runbook: 'approval-requested',
    releaseId,
    facts: {
      kind,
      asked: `${asked}, ${what}`,
      requiredRoles,
      quorum: record.quorum,
      vetoRoles: record.vetoRoles,
      escalatedTo,
      deadline,
      lane: record.lane,
      changes: release.changes,
      requestedBy: withoutPerson(release.requestedBy),
      requestReason: release.requestReason,
      returnTo: release.returnTo,
      ...(gates.length === 0 ? {} : { gates }),
      ...(verdict === undefined ? {} : { verdict }),
      decide: `sluice approve --release ${releaseId}, or sluice reject --release ${releaseId} --comment '…'`,
    },
  };
}
