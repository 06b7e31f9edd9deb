import { flow, guide, pass, spec, task, type AslCase } from './types';

const USING = spec('Using Arguments and Output', 'arguments-and-output');
const STATES = spec('Reserved "states" Variable with JSONata', 'reserved-states-variable-with-jsonata');
const ERRORS = spec('JSONata Runtime Errors', 'jsonata-runtime-errors');

export const outputCases: AslCase[] = [
  {
    name: 'a Task’s output is its result where Output is not given',
    cites: [USING],
    states: { T: task('F') },
    input: { in: 1 },
    functions: { F: [{ output: { out: 2 } }] },
    expect: { output: { out: 2 } },
  },
  {
    name: 'Output sees the input, the result and the context',
    cites: [STATES],
    states: {
      'My Task': task('HelloWorld', {
        Output: {
          customer: '{% $states.input.customer %}',
          resultStatus: '{% $states.result.status %}',
          state: '{% $states.context.State.Name %}',
        },
      }),
    },
    input: { customer: 'Ann' },
    functions: { HelloWorld: [{ output: { status: 'ok' } }] },
    expect: { output: { customer: 'Ann', resultStatus: 'ok', state: 'My Task' } },
  },
  {
    name: 'a Parallel’s result is what Output sees',
    cites: [STATES],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: pass({ Output: 1 }) }), flow({ B: pass({ Output: 2 }) })],
        Output: '{% $sum($states.result) %}',
        End: true,
      },
    },
    expect: { output: 3 },
  },
  {
    name: 'a Map’s result is what Output sees',
    cites: [STATES],
    states: {
      M: { Type: 'Map', Items: [1, 2, 3], ItemProcessor: flow({ I: pass() }), Output: { total: '{% $sum($states.result) %}' }, End: true },
    },
    expect: { output: { total: 6 } },
  },
  {
    name: 'Output may be null',
    cites: [USING, spec('Data', 'data')],
    states: { P: pass({ Output: null }) },
    input: { a: 1 },
    expect: { output: null },
  },
  {
    name: 'an expression may give null, false, zero, empty text and an empty array',
    cites: [USING],
    states: { P: pass({ Output: ['{% null %}', '{% false %}', '{% 0 %}', "{% '' %}", '{% [] %}'] }) },
    expect: { output: [null, false, 0, '', []] },
  },
  {
    name: 'Output that comes to nothing is an error',
    cites: [ERRORS],
    states: { P: pass({ Output: '{% $states.input.data.thisFieldDoesNotExist %}' }) },
    input: {},
    expect: { error: 'States.QueryEvaluationError', cause: /returned nothing \(undefined\)/ },
  },
  {
    name: 'Output cannot be a function',
    cites: [USING, ERRORS],
    states: { P: pass({ Output: '{% $sum %}' }) },
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'one whole expression makes the object',
    cites: [spec('JSONata Evaluation', 'jsonata-evaluation')],
    states: { P: pass({ Output: "{% { 'avg': $average($states.input.course.grade), 'num': $count($states.input.course) } %}" }) },
    input: { course: [{ grade: 34 }, { grade: 99 }, { grade: 76 }, { grade: 96 }] },
    expect: { output: { avg: 76.25, num: 4 } },
  },
  {
    name: 'a result that is plain text is passed on as it is',
    cites: [USING, spec('Data', 'data')],
    states: { T: task('F') },
    functions: { F: [{ output: 'Hi!' }] },
    expect: { output: 'Hi!' },
  },
  {
    name: 'the guide’s example of input and output',
    cites: [guide('Transforming data with JSONata in Step Functions, Example: Input and Output', 'transforming-data.html')],
    states: {
      'Basic Input and Output': {
        Type: 'Succeed',
        Output: { lastName: "{% 'Last=>' & $states.input.customer.lastName %}", orderValue: '{% $states.input.order.total %}' },
      },
    },
    input: { customer: { firstName: 'Martha', lastName: 'Rivera' }, order: { items: 7, total: 27.91 } },
    expect: { output: { lastName: 'Last=>Rivera', orderValue: 27.91 } },
  },
  {
    name: 'the guide’s example of filtering',
    cites: [guide('Transforming data with JSONata in Step Functions, Example: Filtering with JSONata', 'transforming-data.html')],
    states: { FilterDietProducts: pass({ Output: { dietProducts: '{% $states.input.products[calories=0] %}' } }) },
    input: {
      products: [
        { calories: 140, flavour: 'Cola', name: 'Product-1' },
        { calories: 0, flavour: 'Cola', name: 'Product-2' },
        { calories: 160, flavour: 'Orange', name: 'Product-3' },
        { calories: 100, flavour: 'Orange', name: 'Product-4' },
        { calories: 0, flavour: 'Lime', name: 'Product-5' },
      ],
    },
    expect: {
      output: {
        dietProducts: [
          { calories: 0, flavour: 'Cola', name: 'Product-2' },
          { calories: 0, flavour: 'Lime', name: 'Product-5' },
        ],
      },
    },
  },
  {
    name: 'Output may be plain true or a plain number',
    cites: [guide('Transforming data with JSONata in Step Functions, Arguments and Output Fields', 'transforming-data.html')],
    states: {
      A: pass({ Output: true, Next: 'B' }),
      B: pass({ Assign: { was: '{% $states.input %}' }, Output: 42, Next: 'C' }),
      C: pass({ Output: ['{% $was %}', '{% $states.input %}'] }),
    },
    expect: { output: [true, 42] },
  },
];
