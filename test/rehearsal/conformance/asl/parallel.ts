import { api, flow, pass, spec, task, type AslCase } from './types';

const PARALLEL = spec('Parallel State', 'parallel-state');
const parallel = (branches: Record<string, unknown>[], more: Record<string, unknown> = {}) => ({
  P: { Type: 'Parallel', Branches: branches.map(flow), End: true, ...more },
});
const wait = (name: string, Seconds: number) => ({ [name]: { Type: 'Wait', Seconds, Output: name, End: true } });

export const parallelCases: AslCase[] = [
  {
    name: 'both branches are given the input, and the outputs are in the branches’ order',
    cites: [PARALLEL],
    states: {
      FunWithMath: { Type: 'Parallel', Branches: [flow({ Add: task('Add') }), flow({ Subtract: task('Subtract') })], Next: 'NextState' },
      NextState: pass(),
    },
    input: [3, 2],
    functions: { Add: [{ output: 5, takesSeconds: 2 }], Subtract: [{ output: 1 }] },
    expect: {
      output: [5, 1],
      calls: [
        [3, 2],
        [3, 2],
      ],
    },
  },
  {
    name: 'a Parallel waits for its slowest branch',
    cites: [PARALLEL],
    states: parallel([wait('A', 3), wait('B', 11), wait('C', 7)]),
    expect: { output: ['A', 'B', 'C'], seconds: 11 },
  },
  {
    name: 'the elements of the result need not be of one type',
    cites: [PARALLEL],
    states: parallel([{ A: pass({ Output: 1 }) }, { B: pass({ Output: { b: true } }) }, { C: pass({ Output: null }) }]),
    expect: { output: [1, { b: true }, null] },
  },
  {
    name: 'a branch that fails fails the Parallel and ends the others at once',
    cites: [PARALLEL],
    states: parallel([
      wait('Slow', 3600),
      { W: { Type: 'Wait', Seconds: 5, Next: 'X' }, X: { Type: 'Fail', Error: 'Broken', Cause: 'it is' } },
    ]),
    expect: { error: 'Broken', cause: 'it is', seconds: 5, counts: { WaitStateAborted: 1, WaitStateExited: 1 } },
  },
  {
    name: 'a task that fails unhandled in a branch fails the Parallel',
    cites: [PARALLEL],
    states: parallel([{ A: pass() }, { B: task('F') }]),
    functions: { F: [{ error: 'Mine' }] },
    expect: { error: 'Mine' },
  },
  {
    name: 'a branch may have several states',
    cites: [PARALLEL],
    states: parallel([
      { A: pass({ Output: 1, Next: 'B' }), B: pass({ Output: '{% $states.input + 1 %}', Next: 'C' }), C: { Type: 'Succeed' } },
    ]),
    expect: { output: [2] },
  },
  {
    name: 'a Parallel inside a Parallel',
    cites: [PARALLEL],
    states: parallel([
      { Inner: { Type: 'Parallel', Branches: [flow({ A: pass({ Output: 1 }) }), flow({ B: pass({ Output: 2 }) })], End: true } },
      { C: pass({ Output: 3 }) },
    ]),
    expect: { output: [[1, 2], 3] },
  },
  {
    name: 'a failure deep inside ends everything around it',
    cites: [PARALLEL],
    states: parallel([
      { Inner: { Type: 'Parallel', Branches: [flow({ X: { Type: 'Fail', Error: 'Deep' } }), flow(wait('S', 50))], End: true } },
      wait('T', 60),
    ]),
    expect: { error: 'Deep', seconds: 0 },
  },
  {
    name: 'Assign and Output see the result',
    cites: [spec('Reserved "states" Variable with JSONata', 'reserved-states-variable-with-jsonata')],
    states: {
      ...parallel([{ A: pass({ Output: 1 }) }, { B: pass({ Output: 2 }) }], {
        Assign: { first: '{% $states.result[0] %}' },
        Output: '{% $states.result[1] %}',
        End: undefined,
        Next: 'Show',
      }),
      Show: pass({ Output: ['{% $first %}', '{% $states.input %}'] }),
    },
    expect: { output: [1, 2] },
  },
  {
    name: 'a branch reads the variables around it',
    cites: [spec('Variable Scope', 'variable-scope')],
    states: { Set: pass({ Assign: { x: 4 }, Next: 'P' }), ...parallel([{ A: pass({ Output: '{% $x %}' }) }]) },
    expect: { output: [4] },
  },
  {
    name: 'a branch does not go to a state outside',
    cites: [PARALLEL],
    states: { ...parallel([{ A: pass({ Next: 'Out' }) }], { End: undefined, Next: 'Out' }), Out: pass() },
    expect: { refused: /Out/ },
  },
  { name: 'a Parallel needs Branches', cites: [PARALLEL], states: { P: { Type: 'Parallel', End: true } }, expect: { refused: /Branches/ } },
  {
    name: 'a branch needs StartAt',
    cites: [PARALLEL],
    states: { P: { Type: 'Parallel', Branches: [{ States: { A: pass() } }], End: true } },
    expect: { refused: /StartAt/ },
  },
  {
    name: 'the events of a Parallel with one branch',
    cites: [api('HistoryEvent, type', 'API_HistoryEvent.html')],
    states: parallel([{ A: pass() }]),
    expect: {
      history: [
        'ExecutionStarted',
        'ParallelStateEntered',
        'ParallelStateStarted',
        'PassStateEntered',
        'PassStateExited',
        'ParallelStateSucceeded',
        'ParallelStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
];
