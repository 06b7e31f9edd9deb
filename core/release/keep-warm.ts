import type { DeployedRelease, RolloutPolicy } from '../contracts';

/** SageMaker gives a queued request an hour at most. */
const QUEUE_MINUTES = 60;

/** So long the release before stays after a promotion; that of an asynchronous one at least until its queue is worked off, unless it is said. */
export function keepWarmMinutesOf({ keepWarmMinutes }: RolloutPolicy, before: DeployedRelease | undefined): number {
  if (before === undefined) return 0;
  return keepWarmMinutes ?? (before.mode === 'async' ? QUEUE_MINUTES : 0);
}
