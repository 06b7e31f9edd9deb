import { deploy, play, wrong } from './play';

jest.setTimeout(240_000);

const AT_ONCE = { rollout: { strategy: 'all-at-once', steps: undefined } };
const DARK = { candidateRequestsAtMost: 0 };
const ALIVE = { event: 'killed', times: 0 };

describe('an endpoint that does not do as asked', () => {
  test('goes back by itself without a word: noticed, and rolled back', async () => {
    const result = await play({
      duration: '1h',
      faults: [{ at: '1m', endpoint: 'silent-rollback' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'create', ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('has no instances for the candidate', async () => {
    const result = await play({
      duration: '1h',
      faults: [{ at: '1m', endpoint: 'capacity' }],
      actions: [deploy('good')],
      expect: { outcomes: ['rolled-back'], stage: 'create', ...DARK },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('stays updating for hours: traffic is never touched', async () => {
    const result = await play({
      traffic: { perMinute: 1, source: 'traffic.mjs' },
      duration: '8h',
      faults: [{ at: '1m', endpoint: 'hang' }],
      actions: [deploy('good')],
      expect: {
        outcomes: ['rolled-back'],
        stage: 'create',
        timeline: [ALIVE],
        incidents: [{ kind: 'failed-update', reason: 'is still Updating' }],
        ...DARK,
      },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('goes silently back to the candidate when that is taken away', async () => {
    const result = await play({
      duration: '2h',
      faults: [{ at: '20m', endpoint: 'silent-rollback' }],
      actions: [deploy('good'), { at: '25m', do: 'rollback', reason: 'complaints' }],
      expect: { outcomes: ['rolled-back'], timeline: [ALIVE] },
    });
    expect(wrong(result)).toEqual([]);
  });

  test('fails for good when the candidate is taken away: somebody is told', async () => {
    const result = await play({
      duration: '3h',
      faults: [{ at: '20m', endpoint: 'rollback-failed', times: 5 }],
      actions: [deploy('good'), { at: '25m', do: 'rollback', reason: 'complaints' }],
      expect: { incidents: [{ kind: 'rollback' }, { kind: 'failed-rollback', reason: 'UpdateRollbackFailed' }] },
    });
    expect(wrong(result)).toEqual([]);
  });
});

test('SageMaker throttles a rollback for twenty minutes: callers notice nothing, and no attempt is lost', async () => {
  const result = await play({
    duration: '2h',
    faults: [{ at: '24m', service: 'sagemaker', operation: 'UpdateEndpoint', error: 'ThrottlingException', for: '20m' }],
    actions: [deploy('good'), { at: '25m', do: 'rollback', reason: 'complaints' }],
    expect: {
      outcomes: ['rolled-back'],
      timeline: [
        { source: 'control', event: 'candidate-removed', before: '1501s' },
        { event: 'endpoint-status', detail: { status: 'Updating', pendingConfigName: '-live' }, after: '44m', before: '50m' },
        ALIVE,
      ],
    },
  });
  expect(wrong(result)).toEqual([]);
});

test('alarms are muted: a failing candidate is rolled back all the same', async () => {
  const result = await play({
    duration: '1h',
    faults: [{ at: '2m', alarm: 'mute' }],
    actions: [deploy('failing')],
    expect: { outcomes: ['rolled-back'], incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test('the verdict is dead: its heartbeat is missed, and the candidate rolled back', async () => {
  const result = await play({
    duration: '1h',
    faults: [{ at: '12m', service: 'lambda', function: 'Verdict/Handler', error: 'crash' }],
    actions: [deploy('good')],
    expect: { outcomes: ['rolled-back'], reason: 'heartbeat', incidents: [{ kind: 'rollback' }] },
  });
  expect(wrong(result)).toEqual([]);
});

test.each(['10m10s', '11m', '13m'])('an operator kills during the promotion, %s after the start', async (at) => {
  const result = await play({
    charter: AT_ONCE,
    duration: '1h',
    actions: [deploy('good'), { at: at.includes('m10s') ? '610s' : at, do: 'kill', reason: 'drill' }],
    expect: { incidents: [{ kind: 'kill' }] },
  });
  expect(wrong(result)).toEqual([]);
  expect(['promoted', 'killed']).toContain(result.outcome);
});

test('a deploy during the canary leaves its traffic alone', async () => {
  const result = await play({
    actions: [deploy('good'), deploy('good', '20m', { change: { tags: { team: 'other' } } })],
    expect: { outcomes: ['promoted'], weightsUnmovedByDeploy: true },
  });
  expect(wrong(result)).toEqual([]);
});

test('the stack is deleted during the canary: nothing is left', async () => {
  const result = await play({ duration: '1h', actions: [deploy('good'), { at: '20m', do: 'destroy' }] });
  expect(wrong(result)).toEqual([]);
  expect(result.timeline.map(({ event }) => event)).toContain('DELETE_COMPLETE');
});

test('the workflow’s own handler crashes for ten minutes: it goes on afterwards, or goes back', async () => {
  const result = await play({
    duration: '2h',
    faults: [{ at: '9m', service: 'lambda', function: 'Release/Step', error: 'crash', for: '10m' }],
    actions: [deploy('good')],
  });
  expect(wrong(result)).toEqual([]);
  expect(['promoted', 'rolled-back']).toContain(result.outcome);
});
