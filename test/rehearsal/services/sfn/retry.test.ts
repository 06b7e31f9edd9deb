import { AwsError, type Members } from '../../../../rehearsal/cloud/types';
import { bench, outputOf } from './support';

const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' }, End: true };

/** A machine whose one task fails with these errors, one after the other, and then succeeds. */
function failing(errors: string[]) {
  const made = bench();
  const startedAt: number[] = [];
  made.cloud.stub('lambda', {
    Invoke: () => {
      startedAt.push(made.cloud.clock.now());
      const error = errors[startedAt.length - 1];
      const report = error === undefined ? 'done' : { errorType: error, errorMessage: '' };
      return {
        StatusCode: 200,
        ...(error === undefined ? {} : { FunctionError: 'Unhandled' }),
        Payload: Buffer.from(JSON.stringify(report)),
      };
    },
  });
  /** Seconds between the attempts, without the call's own. */
  const gaps = (): number[] => startedAt.slice(1).map((at, index) => (at - (startedAt[index] ?? 0) - 5) / 1000);
  return { ...made, gaps };
}

describe('Retry', () => {
  it('counts for each retrier, whichever of its errors comes, and lets the Catch have what is left', async () => {
    const { run, gaps } = failing(['ErrorA', 'ErrorB', 'ErrorC', 'ErrorB', 'ErrorB']);
    const described = await run({
      X: {
        ...invoke,
        Retry: [
          { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
          { ErrorEquals: ['ErrorC'], IntervalSeconds: 5, MaxAttempts: 5 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z', Output: '{% [$states.errorOutput.Error, $states.context.State.RetryCount] %}' }],
      },
      Z: { Type: 'Pass', End: true },
    });
    expect(gaps()).toEqual([1, 2, 5]);
    expect(outputOf(described)).toEqual(['ErrorB', 3]);
  });

  it('takes the first retrier that matches, also where a later one has attempts left', async () => {
    const { run, gaps } = failing(['E', 'E', 'E']);
    const retriers = [
      { ErrorEquals: ['E'], IntervalSeconds: 7, MaxAttempts: 1 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 9 },
    ];
    expect(await run({ X: { ...invoke, Retry: retriers } })).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(gaps()).toEqual([7]);
  });

  it('has one second, doubled, three times, unless it says otherwise', async () => {
    const { run, gaps } = failing(['E', 'E', 'E']);
    expect(
      outputOf(await run({ X: { ...invoke, Retry: [{ ErrorEquals: ['States.ALL'] }], Output: '{% $states.result.Payload %}' } })),
    ).toBe('done');
    expect(gaps()).toEqual([1, 2, 4]);
  });

  it('waits no longer than MaxDelaySeconds, and not at all with MaxAttempts 0', async () => {
    const { run, gaps } = failing(['E', 'E', 'E', 'E']);
    const retrier = { ErrorEquals: ['E'], IntervalSeconds: 3, BackoffRate: 4, MaxDelaySeconds: 20, MaxAttempts: 9 };
    await run({ X: { ...invoke, Retry: [retrier] } });
    expect(gaps()).toEqual([3, 12, 20, 20]);
    const never = failing(['E']);
    expect(await never.run({ X: { ...invoke, Retry: [{ ErrorEquals: ['E'], MaxAttempts: 0 }] } })).toMatchObject({ error: 'E' });
  });

  it('draws full jitter from the seed, below the interval', async () => {
    const draw = async () => {
      const { run, gaps } = failing(Array.from({ length: 6 }, () => 'E'));
      await run({
        X: { ...invoke, Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 100, BackoffRate: 1, JitterStrategy: 'FULL', MaxAttempts: 6 }] },
      });
      return gaps();
    };
    const waited = await draw();
    expect(waited).toHaveLength(6);
    expect(new Set(waited).size).toBe(6);
    for (const seconds of waited) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(100);
    }
    expect(await draw()).toEqual(waited);
  });

  it('runs a Map and a Parallel again as a whole', async () => {
    const { run, gaps } = failing(['E']);
    const each = { StartAt: 'T', States: { T: { ...invoke, Output: '{% $states.result.Payload %}' } } };
    const described = await run({
      M: { Type: 'Map', Items: [1], ItemProcessor: each, Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 2 }], End: true },
    });
    expect(outputOf(described)).toEqual(['done']);
    expect(gaps()).toEqual([2]);
  });
});

describe('errors', () => {
  const caught = (names: string[], more: Members = {}) => ({
    T: { ...invoke, ...more, Catch: [{ ErrorEquals: names, Next: 'C' }] },
    C: { Type: 'Pass', End: true, Output: 'caught' },
  });

  it.each<[string[], Members, string, string]>([
    [['States.TaskFailed'], {}, 'E', 'SUCCEEDED'],
    [['States.ALL'], {}, 'E', 'SUCCEEDED'],
    [['States.Timeout'], {}, 'E', 'FAILED'],
    [['E'], {}, 'E', 'SUCCEEDED'],
    [['F'], {}, 'E', 'FAILED'],
    [['States.TaskFailed'], { Output: '{% $missing %}' }, '', 'SUCCEEDED'],
    [['States.QueryEvaluationError'], { Arguments: '{% $missing %}' }, '', 'SUCCEEDED'],
  ])('%j with %j after %s: %s', async (names, more, error, status) => {
    const { run } = failing(error === '' ? [] : [error]);
    expect((await run(caught(names, more))).status).toBe(status);
  });

  it('that a service throttles are retried by the names AWS gives them', async () => {
    const { cloud, run } = bench();
    let calls = 0;
    cloud.stub('dynamodb', {
      PutItem: () => {
        calls += 1;
        if (calls === 1) throw new AwsError('ProvisionedThroughputExceededException', 'slow down');
        throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
      },
    });
    const put = {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:putItem',
      Arguments: { TableName: 't', Item: { pk: { S: 'a' } } },
      Retry: [{ ErrorEquals: ['DynamoDB.ProvisionedThroughputExceededException'] }],
      Catch: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'C' }],
      End: true,
    };
    expect(outputOf(await run({ P: put, C: { Type: 'Pass', End: true, Output: 'there already' } }))).toBe('there already');
    expect(calls).toBe(2);
  });
});
