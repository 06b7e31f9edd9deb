import { flow, guide, pass, spec, task, type AslCase } from './types';

const RETRY = spec('Retrying after error', 'retrying-after-error');
const COMPLEX = spec('Complex retry scenarios', 'complex-retry-scenarios');
const GUIDE = guide('Retrying after an error', 'concepts-error-handling.html#error-handling-retrying-after-an-error');
const NAMES = guide('Error names', 'concepts-error-handling.html#error-handling-error-representation');
const failing = (...errors: string[]) => ({ F: [...errors.map((error) => ({ error })), { output: 'ok' }] });
const always = (error: string) => ({ F: [{ error }] });
const hanging = { F: [{ output: 1, takesSeconds: 100 }] };
const retrying = (...Retry: unknown[]) => ({ X: task('F', { Retry }) });
const timing = (...Retry: unknown[]) => ({ X: task('F', { TimeoutSeconds: 10, Retry }) });

/** The example of the specification. */
const complex = {
  X: task('F', {
    Next: 'Y',
    Retry: [
      { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
  }),
  Y: pass({ Output: ['Y', '{% $states.input %}'] }),
  Z: pass({ Output: ['Z', '{% $states.input.Error %}'] }),
};

export const retryCases: AslCase[] = [
  {
    name: 'two retries after three and six seconds',
    cites: [RETRY],
    states: timing({ ErrorEquals: ['States.Timeout'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 2.0 }),
    functions: hanging,
    expect: { retryWaits: [3, 6], error: 'States.Timeout', status: 'FAILED', seconds: 39 },
  },
  {
    name: 'MaxDelaySeconds caps the second wait at four seconds',
    cites: [RETRY],
    states: timing({ ErrorEquals: ['States.Timeout'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 2.0, MaxDelaySeconds: 4 }),
    functions: hanging,
    expect: { retryWaits: [3, 4] },
  },
  {
    name: 'by default three retries after one, two and four seconds',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'] }),
    functions: always('ErrorA'),
    expect: { retryWaits: [1, 2, 4], error: 'ErrorA', seconds: 7 },
  },
  {
    name: 'MaxAttempts of zero means never',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'], MaxAttempts: 0 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [], error: 'ErrorA', seconds: 0, counts: { LambdaFunctionScheduled: 1 } },
  },
  {
    name: 'any error but a timeout: the timeout is not retried',
    cites: [RETRY],
    states: timing({ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }),
    functions: hanging,
    expect: { retryWaits: [], error: 'States.Timeout', seconds: 10 },
  },
  {
    name: 'any error but a timeout: others are retried with the defaults',
    cites: [RETRY],
    states: timing({ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }),
    functions: failing('ErrorA', 'ErrorB'),
    expect: { retryWaits: [1, 2], output: 'ok' },
  },
  {
    name: 'each retrier counts its own retries, and the fourth error finds the first one used up',
    cites: [COMPLEX],
    states: complex,
    functions: failing('ErrorA', 'ErrorB', 'ErrorC', 'ErrorB'),
    expect: { retryWaits: [1, 2, 5], output: ['Z', 'ErrorB'], seconds: 8 },
  },
  {
    name: 'with one error less the same task succeeds',
    cites: [COMPLEX],
    states: complex,
    functions: failing('ErrorA', 'ErrorB', 'ErrorC'),
    expect: { retryWaits: [1, 2, 5], output: ['Y', 'ok'] },
  },
  {
    name: 'a retrier’s interval grows with its own retries alone',
    cites: [COMPLEX],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 1 }, { ErrorEquals: ['ErrorB'], IntervalSeconds: 10 }),
    functions: failing('ErrorA', 'ErrorB', 'ErrorA', 'ErrorB'),
    expect: { retryWaits: [1, 10, 2, 20], output: 'ok' },
  },
  {
    name: 'counts start afresh when the state is entered again',
    cites: [COMPLEX],
    states: {
      X: task('F', {
        Retry: [{ ErrorEquals: ['ErrorA'], MaxAttempts: 1, IntervalSeconds: 4 }],
        Catch: [{ ErrorEquals: ['ErrorA'], Next: 'Again' }],
      }),
      Again: pass({ Next: 'X' }),
    },
    functions: failing('ErrorA', 'ErrorA', 'ErrorA'),
    expect: { retryWaits: [4, 4], output: 'ok', counts: { PassStateEntered: 1, TaskStateEntered: 2 } },
  },
  {
    name: 'a BackoffRate of one keeps the interval',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 2, BackoffRate: 1 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [2, 2, 2] },
  },
  {
    name: 'a fractional BackoffRate multiplies the interval',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 2, BackoffRate: 1.5 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [2, 3, 4.5] },
  },
  {
    name: 'MaxAttempts above the default is honoured',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'], MaxAttempts: 5, MaxDelaySeconds: 10 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [1, 2, 4, 8, 10], error: 'ErrorA' },
  },
  {
    name: 'a MaxDelaySeconds equal to the interval keeps every wait at it',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 5, MaxDelaySeconds: 5 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [5, 5, 5], error: 'ErrorA' },
  },
  {
    name: 'full jitter draws each wait between zero and the interval',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 3, MaxAttempts: 4, BackoffRate: 2, JitterStrategy: 'FULL' }),
    functions: always('ErrorA'),
    expect: {
      retryWaitsWithin: [
        [0, 3],
        [0, 6],
        [0, 12],
        [0, 24],
      ],
    },
  },
  {
    name: 'full jitter stays below MaxDelaySeconds',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 3, MaxAttempts: 4, MaxDelaySeconds: 5, JitterStrategy: 'FULL' }),
    functions: always('ErrorA'),
    expect: {
      retryWaitsWithin: [
        [0, 3],
        [0, 5],
        [0, 5],
        [0, 5],
      ],
    },
  },
  {
    name: 'the guide’s example of jitter: up to two, four and eight seconds',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], MaxAttempts: 3, IntervalSeconds: 2, BackoffRate: 2, JitterStrategy: 'FULL' }),
    functions: always('ErrorA'),
    expect: {
      retryWaitsWithin: [
        [0, 2],
        [0, 4],
        [0, 8],
      ],
    },
  },
  {
    name: 'the guide’s example of backoff: three, six and twelve seconds',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 3, MaxAttempts: 3, BackoffRate: 2 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [3, 6, 12] },
  },
  {
    name: 'the guide’s example of a BackoffRate of one: three and three seconds',
    cites: [GUIDE],
    states: timing({ ErrorEquals: ['States.Timeout'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 1 }),
    functions: hanging,
    expect: { retryWaits: [3, 3] },
  },
  {
    name: 'JitterStrategy NONE leaves the waits as they are',
    cites: [GUIDE],
    states: retrying({ ErrorEquals: ['ErrorA'], JitterStrategy: 'NONE' }),
    functions: always('ErrorA'),
    expect: { retryWaits: [1, 2, 4] },
  },
  {
    name: 'the first retrier that names the error is the one that applies',
    cites: [RETRY],
    states: retrying({ ErrorEquals: ['ErrorA'], IntervalSeconds: 7, MaxAttempts: 1 }, { ErrorEquals: ['States.ALL'], IntervalSeconds: 1 }),
    functions: always('ErrorA'),
    expect: { retryWaits: [7], error: 'ErrorA' },
  },
  {
    name: 'error names are compared case by case',
    cites: [spec('Error representation', 'error-names')],
    states: retrying({ ErrorEquals: ['errora'] }),
    functions: always('ErrorA'),
    expect: { retryWaits: [], error: 'ErrorA' },
  },
  {
    name: 'States.TaskFailed retries any error of a task',
    cites: [NAMES],
    states: retrying({ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }),
    functions: failing('Custom'),
    expect: { retryWaits: [1], output: 'ok' },
  },
  {
    name: 'States.TaskFailed does not retry a timeout',
    cites: [NAMES],
    states: timing({ ErrorEquals: ['States.TaskFailed'] }),
    functions: hanging,
    expect: { retryWaits: [], error: 'States.Timeout' },
  },
  {
    name: 'States.ALL retries a timeout',
    cites: [RETRY, NAMES],
    states: timing({ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }),
    functions: { F: [{ takesSeconds: 100 }, { output: 'ok' }] },
    expect: { retryWaits: [1], output: 'ok', seconds: 11 },
  },
  {
    name: 'Retry comes before Catch',
    cites: [spec('Fallback states', 'fallback-states')],
    states: {
      X: task('F', { Retry: [{ ErrorEquals: ['ErrorA'], MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['ErrorA'], Next: 'C' }] }),
      C: pass({ Output: 'caught' }),
    },
    functions: always('ErrorA'),
    expect: { retryWaits: [1], output: 'caught', counts: { LambdaFunctionScheduled: 2 } },
  },
  {
    name: 'an error that no retrier names goes to Catch at once',
    cites: [spec('Fallback states', 'fallback-states')],
    states: {
      X: task('F', { Retry: [{ ErrorEquals: ['ErrorB'] }], Catch: [{ ErrorEquals: ['ErrorA'], Next: 'C' }] }),
      C: pass({ Output: 'caught' }),
    },
    functions: always('ErrorA'),
    expect: { retryWaits: [], output: 'caught', seconds: 0 },
  },
  {
    name: 'a Parallel is retried as a whole',
    cites: [RETRY],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: task('A') }), flow({ B: task('F') })],
        Retry: [{ ErrorEquals: ['ErrorA'], IntervalSeconds: 9 }],
        End: true,
      },
    },
    functions: { ...failing('ErrorA'), A: [{ output: 'a' }] },
    expect: { output: ['a', 'ok'], seconds: 9, counts: { LambdaFunctionScheduled: 4 } },
  },
  {
    name: 'a Map is retried as a whole',
    cites: [RETRY],
    states: {
      M: {
        Type: 'Map',
        Items: [1, 2],
        MaxConcurrency: 1,
        ItemProcessor: flow({ B: task('F') }),
        Retry: [{ ErrorEquals: ['ErrorA'], IntervalSeconds: 9 }],
        End: true,
      },
    },
    functions: { F: [{ output: 1 }, { error: 'ErrorA' }, { output: 2 }] },
    expect: { output: [2, 2], seconds: 9, calls: [1, 2, 1, 2] },
  },
  {
    name: 'a query evaluation error can be retried',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: { T: task('F', { Arguments: "{% 'a' + 1 %}", Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 2 }] }) },
    expect: { error: 'States.QueryEvaluationError', seconds: 3, counts: { EvaluationFailed: 3 } },
  },
  {
    name: 'an error from a Fail state inside is retried by the Parallel around it',
    cites: [RETRY, spec('Fail State', 'fail-state')],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ X: { Type: 'Fail', Error: 'Again' } })],
        Retry: [{ ErrorEquals: ['Again'], MaxAttempts: 2 }],
        End: true,
      },
    },
    expect: { error: 'Again', seconds: 3, counts: { FailStateEntered: 3 } },
  },
  {
    name: 'an Output that fails after the task has succeeded repeats the task when it is retried',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors'), RETRY],
    states: { T: task('F', { Output: '{% $states.result.n + 1 %}', Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }] }) },
    input: 'again',
    functions: { F: [{ output: {} }, { output: { n: 1 } }] },
    expect: { output: 2, calls: ['again', 'again'], seconds: 1 },
  },
  {
    name: 'a retried Parallel starts without the variables of its first attempt',
    cites: [RETRY, spec('Variable Scope', 'variable-scope')],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ Look: pass({ Output: '{% $exists($own) %}', Assign: { own: 1 }, Next: 'T' }), T: task('F') })],
        Retry: [{ ErrorEquals: ['ErrorA'] }],
        End: true,
      },
    },
    functions: { F: [{ error: 'ErrorA' }, { output: 'ok' }] },
    expect: { output: ['ok'], calls: [false, false] },
  },
  {
    name: 'a retried state is entered and left once',
    cites: [COMPLEX],
    states: retrying({ ErrorEquals: ['ErrorA'] }),
    functions: failing('ErrorA', 'ErrorA'),
    expect: { output: 'ok', counts: { TaskStateEntered: 1, TaskStateExited: 1, LambdaFunctionFailed: 2, LambdaFunctionSucceeded: 1 } },
  },
];
