import { called, guide, jsonPath, pass, passed, spec, type AslCase } from './types';

const FILTERING = guide('Processing input and output in Step Functions', 'concepts-input-output-filtering.html');
const INPUT = guide('Manipulate parameters with InputPath and Parameters', 'input-output-inputpath-params.html');
const RESULT = guide('Specifying state output using ResultPath', 'input-output-resultpath.html');
const SELECTOR = guide('ResultSelector', 'input-output-inputpath-params.html#input-output-resultselector');
const OUTPUT = guide('Filtering state output using OutputPath', 'input-output-example.html');
const DATA = spec('Data', 'data');
const PASS = spec('Pass State', 'pass-state');

const dataset = {
  comment: 'Example for InputPath.',
  dataset1: { val1: 1, val2: 2, val3: 3 },
  dataset2: { val1: 'a', val2: 'b', val3: 'c' },
};
const product = {
  comment: 'Example for Parameters.',
  product: { details: { color: 'blue', size: 'small', material: 'cotton' }, availability: 'in stock', sku: '2317', cost: '$23' },
};
const person = { comment: 'This is a test', name: 'Step' };
const cluster = { ClusterId: 'AKIAIOSFODNN7EXAMPLE', Arn: 'a', ResponseMetadata: { Code: 200 }, Tags: ['x', 'y'] };

const input: AslCase[] = [
  called(
    'InputPath selects a part of the input',
    [INPUT],
    { InputPath: '$.dataset2' },
    { input: dataset, expect: { calls: [dataset.dataset2] } },
  ),
  called('without InputPath the whole input goes in', [INPUT], {}, { input: dataset, expect: { calls: [dataset] } }),
  called('InputPath null gives an empty object', [FILTERING], { InputPath: null }, { input: dataset, expect: { calls: [{}] } }),
  called(
    'Parameters mix static values with selected ones, as in the guide',
    [INPUT],
    {
      Parameters: {
        comment: 'Selecting what I care about.',
        MyDetails: { 'size.$': '$.product.details.size', 'exists.$': '$.product.availability', StaticValue: 'foo' },
      },
    },
    {
      input: product,
      expect: {
        calls: [{ comment: 'Selecting what I care about.', MyDetails: { size: 'small', exists: 'in stock', StaticValue: 'foo' } }],
      },
    },
  ),
  called(
    'Parameters see what InputPath selected, not the raw input',
    [INPUT, FILTERING],
    { InputPath: '$.dataset1', Parameters: { 'first.$': '$.val1', 'all.$': '$' } },
    { input: dataset, expect: { calls: [{ first: 1, all: dataset.dataset1 }] } },
  ),
  called(
    'a key without .$ keeps a text that looks like a path',
    [INPUT],
    { Parameters: { path: '$.dataset1', nested: [{ 'v.$': '$.comment' }, '$.comment'] } },
    { input: dataset, expect: { calls: [{ path: '$.dataset1', nested: [{ v: 'Example for InputPath.' }, '$.comment'] }] } },
  ),
];

const result: AslCase[] = [
  called(
    'without ResultPath the result replaces the input',
    [RESULT],
    {},
    { input: person, result: 'Hello, Step!', expect: { output: 'Hello, Step!' } },
  ),
  called(
    'ResultPath $ replaces the input too',
    [RESULT],
    { ResultPath: '$' },
    { input: person, result: 'Hello, Step!', expect: { output: 'Hello, Step!' } },
  ),
  called(
    'ResultPath null discards the result and keeps the input',
    [RESULT],
    { ResultPath: null },
    { input: person, result: 'Hello', expect: { output: person } },
  ),
  called(
    'ResultPath adds the result to the input',
    [RESULT],
    { ResultPath: '$.taskresult' },
    { input: person, result: 'Hello, Step!', expect: { output: { ...person, taskresult: 'Hello, Step!' } } },
  ),
  called(
    'ResultPath overwrites what is there',
    [RESULT],
    { ResultPath: '$.comment' },
    { input: person, result: 'Hello, Step!', expect: { output: { comment: 'Hello, Step!', name: 'Step' } } },
  ),
  called(
    'ResultPath goes inside an existing node, as in the guide',
    [RESULT],
    { ResultPath: '$.strings.lambdaresult' },
    {
      input: { ...person, strings: { string1: 'foo', string2: 'bar' } },
      result: 'Hello, Step!',
      expect: { output: { ...person, strings: { string1: 'foo', string2: 'bar', lambdaresult: 'Hello, Step!' } } },
    },
  ),
  called(
    'ResultPath replaces a node, as in the specification',
    [DATA],
    { ResultPath: '$.master.detail' },
    { input: { master: { detail: [1, 2, 3] } }, result: 6, expect: { output: { master: { detail: 6 } } } },
  ),
  called(
    'ResultPath makes the nodes on its way, as in the specification',
    [DATA],
    { ResultPath: '$.master.result.sum' },
    { input: { master: { detail: [1, 2, 3] } }, result: 6, expect: { output: { master: { detail: [1, 2, 3], result: { sum: 6 } } } } },
  ),
  called(
    'ResultPath writes into an array',
    [DATA],
    { ResultPath: '$.master.detail[0]' },
    { input: { master: { detail: [1, 2, 3] } }, result: 6, expect: { output: { master: { detail: [6, 2, 3] } } } },
  ),
  called(
    'ResultPath that cannot be applied to the input fails with States.ResultPathMatchFailure',
    [spec('Predefined Error Codes', 'appendix-a')],
    { ResultPath: '$.name.first' },
    { input: person, result: 1, expect: { error: 'States.ResultPathMatchFailure' } },
  ),
  called(
    'ResultPath keeps the raw input, whatever InputPath and Parameters made of it',
    [FILTERING],
    { InputPath: '$.name', Parameters: { 'who.$': '$' }, ResultPath: '$.r' },
    { input: person, expect: { calls: [{ who: 'Step' }], output: { ...person, r: { who: 'Step' } } } },
  ),
];

