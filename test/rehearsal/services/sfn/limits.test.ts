import type { Members } from '../../../../rehearsal/cloud/types';
import { bench, outputOf } from './support';

/** Makes text of this many characters. */
const long = (characters: number) => `$join($map([1..${characters / 10}], function($i) { 'abcdefghij' }))`;
const over = long(262_150);
const pass = { Type: 'Pass', End: true };
const sqs = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true };

describe('256 KiB', () => {
  it.each<[string, Members]>([
    ['an output', { A: { ...pass, Output: `{% ${over} %}` } }],
    [
      'the variables of one Assign together',
      { A: { ...pass, Assign: { a: `{% ${long(140_000)} %}`, b: `{% ${long(140_000)} %}` }, Output: 1 } },
    ],
    ['the arguments of a task', { A: { ...sqs, Arguments: { QueueUrl: 'q', MessageBody: `{% ${over} %}` } } }],
    [
      'the results of a Map together',
      {
        A: {
          Type: 'Map',
          Items: [1, 2],
          End: true,
          ItemProcessor: { StartAt: 'I', States: { I: { ...pass, Output: `{% ${long(140_000)} %}` } } },
        },
      },
    ],
  ])('is the most for %s, and States.ALL does not catch it', async (_what, states) => {
    const { cloud, run } = bench();
    cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
    const described = await run({
      ...states,
      ...(states.A.Type === 'Pass' ? {} : { A: { ...states.A, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }, C: pass }),
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(described.cause).toBe("The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.");
  });

  it('is counted in bytes, and itself allowed', async () => {
    const text = (letter: string, count: number) => ({ A: { ...pass, Output: `{% $pad('', ${count}, '${letter}') %}` } });
    expect((await bench().run(text('a', 262_142))).status).toBe('SUCCEEDED');
    expect((await bench().run(text('a', 262_143))).status).toBe('FAILED');
    expect((await bench().run(text('é', 131_071))).status).toBe('SUCCEEDED');
    expect((await bench().run(text('é', 131_072))).status).toBe('FAILED');
  });

  it('is the most for a task’s result, which its Catch may handle', async () => {
    const { cloud, run } = bench();
    cloud.stub('lambda', { Invoke: () => ({ StatusCode: 200, Payload: Buffer.from(JSON.stringify('x'.repeat(262_150))) }) });
    const described = await run({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'f' },
        Next: 'C',
        Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'C' }],
      },
      C: { ...pass, Output: '{% $states.input.Cause %}' },
    });
    expect(outputOf(described)).toBe(
      "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
  });
});

describe('time', () => {
  const wait = (Seconds: number) => ({ Type: 'Wait', Seconds, End: true });
  const token = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Arguments: { QueueUrl: 'q', MessageBody: 'm' },
    End: true,
  };
  const taken = (described: Members): number => ((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()) / 1000;

  it.each<[string, Members, Members, Members, number]>([
    ['of the machine', { W: wait(90) }, { TimeoutSeconds: 60 }, { status: 'TIMED_OUT', error: 'States.Timeout' }, 60],
    ['of a task', { T: { ...token, TimeoutSeconds: 30 } }, {}, { status: 'FAILED', error: 'States.Timeout' }, 30],
    ['of a task, computed', { T: { ...token, TimeoutSeconds: '{% 10 * 4 %}' } }, {}, { status: 'FAILED', error: 'States.Timeout' }, 40],
    [
      'between heartbeats',
      { T: { ...token, TimeoutSeconds: 300, HeartbeatSeconds: '{% 20 %}' } },
      {},
      { status: 'FAILED', error: 'States.Timeout' },
      20,
    ],
    [
      'of the machine before a task’s own',
      { T: { ...token, TimeoutSeconds: 300, Retry: [{ ErrorEquals: ['States.ALL'] }] } },
      { TimeoutSeconds: 50 },
      { status: 'TIMED_OUT' },
      50,
    ],
    [
      'of a task inside a branch',
      {
        P: {
          Type: 'Parallel',
          End: true,
          Branches: [
            { StartAt: 'T', States: { T: { ...token, TimeoutSeconds: 30 } } },
            { StartAt: 'W', States: { W: wait(90) } },
          ],
        },
      },
      {},
      { status: 'FAILED', error: 'States.Timeout' },
      30,
    ],
  ])('runs out: %s', async (_what, states, more, end, seconds) => {
    const { cloud, run } = bench();
    cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
    const described = await run(states, {}, more);
    expect(described).toMatchObject(end);
    expect(taken(described)).toBe(seconds);
    expect(cloud.clock.pending).toBe(0);
  });

  it('of a task counts anew at each retry', async () => {
    const { cloud, run } = bench();
    cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
    const described = await run({
      T: { ...token, TimeoutSeconds: 30, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1, IntervalSeconds: 10 }] },
    });
    expect(taken(described)).toBe(70);
  });

  it.each(['{% 0 %}', '{% 1.5 %}', "{% 'soon' %}"])('is a positive whole number of seconds, not %s', async (TimeoutSeconds) => {
    const { cloud, run } = bench();
    cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
    expect(await run({ T: { ...token, TimeoutSeconds } })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('the history', () => {
  it('is read page by page, in both orders, with or without data', async () => {
    const { run, call } = bench();
    const { executionArn } = await run({ A: { Type: 'Pass', Next: 'B', Assign: { v: 1 } }, B: pass }, { secret: 1 });
    const read = async (more: Members): Promise<Members[]> => {
      const events: Members[] = [];
      let nextToken: string | undefined;
      do {
        const page = await call('GetExecutionHistory', {
          executionArn: executionArn as string,
          maxResults: 2,
          ...more,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        events.push(...(page.events as Members[]));
        nextToken = page.nextToken as string | undefined;
      } while (nextToken !== undefined);
      return events;
    };
    const forward = await read({});
    expect(forward.map(({ id, previousEventId }) => [id as number, previousEventId as number])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 5],
    ]);
    expect(await read({ reverseOrder: true })).toEqual([...forward].reverse());
    expect(JSON.stringify(forward)).toContain('secret');
    const bare = await read({ includeExecutionData: false });
    expect(JSON.stringify(bare)).not.toMatch(/secret|assignedVariables/);
    expect(bare.map(({ type }) => type as string)).toEqual(forward.map(({ type }) => type as string));
    for (const nextToken of ['x', '2'])
      await expect(call('GetExecutionHistory', { executionArn: executionArn as string, nextToken })).rejects.toMatchObject({
        code: 'InvalidToken',
      });
    const described = await call('DescribeExecution', { executionArn: executionArn as string, includedData: 'METADATA_ONLY' });
    expect(described).toMatchObject({ status: 'SUCCEEDED', inputDetails: { included: false }, outputDetails: { included: false } });
    expect(JSON.stringify(described)).not.toContain('secret');
  });
});
