import { flow, guide, pass, spec, task, type AslCase } from './types';

const ASSIGNING = spec('Assigning State Machine Variables', 'assigning-variables');
const SCOPE = spec('Variable Scope', 'variable-scope');
const USING = spec('Using Assign', 'using-assign');
const VARIABLES = spec('State Machine Variables', 'state-machine-variables');
const GUIDE = guide('Passing data between states with variables', 'workflow-variables.html');

const greeting = (last: Record<string, unknown>) => ({
  'Get Greeting': pass({ Assign: { outer: 'hello' }, Next: 'Greet Everyone' }),
  'Greet Everyone': {
    Type: 'Map',
    Items: [1, 2],
    ItemProcessor: flow({
      Begin: pass({ Assign: { inner: 'world', hi: '{% $outer %}' }, Next: 'End' }),
      End: { Type: 'Succeed', Output: '{% $hi %}' },
    }),
    Assign: { outer: 2 },
    Next: 'Goodbye',
  },
  Goodbye: last,
});

export const assignCases: AslCase[] = [
  {
    name: 'a later state reads several variables',
    cites: [ASSIGNING],
    states: {
      FirstState: pass({ Assign: { make: 'Infiniti', model: 'G35', year: 2006 }, Next: 'SecondState' }),
      SecondState: pass({ Output: "{% $year & ' ' & $make & ' ' & $model %}" }),
    },
    expect: { output: '2006 Infiniti G35' },
  },
  {
    name: 'an expression in Assign sees the value from before the state',
    cites: [ASSIGNING],
    states: {
      Before: pass({ Assign: { x: 5 }, Next: 'Assigning' }),
      Assigning: pass({ Assign: { x: 42, newOrOld: '{% $x %}' }, Next: 'Referencing' }),
      Referencing: pass({ Output: ['{% $x %}', '{% $newOrOld %}'] }),
    },
    expect: { output: [42, 5] },
  },
  {
    name: 'two variables swap, as all values are evaluated before any is assigned',
    cites: [USING],
    states: {
      Before: pass({ Assign: { a: 1, b: 2 }, Next: 'Swap' }),
      Swap: pass({ Assign: { a: '{% $b %}', b: '{% $a %}' }, Next: 'After' }),
      After: pass({ Output: ['{% $a %}', '{% $b %}'] }),
    },
    expect: { output: [2, 1] },
  },
  {
    name: 'Output in the same state still sees the old value',
    cites: [VARIABLES, GUIDE],
    states: {
      Before: pass({ Assign: { x: 1 }, Next: 'Both' }),
      Both: pass({ Assign: { x: 2 }, Output: '{% $x %}' }),
    },
    expect: { output: 1 },
  },
  {
    name: 'Assign sees the state input, whatever Output makes of it',
    cites: [USING],
    states: {
      Both: pass({ Assign: { kept: '{% $states.input.a %}' }, Output: { a: 'changed' }, Next: 'Show' }),
      Show: pass({ Output: ['{% $kept %}', '{% $states.input.a %}'] }),
    },
    input: { a: 'original' },
    expect: { output: ['original', 'changed'] },
  },
  {
    name: 'inner states read variables of the outer scope',
    cites: [SCOPE],
    states: {
      ...greeting({ Type: 'Succeed' }),
    },
    expect: { output: ['hello', 'hello'] },
  },
  {
    name: 'a Map assigns in its own, outer scope',
    cites: [SCOPE],
    states: greeting({ Type: 'Succeed', Output: '{% $outer %}' }),
    expect: { output: 2 },
  },
  {
    name: 'an inner state may not assign a variable of the outer scope',
    cites: [SCOPE, GUIDE],
    states: {
      Outer: pass({ Assign: { taken: 1 }, Next: 'Each' }),
      Each: { Type: 'Map', Items: [1], ItemProcessor: flow({ Inner: pass({ Assign: { taken: 2 } }) }), End: true },
    },
    expect: { refused: /taken/ },
  },
  {
    name: 'an inner state may not assign what a later outer state assigns',
    cites: [SCOPE],
    states: {
      Each: { Type: 'Parallel', Branches: [flow({ Inner: pass({ Assign: { taken: 2 } }) })], Next: 'Outer' },
      Outer: pass({ Assign: { taken: 1 } }),
    },
    expect: { refused: /taken/ },
  },
  {
    name: 'branches may use the same name, each for its own variable',
    cites: [SCOPE],
    states: {
      Both: {
        Type: 'Parallel',
        Branches: [
          flow({
            L1: pass({ Assign: { own: 'left' }, Next: 'L2' }),
            L2: { Type: 'Wait', Seconds: 5, Next: 'L3' },
            L3: pass({ Output: '{% $own %}' }),
          }),
          flow({
            R1: pass({ Assign: { own: 'right' }, Next: 'R2' }),
            R2: { Type: 'Wait', Seconds: 1, Next: 'R3' },
            R3: pass({ Output: '{% $own %}' }),
          }),
        ],
        End: true,
      },
    },
    expect: { output: ['left', 'right'] },
  },
  {
    name: 'a branch’s variables are gone when it has completed',
    cites: [SCOPE],
    states: {
      Both: { Type: 'Parallel', Branches: [flow({ Inner: pass({ Assign: { own: 1 } }) })], Next: 'After' },
      After: pass({ Output: '{% $exists($own) %}' }),
    },
    expect: { output: false },
  },
  {
    name: 'an iteration’s variables are gone when it has completed',
    cites: [SCOPE],
    states: {
      Each: { Type: 'Map', Items: [1, 2], ItemProcessor: flow({ Inner: pass({ Assign: { own: 1 } }) }), Next: 'After' },
      After: pass({ Output: '{% $exists($own) %}' }),
    },
    expect: { output: false },
  },
  {
    name: 'iterations do not see each other’s variables',
    cites: [SCOPE],
    states: {
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: flow({ Look: pass({ Output: '{% $exists($own) %}', Assign: { own: '{% $states.input %}' } }) }),
        End: true,
      },
    },
    expect: { output: [false, false, false] },
  },
  {
    name: 'assigning inside an expression leaves the state machine’s variable alone',
    cites: [VARIABLES, spec('JSONata Expressions', 'expressions')],
    states: {
      Before: pass({ Assign: { x: 1 }, Next: 'Inside' }),
      Inside: pass({ Output: '{% ($x := 10; $x) %}', Next: 'After' }),
      After: pass({ Output: ['{% $states.input %}', '{% $x %}'] }),
    },
    expect: { output: [10, 1] },
  },
  {
    name: 'a variable without a value on entry is undefined, which is an error',
    cites: [VARIABLES, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: { P: pass({ Assign: { x: 1 }, Output: '{% $x %}' }) },
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'the name "states" is reserved',
    cites: [VARIABLES],
    states: { P: pass({ Assign: { states: 1 } }) },
    expect: { refused: /states/ },
  },
  {
    name: 'a variable’s name has at most 80 characters',
    cites: [VARIABLES],
    states: { P: pass({ Assign: { ['x'.repeat(81)]: 1 } }) },
    expect: { refused: /x{80}/ },
  },
  {
    name: 'a variable’s name of 80 characters is fine',
    cites: [VARIABLES],
    states: { P: pass({ Assign: { ['x'.repeat(80)]: 1 }, Next: 'Q' }), Q: pass({ Output: `{% $${'x'.repeat(80)} %}` }) },
    expect: { output: 1 },
  },
  {
    name: 'a variable’s name does not start with a digit',
    cites: [VARIABLES],
    states: { P: pass({ Assign: { '1st': 1 } }) },
    expect: { refused: /1st/ },
  },
  {
    name: 'Assign is an object',
    cites: [USING],
    states: { P: pass({ Assign: '{% {"a": 1} %}' }) },
    expect: { refused: /Assign/ },
  },
  {
    name: 'a Task assigns from its result',
    cites: [USING],
    states: {
      T: task('Price', { Assign: { price: '{% $states.result.amount %}' }, Output: 'done', Next: 'Show' }),
      Show: pass({ Output: ['{% $states.input %}', '{% $price %}'] }),
    },
    functions: { Price: [{ output: { amount: 12.5 } }] },
    expect: { output: ['done', 12.5] },
  },
  {
    name: 'variables carry a loop’s counter',
    cites: [ASSIGNING, spec('Transitions', 'transition')],
    states: {
      Init: pass({ Assign: { i: 0 }, Next: 'Step' }),
      Step: pass({ Assign: { i: '{% $i + 1 %}' }, Next: 'More' }),
      More: { Type: 'Choice', Choices: [{ Condition: '{% $i < 4 %}', Next: 'Step' }], Default: 'Done' },
      Done: pass({ Output: '{% $i %}' }),
    },
    expect: { output: 4, counts: { PassStateEntered: 6, ChoiceStateEntered: 4 } },
  },
  {
    name: 'an assigned object is replaced, not merged',
    cites: [ASSIGNING],
    states: {
      A: pass({ Assign: { o: { a: 1, b: 2 } }, Next: 'B' }),
      B: pass({ Assign: { o: { b: 3 } }, Next: 'C' }),
      C: pass({ Output: '{% $o %}' }),
    },
    expect: { output: { b: 3 } },
  },
  {
    name: 'when Assign fails, a Task’s Catch sees it and nothing is assigned',
    cites: [spec('JSONata Runtime Errors', 'jsonata-runtime-errors'), spec('Error output', 'error-output')],
    states: {
      Set: pass({ Assign: { x: 'old' }, Next: 'T' }),
      T: task('F', {
        Assign: { x: 'new', y: '{% $states.result.missing %}' },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'C' }],
      }),
      C: pass({ Output: ['{% $states.input.Error %}', '{% $x %}'] }),
    },
    expect: { output: ['States.QueryEvaluationError', 'old'] },
  },
  {
    name: 'the guide’s example of the order of evaluation',
    cites: [
      guide(
        'Passing data between states with variables, Evaluation order in an assign field',
        'workflow-variables.html#evaluation-order-in-an-assign-field',
      ),
    ],
    states: {
      Before: pass({ Assign: { x: 3, a: 6 }, Next: 'Both' }),
      Both: pass({ Assign: { x: '{% $a %}', nextX: '{% $x %}' }, Next: 'After' }),
      After: pass({ Output: { x: '{% $x %}', nextX: '{% $nextX %}' } }),
    },
    expect: { output: { x: 6, nextX: 3 } },
  },
  {
    name: 'a Catch of a Parallel assigns in the scope around it',
    cites: [guide('Passing data between states with variables, Variable scope', 'workflow-variables.html#variable-scope')],
    states: {
      Set: pass({ Assign: { status: 'fine' }, Next: 'P' }),
      P: {
        Type: 'Parallel',
        Branches: [flow({ X: { Type: 'Fail', Error: 'Broken' } })],
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { status: '{% $states.errorOutput.Error %}' }, Next: 'After' }],
        Next: 'After',
      },
      After: pass({ Output: '{% $status %}' }),
    },
    expect: { output: 'Broken' },
  },
  {
    name: 'a part of a variable is not assigned by its path',
    cites: [guide('Passing data between states with variables, Assign field in ASL', 'workflow-variables.html#assign-field-in-asl')],
    states: { P: pass({ Assign: { 'x.y': 42 } }) },
    expect: { refused: /x\.y/ },
  },
  {
    name: 'an element of a variable is not assigned by its index',
    cites: [guide('Passing data between states with variables, Assign field in ASL', 'workflow-variables.html#assign-field-in-asl')],
    states: { P: pass({ Assign: { 'x[2]': 42 } }) },
    expect: { refused: /x\[2\]/ },
  },
  {
    name: 'an empty Assign assigns nothing',
    cites: [USING],
    states: { P: pass({ Assign: {}, Output: 1 }) },
    expect: { output: 1 },
  },
  {
    name: 'a variable may hold null, which is a value',
    cites: [VARIABLES],
    states: { A: pass({ Assign: { x: null }, Next: 'B' }), B: pass({ Output: ['{% $x %}', '{% $exists($x) %}'] }) },
    expect: { output: [null, true] },
  },
  {
    name: 'a variable’s name may be any Unicode identifier',
    cites: [VARIABLES],
    states: { A: pass({ Assign: { größe: 3 }, Next: 'B' }), B: pass({ Output: '{% $größe * 2 %}' }) },
    expect: { output: 6 },
  },
  {
    name: 'a Choice’s rule assigns from the input',
    cites: [ASSIGNING],
    states: {
      C: { Type: 'Choice', Choices: [{ Condition: true, Assign: { x: '{% $states.input.a %}' }, Next: 'Show' }] },
      Show: pass({ Output: '{% $x %}' }),
    },
    input: { a: 8 },
    expect: { output: 8 },
  },
];
