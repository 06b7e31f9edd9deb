import { called, guide, jsonPath, passed, spec, type AslCase } from './types';

const PATHS = guide('Paths in Amazon States Language workflows', 'amazon-states-language-paths.html');
const CONTEXT = guide('Accessing execution data from the Context object in Step Functions', 'input-output-contextobject.html');
const ERRORS = guide('Error names', 'concepts-error-handling.html#error-handling-error-representation');
const CODES = spec('Predefined Error Codes', 'appendix-a');
const TEMPLATE = spec('Payload Template', 'payload-template');

const sample = { foo: 123, bar: ['a', 'b', 'c'], car: { cdr: true } };
const store = {
  book: [
    { title: 'Sayings', category: 'reference', price: 8.95 },
    { title: 'Sword', category: 'fiction', price: 12.99 },
    { title: 'Moby Dick', category: 'fiction', price: 8.99 },
  ],
  'odd key': 1,
};

const select = (name: string, path: string, input: unknown, output: unknown): AslCase =>
  passed(name, [PATHS], { Parameters: { 'v.$': path } }, input, { v: output });
const fails = (name: string, fields: Record<string, unknown>, input: unknown, cause: RegExp): AslCase =>
  called(name, [ERRORS, CODES], fields, { input, expect: { error: 'States.Runtime', cause } });

export const jsonPathPathCases: AslCase[] = [
  select('$.foo of the guide', '$.foo', sample, 123),
  select('$.bar of the guide', '$.bar', sample, ['a', 'b', 'c']),
  select('$.car.cdr of the guide', '$.car.cdr', sample, true),
  select('$ is the whole input', '$', sample, sample),
  select('an index into an array', '$.bar[1]', sample, 'b'),
  select('bracket notation for a key that is no name', "$['odd key']", store, 1),
  select('a wildcard gives every match', '$.book[*].title', store, ['Sayings', 'Sword', 'Moby Dick']),
  select('a slice gives an array', '$.book[0:2].price', store, [8.95, 12.99]),
  select('a filter gives an array, also of one', '$.book[?(@.price > 10)].title', store, ['Sword']),
  select('a filter on two members', "$.book[?(@.category == 'fiction' && @.price < 10)].title", store, ['Moby Dick']),
  select('a deep scan', '$..price', store, [8.95, 12.99, 8.99]),
  select('the last items of an array', '$.bar[-2:]', sample, ['b', 'c']),
  passed(
    'the payload template of the specification',
    [TEMPLATE],
    {
      Parameters: {
        flagged: true,
        parts: { 'first.$': '$.vals[0]', 'last3.$': '$.vals[-3:]' },
        'weekday.$': '$$.Execution.Input.day',
        'formattedOutput.$': "States.Format('Today is {}', $$.Execution.Input.day)",
      },
    },
    { flagged: 7, vals: [0, 10, 20, 30, 40, 50], day: 'MONDAY' },
    { flagged: true, parts: { first: 0, last3: [30, 40, 50] }, weekday: 'MONDAY', formattedOutput: 'Today is MONDAY' },
  ),
  fails('a path in Parameters that finds nothing', { Parameters: { 'v.$': '$.missing' } }, sample, /\$\.missing/),
  fails('an InputPath that finds nothing', { InputPath: '$.missing' }, sample, /Invalid path '\$\.missing'/),
  fails('an OutputPath that finds nothing', { OutputPath: '$.missing' }, sample, /Invalid path '\$\.missing'/),
  fails('a path in ResultSelector that finds nothing', { ResultSelector: { 'v.$': '$.missing' } }, sample, /\$\.missing/),
  passed(
    'the context object by $$',
    [CONTEXT],
    {
      Parameters: {
        'execution.$': '$$.Execution.Id',
        'name.$': '$$.Execution.Name',
        'input.$': '$$.Execution.Input',
        'state.$': '$$.State.Name',
        'machine.$': '$$.StateMachine.Name',
        'role.$': '$$.Execution.RoleArn',
        'started.$': '$$.Execution.StartTime',
      },
    },
    { k: 1 },
    {
      execution: 'arn:aws:states:us-east-1:111111111111:execution:machine:run',
      name: 'run',
      input: { k: 1 },
      state: 'A',
      machine: 'machine',
      role: 'arn:aws:iam::111111111111:role/machine',
      started: '2026-03-02T09:00:00.005Z',
    },
  ),
  passed(
    'InputPath and OutputPath take the context object too',
    [CONTEXT],
    { InputPath: '$$.Execution.Name', ResultPath: '$.n', OutputPath: '$.n' },
    {},
    'run',
  ),
  fails('a member that the context object lacks', { Parameters: { 'v.$': '$$.Execution.Missing' } }, {}, /Missing/),
].map(jsonPath);
