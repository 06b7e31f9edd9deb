import type { RehearsalResult } from '../../../rehearsal/world/result';
import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(180_000);

/** Hours of instances of the first release's endpoint. */
const hours = ({ metered }: RehearsalResult): number =>
  metered.filter(({ endpointName }) => /-r1-/.test(endpointName)).reduce((sum, { instanceSeconds }) => sum + instanceSeconds, 0) / 3600;

const QUIET = { perMinute: 4, source: 'traffic.mjs', quiet: [{ from: '30m', to: '5h' }] };

test.each([
  [
    'inference components',
    '{ mode: inference-components, instance: ml.g5.xlarge, instances: { min: 0, max: 1 }, component: { memoryMb: 4096, accelerators: 1, copies: { min: 0, max: 1 } }, scaling: { target: 4 } }',
    'outcomes.mjs',
  ],
  [
    'an asynchronous endpoint',
    '{ mode: async, instance: ml.g5.xlarge, instances: { min: 0, max: 1 }, scaling: { target: 5 } }',
    'queued.mjs',
  ],
])('%s: nothing runs while nobody asks, and a release comes all the same', async (_what, serving, outcomes) => {
  const use = new ModeOfServing(serving);
  const quiet = await use.play({ outcomes, duration: '5h', traffic: QUIET });
  expect(wrong(quiet)).toEqual([]);
  expect(hours(quiet)).toBeGreaterThan(0.5);
  expect(hours(quiet)).toBeLessThan(3);
  const released = await use.play({ outcomes, actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
  expect(wrong(released)).toEqual([]);
});
