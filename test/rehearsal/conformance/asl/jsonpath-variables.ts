import { flow, guide, jsonPath, pass, spec, task, type AslCase } from './types';

const VARIABLES = guide('Passing data between states with variables', 'workflow-variables.html');
const ASSIGN = guide('Passing data between states with variables, Assign field in ASL', 'workflow-variables.html#assign-field-in-asl');
const SCOPE = spec('Variable Scope', 'variable-scope');
const LANGUAGE = spec('Query Languages', 'query-language');
const MIXING = guide('Transforming data with JSONata in Step Functions', 'transforming-data.html');

const show = (template: Record<string, unknown>) => pass({ Parameters: template });
const JSONATA = { QueryLanguage: 'JSONata' };

const variables: AslCase[] = [
  {
    name: 'Assign takes static values and values by path, and later states read them by $name',
    cites: [VARIABLES, ASSIGN],
    states: {
      A: pass({ Assign: { product: 'product1', 'price.$': '$.result.price' }, Next: 'B' }),
      B: pass({ Result: 'other', Next: 'C' }),
      C: show({ 'product.$': '$product', 'price.$': '$price', 'input.$': '$' }),
    },
    input: { result: { price: 12 } },
    expect: { output: { product: 'product1', price: 12, input: 'other' } },
  },
  {
    name: 'a path goes into a variable',
    cites: [VARIABLES],
    states: { A: pass({ Assign: { 'order.$': '$' }, Next: 'B' }), B: show({ 'id.$': '$order.lines[0].id' }) },
    input: { lines: [{ id: 'l-1' }] },
    expect: { output: { id: 'l-1' } },
  },
  {
    name: 'Assign of a Task sees its result, and the output is as without it',
    cites: [ASSIGN],
    states: {
      T: task('f', { Assign: { 'total.$': '$.sum' }, ResultPath: '$.r', Next: 'B' }),
      B: show({ 'total.$': '$total', 'input.$': '$' }),
    },
    input: { a: 1 },
    functions: { f: [{ output: { sum: 9 } }] },
    expect: { output: { total: 9, input: { a: 1, r: { sum: 9 } } } },
  },
  {
    name: 'all of Assign is evaluated before any variable changes',
    cites: [ASSIGN],
    states: {
      A: pass({ Assign: { x: 1, y: 2 }, Next: 'B' }),
      B: pass({ Assign: { 'x.$': '$y', 'y.$': '$x' }, Next: 'C' }),
      C: show({ 'both.$': 'States.Array($x, $y)' }),
    },
    input: {},
    expect: { output: { both: [2, 1] } },
  },
  {
    name: 'a state does not see what it assigns itself',
    cites: [ASSIGN],
    states: {
      A: pass({ Assign: { x: 'old' }, Next: 'B' }),
      B: pass({ Parameters: { 'x.$': '$x' }, Assign: { x: 'new' } }),
    },
    input: {},
    expect: { output: { x: 'old' } },
  },
  {
    name: 'a Choice compares variables, and a rule assigns its own',
    cites: [VARIABLES, spec('Choice State', 'choice-state')],
    states: {
      A: pass({ Assign: { limit: 10 }, Next: 'C' }),
      C: {
        Type: 'Choice',
        Choices: [{ Variable: '$.total', NumericGreaterThanPath: '$limit', Assign: { 'by.$': '$.total' }, Next: 'D' }],
        Default: 'D',
        Assign: { by: 0 },
      },
      D: show({ 'by.$': '$by', 'limit.$': '$limit' }),
    },
    input: { total: 12 },
    expect: { output: { by: 12, limit: 10 } },
  },
  {
    name: 'a catcher assigns from the error',
    cites: [ASSIGN, spec('Fallback states', 'fallback-states')],
    states: {
      T: task('f', { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Assign: { 'error.$': '$.Error' }, Next: 'D' }] }),
      D: show({ 'e.$': '$error', 'input.$': '$' }),
    },
    input: { a: 1 },
    functions: { f: [{ error: 'Custom' }] },
    expect: { output: { e: 'Custom', input: { a: 1 } } },
  },
  {
    name: 'a Map’s iterations read outer variables, and what they assign stays inside',
    cites: [SCOPE],
    states: {
      A: pass({ Assign: { outer: 'seen' }, Next: 'M' }),
      M: {
        Type: 'Map',
        ItemProcessor: flow({ I: pass({ Assign: { 'own.$': '$' }, Next: 'J' }), J: show({ 'outer.$': '$outer', 'own.$': '$own' }) }),
        Next: 'D',
      },
      D: show({ 'outer.$': '$outer', 'items.$': '$' }),
    },
    input: [1, 2],
    expect: {
      output: {
        outer: 'seen',
        items: [
          { outer: 'seen', own: 1 },
          { outer: 'seen', own: 2 },
        ],
      },
    },
  },
  {
    name: 'a variable that was not assigned on the way taken fails the execution',
    cites: [VARIABLES],
    states: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'D' }], Default: 'B' },
      B: pass({ Assign: { v: 1 }, Next: 'D' }),
      D: show({ 'v.$': '$v' }),
    },
    input: { a: 1 },
    expect: { error: 'States.Runtime', cause: /v/ },
  },
  {
    name: 'variables go into an intrinsic function and into TimeoutSecondsPath',
    cites: [VARIABLES],
    states: {
      A: pass({ Assign: { seconds: 4, who: 'you' }, Next: 'T' }),
      T: task('f', { TimeoutSecondsPath: '$seconds', Parameters: { 'text.$': "States.Format('Hello {}', $who)" } }),
    },
    input: {},
    functions: { f: [{ takesSeconds: 9 }] },
    expect: { calls: [{ text: 'Hello you' }], error: 'States.Timeout', seconds: 4 },
  },
];

