import { api, guide, pass, spec, type AslCase } from './types';

const TIMEOUTS = spec('Timeouts', 'timeouts');
const CODES = spec('Predefined Error Codes', 'appendix-a');
const HEARTBEAT = api('SendTaskHeartbeat', 'API_SendTaskHeartbeat.html');
const CALLBACK = guide('Wait for a Callback with Task Token', 'connect-to-resource.html#connect-wait-token');
const callback = (more: Record<string, unknown>) => ({
  T: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'Worker', Payload: { token: '{% $states.context.Task.Token %}' } },
    End: true,
    ...more,
  },
});
const caughtBy = (name: string) => ({
  ...callback({ HeartbeatSeconds: 60, TimeoutSeconds: 600, Catch: [{ ErrorEquals: [name], Next: 'C' }] }),
  C: pass({ Output: 'caught' }),
});

export const heartbeatCases: AslCase[] = [
  {
    name: 'a task that never beats fails after HeartbeatSeconds',
    cites: [TIMEOUTS],
    states: callback({ HeartbeatSeconds: 300 }),
    expect: { status: 'FAILED', error: 'States.Timeout', seconds: 300, counts: { TaskTimedOut: 1 } },
  },
  {
    name: 'a heartbeat resets the clock',
    cites: [HEARTBEAT],
    states: callback({ HeartbeatSeconds: 300 }),
    callbacks: [{ atSeconds: 200, send: 'heartbeat' }],
    expect: { error: 'States.Timeout', seconds: 500 },
  },
  {
    name: 'a task that keeps beating may go on for long',
    cites: [HEARTBEAT, CALLBACK],
    states: callback({ HeartbeatSeconds: 60 }),
    callbacks: [
      { atSeconds: 50, send: 'heartbeat' },
      { atSeconds: 100, send: 'heartbeat' },
      { atSeconds: 150, send: 'heartbeat' },
      { atSeconds: 200, send: 'success', output: '"done"' },
    ],
    expect: { output: 'done', seconds: 200, callbackErrors: [] },
  },
  {
    name: 'a heartbeat makes no event',
    cites: [HEARTBEAT],
    states: callback({ HeartbeatSeconds: 60 }),
    callbacks: [
      { atSeconds: 30, send: 'heartbeat' },
      { atSeconds: 60, send: 'success', output: '1' },
    ],
    expect: {
      history: [
        'ExecutionStarted',
        'TaskStateEntered',
        'TaskScheduled',
        'TaskStarted',
        'TaskSubmitted',
        'TaskSucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'TimeoutSeconds holds however often the task beats',
    cites: [HEARTBEAT],
    states: callback({ HeartbeatSeconds: 60, TimeoutSeconds: 100 }),
    callbacks: [
      { atSeconds: 50, send: 'heartbeat' },
      { atSeconds: 90, send: 'heartbeat' },
    ],
    expect: { error: 'States.Timeout', seconds: 100 },
  },
  {
    name: 'States.HeartbeatTimeout catches a missed heartbeat',
    cites: [CODES],
    states: caughtBy('States.HeartbeatTimeout'),
    expect: { output: 'caught', seconds: 60 },
  },
  {
    name: 'States.Timeout catches a missed heartbeat too',
    cites: [CODES],
    states: caughtBy('States.Timeout'),
    expect: { output: 'caught', seconds: 60 },
  },
  {
    name: 'States.HeartbeatTimeout does not catch another timeout',
    cites: [CODES],
    states: {
      ...callback({ TimeoutSeconds: 20, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'C' }] }),
      C: pass(),
    },
    expect: { error: 'States.Timeout', seconds: 20 },
  },
  {
    name: 'a missed heartbeat can be retried, and the clock starts afresh',
    cites: [CODES, spec('Retrying after error', 'retrying-after-error')],
    states: callback({ HeartbeatSeconds: 60, Retry: [{ ErrorEquals: ['States.HeartbeatTimeout'], IntervalSeconds: 10, MaxAttempts: 1 }] }),
    callbacks: [{ atSeconds: 100, token: 1, send: 'success', output: '"second"' }],
    expect: { output: 'second', seconds: 100, retryWaits: [10] },
  },
  {
    name: 'HeartbeatSeconds may be an expression',
    cites: [TIMEOUTS],
    states: callback({ HeartbeatSeconds: '{% $states.input.beat %}' }),
    input: { beat: 15 },
    expect: { error: 'States.Timeout', seconds: 15 },
  },
  {
    name: 'HeartbeatSeconds must be positive',
    cites: [TIMEOUTS, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: callback({ HeartbeatSeconds: '{% -5 %}' }),
    expect: { error: 'States.QueryEvaluationError', calls: [] },
  },
  {
    name: 'a heartbeat after the task has timed out is refused',
    cites: [api('SendTaskHeartbeat, Errors', 'API_SendTaskHeartbeat.html#API_SendTaskHeartbeat_Errors')],
    states: callback({ HeartbeatSeconds: 60 }),
    callbacks: [{ atSeconds: 61, send: 'heartbeat' }],
    expect: { error: 'States.Timeout', callbackErrors: ['TaskTimedOut'] },
  },
];
