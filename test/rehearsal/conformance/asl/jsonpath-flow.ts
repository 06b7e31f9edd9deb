import { flow, guide, jsonPath, pass, spec, task, type AslCase } from './types';

const WAIT = guide('Wait workflow state', 'state-wait.html');
const FAIL = guide('Fail workflow state', 'state-fail.html');
const TASK = guide('Task workflow state', 'state-task.html');
const ERRORS = guide('Handling errors in Step Functions workflows', 'concepts-error-handling.html');
const FALLBACK = spec('Fallback states', 'fallback-states');
const RESULT = guide('Specifying state output using ResultPath', 'input-output-resultpath.html');
const LIMITS = guide('Quotas related to state machine executions', 'service-quotas.html#service-limits-state-machine-executions');
const CALLBACK = guide('Wait for a Callback with Task Token', 'connect-to-resource.html#connect-wait-token');
const ACTIVITIES = guide('Learn about activities in Step Functions', 'concepts-activities.html');

const EXPIRY = '2026-03-02T10:00:00Z';
const ACTIVITY = 'arn:aws:states:us-east-1:111111111111:activity:HelloActivity';
const catching = (catcher: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  T: task('f', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'D', ...catcher }], ...more }),
  D: pass(),
});
const failed = { f: [{ error: 'Custom', message: 'no' }] };

const waits: AslCase[] = [
  {
    name: 'SecondsPath',
    cites: [WAIT],
    states: { W: { Type: 'Wait', SecondsPath: '$.s', End: true } },
    input: { s: 10 },
    expect: { seconds: 10, output: { s: 10 } },
  },
  {
    name: 'TimestampPath',
    cites: [WAIT],
    states: { W: { Type: 'Wait', TimestampPath: '$.expirydate', End: true } },
    input: { expirydate: EXPIRY },
    expect: { status: 'SUCCEEDED', seconds: 3600 },
  },
  {
    name: 'a timestamp in the past does not wait',
    cites: [WAIT],
    states: { W: { Type: 'Wait', TimestampPath: '$.t', End: true } },
    input: { t: '2016-08-18T17:33:00Z' },
    expect: { seconds: 0, status: 'SUCCEEDED' },
  },
  {
    name: 'a SecondsPath that finds no number fails',
    cites: [WAIT],
    states: { W: { Type: 'Wait', SecondsPath: '$.s', End: true } },
    input: { s: 'ten' },
    expect: { error: 'States.Runtime', cause: /\$\.s/ },
  },
];

