import { type ApprovalPolicy, ledgerKeys, type RetrainingStatus } from '../../core/contracts';
import { emptyState, type RetrainingState, type StoredRetraining } from '../../core/retraining';
import { type Expression, IF_ABSENT, type Ledger, setExpression } from '../shared/ledger';

export async function readState(ledger: Ledger, at: string): Promise<RetrainingState> {
  return (await ledger.get<RetrainingState>(ledgerKeys.retraining())) ?? emptyState(at);
}

export function readRun(ledger: Ledger, runId: string): Promise<StoredRetraining | undefined> {
  return ledger.get<StoredRetraining>(ledgerKeys.retrainingRun(runId));
}

export async function existingRun(ledger: Ledger, runId: string): Promise<StoredRetraining> {
  const run = await readRun(ledger, runId);
  if (run === undefined)
    throw new Error(`The ledger has no retraining run '${runId}': runs begin by an event, the schedule or RetrainingUrl`);
  return run;
}

/** Newest first. */
export async function readRuns(ledger: Ledger): Promise<StoredRetraining[]> {
  const runs = await ledger.query<StoredRetraining>(ledgerKeys.retrainingRun('').pk);
  const numberOf = ({ id }: StoredRetraining): number => Number(id.slice(1));
  return runs.sort((one, other) => numberOf(other) - numberOf(one));
}

const sameRevision = ({ revision }: RetrainingState): Expression =>
  revision === 0 ? IF_ABSENT : { text: 'revision = :revision', values: { ':revision': revision } };

/** False where somebody else wrote since it was read. */
export function tryWriteState(ledger: Ledger, before: RetrainingState, next: RetrainingState): Promise<boolean> {
  return ledger.put(ledgerKeys.retraining(), { ...next, revision: before.revision + 1 }, sameRevision(before));
}

const PASSING = new Set(['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Lock, run and the request's answer are one write. False where somebody else was faster. */
export async function tryBegin(
  ledger: Ledger,
  before: RetrainingState,
  next: RetrainingState,
  run: StoredRetraining,
  requestId: string,
): Promise<boolean> {
  try {
    await ledger.transact([
      ledger.transactPut(ledgerKeys.retraining(), { ...next, revision: before.revision + 1 }, sameRevision(before)),
      ledger.transactPut(ledgerKeys.retrainingRun(run.id), run, IF_ABSENT),
      ledger.transactPut(ledgerKeys.request(requestId), { runId: run.id, by: run.requestedBy, at: run.requestedAt }, IF_ABSENT),
    ]);
    return true;
  } catch (error) {
    const { name, CancellationReasons = [] } = error as { name?: string; CancellationReasons?: { Code?: string }[] };
    const codes = CancellationReasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
    if (name === 'TransactionCanceledException' && codes.every((code) => PASSING.has(code))) return false;
    throw error;
  }
}

/** The run that stands for a request that was granted. */
export async function runOfRequest(ledger: Ledger, requestId: string): Promise<string | undefined> {
  return (await ledger.get<{ runId: string }>(ledgerKeys.request(requestId)))?.runId;
}

const OPEN: Expression = { text: 'attribute_exists(pk) AND attribute_not_exists(endedAt)' };

/** Sets members of a run that has not ended; undefined where it has. */
export function updateOpenRun(
  ledger: Ledger,
  runId: string,
  members: Partial<StoredRetraining> & { status?: RetrainingStatus; approval?: ApprovalPolicy },
): Promise<StoredRetraining | undefined> {
  return ledger.update<StoredRetraining>(ledgerKeys.retrainingRun(runId), setExpression(members), OPEN);
}

export async function noteAnnounced(ledger: Ledger, runId: string): Promise<void> {
  await ledger.update(ledgerKeys.retrainingRun(runId), setExpression({ announced: true }));
}
