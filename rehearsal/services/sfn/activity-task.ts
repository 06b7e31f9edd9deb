import type { Json } from './definition';
import { StateError } from './errors';
import type { Integration } from './integrations';
import type { CancelScope } from './scope';
import type { Visit } from './visit';

/** An activity that is gone fails the execution before anything is scheduled. */
export function checkActivity(visit: Visit, { resource }: Integration): void {
  if (visit.run.activities.has(resource)) return;
  throw new StateError('States.Runtime', visit.explain(`The activity ${resource} does not exist.`), { terminal: true, raisedBy: visit });
}

/** Waits until a worker has taken the task and answered it. Heartbeats count from when it was taken. */
export async function awaitWorker(
  visit: Visit,
  scope: CancelScope,
  { resource }: Integration,
  args: Json,
  heartbeatSeconds: number | undefined,
): Promise<Json> {
  const { run } = visit;
  const token = run.tokens.create();
  const answer = run.tokens.wait(token, resource, undefined);
  answer.catch(() => undefined);
  const withdraw = run.activities.schedule(resource, {
    token,
    input: JSON.stringify(args),
    taken: (workerName) => {
      if (scope.cancelled) return;
      visit.event('ActivityStarted', workerName === undefined ? {} : { workerName });
      if (heartbeatSeconds !== undefined) run.tokens.expectHeartbeats(token, heartbeatSeconds * 1000);
    },
  });
  visit.tellWaiting({ arguments: args, activityArn: resource });
  try {
    return JSON.parse(await scope.race(answer)) as Json;
  } finally {
    withdraw();
    run.tokens.close(token);
  }
}
