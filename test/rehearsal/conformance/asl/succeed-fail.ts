import { api, flow, pass, spec, task, type AslCase } from './types';

const SUCCEED = spec('Succeed State', 'succeed-state');
const FAIL = spec('Fail State', 'fail-state');
const JSONATA_FAIL = spec('JSONata Fail State', 'jsonata-fail-state');
const FIELDS = spec('Table of State Types and Fields (JSONata)', 'state-type-table-jsonata');

export const succeedFailCases: AslCase[] = [
  {
    name: 'Succeed copies its input through to its output',
    cites: [SUCCEED],
    states: { S: { Type: 'Succeed' } },
    input: { a: 1 },
    expect: { output: { a: 1 } },
  },
  {
    name: 'Succeed’s Output becomes the machine’s',
    cites: [SUCCEED],
    states: { S: { Type: 'Succeed', Output: { got: '{% $states.input.a %}' } } },
    input: { a: 1 },
    expect: { output: { got: 1 } },
  },
  {
    name: 'Succeed ends the machine',
    cites: [SUCCEED],
    states: { C: { Type: 'Choice', Choices: [{ Condition: true, Next: 'S' }], Default: 'T' }, S: { Type: 'Succeed' }, T: task('F') },
    expect: {
      output: {},
      calls: [],
      history: [
        'ExecutionStarted',
        'ChoiceStateEntered',
        'ChoiceStateExited',
        'SucceedStateEntered',
        'SucceedStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'Succeed in a branch ends that branch alone',
    cites: [spec('Parallel State', 'parallel-state')],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [
          flow({ A: { Type: 'Succeed', Output: 'early' } }),
          flow({ B: { Type: 'Wait', Seconds: 7, Next: 'B2' }, B2: pass({ Output: 'late' }) }),
        ],
        End: true,
      },
    },
    expect: { output: ['early', 'late'], seconds: 7 },
  },
  {
    name: 'Succeed in an iteration ends that iteration alone',
    cites: [spec('Map State ItemProcessor definition', 'map-state-itemprocessor-definition')],
    states: {
      M: { Type: 'Map', Items: [1, 2], ItemProcessor: flow({ S: { Type: 'Succeed', Output: '{% $states.input * 10 %}' } }), End: true },
    },
    expect: { output: [10, 20] },
  },
  {
    name: 'Fail ends the machine with its Error and Cause',
    cites: [FAIL],
    states: { FailState: { Type: 'Fail', Error: 'ErrorA', Cause: 'Kaiju attack' } },
    expect: { error: 'ErrorA', cause: 'Kaiju attack' },
  },
  {
    name: 'Error and Cause may be expressions',
    cites: [JSONATA_FAIL],
    states: { FailState: { Type: 'Fail', Error: '{% $states.input.Error %}', Cause: '{% $states.input.Cause %}' } },
    input: { Error: 'ErrorB', Cause: 'it rained' },
    expect: { error: 'ErrorB', cause: 'it rained' },
  },
  { name: 'Fail needs neither Error nor Cause', cites: [FAIL], states: { F: { Type: 'Fail' } }, expect: { status: 'FAILED' } },
  {
    name: 'Error must come to text',
    cites: [JSONATA_FAIL, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: { F: { Type: 'Fail', Error: '{% 404 %}' } },
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Cause must come to text',
    cites: [JSONATA_FAIL, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: { F: { Type: 'Fail', Error: 'E', Cause: "{% {'no': 'text'} %}" } },
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Fail state is entered and not left',
    cites: [api('HistoryEvent, type', 'API_HistoryEvent.html'), FAIL],
    states: { F: { Type: 'Fail', Error: 'E' } },
    expect: { history: ['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed'] },
  },
  { name: 'Fail has no Output', cites: [FIELDS], states: { F: { Type: 'Fail', Output: 1 } }, expect: { refused: /Output/ } },
  { name: 'Fail has no Assign', cites: [FIELDS], states: { F: { Type: 'Fail', Assign: { a: 1 } } }, expect: { refused: /Assign/ } },
  { name: 'Succeed has no Assign', cites: [FIELDS], states: { S: { Type: 'Succeed', Assign: { a: 1 } } }, expect: { refused: /Assign/ } },
  { name: 'Succeed has no Next', cites: [SUCCEED], states: { S: { Type: 'Succeed', Next: 'P' }, P: pass() }, expect: { refused: /Next/ } },
  { name: 'Fail has no Next', cites: [FAIL], states: { F: { Type: 'Fail', Next: 'P' }, P: pass() }, expect: { refused: /Next/ } },
];
