import { AwsError, type Caller } from '../../cloud/types';
import { perform } from './calls';
import type { Json } from './definition';
import { Cancelled, StateError } from './errors';
import type { Integration } from './integrations';
import type { CancelScope } from './scope';
import { toSdkInput } from './sdk-shapes';
import type { Visit } from './visit';

/** How `.sync` follows a job: what identifies it, what describes it, what tells how it stands and what stops it. */
interface Job {
  name: string;
  status: string;
  describe: string;
  stop: string;
}

function job(kind: string): Job {
  return { name: `${kind}Name`, status: `${kind}Status`, describe: `Describe${kind}`, stop: `Stop${kind}` };
}

const JOBS: Record<string, Job> = {
  CreateTrainingJob: job('TrainingJob'),
  CreateTransformJob: job('TransformJob'),
  CreateProcessingJob: job('ProcessingJob'),
};
const LOOK_MILLIS = 30_000;
const UNDER_WAY = ['InProgress', 'Stopping'];

/** The operations that a task which waits for a job needs besides its own. */
export function jobOperations({ operation, pattern }: Integration): string[] {
  const found = pattern === 'sync' ? JOBS[operation] : undefined;
  return found === undefined ? [] : [found.describe, found.stop];
}

/** Waits for a job, as the machine's role; the result is its description. A job whose task ends first is stopped. */
export async function awaitJob(visit: Visit, scope: CancelScope, caller: Caller, integration: Integration, args: Json): Promise<Json> {
  const { run } = visit;
  const found = JOBS[integration.operation];
  if (found === undefined) throw new Error(`${integration.operation} has no job to wait for`);
  const identity = { [found.name]: (args as Record<string, Json>)[found.name] ?? null };
  const describe: Integration = { ...integration, operation: found.describe, kind: 'sdk' };
  try {
    for (;;) {
      await scope.sleepUntil(run.cloud.clock, run.cloud.clock.now() + LOOK_MILLIS);
      const look = await scope.race(perform({ cloud: run.cloud, random: run.random, caller }, describe, identity));
      const description = look as Record<string, Json>;
      const status = description[found.status] as string;
      if (status === 'Completed') return description;
      if (!UNDER_WAY.includes(status)) throw new StateError('States.TaskFailed', JSON.stringify(description));
    }
  } catch (failure) {
    if (failure instanceof Cancelled) await stop(visit, caller, found, identity);
    throw failure;
  }
}

/** As well as it goes: the job may have ended by itself. */
async function stop(visit: Visit, caller: Caller, { stop: operation }: Job, identity: Record<string, Json>): Promise<void> {
  try {
    await visit.run.cloud.call('sagemaker', operation, toSdkInput('sagemaker', operation, identity), caller);
  } catch (failure) {
    if (!(failure instanceof AwsError)) throw failure;
  }
}
