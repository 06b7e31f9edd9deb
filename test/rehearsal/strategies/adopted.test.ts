import { succeeded } from '../../../rehearsal/world/result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import { run, toyJob } from '../toy';

jest.setTimeout(240_000);

/** A deploy that adopts a live endpoint and asks for a release on it. */
const adopting = (rollout: Record<string, unknown>) => ({
  name: 'test',
  file: 'test.yaml',
  scenario: scenarioSchema.parse({
    title: 'test',
    duration: '2h',
    traffic: { perMinute: 6, source: 'traffic.mjs' },
    given: {},
    arms: { stable: { model: 'models/stable.mjs' }, candidate: { model: 'models/good.mjs' } },
    outcomes: 'outcomes.mjs',
    people: [{ role: 'quality', after: '10m', decision: 'approve' }],
    actions: [{ at: '1m', do: 'deploy', release: 'candidate', change: { platform: { existingEndpoint: 'legacy' }, rollout } }],
  }),
});

test('blue/green takes over an adopted endpoint under its own variant name', async () => {
  const blueGreen = { routing: 'canary', step: 0.5, wait: '10m', terminationWait: '5m' };
  const named = adopting({ strategy: 'blue-green', steps: undefined, blueGreen });
  const result = await run({ ...(await toyJob(named)), existingEndpoint: 'legacy' });
  expect(result.outcome).toBe('promoted');
  expect(result.invariants.filter(({ held }) => !held)).toEqual([]);
  expect(succeeded(result)).toBe(true);
});

test('a shadow of an adopted endpoint is inconclusive until its own role may write captures', async () => {
  const named = adopting({ strategy: ['shadow', 'all-at-once'], steps: undefined, shadow: { bake: '20m', minimumAnswers: 20 } });
  const result = await run({ ...(await toyJob(named)), existingEndpoint: 'legacy' });
  expect(result.outcome).toBe('rolled-back');
  expect(result.releases[0]).toMatchObject({ stage: 'shadow', reason: expect.stringMatching(/^0 answers could be compared/) as string });
  expect(result.requests.byArm.candidate).toBe(0);
});
