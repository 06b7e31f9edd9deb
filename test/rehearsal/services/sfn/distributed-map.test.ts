import { AwsError, type Members } from '../../../../rehearsal/cloud/types';
import { createS3 } from '../../../../rehearsal/services/s3';
import { world } from '../../support/fake-cloud';
import { bench, outputOf, ROLE } from './support';

const each = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };
const failAt = (bad: string) => ({
  StartAt: 'C',
  States: {
    C: { Type: 'Choice', Choices: [{ Condition: `{% ${bad} %}`, Next: 'F' }], Default: 'W' },
    F: { Type: 'Fail', Error: 'Bad', Cause: 'it is' },
    W: { Type: 'Wait', Seconds: 10, End: true },
  },
});

/** A machine of one distributed Map, over a real bucket. */
function mapBench(files: Record<string, string> = {}) {
  const made = bench();
  const s3 = made.cloud.add(createS3(made.cloud));
  const settings = { versioning: undefined, objectLock: false, eventBridge: false, tags: [] };
  s3.createBucket('b', settings);
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = made.cloud.call('s3', operation, input, world);
    answer.catch(() => undefined);
    await made.cloud.clock.run(made.cloud.clock.now() + 5);
    return answer;
  };
  const state = (more: Members, processor: Members = each) => ({
    M: {
      Type: 'Map',
      End: true,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...processor },
      ...more,
    },
  });
  const run = async (more: Members, input: unknown = {}, processor: Members = each): Promise<Members> => {
    for (const [Key, Body] of Object.entries(files)) await call('PutObject', { Bucket: 'b', Key, Body });
    return made.run(state(more, processor), input);
  };
  const text = async (Key: string): Promise<string> =>
    Buffer.from((await call('GetObject', { Bucket: 'b', Key })).Body as Uint8Array).toString('utf8');
  const mapRun = async (described: Members): Promise<Members> => {
    const { mapRuns } = await made.call('ListMapRuns', { executionArn: described.executionArn as string });
    return made.call('DescribeMapRun', { mapRunArn: (mapRuns as Members[])[0]?.mapRunArn as string });
  };
  return { ...made, state, run, s3: call, text, mapRun };
}

const reader = (Key: string, ReaderConfig: Members) => ({
  ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig, Arguments: { Bucket: 'b', Key } },
});
const writer = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'results/' } };

