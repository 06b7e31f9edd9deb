import { flights, play, wrong } from './play';

jest.setTimeout(240_000);

test('a pipeline of the user’s trains, and a board looks before the version is registered', async () => {
  const told = await play({
    training: 'training.mjs',
    outcomes: 'outcomes.mjs',
    arms: { stable: { model: '../models/candidate-good.mjs' }, trained: {} },
    duration: '330m',
    traffic: flights({ which: 'late', share: 0.7 }, 8),
    pipelines: { retrain: '../../../test/rehearsal/drift/files/retrain.pipeline.json' },
    charter: {
      retraining: {
        on: { drift: false },
        monthlyBudget: null,
        data: { minimumRows: 500 },
        training: { pipeline: 'retrain', image: null, instance: null, hyperParameters: null },
        approval: { requiredRoles: ['quality'], deadline: '1h' },
      },
    },
    people: [{ role: 'quality', kind: 'retraining', after: '10m', decision: 'approve', comment: 'closer' }],
    actions: [{ at: '205m', do: 'retrain', as: 'platform', reason: 'the morning was late' }],
    expect: { retraining: { runs: 1, last: 'registered' } },
  });
  expect(wrong(told.result)).toEqual([]);
  const [run] = told.retrainings;
  expect(run).toMatchObject({ trigger: 'operator', status: 'registered', evaluation: { metric: 'mae', passed: true } });
  expect(run?.modelDataUrl).toMatch(/\/models\/t1\/model\.tar\.gz$/);
});
