import type { RehearsalResult } from '../../../rehearsal/world/result';
import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(300_000);

const use = new ModeOfServing('{ mode: real-time, instance: ml.m5.large, instances: { min: 2, max: 4 } }');

/** Each change of a deploy is a release, which takes over like a better model: the same model answers as well as it did. */
const AT_ONCE = { rollout: { strategy: 'all-at-once', steps: null } };

const endpoint = ({ timeline }: RehearsalResult): unknown[] =>
  timeline.filter(({ event }) => event === 'endpoint-status').map(({ detail }) => detail);

/** Variants whose instances were metered: stable, then the release that took its place. */
const variants = ({ metered }: RehearsalResult): string[] => [...new Set(metered.map(({ variantName }) => variantName))].sort();

describe('one property of a running endpoint changes by a deploy', () => {
  test.each<[string, Record<string, unknown>]>([
    ['instance', { instance: 'ml.m5.xlarge' }],
    ['instances', { instances: { min: 3, max: 4 } }],
    ['pools', { instance: null, pools: ['ml.m5.xlarge', 'ml.m5.large'] }],
    ['volumeGb', { volumeGb: 50 }],
    ['timeouts', { timeouts: { download: '10m', startup: '10m' } }],
    ['routing', { routing: 'least-outstanding' }],
    ['networkIsolation', { networkIsolation: true }],
    ['capture', { capture: { sampling: 0.5 } }],
  ])('%s', async (_name, serving) => {
    const result = await use.play({
      charter: { ...AT_ONCE, serving },
      duration: '75m',
      traffic: { perMinute: 4, source: 'traffic.mjs' },
      actions: [deploy('stable')],
      expect: { outcomes: ['promoted'], failedRequestsAtMost: 0 },
    });
    expect(wrong(result)).toEqual([]);
    expect(endpoint(result).at(-1)).toMatchObject({
      status: 'InService',
      endpointConfigName: expect.stringMatching(/-r2-\w+-live$/) as string,
    });
    expect(variants(result)).toEqual(['a', 'b']);
  });
});

describe('the serving mode changes', () => {
  test.each<[string, Record<string, unknown>]>([
    ['to serverless', { mode: 'serverless', instance: null, instances: null }],
    [
      'to inference components',
      { mode: 'inference-components', instance: 'ml.m5.large', component: { memoryMb: 1024, copies: { min: 1, max: 1 } } },
    ],
  ])('%s and back', async (_name, serving) => {
    const result = await use.play({
      duration: '3h',
      traffic: { perMinute: 4, source: 'traffic.mjs' },
      actions: [deploy('stable', '1m', { change: { ...AT_ONCE, serving } }), deploy('stable', '80m', { change: AT_ONCE })],
      expect: { outcomes: ['promoted', 'promoted'] },
    });
    expect(wrong(result)).toEqual([]);
  });
});
