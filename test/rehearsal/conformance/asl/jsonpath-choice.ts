import { guide, jsonPath, pass, spec, type AslCase, type Citation } from './types';

const CHOICE = guide('Choice workflow state, Choice Rules (JSONPath)', 'state-choice.html');
const SPEC = spec('Choice State', 'choice-state');
const STAMPS = spec('Timestamps', 'timestamps');

type Rule = Record<string, unknown>;

/** Says `yes` where the rule holds for the input, and `no` where it does not. */
const decide = (name: string, rule: Rule, input: unknown, verdict: 'yes' | 'no', cites: Citation[] = [CHOICE, SPEC]): AslCase => ({
  name,
  cites,
  states: {
    C: { Type: 'Choice', Choices: [{ ...rule, Next: 'yes' }], Default: 'no' },
    yes: pass({ Result: 'yes' }),
    no: pass({ Result: 'no' }),
  },
  input,
  expect: { output: verdict },
});

/** One comparator, by the value it compares with, on a value for which it holds and on one for which it does not. */
const compared = (comparator: string, value: unknown, holds: unknown, not: unknown, cites?: Citation[]): AslCase[] => [
  decide(
    `${comparator} ${JSON.stringify(value)} holds for ${JSON.stringify(holds)}`,
    { Variable: '$.v', [comparator]: value },
    { v: holds },
    'yes',
    cites,
  ),
  decide(
    `${comparator} ${JSON.stringify(value)} does not hold for ${JSON.stringify(not)}`,
    { Variable: '$.v', [comparator]: value },
    { v: not },
    'no',
    cites,
  ),
  ...(comparator.startsWith('Is') || comparator === 'StringMatches'
    ? []
    : [
        decide(
          `${comparator}Path finds the value in the input`,
          { Variable: '$.v', [`${comparator}Path`]: '$.w' },
          { v: holds, w: value },
          'yes',
          cites,
        ),
      ]),
];

const noon = '2001-01-01T12:00:00Z';
const comparators: AslCase[] = [
  ...compared('StringEquals', 'MyString', 'MyString', 'mystring'),
  ...compared('StringLessThan', 'b', 'a', 'b'),
  ...compared('StringGreaterThan', 'MyStringABC', 'MyStringABD', 'MyStringABC'),
  ...compared('StringLessThanEquals', 'b', 'b', 'c'),
  ...compared('StringGreaterThanEquals', 'b', 'b', 'a'),
  ...compared('NumericEquals', 1, 1.0, 2),
  ...compared('NumericLessThan', 30, 29.5, 30),
  ...compared('NumericGreaterThan', 20, 21, 20),
  ...compared('NumericLessThanEquals', 30, 30, 31),
  ...compared('NumericGreaterThanEquals', 20, 20, 19),
  ...compared('BooleanEquals', true, true, false),
  ...compared('TimestampEquals', noon, '2001-01-01T13:00:00+01:00', '2001-01-01T12:00:01Z', [CHOICE, STAMPS]),
  ...compared('TimestampLessThan', noon, '2001-01-01T11:59:59Z', noon, [CHOICE, STAMPS]),
  ...compared('TimestampGreaterThan', noon, '2001-01-01T12:00:00.001Z', noon, [CHOICE, STAMPS]),
  ...compared('TimestampLessThanEquals', noon, noon, '2001-01-01T12:00:01Z', [CHOICE, STAMPS]),
  ...compared('TimestampGreaterThanEquals', noon, noon, '2001-01-01T11:59:59Z', [CHOICE, STAMPS]),
  ...compared('IsNull', true, null, 0),
  ...compared('IsString', true, '', 1),
  ...compared('IsNumeric', true, 1.5, '1.5'),
  ...compared('IsBoolean', true, false, 0),
  ...compared('IsTimestamp', true, noon, '2001-01-01 12:00:00', [CHOICE, STAMPS]),
  ...compared('StringMatches', 'log-*.txt', 'log-.txt', 'log-1.csv'),
  ...compared('StringMatches', 'zebra', 'zebra', 'zebras'),
  ...compared('StringMatches', '*.log', 'a.b.log', 'log'),
];

