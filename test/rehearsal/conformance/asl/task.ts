import { api, flow, guide, pass, spec, task, type AslCase } from './types';

const TASK = spec('Task State', 'task-state');
const DATA = spec('Data', 'data');
const ERRORS = guide('Handling errors in Step Functions workflows', 'concepts-error-handling.html');
const EVENTS = api('HistoryEvent, type', 'API_HistoryEvent.html');
const invoke = (more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'F', Payload: '{% $states.input %}' },
  End: true,
  ...more,
});

export const taskCases: AslCase[] = [
  {
    name: 'a function adds two numbers, and its answer is the machine’s output',
    cites: [DATA],
    states: { Add: task('Add') },
    input: { val1: 3, val2: 4 },
    functions: { Add: [{ output: 7 }] },
    expect: { output: 7, calls: [{ val1: 3, val2: 4 }] },
  },
  {
    name: 'an exception’s name becomes the error name, and the machine fails',
    cites: [spec('Errors', 'errors'), ERRORS],
    states: { T: task('F', { Next: 'Never' }), Never: pass() },
    functions: { F: [{ error: 'java.lang.Exception', message: 'boom' }] },
    expect: { error: 'java.lang.Exception', counts: { PassStateEntered: 0 } },
  },
  {
    name: 'the cause is the function’s report as text',
    cites: [ERRORS],
    states: { T: task('F') },
    functions: { F: [{ error: 'CustomError', message: 'this is it' }] },
    expect: { error: 'CustomError', cause: '{"errorType":"CustomError","errorMessage":"this is it"}' },
  },
  {
    name: 'the optimized integration gives the status code beside the payload',
    cites: [guide('Invoke an AWS Lambda function with Step Functions', 'connect-lambda.html')],
    states: {
      L: invoke({ Output: ['{% $states.result.StatusCode %}', '{% $states.result.Payload %}', '{% $states.result.ExecutedVersion %}'] }),
    },
    input: { a: 1 },
    expect: { output: [200, { a: 1 }, '$LATEST'] },
  },
  {
    name: 'the optimized integration reports an exception by its name as well',
    cites: [ERRORS],
    states: { L: invoke() },
    functions: { F: [{ error: 'CustomError' }] },
    expect: { error: 'CustomError' },
  },
  {
    name: 'a task that takes its time holds the machine that long',
    cites: [TASK],
    states: { T: task('F') },
    functions: { F: [{ output: 1, takesSeconds: 42 }] },
    expect: { output: 1, seconds: 42 },
  },
  {
    name: 'without TimeoutSeconds a task may run for days',
    cites: [guide('Task workflow state, TimeoutSeconds', 'state-task.html')],
    states: { T: task('F') },
    functions: { F: [{ output: 1, takesSeconds: 200_000 }] },
    expect: { output: 1, seconds: 200_000 },
  },
  {
    name: 'the events of a function called by its ARN',
    cites: [EVENTS],
    states: { T: task('F') },
    expect: {
      history: [
        'ExecutionStarted',
        'TaskStateEntered',
        'LambdaFunctionScheduled',
        'LambdaFunctionStarted',
        'LambdaFunctionSucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'the events of a service integration',
    cites: [EVENTS],
    states: { L: invoke() },
    expect: {
      history: [
        'ExecutionStarted',
        'TaskStateEntered',
        'TaskScheduled',
        'TaskStarted',
        'TaskSucceeded',
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'the events of a function that fails',
    cites: [EVENTS],
    states: { T: task('F') },
    functions: { F: [{ error: 'E' }] },
    expect: {
      history: [
        'ExecutionStarted',
        'TaskStateEntered',
        'LambdaFunctionScheduled',
        'LambdaFunctionStarted',
        'LambdaFunctionFailed',
        'ExecutionFailed',
      ],
    },
  },
  {
    name: 'a task in a branch and one beside it run at the same time',
    cites: [spec('Parallel State', 'parallel-state')],
    states: {
      LookupCustomerInfo: {
        Type: 'Parallel',
        Branches: [flow({ LookupAddress: task('AddressFinder') }), flow({ LookupPhone: task('PhoneFinder') })],
        End: true,
      },
    },
    functions: { AddressFinder: [{ output: 'a', takesSeconds: 5 }], PhoneFinder: [{ output: 'p', takesSeconds: 8 }] },
    expect: { output: ['a', 'p'], seconds: 8 },
  },
  { name: 'a Task needs Resource', cites: [TASK], states: { T: { Type: 'Task', End: true } }, expect: { refused: /Resource/ } },
];
