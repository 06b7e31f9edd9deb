import { AwsError, type Members } from '../../../../rehearsal/cloud/types';
import { each, failAt, mapBench, reader, writer } from './map-support';
import { bench, outputOf, ROLE } from './support';

describe('an object of items', () => {
  const pairs = [
    { Key: 'b', Value: 1 },
    { Key: 'a', Value: { x: 2 } },
  ];

  it.each<[string, Members, unknown]>([
    ['in Items, computed', { Items: '{% $states.input.of %}' }, { of: { b: 1, a: { x: 2 } } }],
    ['in Items, literal', { Items: { b: 1, a: { x: '{% $states.input.two %}' } } }, { two: 2 }],
    ['as the state’s input', {}, { b: 1, a: { x: 2 } }],
  ])('has a child for each member, in order: %s', async (_where, more, input) => {
    const { run, history } = mapBench();
    const described = await run(more, input);
    expect(outputOf(described)).toEqual(pairs);
    const started = (await history(described.executionArn as string)).find(({ type }) => type === 'MapStateStarted');
    expect((started?.mapStateStartedEventDetails as Members).length).toBe(2);
  });

  it('gives ItemSelector the key beside the value', async () => {
    const { run } = mapBench();
    const selector = '{% $states.context.Map.Item.{"key": Key, "value": Value, "at": Index} %}';
    const described = await run({ ItemSelector: selector }, { b: 1, a: 2 });
    expect(outputOf(described)).toEqual([
      { key: 'b', value: 1, at: 0 },
      { key: 'a', value: 2, at: 1 },
    ]);
  });

  it.each<[Members, unknown, string]>([
    [{ Items: '{% 7 %}' }, {}, "Expected 'array' or 'object', but was 'number' for value: 7"],
    [{}, 7, 'Map state input must be an array or an object but was: 7'],
  ])('is no number: %j with input %j', async (more, input, cause) => {
    const described = await mapBench().run(more, input);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(described.cause).toContain(cause);
  });

  it('is nothing for an inline Map', async () => {
    const inline = { M: { Type: 'Map', End: true, Items: { a: 1 }, ItemProcessor: each } };
    const described = await bench().run(inline);
    expect(described.cause).toContain("Expected 'array', but was 'object'");
  });
});

describe('child executions', () => {
  it('have their own ARN, input, history and variables, and tell their Map Run', async () => {
    const { run, call, history, mapRun } = mapBench();
    const processor = {
      StartAt: 'I',
      States: {
        I: {
          Type: 'Pass',
          End: true,
          Assign: { own: 1 },
          Output: '{% [$states.context.StateMachine.Name, $exists($outer), $states.context.Execution.Input] %}',
        },
      },
    };
    const described = await run({ Label: 'Each' }, ['x'], processor);
    expect(outputOf(described)).toEqual([['machine/Each', false, 'x']]);
    const { mapRunArn, executionArn } = await mapRun(described);
    expect(mapRunArn).toMatch(/^arn:aws:states:us-east-1:111111111111:mapRun:machine\/Each:[0-9a-f-]{36}$/);
    expect(executionArn).toBe(described.executionArn);
    const { executions } = await call('ListExecutions', { mapRunArn: mapRunArn as string });
    const [child] = executions as Members[];
    expect(child).toMatchObject({
      status: 'SUCCEEDED',
      mapRunArn,
      itemCount: 1,
      stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine/Each',
    });
    const childArn = child?.executionArn as string;
    expect(childArn).toMatch(/:execution:machine\/Each:/);
    expect(await call('DescribeExecution', { executionArn: childArn })).toMatchObject({ input: '"x"', mapRunArn });
    expect((await history(childArn)).map(({ type }) => type as string)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    const own = await call('ListExecutions', { stateMachineArn: described.stateMachineArn as string });
    expect((own.executions as Members[]).map((execution) => execution.executionArn as string)).toEqual([described.executionArn]);
  });

  it('run at most MaxConcurrency at a time', async () => {
    const { run } = mapBench();
    const described = await run({ MaxConcurrency: 2 }, [1, 2, 3, 4, 5], {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 10, End: true } },
    });
    expect(outputOf(described)).toEqual([1, 2, 3, 4, 5]);
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(30_000 + 3 * 5);
  });

  it('are started by the machine’s role, which may lack the permission', async () => {
    const { cloud, state, start, call } = mapBench();
    const asked: string[] = [];
    const executionArn = await start(state({}), [1]);
    cloud.authorise = (caller, action, resource) => {
      if (caller.kind !== 'role') return;
      asked.push(`${caller.roleArn} ${action} ${resource}`);
      throw new AwsError('AccessDeniedException', 'is not authorized to perform: states:StartExecution', 400);
    };
    await cloud.clock.run();
    expect(asked).toEqual([`${ROLE} states:StartExecution arn:aws:states:us-east-1:111111111111:stateMachine:machine`]);
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'FAILED', error: 'States.Permissions' });
  });

  it('that cannot be started end the Map Run with what the service says', async () => {
    const { cloud, state, start, call } = mapBench();
    const executionArn = await start(state({}), [1]);
    cloud.authorise = (caller) => {
      if (caller.kind === 'role') throw new AwsError('ExecutionLimitExceeded', 'too many');
    };
    await cloud.clock.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ error: 'States.Runtime', cause: 'too many' });
  });

  it('stop when their parent does', async () => {
    const { cloud, start, state, call, sfn } = mapBench();
    const executionArn = await start(state({}, failAt('false')), [1, 2]);
    await cloud.clock.run(cloud.clock.now() + 1000);
    await call('StopExecution', { executionArn });
    expect(sfn.allExecutions().map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
    expect(cloud.clock.pending).toBe(0);
    const { mapRuns } = await call('ListMapRuns', { executionArn });
    const mapRunArn = (mapRuns as Members[])[0]?.mapRunArn as string;
    expect(await call('DescribeMapRun', { mapRunArn })).toMatchObject({ status: 'ABORTED', executionCounts: { aborted: 2, total: 2 } });
  });

  it('stop when a branch beside them fails, and the history says so', async () => {
    const { run, history, sfn } = { ...bench() };
    const map = {
      M: {
        Type: 'Map',
        End: true,
        Items: [1],
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...failAt('false') },
      },
    };
    const wait = { Type: 'Wait', Seconds: 1, Next: 'Fail' };
    const described = await run({
      P: {
        Type: 'Parallel',
        End: true,
        Branches: [
          { StartAt: 'M', States: map },
          { StartAt: 'Wait', States: { Wait: wait, Fail: { Type: 'Fail', Error: 'Beside' } } },
        ],
      },
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'Beside' });
    expect(sfn.allExecutions().map(({ status }) => status)).toEqual(['FAILED', 'ABORTED']);
    const types = (await history(described.executionArn as string)).map(({ type }) => type as string);
    expect(types.slice(-3)).toEqual(['MapRunAborted', 'MapStateAborted', 'ExecutionFailed']);
  });
});

