import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { logger } from '../shared/telemetry';
import { end, type Ending } from './end';
import type { LostRun } from './event';
import { type AskParts, isoNow } from './parts';
import { readRun, readState } from './store';

/** An execution is started right after its run was noted; one that is not there after so long never began. */
const STARTING_MILLIS = 10 * 60_000;

/** An execution that was aborted, failed or timed out: its run ends with it. */
export async function endLost(parts: AskParts, { runId, reason }: LostRun): Promise<object> {
  if ((await readRun(parts.ledger, runId)) === undefined) {
    logger.warn('An execution ended that is no run of the ledger', { runId, reason });
    return { runId, ended: false };
  }
  const { status } = await end(parts, runId, { status: 'failed', reason });
  return { runId, ended: true, status };
}

type Standing = 'runs' | 'gone' | 'absent';

/** Whoever asks next finds a run whose execution is gone: the rule's event may have been lost, or the run never began. */
export async function releaseLostLock(parts: AskParts): Promise<void> {
  const { running } = await readState(parts.ledger, isoNow(parts));
  if (running === undefined) return;
  const standing = await standingOf(parts, running.id);
  const isOld = parts.now() - Date.parse(running.since) > STARTING_MILLIS;
  if (standing === 'runs' || (standing === 'absent' && !isOld)) return;
  const reason = standing === 'absent' ? 'its workflow never began' : 'its workflow ended without saying how';
  // Where its record has ended already, that stands, and only the lock is owed.
  await end(parts, running.id, { status: 'failed', reason } satisfies Ending);
}

async function standingOf({ sfn, machineArn }: AskParts, runId: string): Promise<Standing> {
  const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${runId}`;
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'runs' : 'gone';
  } catch (error) {
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return 'absent';
    throw error;
  }
}
