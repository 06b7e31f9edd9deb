import { flow, guide, pass, spec, type AslCase } from './types';

const DISTRIBUTED = guide('Using Map state in Distributed mode', 'state-map-distributed.html');
const READING = spec('Reading Items', 'reading-items');
const READER = guide('ItemReader (Map)', 'input-output-itemreader.html');
const BATCHER = guide('ItemBatcher (Map)', 'input-output-itembatcher.html');
const BATCHING = spec('Batching Items', 'batching-items');
const WRITER = guide('ResultWriter (Map)', 'input-output-resultwriter.html');
const CODES = spec('Predefined Error Codes', 'appendix-a');

const map = (more: Record<string, unknown>, inner: Record<string, unknown> = { I: pass() }) => ({
  M: {
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...flow(inner) },
    End: true,
    ...more,
  },
});
const reader = (Key: string, ReaderConfig: Record<string, unknown>) => ({
  Resource: 'arn:aws:states:::s3:getObject',
  Arguments: { Bucket: 'data', Key },
  ReaderConfig,
});
const writer = (more: Record<string, unknown> = {}) => ({
  Resource: 'arn:aws:states:::s3:putObject',
  Arguments: { Bucket: 'results', Prefix: 'jobs' },
  ...more,
});
/** Fails for items below zero. */
const failsBelowZero = {
  C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'X' }], Default: 'I' },
  X: { Type: 'Fail', Error: 'Negative' },
  I: pass(),
};
const ratings = 'userId,rating\n1,4.5\n2,3.0\n';

