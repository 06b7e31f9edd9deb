import { api, flow, pass, spec, task, type AslCase } from './types';

const ERRORS = spec('JSONata Runtime Errors', 'jsonata-runtime-errors');
const FAILED = api('EvaluationFailedEventDetails', 'API_EvaluationFailedEventDetails.html');
const evaluation = 'States.QueryEvaluationError';

export const jsonataErrorCases: AslCase[] = [
  {
    name: 'adding text to a number is a type error',
    cites: [ERRORS],
    states: { A: pass({ Assign: { x: 1, y: 'two' }, Next: 'B' }), B: pass({ Output: '{% $x + $y %}' }) },
    expect: { error: evaluation },
  },
  {
    name: 'a field that does not exist is an error',
    cites: [ERRORS],
    states: { A: pass({ Assign: { data: { there: 1 } }, Next: 'B' }), B: pass({ Output: '{% $data.thisFieldDoesNotExist %}' }) },
    expect: { error: evaluation },
  },
  {
    name: 'a field that does not exist inside an object that JSONata makes is left out',
    cites: [{ title: 'JSONata documentation: Object constructors', url: 'https://docs.jsonata.org/construction' }],
    states: { A: pass({ Output: "{% { 'kept': 1, 'gone': $states.input.missing } %}" }) },
    input: {},
    expect: { output: { kept: 1 } },
  },
  {
    name: 'a negative ToleratedFailurePercentage is a value that the field does not accept',
    cites: [ERRORS, spec('Map State Failure Tolerance', 'map-state-failure-tolerance')],
    states: { M: { Type: 'Map', Items: [1], ToleratedFailurePercentage: '{% -1 %}', ItemProcessor: flow({ I: pass() }), End: true } },
    expect: { error: evaluation },
  },
  {
    name: 'a state that cannot catch fails the machine, with an event for the evaluation',
    cites: [ERRORS, FAILED],
    states: { A: pass({ Output: '{% $states.input.missing %}' }) },
    input: {},
    expect: { error: evaluation, history: ['ExecutionStarted', 'PassStateEntered', 'EvaluationFailed', 'ExecutionFailed'] },
  },
  {
    name: 'a Map catches an evaluation error in its Items',
    cites: [ERRORS],
    states: {
      M: {
        Type: 'Map',
        Items: '{% $states.input.missing %}',
        ItemProcessor: flow({ I: pass() }),
        Catch: [{ ErrorEquals: [evaluation], Next: 'C' }],
        End: true,
      },
      C: pass({ Output: 'caught' }),
    },
    input: {},
    expect: { output: 'caught' },
  },
  {
    name: 'a Parallel catches an evaluation error of a state inside',
    cites: [ERRORS],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ I: pass({ Output: '{% $nothing %}' }) })],
        Catch: [{ ErrorEquals: [evaluation], Next: 'C' }],
        End: true,
      },
      C: pass({ Output: 'caught' }),
    },
    expect: { output: 'caught' },
  },
  {
    name: 'a Parallel catches an evaluation error in its Arguments',
    cites: [ERRORS],
    states: {
      P: {
        Type: 'Parallel',
        Arguments: '{% $nothing %}',
        Branches: [flow({ I: pass() })],
        Catch: [{ ErrorEquals: [evaluation], Next: 'C' }],
        End: true,
      },
      C: pass({ Output: 'caught' }),
    },
    expect: { output: 'caught', counts: { PassStateEntered: 1 } },
  },
  {
    name: 'an evaluation error names the expression and the field',
    cites: [FAILED, ERRORS],
    states: { T: task('F', { Arguments: { deep: ['{% $states.input.missing %}'] } }) },
    input: {},
    expect: { error: evaluation, cause: /\$states\.input\.missing.*Arguments/ },
  },
  {
    name: 'an expression that does not parse is refused when the definition is loaded',
    cites: [
      {
        title: 'AWS Step Functions API Reference: ValidateStateMachineDefinitionDiagnostic',
        url: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html',
      },
      spec('JSONata Expressions', 'expressions'),
    ],
    states: { A: pass({ Output: '{% 1 + %}' }) },
    expect: { refused: /JSONata/ },
  },
];
