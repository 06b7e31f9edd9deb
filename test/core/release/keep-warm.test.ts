import type { DeployedRelease, RolloutPolicy } from '../../../core/contracts';
import { keepWarmMinutesOf } from '../../../core/release/keep-warm';

const before: DeployedRelease = { releaseId: 'r1-0', variantName: 'a', modelName: 'm', endpointConfigName: 'c' };
const rollout = (keepWarmMinutes?: number) => ({ keepWarmMinutes }) as RolloutPolicy;

test.each<[string, number | undefined, DeployedRelease | undefined, number]>([
  ['a first release leaves nothing behind', 300, undefined, 0],
  ['as long as the policy says', 300, before, 300],
  ['not at all where it says nothing', undefined, before, 0],
  ['until the queue is worked off, whatever mode follows', undefined, { ...before, mode: 'async' }, 60],
  ['a queue of which the policy says more', 300, { ...before, mode: 'async' }, 300],
  ['and less', 5, { ...before, mode: 'async' }, 5],
])('%s', (_name, given, stable, minutes) => {
  expect(keepWarmMinutesOf(rollout(given), stable)).toBe(minutes);
});
