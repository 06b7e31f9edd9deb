import { flow, guide, pass, spec, task, type AslCase } from './types';

const FALLBACK = spec('Fallback states', 'fallback-states');
const OUTPUT = spec('Error output', 'error-output');
const CATCHERS = spec('JSONata Catchers', 'jsonata-catchers');
const NAMES = guide('Error names', 'concepts-error-handling.html#error-handling-error-representation');
const fails = (error: string) => ({ F: [{ error, message: 'm' }] });
const cause = (error: string) => JSON.stringify({ errorType: error, errorMessage: 'm' });
const hanging = { F: [{ takesSeconds: 100 }] };

/** The catchers of the example of the specification. */
const example = {
  T: task('F', {
    Catch: [
      {
        ErrorEquals: ['java.lang.Exception'],
        Output: "{% $merge([ $states.input, {'error-info': $states.errorOutput} ]) %}",
        Next: 'RecoveryState',
      },
      {
        ErrorEquals: ['States.ALL'],
        Assign: { isCritical: '{% $contains($lowercase($states.errorOutput.Error), /.*fatal.*/)  %}' },
        Next: 'EndMachine',
      },
    ],
  }),
  RecoveryState: pass(),
  EndMachine: pass({ Output: ['{% $isCritical %}', '{% $states.input %}'] }),
};
const catching = (names: string[], more: Record<string, unknown> = {}) => ({
  T: task('F', { Catch: [{ ErrorEquals: names, Next: 'C' }], ...more }),
  C: pass({ Output: 'caught' }),
});