describe('items of a distributed Map', () => {
  const files = {
    'rows.csv': 'name,note\r\na,"one, ""two""\nthree"\r\nb\r\n\r\nc,d,e\r\n',
    'rows.txt': '1|2\n3|4',
    'array.json': '[1,{"a":2},"x"]',
    'deep.json': '{"found":{"it/em~s":[7,8]}}',
    'lines.jsonl': '{"a":1}\n\n{"a":2}\n',
  };

  it.each<[string, string, Members, unknown]>([
    [
      'CSV with its first row as headers',
      'rows.csv',
      { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
      [
        { name: 'a', note: 'one, "two"\nthree' },
        { name: 'b', note: '' },
        { name: 'c', note: 'd' },
      ],
    ],
    [
      'CSV with given headers and another delimiter',
      'rows.txt',
      { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'y'], CSVDelimiter: 'PIPE' },
      [
        { x: '1', y: '2' },
        { x: '3', y: '4' },
      ],
    ],
    ['a JSON array', 'array.json', { InputType: 'JSON' }, [1, { a: 2 }, 'x']],
    ['an array inside JSON', 'deep.json', { InputType: 'JSON', ItemsPointer: '/found/it~1em~0s' }, [7, 8]],
    ['JSON lines', 'lines.jsonl', { InputType: 'JSONL' }, [{ a: 1 }, { a: 2 }]],
    ['at most MaxItems', 'array.json', { InputType: 'JSON', MaxItems: '{% 1 + 1 %}' }, [1, { a: 2 }]],
    ['all, where MaxItems is 0', 'array.json', { InputType: 'JSON', MaxItems: 0 }, [1, { a: 2 }, 'x']],
  ])('are read from S3: %s', async (_what, key, config, items) => {
    const { run, history } = mapBench(files);
    const described = await run(reader(key, config));
    expect(outputOf(described)).toEqual(items);
    const events = await history(described.executionArn as string);
    expect(events.map(({ type }) => type as string)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect((events[2]?.mapStateStartedEventDetails as Members).length).toBe(0);
  });

  it('are a bucket’s objects, page after page', async () => {
    const many = Object.fromEntries(Array.from({ length: 1003 }, (_, index) => [`in/${String(index).padStart(4, '0')}`, 'x']));
    const { run } = mapBench({ ...many, other: 'y' });
    const described = await run(
      {
        ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'b', Prefix: '{% $states.input.prefix %}' } },
        ItemBatcher: { MaxItemsPerBatch: 500 },
      },
      { prefix: 'in/' },
    );
    const batches = outputOf(described) as { Items: Members[] }[];
    expect(batches.map(({ Items }) => Items.length)).toEqual([500, 500, 3]);
    expect(batches[2]?.Items[2]).toEqual({
      Etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as unknown,
      Key: 'in/1002',
      LastModified: expect.any(Number) as unknown,
      Size: 1,
      StorageClass: 'STANDARD',
    });
  });

  it.each([
    ['no such object', 'none.json', { InputType: 'JSON' }, 'The specified key does not exist.'],
    ['no array', 'deep.json', { InputType: 'JSON' }, 'Attempting to map over non-iterable node.'],
    ['no JSON', 'rows.csv', { InputType: 'JSONL' }, 'The file does not hold valid JSON'],
    [
      'a header twice',
      'rows.txt',
      { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['x', 'x'] },
      'CSV headers cannot contain duplicates.',
    ],
    ['a quote that does not end', 'quote.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, 'quoted field that does not end'],
  ])('fail as States.ItemReaderFailed: %s', async (_what, key, config, cause) => {
    const { run, history } = mapBench({ ...files, 'quote.csv': 'a\n"b' });
    const described = await run({
      ...reader(key, config),
      Retry: [{ ErrorEquals: ['States.ItemReaderFailed'], MaxAttempts: 1 }],
    });
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
    expect(described.cause).toContain(cause);
    const types = (await history(described.executionArn as string)).map(({ type }) => type as string);
    expect(types.filter((type) => type === 'MapRunFailed')).toHaveLength(2);
    expect(types.slice(-2)).toEqual(['MapStateFailed', 'ExecutionFailed']);
  });

  it('come from the input, selected one by one', async () => {
    const { run } = mapBench();
    const described = await run(
      {
        Items: '{% $states.input.items %}',
        ItemSelector: {
          at: '{% $states.context.Map.Item.Index %}',
          item: '{% $states.context.Map.Item.Value %}',
          all: '{% $states.input.name %}',
        },
      },
      { items: ['a', 'b'], name: 'n' },
    );
    expect(outputOf(described)).toEqual([
      { at: 0, item: 'a', all: 'n' },
      { at: 1, item: 'b', all: 'n' },
    ]);
  });

  it('are put into batches by number and size, with what they share', async () => {
    const { run } = mapBench();
    const batcher = { MaxItemsPerBatch: 3, MaxInputBytesPerBatch: '{% $length($string({"BatchInput":{"k":1},"Items":["aa","bb"]})) %}' };
    const described = await run({ ItemBatcher: { ...batcher, BatchInput: { k: '{% $count($states.input) - 3 %}' } } }, [
      'aa',
      'bb',
      'c',
      'd',
    ]);
    expect(outputOf(described)).toEqual([
      { BatchInput: { k: 1 }, Items: ['aa', 'bb'] },
      { BatchInput: { k: 1 }, Items: ['c', 'd'] },
    ]);
    const tooLong = await run({ ItemBatcher: { MaxInputBytesPerBatch: 20 } }, ['x'.repeat(20)]);
    expect(tooLong).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('may be none', async () => {
    const { run, mapRun } = mapBench();
    const described = await run({}, []);
    expect(outputOf(described)).toEqual([]);
    expect(await mapRun(described)).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 0 } });
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
    const wait = { Type: 'Wait', Seconds: 1, Next: 'F' };
    const described = await run({
      P: {
        Type: 'Parallel',
        End: true,
        Branches: [
          { StartAt: 'M', States: map },
          { StartAt: 'W', States: { W: wait, F: { Type: 'Fail', Error: 'Beside' } } },
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

describe('ResultWriter', () => {
  it('writes a manifest and a file for each way to end', async () => {
    const { run, text, mapRun } = mapBench();
    const described = await run({ ResultWriter: writer, ToleratedFailureCount: 1 }, [1, 2, 3], failAt('$states.input = 2'));
    const { MapRunArn, ResultWriterDetails } = outputOf(described) as {
      MapRunArn: string;
      ResultWriterDetails: { Bucket: string; Key: string };
    };
    const folder = `results/${MapRunArn.replace(/^.*:/, '')}`;
    expect(ResultWriterDetails).toEqual({ Bucket: 'b', Key: `${folder}/manifest.json` });
    const manifest = JSON.parse(await text(ResultWriterDetails.Key)) as Members;
    const good = await text(`${folder}/SUCCEEDED_0.json`);
    expect(manifest).toEqual({
      DestinationBucket: 'b',
      MapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: expect.any(Number) as unknown }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: good.length }],
      },
    });
    expect(JSON.parse(good)).toMatchObject([
      { Input: '1', Output: '1', Status: 'SUCCEEDED', RedriveStatus: 'NOT_REDRIVABLE' },
      { Input: '3', Output: '3' },
    ]);
    expect(JSON.parse(await text(`${folder}/FAILED_0.json`))).toMatchObject([{ Input: '2', Status: 'FAILED', Error: 'Bad' }]);
    expect(await mapRun(described)).toMatchObject({ itemCounts: { resultsWritten: 3 } });
  });

  it('shapes what it writes', async () => {
    const flat = { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSONL' } };
    const { run, text } = mapBench();
    const described = await run({ ResultWriter: { ...writer, ...flat } }, [[1, 2], [3]]);
    const { Key } = (outputOf(described) as { ResultWriterDetails: { Key: string } }).ResultWriterDetails;
    expect(await text(Key.replace('manifest.json', 'SUCCEEDED_0.jsonl'))).toBe('1\n2\n3');
    expect(outputOf(await run({ ResultWriter: flat }, [[1, 2], [3]]))).toEqual([1, 2, 3]);
    expect(outputOf(await run({ ResultWriter: { WriterConfig: { Transformation: 'NONE' } } }, [7]))).toMatchObject([
      { Input: '7', Output: '7' },
    ]);
  });

  it('writes also what a Map Run that failed left undone', async () => {
    const { run, s3 } = mapBench();
    const described = await run({ ResultWriter: writer, MaxConcurrency: 1 }, [1, 2], failAt('$states.input = 1'));
    expect(described).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    const { Contents } = await s3('ListObjectsV2', { Bucket: 'b' });
    expect((Contents as Members[]).map(({ Key }) => String(Key).replace(/^.*\//, ''))).toEqual([
      'FAILED_0.json',
      'PENDING_0.json',
      'manifest.json',
    ]);
  });

  it('fails as States.ResultWriterFailed', async () => {
    const described = await mapBench().run({ ResultWriter: { ...writer, Arguments: { Bucket: 'none' } } }, [1]);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.ResultWriterFailed' });
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
