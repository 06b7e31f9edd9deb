import { api, flow, guide, pass, spec, task, type AslCase } from './types';

const MAP = spec('JSONata Map State', 'jsonata-map-state');
const SELECTING = spec('Selecting Items', 'selecting-items');
const PROCESSING = spec('Processing Items', 'processing-items');
const CONCURRENCY = spec('Map State concurrency', 'map-state-concurrency');
const WRITING = spec('Writing Results', 'writing-results');
const DEFINITION = spec('Map State ItemProcessor definition', 'map-state-itemprocessor-definition');
const ERRORS = spec('JSONata Runtime Errors', 'jsonata-runtime-errors');
const INLINE = guide('Using Map state in Inline mode', 'state-map-inline.html');

const shipment = {
  'ship-date': '2016-03-14T01:59:00Z',
  detail: {
    'delivery-partner': 'UQS',
    shipped: [
      { prod: 'R31', 'dest-code': 9511, quantity: 1344 },
      { prod: 'S39', 'dest-code': 9511, quantity: 40 },
    ],
  },
};
const validate = (more: Record<string, unknown> = {}) => ({
  'Validate-All': {
    Type: 'Map',
    Items: '{% $states.input.detail.shipped %}',
    MaxConcurrency: 0,
    ItemProcessor: flow({ Validate: task('ship-val') }),
    Assign: { shipped: '{% $states.result %}' },
    Output: { numItemsProcessed: '{% $count($states.input.detail.shipped) %}' },
    Next: 'Show',
    ...more,
  },
  Show: pass({ Output: ['{% $states.input %}', '{% $shipped %}'] }),
});
const map = (more: Record<string, unknown>, inner: Record<string, unknown> = { I: pass() }) => ({
  M: { Type: 'Map', ItemProcessor: flow(inner), End: true, ...more },
});
const waiting = (Seconds: unknown) => ({ W: { Type: 'Wait', Seconds, End: true } });

