import { CfnOutput, CfnParameter, Duration, NestedStack, Stack, type App } from 'aws-cdk-lib';
import * as appsync from 'aws-cdk-lib/aws-appsync';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { broken, file, play, synthesize } from './stage';
import { buildShop } from './shop';

const PYTHON = 'def handler(event, context):\n  return event\n';

const READER = `
const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');
exports.handler = async () => {
  const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket: 'data-of-others', Key: 'a.txt' }));
  return Body.transformToString();
};`;

/** Functions that only a stand-in can play, a parameter, and data of others. */
function buildForeign(app: App): void {
  const stack = new Stack(app, 'Foreign');
  const email = new CfnParameter(stack, 'Email', { type: 'String' });
  new CfnOutput(stack, 'Told', { value: email.valueAsString });
  const queue = new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(30) });
  const charge = new lambda.Function(stack, 'Charge', {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: lambda.Code.fromInline(PYTHON),
  });
  charge.addEventSource(new SqsEventSource(queue));
  const reader = new lambda.Function(stack, 'Reader', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(READER),
  });
  s3.Bucket.fromBucketName(stack, 'Others', 'data-of-others').grantRead(reader);
}

let shop: string;
let foreign: string;
beforeAll(() => {
  shop = synthesize(buildShop);
  foreign = synthesize(buildForeign);
});

describe('construct paths are checked before anything runs', () => {
  const message = (queue: string) => ({ inputs: [{ at: '0s', message: { queue, body: 'x' } }] });

  test.each<[string, object, RegExp]>([
    [
      'unknown',
      message('Shop/Inbx'),
      /test\.yaml: inputs\[0\]\.message\.queue: no queue has the construct path Shop\/Inbx\n {2}allowed: Shop\/Inbox, Shop\/Dead.*\n {2}Did you mean "Shop\/Inbox"/,
    ],
    ['of another type', message('Shop/News'), /no queue has the construct path Shop\/News/],
    [
      'of a person',
      { people: [{ stateMachine: 'Aprove', state: 'S', succeed: 1 }] },
      /people\[0\]\.stateMachine: [\s\S]*Did you mean "Approve"/,
    ],
    ['of an execution', { expect: { executions: [{ stateMachine: 'X' }] } }, /expect\.executions\[0\]\.stateMachine: no state machine/],
    ['of a table', { expect: { items: [{ table: 'X' }] } }, /expect\.items\[0\]\.table: no table/],
    ['of a bucket', { expect: { objects: [{ bucket: 'X', key: 'k' }] } }, /expect\.objects\[0\]\.bucket: no bucket/],
    ['of a topic', { expect: { messages: [{ topic: 'X' }] } }, /expect\.messages\[0\]\.topic: no topic/],
    ['of a bus', { expect: { messages: [{ bus: 'X' }] } }, /expect\.messages\[0\]\.bus: no bus/],
    ['of an alarm', { expect: { alarms: [{ alarm: 'X', is: 'OK' }] } }, /expect\.alarms\[0\]\.alarm: no alarm/],
    ['of a function', { expect: { functions: [{ function: 'X', errors: 0 }] } }, /expect\.functions\[0\]\.function: no function/],
    [
      'of a request',
      { inputs: [{ at: '0s', request: { to: 'Worker' } }] },
      /no function URL, REST API or HTTP API has the construct path Worker/,
    ],
    ['of a fault', { faults: [{ at: '0s', service: 'lambda', function: 'Wrker', error: 'crash' }] }, /faults\[0\]\.function[\s\S]*Worker/],
    [
      'of a stand-in',
      { functions: { 'Shop/Workr': file('any.cjs', 'exports.handler = () => 1;') } },
      /functions\.Shop\/Workr: no function/,
    ],
  ])('%s', async (_what, scenario, refused) => {
    await expect(play(shop, scenario)).rejects.toThrow(refused);
    await expect(play(shop, scenario)).rejects.toMatchObject({ name: 'BadInputError' });
  });

  test('ambiguous', async () => {
    const twice = synthesize((app) => {
      for (const name of ['One', 'Two']) new sqs.Queue(new Stack(app, name), 'Queue');
    });
    await expect(play(twice, message('Queue'))).rejects.toThrow(
      /more than one queue has a construct path that ends with Queue\n {2}allowed: .*One\/Queue, Two\/Queue/,
    );
    expect(broken(await play(twice, message('One/Queue')))).toEqual([]);
  });
});

test.each<[object, RegExp]>([
  [
    { pkk: 'a' },
    /expect\.items\[0\]\.key\.pkk: the key of Orders has no such attribute\n.*\n {2}allowed: pk \(a text\)\n {2}Did you mean "pk"/,
  ],
  [{ pk: 1 }, /key\.pk: the key of Orders is of another type\n {2}given: {3}1\n/],
])('the key %j of an item is none of its table', async (key, refused) => {
  const refusal = play(shop, { expect: { items: [{ table: 'Orders', key, absent: true }] } });
  await expect(refusal).rejects.toMatchObject({ name: 'BadInputError', message: expect.stringMatching(refused) as string });
});

