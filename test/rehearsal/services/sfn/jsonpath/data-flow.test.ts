import type { Members } from '../../../../../rehearsal/cloud/types';
import { bench, outputOf, type Bench } from '../support';

/** Runs a machine of these states in JSONPath. */
const run = (test: Bench, states: Members, input?: unknown): Promise<Members> => test.run(states, input, { QueryLanguage: 'JSONPath' });
const pass = (more: Members) => ({ P: { Type: 'Pass', End: true, ...more } });
const invoke = (more: Members) => ({
  T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f', 'Payload.$': '$' }, End: true, ...more },
});

/** A cloud whose function answers what it is asked, or what is given. */
function withFunction(answer?: unknown): Bench {
  const test = bench();
  test.cloud.stub('lambda', {
    Invoke: ({ Payload }) => ({
      StatusCode: 200,
      Payload: answer === undefined ? (Payload as Uint8Array) : Buffer.from(JSON.stringify(answer)),
    }),
  });
  return test;
}

const order = { id: 'o-1', lines: [{ sku: 'a' }, { sku: 'b' }], customer: { name: 'Ann' } };

describe('a Pass', () => {
  it.each<[string, Members, unknown, unknown]>([
    ['hands its input on', {}, order, order],
    ['gives its Result', { Result: { a: 1, 'b.$': '$.id' } }, order, { a: 1, 'b.$': '$.id' }],
    ['takes a part by InputPath', { InputPath: '$.customer' }, order, { name: 'Ann' }],
    ['takes nothing by InputPath null', { InputPath: null }, order, {}],
    [
      'keeps its input beside the Result',
      { Result: 1, ResultPath: '$.customer.age' },
      order,
      { ...order, customer: { name: 'Ann', age: 1 } },
    ],
    ['drops the Result by ResultPath null', { Result: 1, ResultPath: null }, order, order],
    [
      'puts the result into its whole input, not into what InputPath takes',
      { InputPath: '$.customer', ResultPath: '$.copy' },
      order,
      { ...order, copy: { name: 'Ann' } },
    ],
    ['gives a part by OutputPath', { Result: 1, ResultPath: '$.r', OutputPath: '$.r' }, order, 1],
    ['gives nothing by OutputPath null', { OutputPath: null }, order, {}],
    [
      'fills its Parameters',
      {
        InputPath: '$.customer',
        Parameters: { 'name.$': '$.name', text: '$.name', deep: [{ 'input.$': '$' }, 'x', { 'id.$': '$$.Execution.Input.id' }] },
      },
      order,
      { name: 'Ann', text: '$.name', deep: [{ input: { name: 'Ann' } }, 'x', { id: 'o-1' }] },
    ],
    ['reads null behind the end of an array', { Parameters: { 'x.$': '$.lines[5]' } }, order, { x: null }],
  ])('%s', async (_what, fields, input, output) => {
    expect(outputOf(await run(bench(), pass(fields), input))).toEqual(output);
  });

  it.each<[string, Members, unknown, string, string]>([
    ['InputPath', { InputPath: '$.no' }, {}, 'States.Runtime', "Invalid path '$.no' : No results for path: $['no']"],
    ['OutputPath', { OutputPath: '$.no.such' }, {}, 'States.Runtime', "Invalid path '$.no.such' : Missing property in path $['no']"],
    [
      'Parameters',
      { Parameters: { a: { 'b.$': '$.no' } } },
      { x: 1 },
      'States.Runtime',
      `The JSONPath '$.no' specified for the field 'b.$' could not be found in the input '{"x":1}'`,
    ],
    ['null input', { Parameters: { 'b.$': '$' } }, null, 'States.Runtime', 'Unable to apply Path transformation to null or empty input.'],
    [
      'ResultPath',
      { Result: 1, ResultPath: '$.a' },
      'text',
      'States.ResultPathMatchFailure',
      'Unable to apply ReferencePath $.a to input "text"',
    ],
    [
      'an intrinsic function',
      { Parameters: { 'b.$': `States.StringToJson($)` } },
      'x',
      'States.IntrinsicFailure',
      "The function 'States.StringToJson($)' had the following error:",
    ],
    ['a variable', { Parameters: { 'b.$': '$never' } }, {}, 'States.Runtime', "The JSONPath '$never' specified for the field 'b.$'"],
  ])('fails where %s does', async (_what, fields, input, error, cause) => {
    const described = await run(bench(), pass(fields), input);
    expect(described).toMatchObject({ status: 'FAILED', error });
    expect(described.cause).toContain(`An error occurred while executing the state 'P' (entered at the event id #2). ${cause}`);
  });
});

