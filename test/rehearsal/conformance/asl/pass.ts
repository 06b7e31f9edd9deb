import { api, pass, spec, type AslCase } from './types';

const PASS = spec('Pass State', 'pass-state');
const DATA = spec('Data', 'data');
const EXPRESSIONS = spec('JSONata Expressions', 'expressions');
const EVALUATION = spec('JSONata Evaluation', 'jsonata-evaluation');
const coords = {
  ProvideTestData: pass({
    Assign: {
      coords: {
        'x-datum': 0.381018,
        'y-datum': 622.2269926397355,
        additional: '{% $exists($states.input.moreData) ? $states.input.moreData : {} %}',
      },
    },
    Next: 'Show',
  }),
  Show: pass({ Output: '{% $coords %}' }),
};

export const passCases: AslCase[] = [
  {
    name: 'Pass copies its input through to its output',
    cites: [PASS],
    states: { P: pass() },
    input: { a: [1, null, 'x', { b: true }] },
    expect: { output: { a: [1, null, 'x', { b: true }] } },
  },
  {
    name: 'Output, where given, becomes the state output',
    cites: [PASS],
    states: { P: pass({ Output: { fixed: 1 } }) },
    input: { a: 1 },
    expect: { output: { fixed: 1 } },
  },
  {
    name: 'expressions are replaced at any depth, in objects and arrays, and other text is kept',
    cites: [EVALUATION],
    states: { P: pass({ Output: { deep: [{ n: '{% $states.input.a + 1 %}' }, 'plain', 2, null, true], whole: '{% $states.input %}' } }) },
    input: { a: 41 },
    expect: { output: { deep: [{ n: 42 }, 'plain', 2, null, true], whole: { a: 41 } } },
  },
  {
    name: 'text that only starts like an expression is plain text',
    cites: [EXPRESSIONS],
    states: { P: pass({ Output: ['{% half', 'half %}', ' {% 1 %}', '{% 1 %} '] }) },
    expect: { output: ['{% half', 'half %}', ' {% 1 %}', '{% 1 %} '] },
  },
  {
    name: 'Assign holds fixed data and what an expression makes of a missing field',
    cites: [spec('JSONata Pass State', 'jsonata-pass-state')],
    states: coords,
    input: {},
    expect: { output: { 'x-datum': 0.381018, 'y-datum': 622.2269926397355, additional: {} } },
  },
  {
    name: 'Assign holds fixed data and what an expression makes of a field that is there',
    cites: [spec('JSONata Pass State', 'jsonata-pass-state')],
    states: coords,
    input: { moreData: { z: 1 } },
    expect: { output: { 'x-datum': 0.381018, 'y-datum': 622.2269926397355, additional: { z: 1 } } },
  },
  {
    name: 'an execution without input starts with an empty object',
    cites: [DATA],
    states: { P: pass() },
    expect: { output: {} },
  },
  {
    name: 'a bare string is a JSON text like any other',
    cites: [DATA],
    states: { P: pass() },
    input: 'hello',
    expect: { output: 'hello' },
  },
  {
    name: 'a bare number and a bare truth value are JSON texts',
    cites: [DATA],
    states: { P: pass({ Output: 7, Next: 'Q' }), Q: pass({ Output: '{% $states.input = 7 %}' }) },
    expect: { output: true },
  },
  {
    name: 'the output of one state is the input of the next',
    cites: [DATA, spec('Transitions', 'transition')],
    states: {
      P: pass({ Output: { n: 1 }, Next: 'Q' }),
      Q: pass({ Output: { n: '{% $states.input.n + 1 %}' }, Next: 'R' }),
      R: pass({ Output: { n: '{% $states.input.n * 10 %}' } }),
    },
    expect: { output: { n: 20 } },
  },
  {
    name: 'the machine starts where StartAt says, not with the first state',
    cites: [spec('Top-level fields', 'toplevelfields')],
    states: { First: pass({ Output: "{% $states.input & ' first' %}" }), Second: pass({ Output: 'second', Next: 'First' }) },
    machine: { StartAt: 'Second' },
    expect: { output: 'second first' },
  },
  {
    name: 'Comment and Version change nothing',
    cites: [spec('Top-level fields', 'toplevelfields'), spec('States', 'states-fields')],
    states: { P: pass({ Comment: 'a note', Output: 1 }) },
    machine: { Comment: 'a note', Version: '1.0' },
    expect: { output: 1 },
  },
  {
    name: 'a state may set the query language where the machine does not',
    cites: [spec('Query Languages', 'query-language')],
    states: { P: pass({ QueryLanguage: 'JSONata', Output: { total: '{% $states.input.transaction.total %}' } }) },
    machine: { QueryLanguage: 'JSONPath' },
    input: { transaction: { total: 12 } },
    expect: { output: { total: 12 } },
  },
  {
    name: 'the history of a Pass has its entry and its exit',
    cites: [api('HistoryEvent, type', 'API_HistoryEvent.html')],
    states: { P: pass() },
    expect: { history: ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'] },
  },
  {
    name: 'names of states are any text, compared letter by letter',
    cites: [spec('States', 'states-fields'), spec('Transitions', 'transition')],
    states: { 'Ж 中 1': pass({ Next: 'ж 中 1' }), 'ж 中 1': pass({ Output: '{% $states.context.State.Name %}' }) },
    expect: { output: 'ж 中 1' },
  },
];
