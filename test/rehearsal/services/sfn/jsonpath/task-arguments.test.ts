import type { Members } from '../../../../../rehearsal/cloud/types';
import { bench, outputOf } from '../support';

const task = (resource: string, parameters: Members): Members => ({
  T: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters: parameters, End: true },
});

/** A cloud whose services note what they are asked. */
function noting() {
  const test = bench();
  const asked: Members[] = [];
  const answer = (input: Members): Members => {
    asked.push(input);
    return {};
  };
  test.cloud.stub('sns', { Publish: answer });
  test.cloud.stub('dynamodb', { PutItem: answer });
  test.cloud.stub('lambda', { Invoke: answer });
  test.cloud.stub('s3', { PutObject: answer, ListBuckets: answer });
  return { ...test, asked, json: (states: Members, input?: unknown) => test.run(states, input, { QueryLanguage: 'JSONPath' }) };
}

describe('a value of another kind than the API takes', () => {
  it.each<[string, string, Members, unknown, string]>([
    ['a number for a text', 'dynamodb:putItem', { TableName: 't', Item: { n: { 'N.$': '$.n' } } }, { n: 5 }, 'N'],
    ['a truth value for a text', 'aws-sdk:dynamodb:putItem', { TableName: 't', Item: { n: { 'S.$': '$.n' } } }, { n: true }, 'S'],
    ['a number for the payload of a function', 'lambda:invoke', { FunctionName: 'f', 'Payload.$': '$.n' }, { n: 1 }, 'Payload'],
    [
      'a number for a message',
      'sns:publish',
      { TopicArn: 'arn:aws:sns:us-east-1:111111111111:t', 'Message.$': '$.n' },
      { n: 1 },
      'Message',
    ],
  ])('ends the execution before the task is scheduled: %s', async (_what, resource, parameters, input, field) => {
    const { json, history, asked } = noting();
    const described = await json(task(resource, parameters), input);
    expect(described).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(described.cause).toMatch(/^An error occurred while executing the state 'T' \(entered at the event id #2\)\. The Parameters '\{/);
    expect(described.cause).toMatch(
      new RegExp(`could not be used to start the Task: \\[The value for the field '${field}' must be a STRING\\]$`),
    );
    expect((await history(described.executionArn as string)).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'ExecutionFailed',
    ]);
    expect(asked).toEqual([]);
  });

  it('is refused in a definition where it is written out', async () => {
    await expect(noting().json(task('dynamodb:putItem', { TableName: 't', Item: { n: { N: 5 } } }))).rejects.toThrow(
      "The value for the field 'N' must be a STRING at /States/T/Parameters",
    );
  });

  it('is no wrong kind where bytes are streamed', async () => {
    const { json, asked } = noting();
    const described = await json(task('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', 'Body.$': '$.n' }), { n: 5 });
    expect(described.status).toBe('SUCCEEDED');
    expect(asked[0]?.Body).toEqual(Buffer.from('5'));
  });

  it('writes a document as JSON where the API takes a text', async () => {
    const { json, asked } = noting();
    const described = await json(task('aws-sdk:sns:publish', { TopicArn: 't', 'Message.$': '$' }), { a: [1] });
    expect(described.status).toBe('SUCCEEDED');
    expect(asked[0]?.Message).toBe('{"a":[1]}');
  });
});

it('names Arguments in JSONata', async () => {
  const described = await noting().run({
    T: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Arguments: { TopicArn: 't', Message: '{% 1 %}' }, End: true },
  });
  expect(described).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(described.cause).toContain("The Arguments '{");
});

it.each<[string, Members, string]>([
  [
    'an action that is not in camelCase',
    { states: task('aws-sdk:s3:ListBuckets', {}) },
    'ListBuckets is not recognized, at /States/T/Resource',
  ],
  [
    'another version of the language',
    { states: { P: { Type: 'Pass', End: true } }, more: { Version: '2.0' } },
    'Version must be "1.0", got "2.0"',
  ],
  [
    'seconds that are a text',
    { states: { W: { Type: 'Wait', Seconds: '5', End: true } } },
    'Seconds must be a whole number from 0 to 99999999, got "5"',
  ],
])('a definition with %s is invalid', async (_what, { states, more }, message) => {
  await expect(noting().run(states as Members, {}, { QueryLanguage: 'JSONPath', ...(more as Members) })).rejects.toThrow(message);
});

it.each(['a', 'SGVsbG8hI', '!'])('Base64Decode of %s fails', async (text) => {
  const described = await noting().json({ P: { Type: 'Pass', Parameters: { 'r.$': `States.Base64Decode('${text}')` }, End: true } });
  expect(described).toMatchObject({ status: 'FAILED', error: 'States.IntrinsicFailure' });
});

it('Base64Decode takes a text without its padding', async () => {
  const described = await noting().json({ P: { Type: 'Pass', Parameters: { 'r.$': "States.Base64Decode('SGVsbG8')" }, End: true } });
  expect(outputOf(described)).toEqual({ r: 'Hello' });
});
