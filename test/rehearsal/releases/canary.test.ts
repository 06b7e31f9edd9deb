import { deploy, play, wrong } from './play';

jest.setTimeout(120_000);

test('canary: a better candidate is promoted, step by step', async () => {
  const result = await play({ actions: [deploy('good')], expect: { outcomes: ['promoted'] } });
  expect(wrong(result)).toEqual([]);
  expect(result.traffic.map(({ candidateShare }) => candidateShare)).toEqual([0, 0.3, 0.5, 0]);
});

test('canary: a worse candidate is rolled back by its KPI, and an incident is opened', async () => {
  const result = await play({
    actions: [deploy('bad')],
    expect: { outcomes: ['rolled-back'], culprit: 'mistakes', incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});
