import { decidersOf } from '../../core/approval/owed';
import { type ApprovalKind, type ApprovalPolicy, ledgerKeys } from '../../core/contracts';
import type { StoredRetraining } from '../../core/retraining/types';
import { existingRelease, readRelease, type StoredRelease } from '../shared/releases';
import type { BoardParts } from './parts';

interface About {
  releaseId: string;
  kind: ApprovalKind;
}

/** What a board decides on: a release, or a retraining run before its model is registered. */
export type Subject = { policy: ApprovalPolicy; requestedBy: string; lane?: string } & (
  { release: StoredRelease } | { run: StoredRetraining }
);

/** With the policy that was pinned when it began. */
export async function subjectOf(parts: BoardParts, { releaseId, kind }: About): Promise<Subject> {
  if (kind === 'retraining') {
    const run = await readRun(parts, releaseId);
    if (run?.approval === undefined) {
      throw new Error(`The ledger has no retraining run '${releaseId}' that owes an approval`);
    }
    return { run, policy: run.approval, requestedBy: run.requestedBy };
  }
  const release = await existingRelease(parts.ledger, releaseId);
  const policy = decidersOf(release, kind, parts.decidingRoles);
  const { requestedBy, lane } = release;
  return { release, policy, requestedBy, ...(kind !== 'release' || lane === undefined ? {} : { lane }) };
}

/** How it ended while it asked, if it did: what its workflow waited for is gone. */
export async function endOf(parts: BoardParts, { releaseId, kind }: About): Promise<string | undefined> {
  const subject = kind === 'retraining' ? await readRun(parts, releaseId) : await readRelease(parts.ledger, releaseId);
  return subject?.endedAt === undefined ? undefined : subject.status;
}

const readRun = ({ ledger }: BoardParts, runId: string): Promise<StoredRetraining | undefined> =>
  ledger.get<StoredRetraining>(ledgerKeys.retrainingRun(runId));
