import { deploy, play, wrong } from '../releases/play';

jest.setTimeout(240_000);

const SHADOW = { bake: '20m', minimumAnswers: 20 };
const SHADOW_THEN_CANARY = { rollout: { strategy: ['shadow', 'canary'], shadow: SHADOW } };
const BLUE_GREEN = {
  strategy: 'blue-green',
  steps: undefined,
  blueGreen: { routing: 'linear', step: 0.1, wait: '30m', terminationWait: '5m' },
};
const quality = { role: 'quality', after: '5m', decision: 'approve', comment: 'looks fine' };

describe('shadow', () => {
  const undecided = {
    rollout: {
      strategy: ['shadow', 'all-at-once'],
      steps: undefined,
      inconclusive: 'hold',
      shadow: { bake: '20m', minimumAnswers: 100_000 },
    },
  };

  test('too few answers: held, and released once owners have decided', async () => {
    const result = await play({
      charter: undecided,
      duration: '2h',
      people: [quality, { ...quality, kind: 'shadow' }],
      actions: [deploy('good')],
      expect: { outcomes: ['promoted'] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('too few answers, and nobody decides: rolled back without any answer of it', async () => {
    const result = await play({
      charter: undecided,
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'shadow', candidateRequestsAtMost: 0 },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('a verdict that crashes misses its heartbeat', async () => {
    const result = await play({
      charter: SHADOW_THEN_CANARY,
      duration: '1h',
      faults: [{ at: '20m', service: 'lambda', function: 'Toy/Verdict/Handler', error: 'crash', for: '20m' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'shadow', candidateRequestsAtMost: 0 },
    });
    expect(wrong(result)).toEqual([]);
    expect(result.releases[0]?.reason).toMatch(/heartbeat/);
  });

  test('SageMaker goes back to the config before the shadow: noticed', async () => {
    const result = await play({
      charter: SHADOW_THEN_CANARY,
      duration: '1h',
      faults: [{ at: '9m', endpoint: 'silent-rollback' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'shadow', incidents: [{ kind: 'failed-update' }] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('then blue/green: stable alone in between', async () => {
    const result = await play({
      charter: {
        rollout: {
          ...BLUE_GREEN,
          strategy: ['shadow', 'blue-green'],
          shadow: SHADOW,
          blueGreen: { routing: 'all-at-once', terminationWait: '5m' },
        },
      },
      duration: '2h',
      actions: [deploy('good')],
      expect: { outcomes: ['promoted'] },
    });
    expect(wrong(result)).toEqual([]);
  });
});

describe('blue/green', () => {
  const seconds = (result: Awaited<ReturnType<typeof play>>, status: string, after: number): number =>
    result.timeline.find(({ t, event, detail }) => t >= after && event === 'endpoint-status' && detail['status'] === status)?.t ??
    Number.NaN;

  test('whoever rolls back asks SageMaker, which goes back within two minutes', async () => {
    const result = await play({
      charter: { rollout: BLUE_GREEN },
      duration: '1h',
      actions: [deploy('good'), { at: '35m', do: 'rollback', reason: 'complaints' }],
      expect: { outcomes: ['rolled-back'], stage: 'blue-green', incidents: [{ kind: 'rollback' }] },
    });
    expect(wrong(result)).toEqual([]);
    expect(result.incidents[0]?.recoveredAtSeconds).toBeGreaterThan(35 * 60);
    expect(seconds(result, 'RollingBack', 35 * 60) - 35 * 60).toBeLessThan(120);
  });

  test('a kill takes down an endpoint that SageMaker would be busy with for hours', async () => {
    const result = await play({
      charter: { rollout: BLUE_GREEN },
      duration: '1h',
      actions: [deploy('good'), { at: '35m', do: 'kill', reason: 'complaints' }],
      expect: { outcomes: ['killed'], incidents: [{ kind: 'kill' }] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('a release that the stack no longer asks for is withdrawn, and is no incident', async () => {
    const result = await play({
      charter: { rollout: BLUE_GREEN },
      duration: '90m',
      actions: [deploy('good'), deploy('stable', '40m')],
      expect: { outcomes: ['withdrawn'] },
    });
    expect(wrong(result)).toEqual([]);
    expect(result.incidents).toEqual([]);
  });

  test('SageMaker goes back by itself and says nothing: an incident', async () => {
    const result = await play({
      charter: { rollout: BLUE_GREEN },
      duration: '1h',
      faults: [{ at: '15m', endpoint: 'silent-rollback' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'blue-green', incidents: [{ kind: 'rollback' }] },
    });
    expect(wrong(result)).toEqual([]);
  });
});
