import type { RehearsalResult } from '../../../rehearsal/world/result';
import { deploy, ModeOfServing, wrong } from './play';

jest.setTimeout(300_000);

const MODES: [string, string, string][] = [
  ['serverless', '{ mode: serverless }', 'outcomes.mjs'],
  [
    'inference-components',
    '{ mode: inference-components, instance: ml.g5.xlarge, instances: { min: 1, max: 2 }, component: { memoryMb: 4096, accelerators: 1, copies: { min: 1, max: 1 } } }',
    'outcomes.mjs',
  ],
  ['async', '{ mode: async, instance: ml.g5.xlarge }', 'queued.mjs'],
];

/** Releases whose endpoints stand at the end, by their sequence; that of the first one was made before the scenario began. */
function standing({ timeline }: RehearsalResult): string[] {
  const last = new Map<string, string>();
  for (const { event, detail } of timeline) {
    if (event !== 'endpoint-status') continue;
    const { endpointName, status } = detail as { endpointName: string; status: string };
    last.set(endpointName, status);
  }
  const left = [...last].filter(([, status]) => !['Deleting', 'Deleted'].includes(status));
  return left.map(([endpoint]) => /-(r\d+)-[0-9a-f]{8}$/.exec(endpoint)?.[1] ?? endpoint);
}

describe.each(MODES)('%s', (_mode, serving, outcomes) => {
  const use = new ModeOfServing(serving);

  test('the old endpoint stays for the rollback window, and answers again when stable is taken back', async () => {
    const result = await use.play({
      charter: { rollout: { keepWarm: '1h' } },
      outcomes,
      duration: '3h',
      actions: [deploy('good'), { at: '100m', do: 'rollback', reason: 'drill' }],
      expect: { outcomes: ['rolled-back'], incidents: [{ kind: 'rollback' }] },
    });
    expect(wrong(result)).toEqual([]);
    expect(standing(result)).toEqual([]);
  });

  test('a new release may begin within the window: the old endpoint goes when it is over', async () => {
    const result = await use.play({
      charter: { rollout: { keepWarm: '90m' } },
      // A model behind a queue fails unseen by the gateway: its outcomes tell.
      outcomes: outcomes.replace('queued', 'queued-worse'),
      duration: '4h',
      people: [{ role: 'quality', after: '5m', decision: 'approve', times: 1 }],
      actions: [deploy('good'), deploy('failing', '70m')],
      expect: { outcomes: ['promoted', 'rolled-back'] },
    });
    expect(wrong(result)).toEqual([]);
    expect(standing(result)).toEqual(['r2']);
  });

  test('killed while the candidate answers, then revived', async () => {
    const result = await use.play({
      outcomes,
      duration: '3h',
      actions: [deploy('good'), { at: '40m', do: 'kill', reason: 'drill' }, { at: '90m', do: 'revive', reason: 'drill is over' }],
      expect: { outcomes: ['killed', 'promoted'], incidents: [{ kind: 'kill' }] },
    });
    expect(wrong(result)).toEqual([]);
    expect(standing(result)).toEqual(['r3']);
  });

  test.each(['30m', '100m'])('the stack deleted after %s: nothing is left', async (at) => {
    const result = await use.play({
      charter: { rollout: { keepWarm: '2h' } },
      outcomes,
      actions: [deploy('good'), { at, do: 'destroy' }],
    });
    expect(wrong(result)).toEqual([]);
    expect(standing(result)).toEqual([]);
  });
});