export const mapDatasetCases: AslCase[] = [
  {
    name: 'the state input is the array where neither Items nor ItemReader is given',
    cites: [spec('Selecting Items', 'selecting-items')],
    states: map({}),
    input: ['a', 'b'],
    expect: { output: ['a', 'b'] },
  },
  {
    name: 'a JSON array is read from an object',
    cites: [READER, READING],
    states: map({ ItemReader: reader('items.json', { InputType: 'JSON' }) }),
    objects: { 'items.json': '[{"n":1},{"n":2}]' },
    expect: { output: [{ n: 1 }, { n: 2 }] },
  },
  {
    name: 'JSON Lines are read from an object, an item a line',
    cites: [READER],
    states: map({ ItemReader: reader('items.jsonl', { InputType: 'JSONL' }) }),
    objects: { 'items.jsonl': '{"n":1}\n{"n":2}\n{"n":3}\n' },
    expect: { output: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  },
  {
    name: 'CSV is read with the first row as its header, and every value is text',
    cites: [READER],
    states: map({ ItemReader: reader('ratings.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }) }),
    objects: { 'ratings.csv': ratings },
    expect: {
      output: [
        { userId: '1', rating: '4.5' },
        { userId: '2', rating: '3.0' },
      ],
    },
  },
  {
    name: 'CSV is read with a header that is given',
    cites: [READER],
    states: map({ ItemReader: reader('plain.csv', { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'] }) }),
    objects: { 'plain.csv': '1,2\n3,4\n' },
    expect: {
      output: [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    },
  },
  {
    name: 'CSV may be delimited by another character',
    cites: [READER],
    states: map({ ItemReader: reader('pipe.csv', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', CSVDelimiter: 'PIPE' }) }),
    objects: { 'pipe.csv': 'a|b\n1,5|2\n' },
    expect: { output: [{ a: '1,5', b: '2' }] },
  },
  {
    name: 'MaxItems limits what is read',
    cites: [READING],
    states: map({ ItemReader: reader('items.json', { InputType: 'JSON', MaxItems: 2 }) }),
    objects: { 'items.json': '[1,2,3,4]' },
    expect: { output: [1, 2] },
  },
  {
    name: 'MaxItems may be an expression',
    cites: [READING],
    states: map({ ItemReader: reader('items.json', { InputType: 'JSON', MaxItems: '{% $states.input.most %}' }) }),
    input: { most: 3 },
    objects: { 'items.json': '[1,2,3,4]' },
    expect: { output: [1, 2, 3] },
  },
  {
    name: 'the reader’s Arguments may be an expression',
    cites: [READING],
    states: map({
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: '{% $states.input %}', ReaderConfig: { InputType: 'JSON' } },
    }),
    input: { Bucket: 'data', Key: 'items.json' },
    objects: { 'items.json': '[7]' },
    expect: { output: [7] },
  },
  {
    name: 'an object that is not there fails the reader',
    cites: [CODES],
    states: map({ ItemReader: reader('none.json', { InputType: 'JSON' }) }),
    expect: { error: 'States.ItemReaderFailed' },
  },
  {
    name: 'a failing reader can be caught',
    cites: [CODES, spec('Fallback states', 'fallback-states')],
    states: {
      ...map({ ItemReader: reader('none.json', { InputType: 'JSON' }), Catch: [{ ErrorEquals: ['States.ItemReaderFailed'], Next: 'C' }] }),
      C: pass({ Output: 'caught' }),
    },
    expect: { output: 'caught' },
  },
  {
    name: 'items are batched by number',
    cites: [BATCHER, BATCHING],
    states: map({ Items: [1, 2, 3, 4, 5], ItemBatcher: { MaxItemsPerBatch: 2 } }),
    expect: { output: [{ Items: [1, 2] }, { Items: [3, 4] }, { Items: [5] }], children: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'] },
  },
  {
    name: 'every batch is given the batch input',
    cites: [BATCHER],
    states: map({ Items: [1, 2, 3], ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { factCheck: '{% $states.input.when %}' } } }),
    input: { when: 'December 2022' },
    expect: {
      output: [
        { BatchInput: { factCheck: 'December 2022' }, Items: [1, 2] },
        { BatchInput: { factCheck: 'December 2022' }, Items: [3] },
      ],
    },
  },
  {
    name: 'what ItemSelector selects is what is batched',
    cites: [BATCHING, spec('Processing Items', 'processing-items')],
    states: map({ Items: [1, 2], ItemSelector: { n: '{% $states.context.Map.Item.Value %}' }, ItemBatcher: { MaxItemsPerBatch: 2 } }),
    expect: { output: [{ Items: [{ n: 1 }, { n: 2 }] }] },
  },
  {
    name: 'MaxItemsPerBatch may be an expression',
    cites: [BATCHING],
    states: map({ Items: [1, 2, 3], ItemBatcher: { MaxItemsPerBatch: '{% $states.input.size %}' } }),
    input: { size: 3 },
    expect: { output: [{ Items: [1, 2, 3] }] },
  },
  {
    name: 'MaxItemsPerBatch must be positive',
    cites: [BATCHING, spec('JSONata Runtime Errors', 'jsonata-runtime-errors')],
    states: map({ Items: [1], ItemBatcher: { MaxItemsPerBatch: '{% -1 %}' } }),
    expect: { error: 'States.QueryEvaluationError' },
  },
  {
    name: 'batches are bounded in bytes',
    cites: [BATCHING, BATCHER],
    states: map(
      { Items: ['x'.repeat(60), 'x'.repeat(60), 'x'.repeat(60)], ItemBatcher: { MaxInputBytesPerBatch: 100 } },
      { I: pass({ Output: '{% $count($states.input.Items) %}' }) },
    ),
    expect: { output: [1, 1, 1] },
  },
  {
    name: 'ItemBatcher needs one of its limits',
    cites: [BATCHING],
    states: map({ Items: [1], ItemBatcher: { BatchInput: {} } }),
    expect: { refused: /MaxItemsPerBatch/ },
  },
  {
    name: 'with a ResultWriter the result tells where the manifest is',
    cites: [WRITER, spec('Writing Results', 'writing-results')],
    states: map({ Items: [1, 2], ResultWriter: writer() }),
    expect: {
      outputMatches:
        /^\{"MapRunArn":"arn:aws:states:us-east-1:111111111111:mapRun:[^"]+","ResultWriterDetails":\{"Bucket":"results","Key":"jobs\/[^"]+\/manifest\.json"\}\}$/,
    },
  },
  {
    name: 'a ResultWriter writes the executions that succeeded, with a manifest',
    cites: [WRITER],
    states: map({ Items: [1, 2], ResultWriter: writer() }, { I: pass({ Output: '{% $states.input * 10 %}' }) }),
    expect: {
      written: {
        'jobs/<id>/manifest.json': { DestinationBucket: 'results', ResultFiles: { FAILED: [], PENDING: [], SUCCEEDED: [{}] } },
        'jobs/<id>/SUCCEEDED_0.json': [
          { Input: '1', Output: '10', Status: 'SUCCEEDED' },
          { Input: '2', Output: '20', Status: 'SUCCEEDED' },
        ],
      },
    },
  },
  {
    name: 'a ResultWriter writes the executions that failed to a file of their own',
    cites: [WRITER],
    states: map({ Items: [1, -2], ToleratedFailureCount: 1, ResultWriter: writer() }, failsBelowZero),
    expect: {
      written: {
        'jobs/<id>/FAILED_0.json': [{ Input: '-2', Error: 'Negative', Status: 'FAILED' }],
        'jobs/<id>/SUCCEEDED_0.json': [{ Input: '1' }],
      },
    },
  },
  {
    name: 'COMPACT writes the outputs alone',
    cites: [WRITER],
    states: map({ Items: [[1], [2, 3]], ResultWriter: writer({ WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' } }) }),
    expect: { written: { 'jobs/<id>/SUCCEEDED_0.json': [[1], [2, 3]] } },
  },
  {
    name: 'FLATTEN writes the elements of the outputs that are arrays',
    cites: [WRITER],
    states: map({ Items: [[1], [2, 3]], ResultWriter: writer({ WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } }) }),
    expect: { written: { 'jobs/<id>/SUCCEEDED_0.json': [1, 2, 3] } },
  },
  {
    name: 'JSONL writes an output a line',
    cites: [WRITER],
    states: map({
      Items: [{ a: 1 }, { a: 2 }],
      ResultWriter: writer({ WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSONL' } }),
    }),
    expect: { written: { 'jobs/<id>/SUCCEEDED_0.jsonl': '{"a":1}\n{"a":2}' } },
  },
  {
    name: 'an inline Map has no ItemReader',
    cites: [guide('Using Map state in Inline mode', 'state-map-inline.html'), DISTRIBUTED],
    states: { M: { Type: 'Map', ItemReader: reader('items.json', { InputType: 'JSON' }), ItemProcessor: flow({ I: pass() }), End: true } },
    expect: { refused: /ItemReader/ },
  },
  {
    name: 'WriterConfig alone transforms the result and writes nothing',
    cites: [WRITER],
    states: map({ Items: [[1], [2, 3]], ResultWriter: { WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSON' } } }),
    expect: { output: [1, 2, 3], written: {} },
  },
  {
    name: 'a bucket that cannot be written fails the writer',
    cites: [CODES],
    states: map({ Items: [1], ResultWriter: { ...writer(), Arguments: { Bucket: 'missing', Prefix: 'jobs' } } }),
    expect: { error: 'States.ResultWriterFailed' },
  },
];
