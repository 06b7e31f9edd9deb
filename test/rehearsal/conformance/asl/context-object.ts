import { flow, guide, pass, task, type AslCase } from './types';

const CONTEXT = guide('Accessing execution data from the Context object in Step Functions', 'input-output-contextobject.html');
const shows = (Output: unknown) => ({ 'First State': pass({ Output }) });
const machineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:machine';

export const contextObjectCases: AslCase[] = [
  {
    name: 'Execution tells its ARN, name, input and role',
    cites: [CONTEXT],
    states: shows({
      id: '{% $states.context.Execution.Id %}',
      name: '{% $states.context.Execution.Name %}',
      given: '{% $states.context.Execution.Input %}',
      role: '{% $states.context.Execution.RoleArn %}',
    }),
    input: { a: 1 },
    expect: {
      output: {
        id: 'arn:aws:states:us-east-1:111111111111:execution:machine:run',
        name: 'run',
        given: { a: 1 },
        role: 'arn:aws:iam::111111111111:role/machine',
      },
    },
  },
  {
    name: 'StartTime is in ISO 8601',
    cites: [CONTEXT],
    states: shows('{% $states.context.Execution.StartTime %}'),
    expect: { outputMatches: /^"2026-03-02T09:00:00\.\d{3}Z"$/ },
  },
  {
    name: 'RedriveCount is zero at first',
    cites: [CONTEXT],
    states: shows('{% $states.context.Execution.RedriveCount %}'),
    expect: { output: 0 },
  },
  {
    name: 'StateMachine tells its ARN and name',
    cites: [CONTEXT],
    states: shows('{% $states.context.StateMachine %}'),
    expect: { output: { Id: machineArn, Name: 'machine' } },
  },
  { name: 'State tells its name', cites: [CONTEXT], states: shows('{% $states.context.State.Name %}'), expect: { output: 'First State' } },
  {
    name: 'EnteredTime is when the state was entered, not when it is left',
    cites: [CONTEXT],
    states: {
      W: {
        Type: 'Wait',
        Seconds: 30,
        Output: '{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) %}',
        Next: 'X',
      },
      X: pass({
        Output: [
          '{% $states.input %}',
          '{% $toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) %}',
        ],
      }),
    },
    expect: { output: [0, 30_000] },
  },
  {
    name: 'RetryCount counts the attempts before this one',
    cites: [CONTEXT],
    states: {
      T: task('F', { Arguments: '{% $states.context.State.RetryCount %}', Retry: [{ ErrorEquals: ['A'] }, { ErrorEquals: ['B'] }] }),
    },
    functions: { F: [{ error: 'A' }, { error: 'B' }, { error: 'A' }, { output: 'ok' }] },
    expect: { calls: [0, 1, 2, 3], output: 'ok' },
  },
  {
    name: 'RetryCount starts afresh in the next state',
    cites: [CONTEXT],
    states: {
      T: task('F', { Retry: [{ ErrorEquals: ['A'] }], Next: 'U' }),
      U: pass({ Output: '{% $states.context.State.RetryCount %}' }),
    },
    functions: { F: [{ error: 'A' }, { output: 'ok' }] },
    expect: { output: 0 },
  },
  {
    name: 'there is no task token where none is waited for',
    cites: [CONTEXT],
    states: { T: task('F', { Arguments: '{% $exists($states.context.Task.Token) %}' }) },
    expect: { calls: [false] },
  },
  { name: 'there is no Map outside one', cites: [CONTEXT], states: shows('{% $exists($states.context.Map) %}'), expect: { output: false } },
  {
    name: 'the machine’s input stays what it was, whatever states make of it',
    cites: [CONTEXT],
    states: {
      A: pass({ Output: 'changed', Next: 'B' }),
      B: pass({ Output: ['{% $states.input %}', '{% $states.context.Execution.Input %}'] }),
    },
    input: 'original',
    expect: { output: ['changed', 'original'] },
  },
  {
    name: 'inside a branch the context tells the inner state',
    cites: [CONTEXT],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ Inner: pass({ Output: '{% $states.context.State.Name %}' }) })],
        Output: ['{% $states.context.State.Name %}', '{% $states.result %}'],
        End: true,
      },
    },
    expect: { output: ['P', ['Inner']] },
  },
];