const output: AslCase[] = [
  called(
    'ResultSelector makes a new result, and ResultPath places it',
    [SELECTOR],
    { ResultSelector: { 'ClusterId.$': '$.ClusterId', ResourceType: 'emr', 'last.$': '$.Tags[1]' }, ResultPath: '$.EMROutput' },
    {
      input: { OtherDataFromInput: {} },
      result: cluster,
      expect: { output: { OtherDataFromInput: {}, EMROutput: { ResourceType: 'emr', ClusterId: 'AKIAIOSFODNN7EXAMPLE', last: 'y' } } },
    },
  ),
  called(
    'OutputPath selects from what ResultPath left',
    [OUTPUT],
    { ResultPath: '$.taskresult', OutputPath: '$.taskresult' },
    { input: person, result: 'Hello', expect: { output: 'Hello' } },
  ),
  called('OutputPath null gives an empty object', [FILTERING], { OutputPath: null }, { input: person, result: 1, expect: { output: {} } }),
  called(
    'all five fields apply in the documented order',
    [FILTERING, SELECTOR],
    {
      InputPath: '$.in',
      Parameters: { 'x.$': '$.x' },
      ResultSelector: { 'doubled.$': '$.sum', fixed: true },
      ResultPath: '$.out.task',
      OutputPath: '$.out',
    },
    {
      input: { in: { x: 4, y: 5 }, out: { kept: 1 } },
      result: { sum: 8, noise: 0 },
      expect: { calls: [{ x: 4 }], output: { kept: 1, task: { doubled: 8, fixed: true } } },
    },
  ),
  called(
    'the example of the specification: InputPath, ResultPath, the sum beside the numbers',
    [DATA],
    { InputPath: '$.numbers', ResultPath: '$.sum' },
    {
      input: { title: 'Numbers to add', numbers: { val1: 3, val2: 4 } },
      result: 7,
      expect: { calls: [{ val1: 3, val2: 4 }], output: { title: 'Numbers to add', numbers: { val1: 3, val2: 4 }, sum: 7 } },
    },
  ),
];

const passes: AslCase[] = [
  passed(
    'Result of a Pass is taken as it stands and placed by ResultPath',
    [PASS],
    { Result: { 'x-datum': 0.381018, 'y-datum': 622.2269926397355 }, ResultPath: '$.coords' },
    { georefOf: 'Home' },
    { georefOf: 'Home', coords: { 'x-datum': 0.381018, 'y-datum': 622.2269926397355 } },
  ),
  passed('a Pass without Result hands its effective input on', [PASS], { InputPath: '$.a', ResultPath: '$.b' }, { a: 1 }, { a: 1, b: 1 }),
  passed('Result is no template', [PASS], { Result: { 'v.$': '$.a' } }, { a: 1 }, { 'v.$': '$.a' }),
  passed('Result may be false, zero, null or empty', [PASS], { Result: null, ResultPath: '$.n' }, {}, { n: null }),
  {
    name: 'a machine that names no query language uses JSONPath',
    cites: [spec('Query Languages', 'query-language')],
    states: { A: pass({ Parameters: { 'b.$': '$.a' } }) },
    machine: { QueryLanguage: undefined },
    input: { a: 1 },
    expect: { output: { b: 1 } },
  },
  {
    name: 'InputPath and OutputPath of Succeed and Wait',
    cites: [FILTERING],
    states: {
      W: { Type: 'Wait', Seconds: 1, InputPath: '$.a', OutputPath: '$.b', Next: 'S' },
      S: { Type: 'Succeed', InputPath: '$.c', OutputPath: '$.d' },
    },
    input: { a: { b: { c: { d: 'deep' } } } },
    expect: { output: 'deep', seconds: 1 },
  },
];

export const jsonPathFieldCases: AslCase[] = [...input, ...result, ...output, ...passes].map(jsonPath);
