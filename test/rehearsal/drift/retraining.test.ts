import { flights, play, wrong } from './play';

jest.setTimeout(240_000);

const TRAINED = {
  training: 'training.mjs',
  outcomes: 'outcomes.mjs',
  arms: { stable: { model: '../models/candidate-good.mjs' }, trained: {} },
};
const BAD_DAYS = { which: 'late', share: 0.7 };

test('an owner asks before there is anything to learn from: refused, with what is missing', async () => {
  const told = await play({
    ...TRAINED,
    duration: '2h',
    actions: [{ at: '1h', do: 'retrain', as: 'quality', reason: 'new terminal' }],
    expect: { retraining: { runs: 0, last: 'refused' } },
  });
  expect(wrong(told.result)).toEqual([]);
  expect(told.retrainings.at(-1)?.outcome).toMatch(/1000 are needed/);
});

test('the cool-down holds back what no person asks for: told, and nothing begins', async () => {
  const told = await play({
    ...TRAINED,
    duration: '270m',
    traffic: flights(BAD_DAYS, 8),
    charter: { retraining: { data: { minimumRows: 500 } } },
    actions: [{ at: '200m', do: 'retrain', as: 'quality', reason: 'the morning was late' }],
    expect: { drift: { state: 'drifting', features: ['mae'], quality: { mae: false } }, retraining: { runs: 1 } },
  });
  expect(wrong(told.result)).toEqual([]);
  expect(told.retrainings.filter(({ status }) => status !== 'refused')).toMatchObject([{ trigger: 'operator', status: 'registered' }]);
  expect(told.mails.map(({ subject }) => subject)).toContainEqual(expect.stringMatching(/no retraining, although drift asks for it/));
});
