import { flow, guide, jsonPath, pass, spec, task, type AslCase } from './types';

const ITERATOR = guide('Using Map state in Inline mode', 'state-map-inline.html');
const ITEMS = guide('ItemsPath (Map)', 'input-output-itemspath.html');
const SELECTOR = guide('ItemSelector (Map)', 'input-output-itemselector.html');
const CONTEXT = guide('Context object, Map state', 'input-output-contextobject.html');
const PARALLEL = spec('Parallel State', 'parallel-state');
const DISTRIBUTED = guide('Using Map state in Distributed mode', 'state-map-distributed.html');

const names = [{ who: 'bob' }, { who: 'meg' }, { who: 'joe' }];
const shipments = {
  'ship-date': '2016-03-14T01:59:00Z',
  detail: {
    'delivery-partner': 'UQS',
    shipped: [
      { prod: 'R31', quantity: 1344 },
      { prod: 'S39', quantity: 40 },
    ],
  },
};
const parcels = shipments.detail.shipped.map((parcel) => ({ parcel, courier: 'UQS' }));
const map = (more: Record<string, unknown>, inner: Record<string, unknown> = { I: pass() }, processor = 'ItemProcessor') => ({
  M: { Type: 'Map', [processor]: flow(inner), End: true, ...more },
});
const sleepy = { W: { Type: 'Wait', SecondsPath: '$', End: true } };
const selected = { 'parcel.$': '$$.Map.Item.Value', 'courier.$': "$.detail['delivery-partner']" };

const inline: AslCase[] = [
  {
    name: 'Parameters with the context object of the guide: index and value of each item',
    cites: [CONTEXT],
    states: map({ Parameters: { 'ContextIndex.$': '$$.Map.Item.Index', 'ContextValue.$': '$$.Map.Item.Value' } }, undefined, 'Iterator'),
    input: names,
    expect: { output: names.map((ContextValue, ContextIndex) => ({ ContextValue, ContextIndex })) },
  },
  {
    name: 'ItemsPath says where the items are, and ItemSelector what an iteration gets',
    cites: [ITEMS, SELECTOR],
    states: map({ InputPath: '$', ItemsPath: '$.detail.shipped', ItemSelector: selected }, { V: task('ship-val') }),
    input: shipments,
    expect: { calls: parcels, output: parcels },
  },
  {
    name: 'Iterator and Parameters are the older names of ItemProcessor and ItemSelector',
    cites: [ITERATOR],
    states: map({ ItemsPath: '$.detail.shipped', Parameters: selected }, { V: task('ship-val') }, 'Iterator'),
    input: shipments,
    expect: { calls: parcels },
  },
  {
    name: 'ItemsPath applies after InputPath, and ResultPath puts the results into the raw input',
    cites: [ITEMS, ITERATOR],
    states: map(
      { InputPath: '$.detail', ItemsPath: '$.shipped', ResultPath: '$.detail.shipped', MaxConcurrency: 0 },
      { P: pass({ InputPath: '$.prod' }) },
    ),
    input: shipments,
    expect: { output: { ...shipments, detail: { 'delivery-partner': 'UQS', shipped: ['R31', 'S39'] } } },
  },
  {
    name: 'without ItemsPath the input itself is the array',
    cites: [ITEMS],
    states: map({}),
    input: [1, 2],
    expect: { output: [1, 2], counts: { MapIterationStarted: 2 } },
  },
  {
    name: 'no items give no iterations',
    cites: [ITERATOR],
    states: map({}),
    input: [],
    expect: { output: [], counts: { MapIterationStarted: 0 } },
  },
  {
    name: 'items that are no array fail',
    cites: [ITEMS],
    states: map({ ItemsPath: '$.detail' }),
    input: shipments,
    expect: { error: 'States.Runtime', cause: /array/ },
  },
  {
    name: 'ResultSelector sees the array of results',
    cites: [guide('ResultSelector', 'input-output-inputpath-params.html#input-output-resultselector')],
    states: map({ ResultSelector: { 'first.$': '$[0]', 'all.$': '$' }, ResultPath: '$.r', ItemsPath: '$.i' }),
    input: { i: ['a', 'b'] },
    expect: { output: { i: ['a', 'b'], r: { first: 'a', all: ['a', 'b'] } } },
  },
  {
    name: 'MaxConcurrency 1 runs one iteration after the other',
    cites: [ITERATOR],
    states: map({ MaxConcurrency: 1 }, sleepy),
    input: [2, 3],
    expect: { seconds: 5 },
  },
  {
    name: 'MaxConcurrencyPath takes the limit from the input',
    cites: [ITERATOR],
    states: map({ MaxConcurrencyPath: '$.limit', ItemsPath: '$.items' }, sleepy),
    input: { limit: 2, items: [3, 3, 3] },
    expect: { seconds: 6 },
  },
  {
    name: 'the failure of an iteration fails the Map, and a Catch keeps the input with ResultPath',
    cites: [guide('Handling errors in Step Functions workflows', 'concepts-error-handling.html')],
    states: {
      ...map(
        { End: undefined, Next: 'D', Catch: [{ ErrorEquals: ['Bad'], ResultPath: '$.error', Next: 'D' }], ItemsPath: '$.items' },
        { F: { Type: 'Fail', Error: 'Bad', Cause: 'because' } },
      ),
      D: pass(),
    },
    input: { items: [1] },
    expect: { output: { items: [1], error: { Error: 'Bad', Cause: 'because' } } },
  },
  {
    name: 'a distributed Map takes ItemSelector and ItemBatcher with BatchInput',
    cites: [DISTRIBUTED],
    states: map({
      ItemsPath: '$.items',
      ItemSelector: { 'v.$': '$$.Map.Item.Value' },
      ItemBatcher: { MaxItemsPerBatchPath: '$.size', BatchInput: { 'tag.$': '$.tag' } },
      MaxConcurrency: 1,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...flow({ I: pass() }) },
    }),
    input: { items: [1, 2, 3], size: 2, tag: 'x' },
    expect: {
      output: [
        { Items: [{ v: 1 }, { v: 2 }], BatchInput: { tag: 'x' } },
        { Items: [{ v: 3 }], BatchInput: { tag: 'x' } },
      ],
      children: ['SUCCEEDED', 'SUCCEEDED'],
    },
  },
];

