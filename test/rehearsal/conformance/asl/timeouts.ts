import { flow, guide, pass, spec, task, type AslCase } from './types';

const TIMEOUTS = spec('Timeouts', 'timeouts');
const TOP = spec('Top-level fields', 'toplevelfields');
const ERRORS = spec('JSONata Runtime Errors', 'jsonata-runtime-errors');
const NAMES = guide('Error names', 'concepts-error-handling.html#error-handling-error-representation');
const slow = (takesSeconds: number) => ({ F: [{ output: 'done', takesSeconds }] });

export const timeoutCases: AslCase[] = [
  {
    name: 'a machine that runs longer than its TimeoutSeconds times out',
    cites: [TOP, NAMES],
    states: { W: { Type: 'Wait', Seconds: 100, End: true } },
    machine: { TimeoutSeconds: 5 },
    expect: {
      status: 'TIMED_OUT',
      error: 'States.Timeout',
      seconds: 5,
      history: ['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut'],
    },
  },
  {
    name: 'a machine that ends in time does not',
    cites: [TOP],
    states: { W: { Type: 'Wait', Seconds: 4, End: true } },
    machine: { TimeoutSeconds: 5 },
    expect: { output: {}, seconds: 4 },
  },
  {
    name: 'the machine’s timeout is not for its states to catch',
    cites: [TOP, guide('Handling errors in Step Functions workflows', 'concepts-error-handling.html')],
    states: { T: task('F', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: pass() },
    machine: { TimeoutSeconds: 5 },
    functions: slow(100),
    expect: { status: 'TIMED_OUT', seconds: 5, counts: { PassStateEntered: 0 } },
  },
  {
    name: 'the machine’s timeout ends the wait for a retry',
    cites: [TOP],
    states: { T: task('F', { Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 60 }] }) },
    machine: { TimeoutSeconds: 30 },
    functions: { F: [{ error: 'A' }] },
    expect: { status: 'TIMED_OUT', seconds: 30, retryWaits: [] },
  },
  {
    name: 'the machine’s timeout ends branches and iterations',
    cites: [TOP],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [
          flow({ M: { Type: 'Map', Items: [1, 2], ItemProcessor: flow({ W: { Type: 'Wait', Seconds: 99, End: true } }), End: true } }),
        ],
        End: true,
      },
    },
    machine: { TimeoutSeconds: 7 },
    expect: { status: 'TIMED_OUT', seconds: 7 },
  },
  {
    name: 'a task that runs longer than its TimeoutSeconds fails with States.Timeout',
    cites: [TIMEOUTS],
    states: { T: task('F', { TimeoutSeconds: 5 }) },
    functions: slow(6),
    expect: { status: 'FAILED', error: 'States.Timeout', seconds: 5, counts: { LambdaFunctionTimedOut: 1 } },
  },
  {
    name: 'a task that ends in time does not',
    cites: [TIMEOUTS],
    states: { T: task('F', { TimeoutSeconds: 5 }) },
    functions: slow(4),
    expect: { output: 'done', seconds: 4 },
  },
  {
    name: 'TimeoutSeconds may be an expression',
    cites: [TIMEOUTS],
    states: { T: task('F', { TimeoutSeconds: '{% $states.input.limit * 2 %}' }) },
    input: { limit: 3 },
    functions: slow(50),
    expect: { error: 'States.Timeout', seconds: 6 },
  },
  {
    name: 'TimeoutSeconds must come to a number',
    cites: [ERRORS],
    states: { T: task('F', { TimeoutSeconds: '{% $states.input.name %}' }) },
    input: { name: 'Ann' },
    expect: { error: 'States.QueryEvaluationError', calls: [] },
  },
  {
    name: 'TimeoutSeconds must be positive',
    cites: [TIMEOUTS, ERRORS],
    states: { T: task('F', { TimeoutSeconds: '{% 0 %}' }) },
    expect: { error: 'States.QueryEvaluationError', calls: [] },
  },
  {
    name: 'TimeoutSeconds must be whole',
    cites: [TIMEOUTS, ERRORS],
    states: { T: task('F', { TimeoutSeconds: '{% 2.5 %}' }) },
    expect: { error: 'States.QueryEvaluationError', calls: [] },
  },
  {
    name: 'each attempt has the whole TimeoutSeconds',
    cites: [TIMEOUTS, spec('Retrying after error', 'retrying-after-error')],
    states: { T: task('F', { TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5 }] }) },
    functions: { F: [{ takesSeconds: 99 }, { output: 'ok', takesSeconds: 9 }] },
    expect: { output: 'ok', seconds: 24, retryWaits: [5] },
  },
  {
    name: 'HeartbeatSeconds is smaller than TimeoutSeconds',
    cites: [TIMEOUTS],
    states: { T: task('F', { TimeoutSeconds: 60, HeartbeatSeconds: 60 }) },
    expect: { refused: /HeartbeatSeconds/ },
  },
  {
    name: 'a Wait has no TimeoutSeconds',
    cites: [spec('Table of State Types and Fields (JSONata)', 'state-type-table-jsonata')],
    states: { W: { Type: 'Wait', Seconds: 1, TimeoutSeconds: 5, End: true } },
    expect: { refused: /TimeoutSeconds/ },
  },
];
