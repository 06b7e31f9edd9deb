import { retryDelaySeconds } from '../../../../rehearsal/services/sfn/interpreter';
import { bench, outputOf } from './support';

describe('expressions', () => {
  it('see virtual time, the context and the functions of Step Functions', async () => {
    const { run } = bench();
    const described = await run(
      {
        First: {
          Type: 'Pass',
          End: true,
          Output: {
            now: '{% $now() %}',
            date: "{% $now('[Y0001]-[M01]-[D01]') %}",
            millis: '{% $millis() %}',
            name: '{% $states.context.State.Name %}',
            machine: '{% $states.context.StateMachine.Name %}',
            started: '{% $states.context.Execution.StartTime %}',
            given: '{% $states.context.Execution.Input.a %}',
            hash: "{% $hash('a', 'SHA-256') %}",
            seeded: '{% $random(7) = $random(7) %}',
            range: '{% $range(0, 10, 5) %}',
            none: '{% $range(1, 0, 1) %}',
          },
        },
      },
      { a: 1 },
    );
    expect(outputOf(described)).toEqual({
      now: '2026-03-02T09:00:00.005Z',
      date: '2026-03-02',
      millis: Date.parse('2026-03-02T09:00:00.005Z'),
      name: 'First',
      machine: 'machine',
      started: '2026-03-02T09:00:00.005Z',
      given: 1,
      hash: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      seeded: true,
      range: [0, 5, 10],
      none: [],
    });
  });

  it('draw the same random numbers for the same seed and execution', async () => {
    const draw = async () => outputOf(await bench().run({ A: { Type: 'Pass', End: true, Output: '{% [$random(), $uuid()] %}' } }));
    expect(await draw()).toEqual(await draw());
  });

  it.each([
    ["{% $eval('1') %}", 'T1006'],
    ['{% $missing %}', 'returned nothing'],
    ['{% $sum %}', 'unsupported result type'],
    ["{% $hash('a', 'CRC') %}", 'knows MD5'],
    ['{% $partition([1], 0) %}', 'positive whole number'],
  ])('fail as States.QueryEvaluationError: %s', async (Output, cause) => {
    const described = await bench().run({ A: { Type: 'Pass', End: true, Output } });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(described.cause).toContain("An error occurred while executing the state 'A' (entered at the event id #2).");
    expect(described.cause).toContain(cause);
  });
});

describe('variables', () => {
  it('are read as they were before the state assigned any, and inner flows keep theirs', async () => {
    const inner = { Type: 'Pass', End: true, Assign: { own: '{% $outer + $states.input %}' }, Output: '{% $outer %}' };
    const { run } = bench();
    const described = await run({
      Set: { Type: 'Pass', Next: 'Swap', Assign: { outer: 1, other: 2 } },
      Swap: { Type: 'Pass', Next: 'Each', Assign: { outer: '{% $other %}', other: '{% $outer %}' } },
      Each: { Type: 'Map', Items: [10, 20], ItemProcessor: { StartAt: 'I', States: { I: inner } }, Next: 'Done' },
      Done: { Type: 'Pass', End: true, Output: { items: '{% $states.input %}', outer: '{% $outer %}', own: '{% $exists($own) %}' } },
    });
    expect(outputOf(described)).toEqual({ items: [2, 2], outer: 2, own: false });
  });
});

describe('Choice', () => {
  const choice = (Condition: unknown, Default?: string) => ({
    C: { Type: 'Choice', Choices: [{ Condition, Next: 'Yes' }], ...(Default === undefined ? {} : { Default }) },
    Yes: { Type: 'Pass', End: true, Output: 'yes' },
    ...(Default === undefined ? {} : { [Default]: { Type: 'Pass', End: true, Output: 'no' } }),
  });

  it('takes the first rule that holds, else Default', async () => {
    expect(outputOf(await bench().run(choice('{% $states.input.a = 1 %}', 'No'), { a: 1 }))).toBe('yes');
    expect(outputOf(await bench().run(choice('{% $states.input.a = 1 %}', 'No'), { a: 2 }))).toBe('no');
  });

  it('fails where no rule holds, or a condition is no truth value', async () => {
    expect(await bench().run(choice('{% false %}'))).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    const described = await bench().run(choice("{% 'true' %}", 'No'));
    expect(described).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(described.cause).toContain("Expected 'boolean', but was 'string'");
  });
});