const parallel: AslCase[] = [
  {
    name: 'each branch gets the input, and the output is an array in the branches’ order',
    cites: [PARALLEL],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: { Type: 'Wait', Seconds: 2, OutputPath: '$.a', End: true } }), flow({ B: pass({ InputPath: '$.b' }) })],
        End: true,
      },
    },
    input: { a: 1, b: 2 },
    expect: { output: [1, 2], seconds: 2 },
  },
  {
    name: 'Parameters, ResultSelector and ResultPath of a Parallel',
    cites: [PARALLEL, guide('Parallel workflow state', 'state-parallel.html')],
    states: {
      P: {
        Type: 'Parallel',
        Parameters: { 'n.$': '$.number' },
        Branches: [flow({ A: task('one') }), flow({ B: task('two') })],
        ResultSelector: { 'one.$': '$[0]', 'two.$': '$[1].n' },
        ResultPath: '$.r',
        End: true,
      },
    },
    input: { number: 5 },
    functions: { one: [{ output: 'first' }] },
    expect: { calls: [{ n: 5 }, { n: 5 }], output: { number: 5, r: { one: 'first', two: 5 } } },
  },
  {
    name: 'a failing branch is caught, and ResultPath keeps the input',
    cites: [PARALLEL],
    states: {
      P: {
        Type: 'Parallel',
        Branches: [flow({ A: { Type: 'Fail', Error: 'Bad' } }), flow({ B: { Type: 'Wait', Seconds: 60, End: true } })],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'D' }],
        End: true,
      },
      D: pass({ InputPath: '$.e.Error' }),
    },
    input: {},
    expect: { output: 'Bad', seconds: 0 },
  },
];

export const jsonPathMapCases: AslCase[] = [...inline, ...parallel].map(jsonPath);