describe('a Task', () => {
  it('goes through Parameters, ResultSelector, ResultPath and OutputPath', async () => {
    const test = withFunction({ price: 12, noise: true });
    const states = invoke({
      InputPath: '$.order',
      ResultSelector: { 'cents.$': 'States.MathAdd($.Payload.price, 1)', 'version.$': '$.ExecutedVersion' },
      ResultPath: '$.order.price',
      OutputPath: '$.order',
    });
    expect(outputOf(await run(test, states, { order, other: 1 }))).toEqual({ ...order, price: { cents: 13, version: '$LATEST' } });
  });

  it('assigns what it selected, and reads it later', async () => {
    const states = {
      ...invoke({
        ResultSelector: { 'id.$': '$.Payload.id' },
        Assign: { 'id.$': '$.id', copy: { 'run.$': '$$.Execution.Name' }, n: 1 },
        End: undefined,
        Next: 'P',
      }),
      ...pass({ Parameters: { 'id.$': '$id', 'text.$': `States.Format('{}', $copy.run)`, 'n.$': '$n' } }),
    };
    expect(outputOf(await run(withFunction(), states, order))).toEqual({ id: 'o-1', text: expect.any(String) as string, n: 1 });
  });

  it('takes its limits and its role from paths', async () => {
    const test = bench();
    const callers: unknown[] = [];
    test.cloud.stub('lambda', {
      Invoke: (_input, caller) => {
        callers.push(caller);
        return new Promise(() => undefined);
      },
    });
    const states = invoke({
      TimeoutSecondsPath: '$.limit',
      Credentials: { 'RoleArn.$': '$.role' },
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'P', ResultPath: '$.error' }],
    });
    const started = test.cloud.clock.now();
    const input = { limit: 7, role: 'arn:aws:iam::111111111111:role/other' };
    expect(outputOf(await run(test, { ...states, ...pass({}) }, input))).toEqual({
      ...input,
      error: { Error: 'States.Timeout', Cause: '' },
    });
    expect(Math.round((test.cloud.clock.now() - started) / 1000)).toBe(7);
    expect(callers).toEqual([{ kind: 'role', roleArn: input.role }]);
  });

  it('catches into its whole input, past OutputPath, and never States.Runtime', async () => {
    const failing = bench();
    failing.cloud.stub('lambda', {
      Invoke: () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from('{"errorType":"Sorry","errorMessage":"no"}') }),
    });
    const caught = { ErrorEquals: ['States.ALL'], Next: 'P', ResultPath: '$.why', Assign: { 'name.$': '$.Error' } };
    const states = {
      ...invoke({ InputPath: '$.order', OutputPath: '$.nothing', Catch: [caught] }),
      ...pass({ Parameters: { 'name.$': '$name', 'why.$': '$.why.Error', 'id.$': '$.order.id' } }),
    };
    expect(outputOf(await run(failing, states, { order }))).toEqual({ name: 'Sorry', why: 'Sorry', id: 'o-1' });

    const runtime = invoke({ OutputPath: '$.no', Catch: [{ ...caught, ErrorEquals: ['States.Runtime'] }, { ...caught }] });
    expect(await run(withFunction(), { ...runtime, ...pass({}) }, order)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('a Map', () => {
  const item = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };
  const map = (more: Members) => ({ M: { Type: 'Map', ItemProcessor: item, End: true, ...more } });

  it.each([
    ['ItemProcessor', { ItemProcessor: item }],
    ['Iterator', { ItemProcessor: undefined, Iterator: item }],
  ])('goes over ItemsPath with %s, and puts the results into its input', async (_name, processor) => {
    const states = map({
      ...processor,
      ItemsPath: '$.lines',
      ItemSelector: { 'sku.$': '$$.Map.Item.Value.sku', 'at.$': '$$.Map.Item.Index', 'id.$': '$.id' },
      ResultPath: '$.lines',
    });
    expect(outputOf(await run(bench(), states, order))).toEqual({
      ...order,
      lines: [
        { sku: 'a', at: 0, id: 'o-1' },
        { sku: 'b', at: 1, id: 'o-1' },
      ],
    });
  });

  it.each<[Members, unknown, string]>([
    [
      { MaxConcurrencyPath: '$.n' },
      { n: 'x', list: [] },
      'The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.n',
    ],
    [{ MaxConcurrencyPath: '$.n' }, { n: -1, list: [] }, "Expected non-negative integer for MaxConcurrency, got '-1' instead."],
    [{ ToleratedFailureCountPath: '$.n' }, { n: -1, list: [] }, 'ToleratedFailureCount cannot be negative.'],
    [{ ToleratedFailurePercentagePath: '$.n' }, { n: 101, list: [] }, 'ToleratedFailurePercentage must be between 0 and 100.'],
    [{}, { list: { a: 1 } }, 'Reference path "$.list" must point to array.'],
  ])('refuses %j of %j', async (fields, input, cause) => {
    const described = await run(bench(), map({ ItemsPath: '$.list', ...fields }), input);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(described.cause).toContain(cause);
  });

  it('batches, and hands BatchInput to every batch', async () => {
    const states = map({
      ItemProcessor: { ...item, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      ItemsPath: '$.list',
      ItemBatcher: { MaxItemsPerBatchPath: '$.size', BatchInput: { 'by.$': '$.who' } },
    });
    expect(outputOf(await run(bench(), states, { list: [1, 2, 3], size: 2, who: 'Ann' }))).toEqual([
      { BatchInput: { by: 'Ann' }, Items: [1, 2] },
      { BatchInput: { by: 'Ann' }, Items: [3] },
    ]);
  });
});

describe('other states', () => {
  it('a Choice, a Wait and a Succeed hand on what InputPath and OutputPath take', async () => {
    const states = {
      C: { Type: 'Choice', InputPath: '$.order', OutputPath: '$.customer', Choices: [{ Variable: '$.id', IsString: true, Next: 'W' }] },
      W: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'S' },
      S: { Type: 'Succeed', InputPath: '$.name' },
    };
    const test = bench();
    const input = { order: { ...order, customer: { name: 'Ann', seconds: '90' } } };
    const started = test.cloud.clock.now();
    expect(outputOf(await run(test, states, input))).toBe('Ann');
    expect(Math.round((test.cloud.clock.now() - started) / 1000)).toBe(90);
  });

  it('a Choice without a match fails', async () => {
    const states = { C: { Type: 'Choice', Choices: [{ Variable: '$.id', IsNull: true, Next: 'S' }] }, S: { Type: 'Succeed' } };
    expect(await run(bench(), states, order)).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it('a Parallel gives its Parameters to every branch', async () => {
    const branch = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } });
    const states = {
      P: {
        Type: 'Parallel',
        Parameters: { 'id.$': '$.id' },
        Branches: [branch('A'), branch('B')],
        ResultSelector: { 'first.$': '$[0].id' },
        End: true,
      },
    };
    expect(outputOf(await run(bench(), states, order))).toEqual({ first: 'o-1' });
  });

  it('a Parallel catches a result that has no place', async () => {
    const test = bench();
    const branch = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
    const states = {
      P: { Type: 'Parallel', Branches: [branch], ResultPath: '$.x', End: true, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] },
      C: { Type: 'Pass', End: true },
    };
    const executionArn = await test.start(states, 'text', { QueryLanguage: 'JSONPath' });
    await test.cloud.clock.run();
    expect(outputOf(await test.call('DescribeExecution', { executionArn }))).toMatchObject({ Error: 'States.ResultPathMatchFailure' });
    const types = (await test.history(executionArn)).map(({ type }) => type as string);
    expect(types).toContain('ParallelStateSucceeded');
    expect(types).not.toContain('ParallelStateFailed');
  });

  it('a state in JSONata stands among them', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { 'who.$': '$.customer.name' }, Next: 'B' },
      B: { Type: 'Pass', QueryLanguage: 'JSONata', Output: { lines: '{% $count($states.input.lines) %}', who: '{% $who %}' }, Next: 'C' },
      C: { Type: 'Pass', Parameters: { 'text.$': `States.Format('{} by {}', $.lines, $.who)` }, End: true },
    };
    expect(outputOf(await run(bench(), states, order))).toEqual({ text: '2 by Ann' });
  });

  it('a Fail reads its error and cause', async () => {
    const states = { F: { Type: 'Fail', ErrorPath: '$.name', CausePath: `States.Format('because {}', $.why)` } };
    expect(await run(bench(), states, { name: 'Sorry', why: 'no' })).toMatchObject({ error: 'Sorry', cause: 'because no' });
    expect((await run(bench(), states, { name: 1, why: 'no' })).cause).toContain(
      'ErrorPath field refers to value "1" which is not a string',
    );
  });
});