export const mapInlineCases: AslCase[] = [
  {
    name: 'a function is called with each item',
    cites: [MAP],
    states: validate(),
    input: shipment,
    functions: { 'ship-val': [{ output: 'valid' }] },
    expect: { calls: shipment.detail.shipped, output: [{ numItemsProcessed: 2 }, ['valid', 'valid']] },
  },
  {
    name: 'ItemSelector makes the input of each iteration',
    cites: [MAP],
    states: validate({
      ItemSelector: { parcel: '{% $states.context.Map.Item.Value %}', courier: '{% $states.input.detail.`delivery-partner` %}' },
    }),
    input: shipment,
    expect: { calls: shipment.detail.shipped.map((parcel) => ({ parcel, courier: 'UQS' })) },
  },
  {
    name: 'ItemSelector may be one whole expression',
    cites: [SELECTING],
    states: map({ Items: ['a', 'b'], ItemSelector: '{% $states.context.Map.Item.Value & $string($states.context.Map.Item.Index) %}' }),
    expect: { output: ['a0', 'b1'] },
  },
  {
    name: 'ItemSelector may be plain JSON',
    cites: [SELECTING],
    states: map({ Items: [1, 2], ItemSelector: 'same' }),
    expect: { output: ['same', 'same'] },
  },
  { name: 'without Items the state input is the array', cites: [SELECTING], states: map({}), input: [3, 4], expect: { output: [3, 4] } },
  {
    name: 'without Items the state input must be an array',
    cites: [SELECTING, ERRORS],
    states: map({}),
    input: { a: 1 },
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Items may be an array with expressions in it',
    cites: [SELECTING, spec('JSONata Evaluation', 'jsonata-evaluation')],
    states: map({ Items: [1, '{% $states.input.x %}', { y: '{% $states.input.x %}' }] }),
    input: { x: 5 },
    expect: { output: [1, 5, { y: 5 }] },
  },
  {
    name: 'Items must come to an array',
    cites: [SELECTING, ERRORS],
    states: map({ Items: '{% 7 %}' }),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'an empty array makes an empty result',
    cites: [WRITING],
    states: map({ Items: [] }),
    expect: { output: [], counts: { MapIterationStarted: 0 } },
  },
  {
    name: 'results are in the order of the items, whichever finishes first',
    cites: [WRITING],
    states: map({ Items: [5, 1, 3] }, waiting('{% $states.input %}')),
    expect: { output: [5, 1, 3], seconds: 5 },
  },
  {
    name: 'a MaxConcurrency of one goes item by item',
    cites: [CONCURRENCY],
    states: map({ Items: [1, 2, 3], MaxConcurrency: 1 }, { A: task('F', { Next: 'B' }), B: task('F') }),
    functions: { F: [{ takesSeconds: 2 }] },
    expect: { calls: [1, 1, 2, 2, 3, 3], seconds: 12 },
  },
  {
    name: 'MaxConcurrency bounds what runs at a time',
    cites: [CONCURRENCY],
    states: map({ Items: [1, 2, 3, 4, 5], MaxConcurrency: 2 }, waiting(10)),
    expect: { seconds: 30 },
  },
  {
    name: 'MaxConcurrency may be an expression',
    cites: [CONCURRENCY],
    states: map({ Items: [1, 2, 3, 4], MaxConcurrency: '{% $states.input.n %}' }, waiting(10)),
    input: { n: 4 },
    expect: { seconds: 10 },
  },
  {
    name: 'MaxConcurrency is not negative',
    cites: [CONCURRENCY, ERRORS],
    states: map({ Items: [1], MaxConcurrency: '{% -1 %}' }),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'MaxConcurrency is whole',
    cites: [CONCURRENCY, ERRORS],
    states: map({ Items: [1], MaxConcurrency: '{% 1.5 %}' }),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'Inline mode runs forty iterations at a time',
    cites: [INLINE],
    states: map({ Items: '{% [1..40] %}' }, waiting(10)),
    expect: { seconds: 10 },
  },
  {
    name: 'Inline mode runs no more than forty iterations at a time',
    cites: [INLINE],
    states: map({ Items: '{% [1..41] %}' }, waiting(10)),
    expect: { seconds: 20 },
  },
  {
    name: 'the context tells an iteration its index and its item',
    cites: [PROCESSING, guide('Context object, Map state', 'input-output-contextobject.html')],
    states: map({ Items: ['a', 'b'] }, { I: pass({ Output: '{% $states.context.Map.Item %}' }) }),
    expect: {
      output: [
        { Index: 0, Value: 'a' },
        { Index: 1, Value: 'b' },
      ],
    },
  },
  {
    name: 'the first iteration that fails fails the Map and ends the others',
    cites: [DEFINITION],
    states: map(
      { Items: [100, 5, 100] },
      {
        W: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'C' },
        C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 5 %}', Next: 'X' }], Default: 'I' },
        X: { Type: 'Fail', Error: 'Five' },
        I: pass(),
      },
    ),
    expect: {
      error: 'Five',
      seconds: 5,
      counts: { MapIterationFailed: 1, MapIterationAborted: 2, MapStateFailed: 1, PassStateEntered: 0 },
    },
  },
  {
    name: 'a Map inside a Map',
    cites: [DEFINITION],
    states: map(
      {
        Items: [
          [1, 2],
          [3, 4],
        ],
      },
      { Inner: { Type: 'Map', ItemProcessor: flow({ I: pass({ Output: '{% $states.input * 10 %}' }) }), End: true } },
    ),
    expect: {
      output: [
        [10, 20],
        [30, 40],
      ],
    },
  },
  {
    name: 'states inside go to states inside only',
    cites: [DEFINITION],
    states: { M: { Type: 'Map', Items: [1], ItemProcessor: flow({ I: pass({ Next: 'Outside' }) }), Next: 'Outside' }, Outside: pass() },
    expect: { refused: /Outside/ },
  },
  {
    name: 'states outside do not go inside',
    cites: [DEFINITION],
    states: { P: pass({ Next: 'I' }), M: { Type: 'Map', Items: [1], ItemProcessor: flow({ I: pass() }), End: true } },
    expect: { refused: /'I'/ },
  },
  {
    name: 'a Map needs ItemProcessor',
    cites: [DEFINITION],
    states: { M: { Type: 'Map', Items: [1], End: true } },
    expect: { refused: /ItemProcessor/ },
  },
  {
    name: 'the events of a Map with one item',
    cites: [api('HistoryEvent, type', 'API_HistoryEvent.html')],
    states: map({ Items: [1] }),
    expect: {
      history: [
        'ExecutionStarted',
        'MapStateEntered',
        'MapStateStarted',
        'MapIterationStarted',
        'PassStateEntered',
        'PassStateExited',
        'MapIterationSucceeded',
        'MapStateSucceeded',
        'MapStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'items behind the one that failed are not started',
    cites: [DEFINITION, CONCURRENCY],
    states: map({ Items: [1, 2, 3], MaxConcurrency: 1 }, { A: task('F') }),
    functions: { F: [{ output: 1 }, { error: 'Second' }] },
    expect: { error: 'Second', calls: [1, 2], counts: { MapIterationStarted: 2 } },
  },
  {
    name: 'an iteration may wait, choose and call as any machine',
    cites: [DEFINITION],
    states: map(
      { Items: [1, 2] },
      {
        C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'W' }], Default: 'A' },
        W: { Type: 'Wait', Seconds: 20, Output: 'waited', End: true },
        A: task('F'),
      },
    ),
    functions: { F: [{ output: 'called' }] },
    expect: { output: ['waited', 'called'], seconds: 20, calls: [2] },
  },
];