export const catchCases: AslCase[] = [
  {
    name: 'the first catcher’s Output puts the error into the input',
    cites: [CATCHERS],
    states: example,
    input: { order: 7 },
    functions: fails('java.lang.Exception'),
    expect: { output: { order: 7, 'error-info': { Error: 'java.lang.Exception', Cause: cause('java.lang.Exception') } } },
  },
  {
    name: 'any other error assigns a variable and passes on the error output',
    cites: [CATCHERS],
    states: example,
    functions: fails('FatalDiskError'),
    expect: { output: [true, { Error: 'FatalDiskError', Cause: cause('FatalDiskError') }] },
  },
  {
    name: 'a milder error assigns false',
    cites: [CATCHERS],
    states: example,
    functions: fails('Mild'),
    expect: { output: [false, { Error: 'Mild', Cause: cause('Mild') }] },
  },
  {
    name: 'catchers are scanned in order',
    cites: [FALLBACK],
    states: {
      T: task('F', {
        Catch: [
          { ErrorEquals: ['A', 'B'], Next: 'One' },
          { ErrorEquals: ['B', 'C'], Next: 'Two' },
        ],
      }),
      One: pass({ Output: 1 }),
      Two: pass({ Output: 2 }),
    },
    functions: fails('B'),
    expect: { output: 1 },
  },
  {
    name: 'a later catcher takes what the first does not name',
    cites: [FALLBACK],
    states: {
      T: task('F', {
        Catch: [
          { ErrorEquals: ['A'], Next: 'One' },
          { ErrorEquals: ['B', 'C'], Next: 'Two' },
        ],
      }),
      One: pass({ Output: 1 }),
      Two: pass({ Output: 2 }),
    },
    functions: fails('C'),
    expect: { output: 2 },
  },
  {
    name: 'an error that no catcher names fails the machine',
    cites: [FALLBACK, spec('Errors', 'errors')],
    states: catching(['Other']),
    functions: fails('Mine'),
    expect: { error: 'Mine', cause: cause('Mine') },
  },
  {
    name: 'without Output the error output is the next state’s input',
    cites: [CATCHERS, OUTPUT],
    states: { T: task('F', { Catch: [{ ErrorEquals: ['Mine'], Next: 'C' }] }), C: pass() },
    input: { lost: true },
    functions: fails('Mine'),
    expect: { output: { Error: 'Mine', Cause: cause('Mine') } },
  },
  {
    name: 'the catcher’s Assign is evaluated and the state’s is not',
    cites: [OUTPUT],
    states: {
      Set: pass({ Assign: { by: 'nobody', state: 'untouched' }, Next: 'T' }),
      T: task('F', {
        Assign: { state: 'touched' },
        Catch: [{ ErrorEquals: ['Mine'], Assign: { by: '{% $states.errorOutput.Error %}' }, Next: 'C' }],
      }),
      C: pass({ Output: ['{% $by %}', '{% $state %}'] }),
    },
    functions: fails('Mine'),
    expect: { output: ['Mine', 'untouched'] },
  },
  {
    name: 'when nothing fails the state’s Assign and Output apply and the catcher’s do not',
    cites: [OUTPUT],
    states: {
      T: task('F', {
        Assign: { by: 'state' },
        Output: 'fine',
        Catch: [{ ErrorEquals: ['Mine'], Assign: { by: 'catcher' }, Output: 'not', Next: 'C' }],
        Next: 'C',
      }),
      C: pass({ Output: ['{% $by %}', '{% $states.input %}'] }),
    },
    expect: { output: ['state', 'fine'] },
  },
  {
    name: 'a catcher sees the context',
    cites: [CATCHERS],
    states: { T: task('F', { Catch: [{ ErrorEquals: ['Mine'], Output: '{% $states.context.State.Name %}', Next: 'C' }] }), C: pass() },
    functions: fails('Mine'),
    expect: { output: 'T' },
  },
  {
    name: 'States.TaskFailed catches any error of a task',
    cites: [NAMES],
    states: catching(['States.TaskFailed']),
    functions: fails('Mine'),
    expect: { output: 'caught' },
  },
  {
    name: 'States.TaskFailed does not catch a timeout',
    cites: [NAMES],
    states: catching(['States.TaskFailed'], { TimeoutSeconds: 5 }),
    functions: hanging,
    expect: { error: 'States.Timeout', seconds: 5 },
  },
  {
    name: 'States.Timeout catches a timeout',
    cites: [spec('Predefined Error Codes', 'appendix-a')],
    states: catching(['States.Timeout'], { TimeoutSeconds: 5 }),
    functions: hanging,
    expect: { output: 'caught', seconds: 5 },
  },
  {
    name: 'States.ALL catches a timeout',
    cites: [FALLBACK],
    states: catching(['States.ALL'], { TimeoutSeconds: 5 }),
    functions: hanging,
    expect: { output: 'caught', seconds: 5 },
  },
  {
    name: 'States.ALL catches a query evaluation error',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors'), FALLBACK],
    states: catching(['States.ALL'], { Arguments: '{% $states.input.missing %}' }),
    input: {},
    expect: { output: 'caught', calls: [] },
  },
  {
    name: 'States.QueryEvaluationError is caught by its name, with the place in the cause',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: {
      T: task('F', { Output: '{% $states.result.missing %}', Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'C' }] }),
      C: pass({ Output: ['{% $states.input.Error %}', "{% $contains($states.input.Cause, '$states.result.missing') %}"] }),
    },
    functions: { F: [{ output: {} }] },
    expect: { output: ['States.QueryEvaluationError', true] },
  },
  {
    name: 'a Parallel catches what fails in a branch',
    cites: [FALLBACK, spec('Parallel State', 'parallel-state')],
    states: {
      P: { Type: 'Parallel', Branches: [flow({ A: task('F') })], Catch: [{ ErrorEquals: ['Mine'], Next: 'C' }], End: true },
      C: pass({ Output: '{% $states.input.Error %}' }),
    },
    functions: fails('Mine'),
    expect: { output: 'Mine' },
  },
  {
    name: 'a Map catches what fails in an iteration',
    cites: [FALLBACK, spec('Map State ItemProcessor definition', 'map-state-itemprocessor-definition')],
    states: {
      M: {
        Type: 'Map',
        Items: [1],
        ItemProcessor: flow({ A: task('F') }),
        Catch: [{ ErrorEquals: ['Mine'], Output: '{% $states.input %}', Next: 'C' }],
        End: true,
      },
      C: pass(),
    },
    input: 'kept',
    functions: fails('Mine'),
    expect: { output: 'kept' },
  },
  {
    name: 'what a task inside catches does not reach the Parallel',
    cites: [FALLBACK, spec('Parallel State', 'parallel-state')],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: task('F', { Catch: [{ ErrorEquals: ['Mine'], Next: 'I' }] }), I: pass({ Output: 'inside' }) })],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
        End: true,
      },
      C: pass({ Output: 'outside' }),
    },
    functions: fails('Mine'),
    expect: { output: ['inside'] },
  },
  {
    name: 'a catcher’s Next names a state',
    cites: [FALLBACK],
    states: { T: task('F', { Catch: [{ ErrorEquals: ['A'], Next: 'Elsewhere' }] }) },
    expect: { refused: /Elsewhere/ },
  },
];