describe('tolerated failures', () => {
  const items = [1, 2, 3, 4];

  it.each<[Members, string, string]>([
    [{}, '$states.input = 2', 'FAILED'],
    [{ ToleratedFailureCount: 1 }, '$states.input = 2', 'SUCCEEDED'],
    [{ ToleratedFailureCount: 1 }, '$states.input > 2', 'FAILED'],
    [{ ToleratedFailurePercentage: 50 }, '$states.input > 2', 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 49.9 }, '$states.input > 2', 'FAILED'],
    [{ ToleratedFailureCount: 3, ToleratedFailurePercentage: 10 }, '$states.input = 2', 'FAILED'],
    [{ ToleratedFailureCount: '{% 4 %}' }, 'true', 'SUCCEEDED'],
  ])('%j with %s: %s', async (more, bad, status) => {
    const { run } = mapBench();
    const described = await run(more, items, failAt(bad));
    expect(described.status).toBe(status);
    if (status === 'FAILED')
      expect(described).toMatchObject({
        error: 'States.ExceedToleratedFailureThreshold',
        cause: 'The specified tolerated failure threshold was exceeded',
      });
  });

  it('count items, not batches, and end the children under way', async () => {
    const { run, mapRun, sfn } = mapBench();
    const described = await run(
      { ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailureCount: 1, MaxConcurrency: 2 },
      [...items, 5, 6],
      failAt('$states.input.Items[0] = 1'),
    );
    expect(described.status).toBe('FAILED');
    expect(await mapRun(described)).toMatchObject({
      status: 'FAILED',
      toleratedFailureCount: 1,
      itemCounts: { failed: 2, aborted: 2, pending: 2, total: 6 },
      executionCounts: { failed: 1, aborted: 1, pending: 1, total: 3 },
    });
    expect(sfn.allExecutions()).toHaveLength(3);
  });

  it('are told among the results, with error and cause', async () => {
    const { run } = mapBench();
    const described = await run({ ToleratedFailureCount: 1 }, [1, 2], failAt('$states.input = 1'));
    expect(outputOf(described)).toMatchObject([{ Status: 'FAILED', Error: 'Bad', Cause: 'it is', Input: '1' }, 2]);
  });

  it.each<[Members, string]>([
    [{ ToleratedFailurePercentage: '{% 100.1 %}' }, 'ToleratedFailurePercentage must be between 0 and 100.'],
    [{ ToleratedFailureCount: '{% -1 %}' }, 'must be a non-negative integer'],
    [{ MaxConcurrency: '{% -1 %}' }, 'must be a non-negative integer'],
    [{ ItemBatcher: { MaxItemsPerBatch: '{% 0 %}' } }, 'must be a positive integer'],
    [{ ItemBatcher: { MaxInputBytesPerBatch: '{% 300000 %}' } }, 'must be at most 262144'],
    [reader('k', { InputType: 'JSON', MaxItems: '{% -1 %}' }), 'must be an integer between 0 and 100000000'],
    [{ ResultWriter: { ...writer, Arguments: { Bucket: 7 } } }, 'needs Bucket and Prefix as strings'],
  ])('and other limits are checked: %j', async (more, cause) => {
    const described = await mapBench().run(more, [1]);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(described.cause).toContain(cause);
  });
});

it('refuses Map Runs and lists that are none', async () => {
  const { call, run } = mapBench();
  const { executionArn, stateMachineArn } = await run({}, []);
  await expect(call('DescribeMapRun', { mapRunArn: 'arn:none' })).rejects.toMatchObject({ code: 'ResourceNotFound' });
  await expect(call('ListMapRuns', { executionArn: 'arn:none' })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  await expect(call('ListExecutions', {})).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(call('ListExecutions', { stateMachineArn, redriveFilter: 'REDRIVEN' })).rejects.toThrow('redriveFilter is not supported');
  expect((await call('ListMapRuns', { executionArn: executionArn as string, maxResults: 1 })).nextToken).toBeUndefined();
});