const fails: AslCase[] = [
  {
    name: 'ErrorPath and CausePath take a Fail state’s texts from its input',
    cites: [FAIL],
    states: { F: { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' } },
    input: { Error: 'UserFault', Cause: 'wrong form' },
    expect: { error: 'UserFault', cause: 'wrong form' },
  },
  {
    name: 'CausePath may be an intrinsic function that gives a text',
    cites: [FAIL],
    states: {
      F: { Type: 'Fail', Error: 'E', CausePath: "States.Format('This is a custom error message for {}, caused by {}.', $.Error, $.Cause)" },
    },
    input: { Error: 'x', Cause: 'y' },
    expect: { error: 'E', cause: 'This is a custom error message for x, caused by y.' },
  },
  { name: 'a Fail state without texts', cites: [FAIL], states: { F: { Type: 'Fail' } }, input: {}, expect: { status: 'FAILED' } },
];

const tasks: AslCase[] = [
  {
    name: 'TimeoutSecondsPath',
    cites: [TASK],
    states: { T: task('f', { TimeoutSecondsPath: '$.params.maxTime' }) },
    input: { params: { maxTime: 7 } },
    functions: { f: [{ takesSeconds: 60 }] },
    expect: { error: 'States.Timeout', seconds: 7 },
  },
  {
    name: 'lambda:invoke takes its Payload from a path and answers with Payload and StatusCode',
    cites: [guide('Invoke an AWS Lambda function with Step Functions', 'connect-lambda.html')],
    states: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'f', 'Payload.$': '$.body' },
        ResultSelector: { 'code.$': '$.StatusCode', 'answer.$': '$.Payload' },
        End: true,
      },
    },
    input: { body: { a: 1 } },
    expect: { calls: [{ a: 1 }], output: { code: 200, answer: { a: 1 } } },
  },
  {
    name: 'the task token comes from $$.Task.Token, and HeartbeatSecondsPath bounds the wait',
    cites: [CALLBACK],
    states: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
        HeartbeatSecondsPath: '$.beat',
        End: true,
      },
    },
    input: { beat: 60 },
    callbacks: [
      { atSeconds: 50, send: 'heartbeat' },
      { atSeconds: 100, send: 'success', output: '"yes"' },
    ],
    expect: { output: 'yes', seconds: 100, callbackErrors: [] },
  },
  {
    name: 'an activity’s worker takes the task and answers it',
    cites: [ACTIVITIES],
    states: { T: { Type: 'Task', Resource: ACTIVITY, TimeoutSeconds: 300, HeartbeatSeconds: 60, ResultPath: '$.r', End: true } },
    input: { who: 'AWS' },
    callbacks: [
      { atSeconds: 5, send: 'take' },
      { atSeconds: 20, send: 'success', output: '{"Hello":"AWS"}' },
    ],
    expect: {
      output: { who: 'AWS', r: { Hello: 'AWS' } },
      seconds: 20,
      history: [
        'ExecutionStarted',
        'TaskStateEntered',
        'ActivityScheduled',
        'ActivityStarted',
        'ActivitySucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'an activity that nobody works for times out',
    cites: [ACTIVITIES],
    states: { T: { Type: 'Task', Resource: ACTIVITY, TimeoutSeconds: 300, End: true } },
    input: {},
    expect: { error: 'States.Timeout', seconds: 300, counts: { ActivityStarted: 0, ActivityTimedOut: 1 } },
  },
];

const handling: AslCase[] = [
  {
    name: 'a Catch without ResultPath replaces the input by the error',
    cites: [FALLBACK, ERRORS],
    states: catching({}),
    input: { a: 1 },
    functions: failed,
    expect: { output: { Error: 'Custom', Cause: '{"errorType":"Custom","errorMessage":"no"}' } },
  },
  {
    name: 'a Catch with ResultPath keeps the input beside the error',
    cites: [RESULT, FALLBACK],
    states: { ...catching({ ResultPath: '$.error' }), D: pass({ Parameters: { 'a.$': '$.a', 'e.$': '$.error.Error' } }) },
    input: { a: 1 },
    functions: failed,
    expect: { output: { a: 1, e: 'Custom' } },
  },
  {
    name: 'a Catch with ResultPath null discards the error',
    cites: [FALLBACK],
    states: catching({ ResultPath: null }),
    input: { a: 1 },
    functions: failed,
    expect: { output: { a: 1 } },
  },
  {
    name: 'the raw input is kept by a Catch, whatever InputPath made of it',
    cites: [FALLBACK],
    states: { ...catching({ ResultPath: '$.e' }, { InputPath: '$.in' }), D: pass({ InputPath: '$.in' }) },
    input: { in: 7 },
    functions: failed,
    expect: { calls: [7], output: 7 },
  },
  {
    name: 'Retry runs before Catch, and each attempt gets the same parameters',
    cites: [spec('Retrying after error', 'retrying-after-error')],
    states: {
      T: task('f', {
        Parameters: { 'v.$': '$.a' },
        Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 2 }],
      }),
    },
    input: { a: 1 },
    functions: { f: [...failed.f, ...failed.f, { output: 'done' }] },
    expect: { calls: [{ v: 1 }, { v: 1 }, { v: 1 }], retryWaits: [3, 6], output: 'done' },
  },
  {
    name: 'States.ALL does not catch States.Runtime',
    cites: [ERRORS],
    states: catching({}, { InputPath: '$.missing' }),
    input: {},
    expect: { error: 'States.Runtime', cause: /\$\.missing/ },
  },
  {
    name: 'a state’s output may not exceed 256 KiB',
    cites: [LIMITS],
    states: { A: pass({ Parameters: { 'a.$': '$.t', 'b.$': '$.t' } }) },
    input: { t: 'x'.repeat(200 * 1024) },
    expect: { error: 'States.DataLimitExceeded' },
  },
  {
    name: 'a function’s answer may not exceed 256 KiB, and the error can be caught',
    cites: [LIMITS, ERRORS],
    states: catching({ ErrorEquals: ['States.DataLimitExceeded'], ResultPath: '$.e' }),
    input: {},
    functions: { f: [{ output: 'x'.repeat(300 * 1024) }] },
    expect: { outputMatches: /States\.DataLimitExceeded/ },
  },
  {
    name: 'a retried Parallel starts all of its branches anew',
    cites: [ERRORS],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: task('f') }), flow({ B: task('g') })],
        Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 1 }],
        End: true,
      },
    },
    input: 1,
    functions: { f: [...failed.f, { output: 'ok' }] },
    expect: { output: ['ok', 1], seconds: 1 },
  },
];

export const jsonPathFlowCases: AslCase[] = [...waits, ...fails, ...tasks, ...handling].map(jsonPath);