const mixed: AslCase[] = [
  {
    name: 'a JSONata state in a JSONPath machine',
    cites: [LANGUAGE, MIXING],
    states: {
      A: pass({ Parameters: { 'n.$': '$.n' }, Next: 'B' }),
      B: pass({ ...JSONATA, Output: { twice: '{% $states.input.n * 2 %}' }, Next: 'C' }),
      C: pass({ InputPath: '$.twice' }),
    },
    input: { n: 21 },
    expect: { output: 42 },
  },
  {
    name: 'variables pass between the languages',
    cites: [MIXING, VARIABLES],
    states: {
      A: pass({ Assign: { 'a.$': '$.n' }, Next: 'B' }),
      B: pass({ ...JSONATA, Assign: { b: '{% $a + 1 %}' }, Next: 'C' }),
      C: show({ 'sum.$': 'States.MathAdd($a, $b)' }),
    },
    input: { n: 1 },
    expect: { output: { sum: 3 } },
  },
  {
    name: 'a text with {% %} is plain text for JSONPath',
    cites: [MIXING],
    states: { A: pass({ Parameters: { v: '{% 1 + 1 %}' } }) },
    input: {},
    expect: { output: { v: '{% 1 + 1 %}' } },
  },
  {
    name: 'a JSONata Choice in a JSONPath machine',
    cites: [LANGUAGE],
    states: {
      C: { Type: 'Choice', ...JSONATA, Choices: [{ Condition: '{% $states.input > 1 %}', Next: 'D' }], Default: 'E' },
      D: pass({ Result: 'more' }),
      E: pass({ Result: 'less' }),
    },
    input: 2,
    expect: { output: 'more' },
  },
  {
    name: 'a JSONPath state in a JSONata machine is refused',
    cites: [LANGUAGE],
    states: { A: pass({ QueryLanguage: 'JSONPath' }) },
    machine: JSONATA,
    expect: { refused: /QueryLanguage/ },
  },
];

export const jsonPathVariableCases: AslCase[] = [...variables, ...mixed].map(jsonPath);
