import { deploy, endpointOf, minutesOf, play, wrong } from './play';

jest.setTimeout(300_000);

const approval = [{ role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' }];
const idle = { after: '2h', then: 'off', wake: 'by-hand' };

describe('a release with an endpoint of its own', () => {
  test('is switched off and on under its own name', async () => {
    const serving = { mode: 'serverless', instance: null, instances: null, serverless: { memoryMb: 2048 }, idle };
    const recording = await play({
      charter: { serving, rollout: { strategy: 'all-at-once', steps: null } },
      people: approval,
      actions: [
        deploy('good'),
        { at: '40m', do: 'park', as: 'platform', reason: 'a break' },
        { at: '60m', do: 'wake', as: 'platform', reason: 'it is over' },
      ],
      expect: { outcomes: ['promoted'], parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    expect(minutesOf(recording, 'control', 'parked')).toEqual([40]);
    const afterwards = endpointOf(recording).filter(([minute]) => minute >= 40);
    expect(afterwards.map(([, status]) => status)).toEqual(['Deleting', 'Creating', 'InService']);
    expect(recording.standing.filter((name) => name.startsWith('endpoint ') || name.startsWith('endpoint/')).join()).toMatch(/-r2-/);
  });

  test.each([
    [
      'copies of an inference component',
      {
        mode: 'inference-components',
        instances: { min: 1, max: 3 },
        component: { memoryMb: 4096, copies: { min: 1, max: 3 } },
        scaling: { target: 4 },
        idle,
      },
      /^inference-component\/toy-.*r2-/,
    ],
    [
      'an asynchronous endpoint',
      { mode: 'async', instances: { min: 0, max: 3 }, scaling: { target: 5 } },
      /^endpoint\/toy-.*-r2-.*\/variant\//,
    ],
  ])('is scaled: %s', async (_, serving, resource) => {
    const recording = await play({
      charter: { serving, rollout: { strategy: 'all-at-once', steps: null } },
      people: approval,
      actions: [deploy('good')],
      expect: { outcomes: ['promoted'], parked: false },
    });
    expect(wrong(recording)).toEqual([]);
    expect(recording.incidents).toEqual([]);
    expect(recording.scaled).toEqual([expect.stringMatching(resource)]);
  });
});
