import { ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { ControlRecord } from '../../core/contracts';
import { startOnce } from './executions';
import { logger } from './telemetry';

/** An execution of the teardown workflow. */
export interface TeardownRun {
  name: string;
  status: string;
  startedAt: string;
}

export interface Teardowns {
  /** The last hundred, newest first. */
  list(): Promise<TeardownRun[]>;
  /** Starting it again under the same name is no error. */
  start(executionName: string, input: object): Promise<void>;
}

/** `none`: it never began. */
export type TeardownState = 'none' | 'runs' | 'done' | 'failed';

const DELETION = 'delete-';

export function teardownsOf(sfn: SFNClient, stateMachineArn: string): Teardowns {
  return {
    list: async () => {
      const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }));
      return (executions ?? []).map(({ name, status, startDate }) => ({
        name: name ?? '',
        status: status ?? '',
        startedAt: (startDate ?? new Date(0)).toISOString(),
      }));
    },
    start: async (name, input) => {
      await startOnce(sfn, stateMachineArn, name, input);
    },
  };
}

/** How far the teardown of this kill has come. The deletion of the stack tears down as well. */
export function teardownState(runs: TeardownRun[], control: ControlRecord): TeardownState {
  const since = sinceOf(control);
  const its = runs.filter(({ name, startedAt }) => name.startsWith(nameOf(control)) || (name.startsWith(DELETION) && startedAt >= since));
  const has = (status: string): boolean => its.some((run) => run.status === status);
  if (has('RUNNING') || has('PENDING_REDRIVE')) return 'runs';
  if (has('SUCCEEDED')) return 'done';
  return its.length === 0 ? 'none' : 'failed';
}

/** One kill, one teardown; another one only after a teardown that failed. */
export async function ensureTeardown(teardowns: Teardowns, control: ControlRecord, by: string, reason: string): Promise<TeardownState> {
  const runs = await listed(teardowns);
  const state = teardownState(runs, control);
  if (state === 'none' || state === 'failed') {
    const name = nameOf(control);
    const earlier = runs.filter((run) => run.name.startsWith(name)).length;
    await teardowns.start(earlier === 0 ? name : `${name}-${earlier + 1}`, { kind: 'kill', reason, by });
  }
  return state;
}

/** Without the list the first teardown can still begin: its name is taken where it has. */
async function listed(teardowns: Teardowns): Promise<TeardownRun[]> {
  try {
    return await teardowns.list();
  } catch (error) {
    logger.error('Teardowns could not be listed', { error });
    return [];
  }
}

/** When the kill switch went on names its teardown: whoever finds it not begun starts the same. */
function nameOf(control: ControlRecord): string {
  return `kill-${sinceOf(control).replace(/[-:.]/g, '')}`;
}

function sinceOf({ killedAt, changedAt }: ControlRecord): string {
  return killedAt ?? changedAt;
}
