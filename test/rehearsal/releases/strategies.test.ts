import { deploy, play, wrong } from './play';

jest.setTimeout(180_000);

const weights = (result: Awaited<ReturnType<typeof play>>): number[] => result.traffic.map(({ candidateShare }) => candidateShare);

test('linear: equal steps up to the end', async () => {
  const result = await play({
    charter: { rollout: { strategy: 'linear', steps: undefined, linear: { step: 0.25, bake: '10m' } } },
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
  expect(weights(result)).toEqual([0, 0.25, 0.5, 0.75, 0]);
});

test('all at once: promoted with the approval', async () => {
  const result = await play({
    charter: { rollout: { strategy: 'all-at-once', steps: undefined } },
    duration: '1h',
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'], candidateRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

const SHADOW = { bake: '20m', minimumAnswers: 20 };

test('shadow: a candidate that answers alike goes on to its canary', async () => {
  const result = await play({
    charter: { rollout: { strategy: ['shadow', 'canary'], shadow: SHADOW } },
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
  expect(weights(result)).toEqual([0, 0.3, 0.5, 0]);
});

test('shadow: a candidate that fails is rolled back before any answer of it is used', async () => {
  const result = await play({
    charter: { rollout: { strategy: ['shadow', 'canary'], shadow: SHADOW } },
    actions: [deploy('failing')],
    expect: { outcomes: ['rolled-back'], stage: 'shadow', culprit: 'shadow-errors', candidateRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

test('shadow, then all at once: compared, and promoted', async () => {
  const result = await play({
    charter: {
      rollout: {
        strategy: ['shadow', 'all-at-once'],
        steps: undefined,
        shadow: { ...SHADOW, agreement: { field: 'mistakeRate', atLeast: 0.9, tolerance: 0.5 } },
      },
    },
    duration: '2h',
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'], candidateRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

test('shadow: answers that do not agree are a reason to go back', async () => {
  const result = await play({
    charter: {
      rollout: {
        strategy: ['shadow', 'all-at-once'],
        steps: undefined,
        shadow: { ...SHADOW, agreement: { field: 'mistakeRate', atLeast: 0.9, tolerance: 0.1 } },
      },
    },
    duration: '2h',
    actions: [deploy('good')],
    expect: { outcomes: ['rolled-back'], stage: 'shadow', culprit: 'shadow-agreement', candidateRequestsAtMost: 0 },
  });
  expect(wrong(result)).toEqual([]);
});

const BLUE_GREEN = {
  strategy: 'blue-green',
  steps: undefined,
  blueGreen: { routing: 'canary', step: 0.3, wait: '10m', terminationWait: '5m' },
};

test('blue/green: SageMaker moves the traffic', async () => {
  const result = await play({
    charter: { rollout: BLUE_GREEN },
    duration: '2h',
    actions: [deploy('good')],
    expect: { outcomes: ['promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});

test('blue/green: alarms on the new fleet undo it', async () => {
  const result = await play({
    charter: { rollout: BLUE_GREEN },
    duration: '2h',
    actions: [deploy('failing')],
    expect: { outcomes: ['rolled-back'], stage: 'blue-green', incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('keep warm: stable is taken back with one write, and what was before answers again', async () => {
  const result = await play({
    charter: { rollout: { keepWarm: '1h' } },
    actions: [deploy('good'), { at: '75m', do: 'rollback', reason: 'complaints' }],
    expect: { outcomes: ['rolled-back'], stage: 'rollback-window', incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('keep warm: after the window the release before is tidied away, and is released anew', async () => {
  const result = await play({
    charter: { rollout: { keepWarm: '30m' } },
    actions: [deploy('good'), { at: '2h', do: 'rollback', reason: 'complaints', to: 'stable' }],
    expect: { outcomes: ['promoted', 'promoted'] },
  });
  expect(wrong(result)).toEqual([]);
});
