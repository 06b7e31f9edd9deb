import { flow, guide, pass, spec, task, type AslCase } from './types';

const NESTED = guide('Start a new AWS Step Functions state machine from a running execution', 'connect-stepfunctions.html');
const RUN_A_JOB = guide('Run a Job (.sync)', 'connect-to-resource.html#connect-sync');
const child = 'arn:aws:states:us-east-1:111111111111:stateMachine:child';
const starting = (pattern: string, more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::states:startExecution${pattern}`,
  Arguments: { StateMachineArn: child, Input: { a: 1 } },
  End: true,
  ...more,
});
const waits = (Seconds: number) => ({ child: { W: { Type: 'Wait', Seconds, Output: { got: '{% $states.input.a %}' }, End: true } } });
const fails = { child: { X: { Type: 'Fail', Error: 'Inner', Cause: 'why' } } };

export const syncCases: AslCase[] = [
  {
    name: 'startExecution goes on when the child has started',
    cites: [NESTED, guide('Request Response', 'connect-to-resource.html#connect-default')],
    states: { S: starting('', { Output: '{% $exists($states.result.ExecutionArn) %}' }) },
    children: waits(50),
    expect: { output: true, seconds: 0, children: ['SUCCEEDED'] },
  },
  {
    name: 'startExecution.sync:2 waits for the child and hands on its output as JSON',
    cites: [NESTED, RUN_A_JOB],
    states: { S: starting('.sync:2', { Output: ['{% $states.result.Status %}', '{% $states.result.Output.got %}'] }) },
    children: waits(50),
    expect: { output: ['SUCCEEDED', 1], seconds: 50, children: ['SUCCEEDED'] },
  },
  {
    name: 'startExecution.sync hands on the child’s output as text',
    cites: [NESTED, RUN_A_JOB],
    states: { S: starting('.sync', { Output: '{% $parse($states.result.Output).got %}' }) },
    children: waits(50),
    expect: { output: 1, seconds: 50 },
  },
  {
    name: 'a child that fails fails the task with States.TaskFailed',
    cites: [RUN_A_JOB, guide('Error names', 'concepts-error-handling.html#error-handling-error-representation')],
    states: {
      S: starting('.sync:2', { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'C' }] }),
      C: pass({ Output: '{% $parse($states.input.Cause).Error %}' }),
    },
    children: fails,
    expect: { output: 'Inner', children: ['FAILED'] },
  },
  {
    name: 'a child that fails can be started again',
    cites: [RUN_A_JOB, spec('Retrying after error', 'retrying-after-error')],
    states: { S: starting('.sync:2', { Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 }] }) },
    children: fails,
    expect: { error: 'States.TaskFailed', retryWaits: [1, 2], children: ['FAILED', 'FAILED', 'FAILED'] },
  },
  {
    name: 'a child is stopped when another branch fails',
    cites: [RUN_A_JOB, spec('Parallel State', 'parallel-state')],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [
          flow({ S: starting('.sync:2') }),
          flow({ W: { Type: 'Wait', Seconds: 30, Next: 'X' }, X: { Type: 'Fail', Error: 'Other' } }),
        ],
        End: true,
      },
    },
    children: waits(3600),
    expect: { error: 'Other', seconds: 30, children: ['ABORTED'] },
  },
  {
    name: 'a task that waits for its child times out like any other',
    cites: [spec('Timeouts', 'timeouts'), RUN_A_JOB],
    states: {
      S: starting('.sync:2', { TimeoutSeconds: 30, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'C' }] }),
      C: pass({ Output: 'caught' }),
    },
    children: waits(3600),
    expect: { output: 'caught', seconds: 30 },
  },
  {
    name: 'the child is given the name that Arguments say',
    cites: [NESTED],
    states: {
      S: starting('.sync:2', { Arguments: { StateMachineArn: child, Name: 'ExecutionName' }, Output: '{% $states.result.Name %}' }),
    },
    children: { child: { P: pass() } },
    expect: { output: 'ExecutionName' },
  },
  {
    name: 'the child may be told who started it',
    cites: [guide('Associate Workflow Executions', 'concepts-nested-workflows.html#nested-execution-startid')],
    states: {
      S: starting('.sync:2', {
        Arguments: { StateMachineArn: child, Input: { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}' } },
        Output: '{% $states.result.Output = $states.context.Execution.Id %}',
      }),
    },
    children: { child: { P: pass({ Output: '{% $states.input.AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID %}' }) } },
    expect: { output: true },
  },
  {
    name: 'startExecution.waitForTaskToken waits for the token that the child was given',
    cites: [NESTED],
    states: {
      S: starting('.waitForTaskToken', { Arguments: { StateMachineArn: child, Input: { token: '{% $states.context.Task.Token %}' } } }),
    },
    children: {
      child: {
        L: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'Worker', Payload: '{% $states.input %}' },
          End: true,
        },
      },
    },
    callbacks: [{ atSeconds: 40, send: 'success', output: '"answered"' }],
    expect: { output: 'answered', seconds: 40 },
  },
  {
    name: 'a child’s own error, caught by States.ALL',
    cites: [RUN_A_JOB, spec('Fallback states', 'fallback-states')],
    states: {
      S: starting('.sync:2', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }),
      C: pass({ Output: '{% $states.input.Error %}' }),
    },
    children: fails,
    expect: { output: 'States.TaskFailed' },
  },
  {
    name: 'a child that fails with a timeout reaches the parent as States.TaskFailed',
    cites: [guide('Error names, States.Timeout', 'concepts-error-handling.html#error-handling-error-representation')],
    states: { S: starting('.sync:2', { Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'C' }] }), C: pass() },
    children: { child: { T: task('F', { TimeoutSeconds: 5 }) } },
    functions: { F: [{ takesSeconds: 100 }] },
    expect: { error: 'States.TaskFailed', seconds: 5, children: ['FAILED'], counts: { PassStateEntered: 0 } },
  },
];
