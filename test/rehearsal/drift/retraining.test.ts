import { flights, play, wrong } from './play';

jest.setTimeout(240_000);

const TRAINED = {
  training: 'training.mjs',
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

test('a run that is rejected leaves no package, no model and no release behind', async () => {
  const told = await play({
    ...TRAINED,
    duration: '7h',
    traffic: flights({ ...BAD_DAYS, untilHour: 3.5 }, 8),
    charter: { retraining: { on: { drift: false } } },
    actions: [{ at: '6h', do: 'retrain', as: 'quality', reason: 'the morning was late' }],
    expect: { outcome: 'none', retraining: { runs: 1, last: 'rejected' } },
  });
  expect(wrong(told.result)).toEqual([]);
  const [run] = told.retrainings;
  expect(run).toMatchObject({ trigger: 'operator', evaluation: { metric: 'mae', passed: false } });
  expect(run!.evaluation!.candidate).toBeGreaterThan(run!.evaluation!.stable);
  expect(run).not.toHaveProperty('modelPackageArn');
});

test('the cool-down holds back what is not asked for by a person', async () => {
  const told = await play({
    ...TRAINED,
    duration: '8h',
    traffic: flights(BAD_DAYS, 10),
    charter: { retraining: { coolDown: '30d', on: { drift: true } } },
    actions: [{ at: '3h', do: 'retrain', as: 'quality', reason: 'the morning was late' }],
  });
  expect(told.retrainings[0]).toMatchObject({ trigger: 'operator' });
  const byDrift = told.retrainings.filter(({ trigger }) => trigger === 'drift');
  expect(byDrift.every(({ status }) => status === 'refused')).toBe(true);
});
