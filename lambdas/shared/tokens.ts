import { SendTaskHeartbeatCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';

/** A token that is no longer waited for is no error: somebody else was faster, or the task timed out. */
const NOBODY_WAITS = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** False when nobody waits for the token any more. */
export function completeTask(sfn: SFNClient, taskToken: string, output: object): Promise<boolean> {
  return waited(sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
}

export function heartbeat(sfn: SFNClient, taskToken: string): Promise<boolean> {
  return waited(sfn.send(new SendTaskHeartbeatCommand({ taskToken })));
}

async function waited(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof Error && NOBODY_WAITS.has(error.name)) {
      return false;
    }
    throw error;
  }
}
