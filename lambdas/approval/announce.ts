import { askedSentence } from '../../core/approval/sentences';
import { type GateResult, ledgerKeys, type Notification, type VerdictRecord } from '../../core/contracts';
import { withoutPerson } from '../../core/release/principals';
import type { StoredRetraining } from '../../core/retraining/types';
import { setExpression } from '../shared/ledger';
import { readLook, type StoredRelease, type StoredVerdict } from '../shared/releases';
import { approvalKey, type BoardParts, type StoredApproval } from './parts';
import type { Subject } from './subject';

/** Tells those who are asked, with the evidence so far: once of the request, once of its escalation. */
export async function tell(parts: BoardParts, subject: Subject, record: StoredApproval): Promise<void> {
  const news = record.escalatedTo === undefined ? 'request' : 'escalation';
  if (record.told === news) return;
  await parts.notify({ ...notificationOf(record), facts: await factsOf(parts, subject, record) });
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

function notificationOf(record: StoredApproval): Omit<Notification, 'facts'> {
  const { releaseId, kind, requiredRoles, escalatedTo } = record;
  return {
    event: escalatedTo === undefined ? 'ApprovalRequested' : 'ApprovalEscalated',
    severity: 'warning',
    roles: [...new Set([...requiredRoles, ...(record.vetoRoles ?? []), ...(escalatedTo ?? [])])],
    subject:
      escalatedTo === undefined
        ? `${releaseId} asks for approval (${kind}) by ${askedSentence(record)}`
        : `${releaseId} still waits for approval (${kind}): ${escalatedTo.join(', ')} may stand in`,
    runbook: 'approval-requested',
    ...(kind === 'retraining' ? {} : { releaseId }),
  };
}

const WHEN: Record<StoredApproval['kind'], string> = {
  release: 'before it gets traffic',
  retraining: 'before its model is registered',
  shadow: 'since its shadow ended without a verdict',
  inconclusive: 'since its canary ended without a verdict',
};

async function factsOf(parts: BoardParts, subject: Subject, record: StoredApproval): Promise<Notification['facts']> {
  const { releaseId, kind, requiredRoles, escalatedTo, deadline } = record;
  return {
    kind,
    asked: `${askedSentence(record)}, ${WHEN[kind]}`,
    requiredRoles,
    quorum: record.quorum,
    vetoRoles: record.vetoRoles,
    escalatedTo,
    deadline,
    lane: record.lane,
    requestedBy: withoutPerson(subject.requestedBy),
    ...('run' in subject ? runFacts(subject.run) : await releaseFacts(parts, subject.release, kind)),
    decide: `sluice approve --release ${releaseId}, or sluice reject --release ${releaseId} --comment '…'`,
  };
}

/** What there is to decide on: numbers alone. */
function runFacts({ id, trigger, reason, parentReleaseId, data, evaluation, costEstimate }: StoredRetraining): Notification['facts'] {
  const { trainingRows, evaluationRows, trainingSha256 } = data ?? {};
  return {
    run: id,
    trigger,
    requestReason: reason,
    parentReleaseId,
    trainingRows,
    evaluationRows,
    trainingSha256,
    evaluation,
    costEstimate,
  };
}

async function releaseFacts(parts: BoardParts, release: StoredRelease, kind: StoredApproval['kind']): Promise<Notification['facts']> {
  const { gates, verdict } = await evidenceSoFar(parts, release, kind);
  return {
    changes: release.changes,
    requestReason: release.requestReason,
    returnTo: release.returnTo,
    ...(gates.length === 0 ? {} : { gates }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}