describe('Wait', () => {
  it('passes virtual time', async () => {
    const { cloud, run } = bench();
    const described = await run({ W: { Type: 'Wait', Seconds: '{% 60 * 60 %}', End: true } });
    expect(described.status).toBe('SUCCEEDED');
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(3_600_000);
    expect(cloud.clock.pending).toBe(0);
  });

  it('goes on at once when its time has passed, and refuses a negative one', async () => {
    const past = await bench().run({ W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00+01:00', End: true } });
    expect((past.stopDate as Date).getTime()).toBe((past.startDate as Date).getTime());
    expect(await bench().run({ W: { Type: 'Wait', Seconds: '{% -1 %}', End: true } })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('Retry', () => {
  it('waits longer each time, up to its limit, with jitter when asked', () => {
    const retrier = { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10 };
    expect([0, 1, 2].map((before) => retryDelaySeconds(retrier, before, () => 0.5))).toEqual([2, 6, 10]);
    expect(retryDelaySeconds({ ...retrier, JitterStrategy: 'FULL' }, 1, () => 0.5)).toBe(3);
    expect(retryDelaySeconds({ ErrorEquals: ['States.ALL'] }, 1, () => 0.5)).toBe(2);
  });
});

describe('Parallel and Map', () => {
  it('give the branches their Arguments and the outputs in order', async () => {
    const wait = (Seconds: number) => ({
      StartAt: `W${Seconds}`,
      States: { [`W${Seconds}`]: { Type: 'Wait', Seconds, End: true, Output: `{% $states.input & '${Seconds}' %}` } },
    });
    const { run } = bench();
    const described = await run({ P: { Type: 'Parallel', Arguments: 'x', Branches: [wait(9), wait(1)], End: true } });
    expect(outputOf(described)).toEqual(['x9', 'x1']);
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(9000);
  });

  it('end the other branches when one fails, and say so', async () => {
    const { cloud, run, history } = bench();
    const slow = { StartAt: 'Slow', States: { Slow: { Type: 'Wait', Seconds: 3600, End: true } } };
    const bad = { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Broken', Cause: 'it is' } } };
    const described = await run({
      P: { Type: 'Parallel', Branches: [slow, bad], Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }], End: true },
      Caught: { Type: 'Pass', End: true },
    });
    expect(outputOf(described)).toEqual({ Error: 'Broken', Cause: 'it is' });
    expect(described.stopDate).toEqual(described.startDate);
    expect(cloud.clock.pending).toBe(0);
    const types = (await history(described.executionArn as string)).map((event) => event.type as string);
    expect(types).toContain('WaitStateAborted');
  });

  it('run at most MaxConcurrency items at a time', async () => {
    const { run } = bench();
    const flow = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 10, End: true, Output: '{% $states.context.Map.Item.Index %}' } } };
    const described = await run({ M: { Type: 'Map', Items: '{% [1..5] %}', MaxConcurrency: 2, ItemProcessor: flow, End: true } });
    expect(outputOf(described)).toEqual([0, 1, 2, 3, 4]);
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(30_000);
  });

  it('select what each item sees', async () => {
    const { run } = bench();
    const described = await run(
      {
        M: {
          Type: 'Map',
          Items: '{% $states.input.items %}',
          ItemSelector: {
            item: '{% $states.context.Map.Item.Value %}',
            at: '{% $states.context.Map.Item.Index %}',
            all: '{% $count($states.input.items) %}',
          },
          ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
          End: true,
        },
      },
      { items: ['a', 'b'] },
    );
    expect(outputOf(described)).toEqual([
      { item: 'a', at: 0, all: 2 },
      { item: 'b', at: 1, all: 2 },
    ]);
  });

  it('stop at the first failing item', async () => {
    const { run, history } = bench();
    const flow = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'F' }], Default: 'W' },
        F: { Type: 'Fail', Error: 'Two' },
        W: { Type: 'Wait', Seconds: 60, End: true },
      },
    };
    const described = await run({ M: { Type: 'Map', Items: [1, 2, 3], ItemProcessor: flow, End: true } });
    expect(described).toMatchObject({ status: 'FAILED', error: 'Two' });
    const types = (await history(described.executionArn as string)).map((event) => event.type as string);
    expect(types.slice(-2)).toEqual(['MapStateFailed', 'ExecutionFailed']);
    expect(types.filter((type) => type === 'MapIterationAborted')).toHaveLength(2);
  });
});

describe('limits', () => {
  it('refuse an output over 256 KiB, which States.ALL does not catch', async () => {
    const described = await bench().run({
      A: { Type: 'Pass', End: true, Output: "{% $join($map([1..30000], function($i) { 'abcdefghij' })) %}" },
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(described.cause).toContain("The state/task 'A' returned a result with a size exceeding");
  });

  it('end an execution at 25 000 events', async () => {
    const { run, sfn } = bench();
    const described = await run({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Wait', Seconds: 1, Next: 'A' },
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(described.cause).toContain('maximum number of history events (25000)');
    expect(sfn.allExecutions()[0]?.history.events).toHaveLength(25_000);
  });
});