const presence: AslCase[] = [
  decide('IsPresent holds for a value that is null', { Variable: '$.v', IsPresent: true }, { v: null }, 'yes'),
  decide('IsPresent does not hold for a path that finds nothing', { Variable: '$.v.w', IsPresent: true }, { v: {} }, 'no'),
  decide('IsPresent false holds for a path that finds nothing', { Variable: '$.missing', IsPresent: false }, {}, 'yes'),
  decide('IsNull false holds for a number', { Variable: '$.v', IsNull: false }, { v: 1 }, 'yes'),
  decide('\\\\* in StringMatches is an asterisk', { Variable: '$.v', StringMatches: 'a\\*b' }, { v: 'a*b' }, 'yes'),
  decide('\\\\* in StringMatches is no wildcard', { Variable: '$.v', StringMatches: 'a\\*b' }, { v: 'axb' }, 'no'),
  decide('a numeric value is not matched with a string', { Variable: '$.v', StringEquals: '1' }, { v: 1 }, 'no'),
  decide('a timestamp is a string too', { Variable: '$.v', StringEquals: noon }, { v: noon }, 'yes'),
  {
    ...decide('a Variable that finds nothing fails the execution', { Variable: '$.type', StringEquals: 'Private' }, {}, 'no'),
    expect: { error: 'States.Runtime', cause: /\$\.type/ },
  },
];

const dispatch = (input: unknown, output: string, name: string): AslCase => ({
  name,
  cites: [SPEC, CHOICE],
  states: {
    ChoiceStateX: {
      Type: 'Choice',
      Choices: [
        { Not: { Variable: '$.type', StringEquals: 'Private' }, Next: 'Public' },
        {
          And: [
            { Variable: '$.value', IsPresent: true },
            { Variable: '$.value', IsNumeric: true },
            { Variable: '$.value', NumericGreaterThanEquals: 20 },
            { Variable: '$.value', NumericLessThan: 30 },
          ],
          Next: 'ValueInTwenties',
        },
        {
          Or: [
            { Variable: '$.value', IsPresent: false },
            { Variable: '$.value', IsNull: true },
          ],
          Next: 'NoValue',
        },
      ],
      Default: 'RecordEvent',
    },
    ...Object.fromEntries(['Public', 'ValueInTwenties', 'NoValue', 'RecordEvent'].map((state) => [state, pass({ Result: state })])),
  },
  input,
  expect: { output },
});

const combined: AslCase[] = [
  dispatch({ type: 'Public' }, 'Public', 'Not takes what does not match'),
  dispatch({ type: 'Private', value: 22 }, 'ValueInTwenties', 'And holds where all of its rules do'),
  dispatch({ type: 'Private', value: 31 }, 'RecordEvent', 'And fails with one of its rules, and Default takes it'),
  dispatch({ type: 'Private' }, 'NoValue', 'And stops at the first rule that fails; Or holds by its first'),
  dispatch({ type: 'Private', value: null }, 'NoValue', 'Or holds by its second'),
  {
    name: 'without a match and without Default the execution fails with States.NoChoiceMatched',
    cites: [SPEC, spec('Predefined Error Codes', 'appendix-a')],
    states: { C: { Type: 'Choice', Choices: [{ Variable: '$.v', NumericEquals: 0, Next: 'D' }] }, D: pass() },
    input: { v: 1 },
    expect: { error: 'States.NoChoiceMatched' },
  },
  {
    name: 'InputPath and OutputPath of a Choice',
    cites: [guide('Processing input and output in Step Functions', 'concepts-input-output-filtering.html')],
    states: {
      C: { Type: 'Choice', InputPath: '$.a', OutputPath: '$.b', Choices: [{ Variable: '$.b.c', IsPresent: true, Next: 'D' }] },
      D: pass(),
    },
    input: { a: { b: { c: 1 } } },
    expect: { output: { c: 1 } },
  },
  decide('a Variable of the context object', { Variable: '$$.Execution.Name', StringEquals: 'run' }, {}, 'yes', [
    guide('Accessing execution data from the Context object in Step Functions', 'input-output-contextobject.html'),
  ]),
];

export const jsonPathChoiceCases: AslCase[] = [...comparators, ...presence, ...combined].map(jsonPath);