test('a part of the key of an item is refused', async () => {
  const sorted = synthesize((app) => {
    const { STRING: type } = dynamodb.AttributeType;
    new dynamodb.Table(new Stack(app, 'Data'), 'Table', { partitionKey: { name: 'pk', type }, sortKey: { name: 'sk', type } });
  });
  const items = (key: object) => ({ expect: { items: [{ table: 'Table', key, absent: true }] } });
  await expect(play(sorted, items({ pk: 'a' }))).rejects.toThrow(
    /is a part of the table's key\n {2}given: {3}pk\n {2}allowed: pk, sk; or no key/,
  );
  expect(broken(await play(sorted, items({ pk: 'a', sk: 'b' })))).toEqual([]);
});

test('constructs of nested stacks are named as any', async () => {
  const nested = synthesize((app) => {
    const inner = new NestedStack(new Stack(app, 'Outer'), 'Inner');
    new sqs.Queue(inner, 'Inbox');
  });
  const result = await play(nested, {
    inputs: [{ at: '0s', message: { queue: 'Outer/Inner/Inbox', body: 'x' } }],
    expect: { messages: [{ queue: 'Inner/Inbox', count: 1 }] },
  });
  expect(broken(result)).toEqual([]);
});

describe('parameters', () => {
  test('without a default must be given; none other may be', async () => {
    const functions = { Charge: file('charge.cjs', 'exports.handler = () => 1;') };
    await expect(play(foreign, { functions })).rejects.toThrow(/parameters without a default: Foreign\/Email\n.*\{ Email: … \}/);
    await expect(play(foreign, { functions, parameters: { Emial: 'a' } })).rejects.toThrow(
      /parameters\.Emial: [\s\S]*Did you mean "Email"/,
    );
    for (const parameters of [{ Email: 'a@b.c' }, { 'Foreign/Email': 'a@b.c' }])
      expect((await play(foreign, { functions, parameters })).stacks[0]?.outputs).toEqual({ Told: 'a@b.c' });
  });
});

describe('stand-ins', () => {
  const parameters = { Email: 'a@b.c' };

  test('a function in another language is refused by name, and played by a module', async () => {
    await expect(play(foreign, { parameters })).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: expect.stringMatching(/python3\.13: Foreign\/Charge/) as string,
    });
    const module = file(
      'plays.cjs',
      `exports.handler = (event) => {
        if (event.Records === undefined) return { charged: event.amount };
        if (event.Records[0].body === 'bad') throw new Error('declined');
      };`,
    );
    const result = await play(foreign, {
      parameters,
      functions: { 'Foreign/Charge': module },
      inputs: [
        { at: '0s', invoke: { function: 'Charge', payload: { amount: 3 } } },
        { at: '0s', message: { queue: 'Queue', body: 'good' } },
        { at: '1m', message: { queue: 'Queue', body: 'bad' } },
      ],
      expect: { functions: [{ function: 'Charge', invocations: { atLeast: 3 }, errors: { atLeast: 1 } }] },
    });
    expect(broken(result)).toEqual([]);
    expect(result.inputs[0]?.words).toBe('{"charged":3}');
    expect(result.functions).toContainEqual(expect.objectContaining({ function: 'Foreign/Charge', standIn: true }));
  });

  test('a module without a handler is refused', async () => {
    const functions = { Charge: file('empty.cjs', 'exports.other = 1;') };
    await expect(play(foreign, { parameters, functions })).rejects.toThrow(/exports no function 'handler'/);
  });

  test('objects in buckets of others are read', async () => {
    const result = await play(foreign, {
      parameters,
      functions: { Charge: file('charge.cjs', 'exports.handler = () => 1;') },
      objects: { 's3://data-of-others/a.txt': file('a.txt', 'theirs') },
      inputs: [{ at: '0s', invoke: { function: 'Reader' } }],
    });
    expect(broken(result)).toEqual([]);
    expect(result.inputs[0]?.words).toBe('"theirs"');
  });
});

test('all that is missing is named in one message', async () => {
  const assembly = synthesize((app) => {
    buildForeign(app);
    const stack = new Stack(app, 'Graph');
    new appsync.CfnGraphQLApi(stack, 'Api', { name: 'a', authenticationType: 'API_KEY' });
    new lambda.Function(stack, 'Old', { runtime: lambda.Runtime.PYTHON_3_12, handler: 'index.b', code: lambda.Code.fromInline('x') });
  });
  const refused: unknown = await play(assembly, { parameters: { Email: 'a' } }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'UnsupportedError' });
  const { message } = refused as Error;
  for (const missing of ['AWS::AppSync::GraphQLApi: Graph/Api', 'python3.13: Foreign/Charge', 'python3.12: Graph/Old'])
    expect(message).toContain(missing);
});
