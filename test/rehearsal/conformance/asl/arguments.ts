import { flow, guide, pass, spec, task, type AslCase } from './types';

const USING = spec('Using Arguments and Output', 'arguments-and-output');
const EVALUATION = spec('JSONata Evaluation', 'jsonata-evaluation');
const sample = {
  student: { name: 'Scotland', course: [{ grade: 34 }, { grade: 99 }, { grade: 76 }, { grade: 96 }] },
  class: { teacher: 'Bert' },
  two: 'the number 2',
};

export const argumentsCases: AslCase[] = [
  {
    name: 'expressions in Arguments are evaluated, fields and array items alike, and the rest is kept',
    cites: [EVALUATION],
    states: {
      GetSampleData: pass({ Assign: sample, Next: 'A Task' }),
      'A Task': task('DoTheTask', {
        Arguments: { student: '{% $student.name %}', classInfo: { teacher: '{% $class.teacher %}' }, values: [1, '{% $two %}', 'three'] },
        Output: "{% { 'avg': $average($student.course.grade), 'num': $count($student.course) }  %}",
      }),
    },
    expect: {
      calls: [{ student: 'Scotland', classInfo: { teacher: 'Bert' }, values: [1, 'the number 2', 'three'] }],
      output: { avg: 76.25, num: 4 },
    },
  },
  {
    name: 'without Arguments a task is given the state input',
    cites: [USING],
    states: { T: task('F', { Output: 'done' }) },
    input: { val1: 3, val2: 4 },
    expect: { calls: [{ val1: 3, val2: 4 }], output: 'done' },
  },
  {
    name: 'Arguments may be one whole expression',
    cites: [USING],
    states: { T: task('F', { Arguments: '{% $states.input.part %}', Output: 1 }) },
    input: { part: [1, 2] },
    expect: { calls: [[1, 2]] },
  },
  {
    name: 'Arguments may be any JSON text',
    cites: [USING],
    states: { T: task('F', { Arguments: 'plain', Next: 'U' }), U: task('F', { Arguments: 5 }) },
    expect: { calls: ['plain', 5] },
  },
  {
    name: 'Arguments see the context',
    cites: [USING],
    states: { T: task('F', { Arguments: { at: '{% $states.context.State.Name %}' } }) },
    expect: { calls: [{ at: 'T' }] },
  },
  {
    name: 'Arguments see variables as they were on entry',
    cites: [spec('State Machine Variables', 'state-machine-variables')],
    states: { S: pass({ Assign: { x: 1 }, Next: 'T' }), T: task('F', { Arguments: '{% $x %}', Assign: { x: 2 } }) },
    expect: { calls: [1] },
  },
  {
    name: 'a type error in Arguments is a query evaluation error, and the task is not called',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: { T: task('F', { Arguments: "{% 1 + 'two' %}" }) },
    expect: { error: 'States.QueryEvaluationError', calls: [] },
  },
  {
    name: 'Arguments of a Parallel are the input of every branch',
    cites: [spec('Parallel State', 'parallel-state')],
    states: {
      P: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input.n * 2 %}' },
        Branches: [flow({ A: pass() }), flow({ B: pass({ Output: '{% $states.input.n %}' }) })],
        End: true,
      },
    },
    input: { n: 4 },
    expect: { output: [{ n: 8 }, 8] },
  },
  {
    name: 'a function’s payload is passed on and its answer comes back in Payload',
    cites: [guide('Invoke an AWS Lambda function with Step Functions', 'connect-lambda.html')],
    states: {
      L: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'priceWatcher', Payload: { product: '{% $states.context.Execution.Input.product %}' } },
        Assign: { currentPrice: '{% $states.result.Payload.current_price %}' },
        Next: 'Show',
      },
      Show: pass({ Output: '{% $currentPrice %}' }),
    },
    input: { product: 'tea' },
    functions: { priceWatcher: [{ output: { current_price: 3 } }] },
    expect: { calls: [{ product: 'tea' }], output: 3 },
  },
];
