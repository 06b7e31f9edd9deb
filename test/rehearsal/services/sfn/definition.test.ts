import { UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import { bench, ROLE } from './support';

/** Loads a definition of these states, as the assembly does when it is deployed. */
function load(states: Members, more: Members = {}): () => unknown {
  const { cloud, sfn } = bench();
  cloud.stub('lambda', { Invoke: () => ({}) });
  cloud.stub('sagemaker', { DescribeEndpoint: () => ({}) });
  cloud.stub('s3', { GetObject: () => ({}), PutObject: () => ({}) });
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
  return () => sfn.putStateMachine('m', JSON.stringify(definition), ROLE);
}

const end = { Type: 'Pass', End: true };
const task = (Resource: string, more: Members = {}) => ({ A: { Type: 'Task', Resource, End: true, ...more } });
const invoke = (more: Members) => task('arn:aws:states:::lambda:invoke', { Arguments: { FunctionName: 'f' }, ...more });
const flow = (states: Members) => ({ StartAt: Object.keys(states)[0], States: states });
const inline = (more: Members, config?: Members) => ({
  A: {
    Type: 'Map',
    End: true,
    ItemProcessor: { ...(config === undefined ? {} : { ProcessorConfig: config }), ...flow({ I: end }) },
    ...more,
  },
});
const distributed = (more: Members) => inline(more, { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
const getObject = 'arn:aws:states:::s3:getObject';
const reader = (ReaderConfig: Members, more: Members = {}) =>
  distributed({ ItemReader: { Resource: getObject, Arguments: { Bucket: 'b', Key: 'k' }, ReaderConfig, ...more } });
const writer = (ResultWriter: Members) => distributed({ ResultWriter });

describe('what the rehearsal does not run is refused when the machine is made, by the name of its state', () => {
  it.each<[string, Members, Members, string]>([
    ['a field of the machine', { A: end }, { Timeout: 1 }, 'The definition: field Timeout'],
    ['a field of a state', { A: { ...end, Results: '$' } }, {}, 'States/A (Pass): field Results'],
    [
      'a field of a Choice rule',
      { A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'B', Variable: '$' }] }, B: end },
      {},
      'States/A/Choices[0]: field Variable',
    ],
    ['a field of a retrier', invoke({ Retry: [{ ErrorEquals: ['a'], Wait: 1 }] }), {}, 'States/A/Retry[0]: field Wait'],
    [
      'a field of a catcher',
      invoke({ Catch: [{ ErrorEquals: ['a'], Next: 'A', ResultPath: '$' }] }),
      {},
      'States/A/Catch[0]: field ResultPath',
    ],
    [
      'a field of a branch',
      { A: { Type: 'Parallel', End: true, Branches: [{ ...flow({ B: end }), Name: 'b' }] } },
      {},
      'States/A/Branches[0]: field Name',
    ],
    [
      'what a branch hides',
      { A: { Type: 'Parallel', End: true, Branches: [flow({ B: { ...end, Inputs: '$' } })] } },
      {},
      'States/A/Branches[0]/States/B (Pass): field Inputs',
    ],
    ['a state type', { A: { Type: 'Loop', End: true } }, {}, 'States/A: state type Loop'],
    ['an integration', task('arn:aws:states:::batch:submitJob.sync'), {}, 'States/A: integration arn:aws:states:::batch:submitJob.sync'],
    [
      'a pattern of an integration',
      task('arn:aws:states:::sns:publish.sync'),
      {},
      'States/A: integration arn:aws:states:::sns:publish.sync',
    ],
    [
      'an SDK integration that waits for a job',
      task('arn:aws:states:::aws-sdk:sagemaker:createTrainingJob.sync'),
      {},
      'States/A: integration',
    ],
    [
      'a service of the SDK',
      task('arn:aws:states:::aws-sdk:ec2:runInstances'),
      {},
      'States/A: integration arn:aws:states:::aws-sdk:ec2:runInstances',
    ],
    ['an HTTP endpoint', task('arn:aws:states:::http:invoke'), {}, 'States/A: integration arn:aws:states:::http:invoke'],
    [
      'an operation that the laptop cloud lacks',
      task('arn:aws:states:::aws-sdk:sagemaker:createLabelingJob'),
      {},
      'States/A: arn:aws:states:::aws-sdk:sagemaker:createLabelingJob needs',
    ],
    [
      'a field of the Map’s configuration',
      inline({}, { Mode: 'INLINE', Speed: 1 }),
      {},
      'States/A/ItemProcessor/ProcessorConfig: field Speed',
    ],
    [
      'a reader of another kind',
      reader({}, { Resource: 'arn:aws:states:::dynamodb:scan' }),
      {},
      'States/A/ItemReader: Resource arn:aws:states:::dynamodb:scan',
    ],
    [
      'a reader that the laptop cloud lacks',
      distributed({ ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2' } }),
      {},
      'States/A needs the operation ListObjectsV2 of s3',
    ],
    ['an inventory', reader({ InputType: 'MANIFEST' }), {}, 'States/A/ItemReader: InputType MANIFEST'],
    ['a Parquet file', reader({ InputType: 'PARQUET' }), {}, 'States/A/ItemReader: InputType PARQUET'],
    [
      'a field of the reader',
      reader({ InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN' }),
      {},
      'States/A/ItemReader/ReaderConfig: field Transformation',
    ],
    ['a field of the batcher', distributed({ ItemBatcher: { MaxItemsPerBatch: 1, Most: 2 } }), {}, 'States/A/ItemBatcher: field Most'],
    [
      'a writer of another kind',
      writer({ Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: {} }),
      {},
      'States/A/ResultWriter: Resource arn:aws:states:::sqs',
    ],
    ['a field of the writer', writer({ WriterConfig: { Zip: true } }), {}, 'States/A/ResultWriter/WriterConfig: field Zip'],
  ])('%s', (_what, states, more, message) => {
    expect(load(states, more)).toThrow(UnsupportedError);
    expect(load(states, more)).toThrow(message);
  });

  it('names every state that it cannot run', () => {
    const states = {
      A: { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', Next: 'P' },
      P: { Type: 'Parallel', End: true, Branches: [flow({ B: { ...end, Inputs: 1 } })] },
    };
    expect(load(states)).toThrow(/States\/A: integration arn:aws:states:::ecs:runTask\.sync.*; \/States\/P\/Branches\[0\]\/States\/B/);
  });
});

describe('what AWS refuses is no valid definition', () => {
  const cases: [string, Members, string, Members?][] = [
    ['a target that is not there', { A: { Type: 'Pass', Next: 'B' } }, "names 'B'"],
    ['a start that is not there', { A: end }, "StartAt names 'Z'", { StartAt: 'Z' }],
    ['a state that nothing leads to', { A: end, B: end }, 'State "B" is not reachable. at /States/B'],
    [
      'a state of a branch that nothing leads to',
      { A: { Type: 'Parallel', End: true, Branches: [flow({ B: end, C: end })] } },
      'at /States/A/Branches[0]/States/C',
    ],
    ['neither Next nor End', { A: { Type: 'Pass' } }, 'needs either Next or "End": true'],
    ['both Next and End', { A: { ...end, Next: 'A' } }, 'needs either Next or "End": true'],
    ['a name twice', { A: { Type: 'Parallel', End: true, Branches: [flow({ B: end }), flow({ B: end })] } }, 'Duplicate State name: B'],
    ['a name of 81 characters', { ['n'.repeat(81)]: end }, 'at most 80 characters'],
    ['another query language', { A: end }, 'QueryLanguage must be JSONata or JSONPath, got XPath', { QueryLanguage: 'XPath' }],
    ['a timeout that is none', { A: end }, 'seconds must be a whole number', { TimeoutSeconds: 0 }],
    ['an expression that does not parse', { A: { ...end, Output: '{% 1 + %}' } }, 'does not parse'],
    ['a Wait without a time', { A: { Type: 'Wait', End: true } }, 'needs one of Seconds and Timestamp'],
    ['a Wait with two times', { A: { Type: 'Wait', End: true, Seconds: 1, Timestamp: '2026-01-01T00:00:00Z' } }, 'needs one of Seconds'],
    ['a Choice without choices', { A: { Type: 'Choice', Choices: [] } }, 'needs Choices'],
    ['a condition that is no expression', { A: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'A' }] } }, 'Condition must be'],
    ['a Parallel without branches', { A: { Type: 'Parallel', End: true } }, 'needs Branches'],
    ['a Map without ItemProcessor', { A: { Type: 'Map', End: true } }, 'needs ItemProcessor'],
    ['an argument that is not there', task('arn:aws:states:::aws-sdk:sagemaker:describeEndpoint', { Arguments: {} }), "'EndpointName'"],
    [
      'an argument too many',
      task('arn:aws:states:::aws-sdk:sagemaker:describeEndpoint', { Arguments: { EndpointName: 'e', Name: 'e' } }),
      "'Name'",
    ],
    ['a task’s timeout of 0', invoke({ TimeoutSeconds: 0 }), 'from 1 to 99999999, got 0'],
    ['a heartbeat as long as the timeout', invoke({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }), 'HeartbeatSeconds (5) must be less'],
    ['a retrier without errors', invoke({ Retry: [{ ErrorEquals: [] }] }), 'Retry[0] needs ErrorEquals'],
    ['States.ALL among others', invoke({ Retry: [{ ErrorEquals: ['States.ALL', 'a'] }] }), 'States.ALL must stand alone'],
    [
      'States.ALL before others',
      invoke({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'B' },
          { ErrorEquals: ['a'], Next: 'B' },
        ],
        End: undefined,
        Next: 'B',
      }),
      'States.ALL must stand alone',
    ],
    ['an interval of 0', invoke({ Retry: [{ ErrorEquals: ['a'], IntervalSeconds: 0 }] }), 'IntervalSeconds must be a whole number from 1'],
    [
      'a negative number of attempts',
      invoke({ Retry: [{ ErrorEquals: ['a'], MaxAttempts: -1 }] }),
      'MaxAttempts must be a whole number from 0',
    ],
    ['a backoff below 1', invoke({ Retry: [{ ErrorEquals: ['a'], BackoffRate: 0.5 }] }), 'BackoffRate must be at least 1'],
    [
      'a longest delay of 0',
      invoke({ Retry: [{ ErrorEquals: ['a'], IntervalSeconds: 5, MaxDelaySeconds: 0 }] }),
      'MaxDelaySeconds must be a whole number from 1 to 31622400',
    ],
    ['another jitter', invoke({ Retry: [{ ErrorEquals: ['a'], JitterStrategy: 'HALF' }] }), 'JitterStrategy must be FULL or NONE'],
    ['a catcher without a target', invoke({ Catch: [{ ErrorEquals: ['a'], Next: 'Z' }] }), "names 'Z'"],
    ['the variable states', { A: { ...end, Assign: { states: 1 } } }, "'states' is reserved"],
    ['a variable that starts with a digit', { A: { ...end, Assign: { '1st': 1 } } }, "'1st' is no variable name"],
    ['a long variable', { A: { ...end, Assign: { ['v'.repeat(81)]: 1 } } }, 'is no variable name'],
    [
      'a bad variable in a Catch',
      { A: { ...invoke({}).A, End: undefined, Next: 'B', Catch: [{ ErrorEquals: ['a'], Next: 'B', Assign: { 'a-b': 1 } }] }, B: end },
      "'a-b' is no variable name",
    ],
    [
      'a variable of a scope around',
      {
        A: { Type: 'Pass', Assign: { v: 1 }, Next: 'M' },
        M: { ...inline({}).A, ItemProcessor: flow({ I: { ...end, Assign: { v: 2 } } }) },
      },
      "'v' at /States/M/ItemProcessor/States/I/Assign",
    ],
    ['a mode of its own', inline({}, { Mode: 'SPREAD' }), 'Mode must be one of INLINE, DISTRIBUTED'],
    ['a reader inline', inline({ ItemReader: {} }), 'ItemReader is for a Map in mode DISTRIBUTED only'],
    ['an execution type inline', inline({}, { Mode: 'INLINE', ExecutionType: 'STANDARD' }), 'ExecutionType is for a Map'],
    ['no execution type', inline({}, { Mode: 'DISTRIBUTED' }), 'ExecutionType is required'],
    ['a bad label', distributed({ Label: 'a b' }), "'a b' is no label"],
    ['a reader without type', reader({}), 'InputType is required'],
    [
      'a type for a list',
      distributed({ ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', ReaderConfig: { InputType: 'JSON' } } }),
      'InputType is for s3:getObject',
    ],
    ['CSV without headers', reader({ InputType: 'CSV' }), 'CSVHeaderLocation must be FIRST_ROW or GIVEN'],
    ['headers that are not given', reader({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }), 'CSVHeaders go with'],
    ['headers for JSON', reader({ InputType: 'JSON', CSVHeaders: [] }), 'are for InputType CSV'],
    ['another delimiter', reader({ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', CSVDelimiter: 'DOT' }), 'CSVDelimiter must be one of'],
    ['a pointer that is none', reader({ InputType: 'JSON', ItemsPointer: 'a' }), 'ItemsPointer must be a JSON pointer'],
    ['a batcher without limits', distributed({ ItemBatcher: { BatchInput: {} } }), 'needs MaxItemsPerBatch or'],
    ['a negative concurrency', inline({ MaxConcurrency: -1 }), 'MaxConcurrency must be a whole number from 0'],
    ['a number as text', inline({ MaxConcurrency: '5' }), 'or an expression, got "5"'],
    ['half a failure', distributed({ ToleratedFailureCount: 0.5 }), 'ToleratedFailureCount must be a whole number'],
    ['more than all', distributed({ ToleratedFailurePercentage: 100.1 }), 'ToleratedFailurePercentage must be a number from 0 to 100'],
    ['negative items', reader({ InputType: 'JSON', MaxItems: -1 }), 'MaxItems must be a whole number from 0 to 100000000'],
    ['an empty batch', distributed({ ItemBatcher: { MaxItemsPerBatch: 0 } }), 'MaxItemsPerBatch must be a whole number from 1'],
    ['a batch over the limit', distributed({ ItemBatcher: { MaxInputBytesPerBatch: 262_145 } }), 'from 1 to 262144'],
    ['an empty writer', writer({}), 'needs Resource or WriterConfig'],
    ['a writer without arguments', writer({ Resource: 'arn:aws:states:::s3:putObject' }), 'needs both Resource and Arguments'],
    ['another transformation', writer({ WriterConfig: { Transformation: 'ZIP' } }), 'Transformation must be one of'],
    ['another output type', writer({ WriterConfig: { OutputType: 'CSV' } }), 'OutputType must be one of'],
  ];
  it.each(cases.map(([what, states, message, more = {}]) => ({ what, states, message, more })))('$what', ({ states, message, more }) => {
    expect(load(states, more)).toThrow(expect.objectContaining({ code: 'InvalidDefinition' }));
    expect(load(states, more)).toThrow(message);
  });

  it('text that is no JSON, or no object', () => {
    const { sfn } = bench();
    for (const text of ['{', '7', 'null', '{"StartAt":"A"}'])
      expect(() => sfn.putStateMachine('m', text, ROLE)).toThrow(expect.objectContaining({ code: 'InvalidDefinition' }));
  });
});

it('takes what AWS takes', () => {
  const both = { Type: 'Pass', Assign: { own: 1 }, End: true };
  const branches = {
    Type: 'Parallel',
    Branches: [flow({ B1: both }), flow({ B2: both })],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z', Assign: { own: 2 } }],
    Next: 'Z',
  };
  expect(load({ A: branches, Z: end }, { TimeoutSeconds: 60, Version: '1.0', Comment: 'c' })).not.toThrow();
  expect(
    load(
      invoke({
        TimeoutSeconds: 6,
        HeartbeatSeconds: 5,
        Retry: [{ ErrorEquals: ['a'], IntervalSeconds: 5, MaxDelaySeconds: 6, MaxAttempts: 0, JitterStrategy: 'FULL', Comment: 'c' }],
      }),
    ),
  ).not.toThrow();
  for (const MaxDelaySeconds of [1, 5, 31_622_400])
    expect(load(invoke({ Retry: [{ ErrorEquals: ['a'], IntervalSeconds: 5, MaxDelaySeconds }] }))).not.toThrow();
  expect(load(reader({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'], CSVDelimiter: 'TAB', MaxItems: 5 }))).not.toThrow();
});
