import { api, flow, guide, pass, spec, type AslCase } from './types';

const CALLBACK = guide('Wait for a Callback with Task Token', 'connect-to-resource.html#connect-wait-token');
const SUCCESS = api('SendTaskSuccess', 'API_SendTaskSuccess.html');
const FAILURE = api('SendTaskFailure', 'API_SendTaskFailure.html');
const waiting = (more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: 'Worker', Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});

export const taskTokenCases: AslCase[] = [
  {
    name: 'the task waits for its token and its output is what was sent',
    cites: [CALLBACK, SUCCESS],
    states: { T: waiting() },
    functions: { Worker: [{ output: 'ignored' }] },
    callbacks: [{ atSeconds: 3600, send: 'success', output: '{"approved":true}' }],
    expect: { output: { approved: true }, seconds: 3600 },
  },
  {
    name: 'a task whose token nobody sends goes on waiting',
    cites: [CALLBACK],
    states: { T: waiting() },
    expect: { status: 'RUNNING', counts: { TaskSubmitted: 1, TaskSucceeded: 0 } },
  },
  {
    name: 'the task fails with the error and cause that were sent',
    cites: [CALLBACK, FAILURE],
    states: { T: waiting() },
    callbacks: [{ atSeconds: 60, send: 'failure', error: 'Rejected', cause: 'by risk' }],
    expect: { error: 'Rejected', cause: 'by risk', seconds: 60 },
  },
  {
    name: 'an error that was sent can be caught by its name',
    cites: [FAILURE, spec('Fallback states', 'fallback-states')],
    states: { T: waiting({ Catch: [{ ErrorEquals: ['Rejected'], Next: 'C' }] }), C: pass() },
    callbacks: [{ atSeconds: 1, send: 'failure', error: 'Rejected', cause: 'by risk' }],
    expect: { output: { Error: 'Rejected', Cause: 'by risk' } },
  },
  {
    name: 'Output sees what was sent as the result',
    cites: [CALLBACK, spec('Using Arguments and Output', 'arguments-and-output')],
    states: { T: waiting({ Output: '{% $states.result.n + 1 %}' }) },
    callbacks: [{ atSeconds: 1, send: 'success', output: '{"n":1}' }],
    expect: { output: 2 },
  },
  {
    name: 'every retry has a token of its own',
    cites: [CALLBACK, spec('Retrying after error', 'retrying-after-error')],
    states: { T: waiting({ Retry: [{ ErrorEquals: ['Again'], MaxAttempts: 1 }] }) },
    callbacks: [
      { atSeconds: 10, send: 'failure', error: 'Again' },
      { atSeconds: 20, send: 'success', output: '"old token"' },
      { atSeconds: 30, token: 1, send: 'success', output: '"new token"' },
    ],
    expect: { output: 'new token', seconds: 30, retryWaits: [1], callbackErrors: ['TaskTimedOut'] },
  },
  {
    name: 'iterations wait on tokens of their own',
    cites: [CALLBACK, spec('Map State', 'map-state')],
    states: { M: { Type: 'Map', Items: [1, 2], ItemProcessor: flow({ T: waiting() }), End: true } },
    callbacks: [
      { atSeconds: 5, token: 1, send: 'success', output: '"second"' },
      { atSeconds: 9, token: 0, send: 'success', output: '"first"' },
    ],
    expect: { output: ['first', 'second'], seconds: 9 },
  },
  {
    name: 'output that is no JSON is refused and the task goes on waiting',
    cites: [api('SendTaskSuccess, Errors', 'API_SendTaskSuccess.html#API_SendTaskSuccess_Errors')],
    states: { T: waiting() },
    callbacks: [
      { atSeconds: 1, send: 'success', output: 'no json' },
      { atSeconds: 2, send: 'success', output: '"json"' },
    ],
    expect: { output: 'json', callbackErrors: ['InvalidOutput'] },
  },
  {
    name: 'text that is no token is refused',
    cites: [api('SendTaskSuccess, Errors', 'API_SendTaskSuccess.html#API_SendTaskSuccess_Errors')],
    states: { T: waiting() },
    callbacks: [{ atSeconds: 1, send: 'success', literalToken: 'no token', output: '1' }],
    expect: { status: 'RUNNING', callbackErrors: ['InvalidToken'] },
  },
  {
    name: 'a task that has timed out is not answered any more',
    cites: [api('SendTaskSuccess, Errors', 'API_SendTaskSuccess.html#API_SendTaskSuccess_Errors'), spec('Timeouts', 'timeouts')],
    states: { T: waiting({ TimeoutSeconds: 30 }) },
    callbacks: [{ atSeconds: 31, send: 'success', output: '1' }],
    expect: { error: 'States.Timeout', seconds: 30, callbackErrors: ['TaskTimedOut'] },
  },
  {
    name: 'a task whose call fails does not wait for its token',
    cites: [CALLBACK],
    states: { T: waiting() },
    functions: { Worker: [{ error: 'Mine' }] },
    expect: { error: 'Mine', seconds: 0, counts: { TaskSubmitted: 0 } },
  },
];
