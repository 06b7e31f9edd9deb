import { AwsError, type Members } from '../../../../../rehearsal/cloud/types';
import { bench, ROLE } from '../support';

/** Loads a JSONPath definition of these states. */
function load(states: Members, more: Members = {}): () => unknown {
  const { cloud, sfn } = bench();
  cloud.stub('lambda', { Invoke: () => ({}) });
  cloud.stub('s3', { GetObject: () => ({}), PutObject: () => ({}) });
  return () => sfn.putStateMachine('m', JSON.stringify({ StartAt: Object.keys(states)[0], States: states, ...more }), ROLE);
}

const end = { Type: 'Pass', End: true };
const pass = (more: Members) => ({ A: { ...end, ...more } });
const task = (more: Members) => ({ A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...more } });
const rule = (choice: Members) => ({ A: { Type: 'Choice', Choices: [{ Next: 'B', ...choice }] }, B: end });
const flow = { StartAt: 'I', States: { I: end } };
const map = (more: Members) => ({ A: { Type: 'Map', ItemProcessor: flow, End: true, ...more } });
const distributed = (more: Members) =>
  map({ ItemProcessor: { ...flow, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }, ...more });

it.each<[string, Members, string]>([
  ['a path that is none', pass({ InputPath: 'a.b' }), "The value for the field 'InputPath' must be a valid JSONPath"],
  ['a path that is no text', pass({ OutputPath: 5 }), "The value for the field 'OutputPath' must be a valid JSONPath, got 5"],
  ['a ResultPath that names several', pass({ ResultPath: '$.a[*]' }), "'ResultPath' must be a valid Reference Path"],
  ['a ResultPath into the context object', pass({ ResultPath: '$$.a' }), "'ResultPath' must be a valid Reference Path"],
  [
    'a member that is no path',
    pass({ Parameters: { 'a.$': 'b' } }),
    "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
  ],
  ['a member that is no text', pass({ Parameters: { b: [{ 'a.$': 1 }] } }), 'got 1 at /States/A/Parameters/b/0'],
  ['an unknown function', pass({ Parameters: { 'a.$': 'States.Sum(1, 2)' } }), 'calls States.Sum, which is no intrinsic function'],
  ['a function with too few arguments', pass({ Parameters: { 'a.$': 'States.Hash($.a)' } }), 'gives States.Hash 1 arguments'],
  ['two members of one name', pass({ Parameters: { a: 1, 'a.$': '$.a' } }), "'a' and 'a.$' stand side by side"],
  ['a wrong path in Assign', pass({ Assign: { 'a.$': '$..' } }), '/States/A/Assign'],
  ['a wrong path in a catcher', task({ Catch: [{ ErrorEquals: ['a'], Next: 'A', ResultPath: '$..a' }] }), '/States/A/Catch[0]/ResultPath'],
  ['a field of JSONata', pass({ Output: 1 }), "The field 'Output' is not supported by a Pass in JSONPath"],
  ['Arguments', task({ Arguments: {} }), "The field 'Arguments' is not supported by a Task in JSONPath"],
  [
    'a limit and its path',
    task({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.t' }),
    'TimeoutSeconds and TimeoutSecondsPath exclude each other',
  ],
  ['an error and its path', { A: { Type: 'Fail', Error: 'a', ErrorPath: '$.a' } }, 'Error and ErrorPath exclude each other'],
  ['an expression as a limit', task({ TimeoutSeconds: '{% 1 %}' }), 'seconds must be a whole number'],
  [
    'a member of the operation that there is not',
    task({ Parameters: { 'FunctionNam.$': '$.a' } }),
    "The field 'FunctionNam' is not supported by Step Functions",
  ],
  [
    'two times to wait',
    { A: { Type: 'Wait', Seconds: 1, TimestampPath: '$.s', End: true } },
    'needs one of Seconds and Timestamp and SecondsPath and TimestampPath',
  ],
  ['a time that is none', { A: { Type: 'Wait', Timestamp: 'tomorrow', End: true } }, 'Timestamp must be an ISO 8601 timestamp'],
  ['Iterator beside ItemProcessor', map({ Iterator: flow }), 'Iterator and ItemProcessor exclude each other'],
  ['Parameters beside ItemSelector', map({ Parameters: {}, ItemSelector: {} }), 'Parameters and ItemSelector exclude each other'],
  [
    'two sizes of a batch',
    distributed({ ItemBatcher: { MaxItemsPerBatch: 1, MaxItemsPerBatchPath: '$.n' } }),
    'MaxItemsPerBatch and MaxItemsPerBatchPath exclude',
  ],
  ['a rule without a comparison', rule({ Variable: '$.a' }), 'needs exactly one comparison, got none at /States/A/Choices[0]'],
  ['a rule with two', rule({ Variable: '$.a', IsNull: true, NumericEquals: 1 }), 'got IsNull and NumericEquals'],
  ['a rule without Variable', rule({ NumericEquals: 1 }), 'needs Variable'],
  ['a rule with a wrong Variable', rule({ Variable: 'a', NumericEquals: 1 }), "'Variable' must be a valid JSONPath"],
  ['a comparison that there is not', rule({ Variable: '$.a', NumericNear: 1 }), "'NumericNear' is no comparison"],
  ['a value of another type', rule({ Variable: '$.a', NumericEquals: '1' }), 'NumericEquals must be of type number, got "1"'],
  ['a wrong timestamp', rule({ Variable: '$.a', TimestampEquals: 'noon' }), 'TimestampEquals must be an ISO 8601 timestamp'],
  ['an empty And', rule({ And: [] }), 'And must be a list of rules that is not empty'],
  ['Next inside an And', rule({ And: [{ Variable: '$.a', IsNull: true, Next: 'B' }] }), '/States/A/Choices[0]/And[0]'],
  ['Variable beside Not', rule({ Variable: '$.a', Not: { Variable: '$.a', IsNull: true } }), 'Variable does not go with Not'],
  ['a Condition', rule({ Condition: true }), 'Condition is a JSONata field'],
])('%s is refused as AWS does', (_what, states, message) => {
  expect(load(states)).toThrow(AwsError);
  expect(load(states)).toThrow(message);
  expect(load(states)).toThrow('SCHEMA_VALIDATION_FAILED');
});

it('a machine in JSONata has no state in JSONPath, the other way round it may', () => {
  const mixed = (machine: string, state: string) => load({ A: { ...end, QueryLanguage: state } }, { QueryLanguage: machine });
  expect(mixed('JSONata', 'JSONPath')).toThrow("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  expect(mixed('JSONPath', 'JSONata')).not.toThrow();
  expect(mixed('JSONPath', 'XPath')).toThrow('QueryLanguage must be JSONata or JSONPath, got XPath at /States/A');
});
