import { RemovalPolicy, Stack, type App } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CHECKS } from '../../../rehearsal/application/result';
import { broken, play, synthesize, violationsOf } from './stage';
import { buildShop } from './shop';

const WRITER = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async () => {
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: 'a' } } }));
};`;

const FAILING = `exports.handler = async () => { throw new TypeError('never works'); };`;

/** Everything in it goes wrong. */
function buildTroubled(app: App): void {
  const stack = new Stack(app, 'Troubled');
  const inline = (code: string) => ({ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(code) });
  const table = new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING } });
  // No grant.
  new lambda.Function(stack, 'Writer', { ...inline(WRITER), environment: { TABLE: table.tableName } });
  new lambda.Function(stack, 'Failing', inline(FAILING));
  const kept = new sqs.Queue(stack, 'Kept');
  new lambda.Function(stack, 'Keeping', { ...inline(FAILING), deadLetterQueue: kept, retryAttempts: 0 });
  const web = new lambda.Function(stack, 'Web', inline(FAILING));
  web.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });
  new s3.Bucket(stack, 'Full', { removalPolicy: RemovalPolicy.DESTROY });
  // A queue that does not let the rule in.
  const closed = new sqs.Queue(stack, 'Closed');
  const rule = new events.CfnRule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets: [{ id: 'closed', arn: closed.queueArn }] });
  rule.node.addDependency(closed);
}

let shop: string;
let troubled: string;
beforeAll(() => {
  shop = synthesize(buildShop);
  troubled = synthesize(buildTroubled);
});

test('all checks are told, held or not', async () => {
  expect((await play(shop, {})).checks).toEqual(CHECKS.map((name) => ({ name, held: true })));
});

describe('executions', () => {
  const inputs = [{ at: '2m', every: '1m', times: 2, execution: { stateMachine: 'Sort', name: 'n{{n}}', input: { total: 500 } } }];
  const executions = (expected: object[]) => play(shop, { inputs, expect: { executions: expected } });

  test('one that fails is told with its machine, time, state, error and cause', async () => {
    expect(broken(await executions([]))).toEqual([
      'executions: execution n1 of Shop/Sort: FAILED at 0:02, last in TooLarge, TooLarge: above the limit',
      'executions: execution n2 of Shop/Sort: FAILED at 0:03, last in TooLarge, TooLarge: above the limit',
    ]);
  });

  test('one that is expected to fail may; others may not', async () => {
    expect(broken(await executions([{ stateMachine: 'Sort', status: 'FAILED' }]))).toEqual([]);
    expect(broken(await executions([{ stateMachine: 'Sort', status: 'FAILED', name: 'n2' }]))).toEqual([
      expect.stringContaining('execution n1 '),
    ]);
    // Naming it without its status expects nothing.
    expect(broken(await executions([{ stateMachine: 'Sort', name: 'n2' }]))).toHaveLength(2);
  });
});

describe('dead-letters', () => {
  const inputs = [
    { at: '0s', message: { queue: 'Work', body: 'bad' } },
    { at: '1m', message: { queue: 'Work', body: 'bad' } },
  ];
  test('each message in a dead-letter queue is told, unless an expectation is about it', async () => {
    expect(violationsOf(await play(shop, { inputs }), 'dead-letters')).toEqual([
      'a message in the dead-letter queue Shop/Dead: bad',
      'a message in the dead-letter queue Shop/Dead: bad',
    ]);
    const expecting = (message: object) => play(shop, { inputs, expect: { messages: [{ queue: 'Dead', ...message }] } });
    expect(broken(await expecting({ body: 'bad', count: 2 }))).toEqual([]);
    expect(violationsOf(await expecting({ body: 'worse' }), 'dead-letters')).toHaveLength(2);
    expect(violationsOf(await expecting({ count: 0 }), 'dead-letters')).toHaveLength(2);
  });

  test('the queue of a function counts, too', async () => {
    const invoke = { at: '0s', invoke: { function: 'Keeping', payload: { a: 1 }, async: true } };
    const result = await play(troubled, { inputs: [invoke] });
    expect(broken(result)).toEqual(['dead-letters: a message in the dead-letter queue Troubled/Kept: {"a":1}']);
    expect(result.queues).toContainEqual({ queue: 'Troubled/Kept', messages: 1, isDeadLetterQueue: true });
  });
});

describe('inputs', () => {
  const request = { to: 'Web', path: '/broken' };
  test('a status from 500 is told, unless an answer is expected', async () => {
    const result = await play(shop, { inputs: [{ at: '90s', request }] });
    expect(broken(result)).toEqual([expect.stringMatching(/^inputs: inputs\[0\] to Shop\/Web\/FunctionUrl at 0:01: GET \/broken: 502 /)]);
    expect(broken(await play(shop, { inputs: [{ at: '90s', request: { ...request, answer: { status: 502 } } }] }))).toEqual([]);
  });
});

describe('functions', () => {
  const invoke = { function: 'Failing', async: true };
  test('an event that is given up after all retries is told with the error', async () => {
    const result = await play(troubled, { inputs: [{ at: '0s', invoke }] });
    expect(broken(result)).toEqual([
      'functions: Troubled/Failing: an event was given up at 0:03 (RetriesExhausted), TypeError: never works',
    ]);
    expect(result.functions).toEqual([{ function: 'Troubled/Failing', invocations: 3, errors: 3 }]);
  });

  test('so is a function that fails whoever waits for it', async () => {
    const result = await play(troubled, { inputs: [{ at: '1m', invoke: { function: 'Failing' } }] });
    expect(broken(result)).toEqual([expect.stringMatching(/^functions: Troubled\/Failing, invoked by inputs\[0\] at 0:01: .*never works/)]);
  });

  test('where its errors are expected it may fail', async () => {
    const expecting = (errors: number) =>
      play(troubled, { inputs: [{ at: '0s', invoke }], expect: { functions: [{ function: 'Failing', errors }] } });
    expect(broken(await expecting(3))).toEqual([]);
    expect(broken(await expecting(0))).toHaveLength(2);
  });
});

test('a message that fails to the end, with no dead-letter queue, is told; unless errors are expected', async () => {
  const poisoned = synthesize((app) => {
    const stack = new Stack(app, 'Poisoned');
    const worker = new lambda.Function(stack, 'Worker', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(FAILING),
    });
    worker.addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue')));
    const table = new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      stream: dynamodb.StreamViewType.NEW_IMAGE,
    });
    const reader = new lambda.Function(stack, 'Reader', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(FAILING),
    });
    reader.addEventSource(new DynamoEventSource(table, { startingPosition: lambda.StartingPosition.TRIM_HORIZON }));
  });
  const inputs = [
    { at: '0s', message: { queue: 'Queue', body: 'x' } },
    { at: '0s', item: { table: 'Table', put: { pk: 'x' } } },
  ];
  const result = await play(poisoned, { inputs });
  expect(violationsOf(result, 'functions').sort()).toEqual([
    expect.stringMatching(
      /^Poisoned\/Reader: stream records were not processed by the end, (\d+) of \1 invocations failed, TypeError: never works$/,
    ),
    expect.stringMatching(
      /^Poisoned\/Worker: messages were not processed by the end, (\d+) of \1 invocations failed, TypeError: never works$/,
    ),
  ]);
  const functions = ['Worker', 'Reader'].map((name) => ({ function: name, errors: { atLeast: 1 } }));
  expect(broken(await play(poisoned, { inputs, expect: { functions } }))).toEqual([]);
});

describe('deliveries', () => {
  const inputs = [{ at: '0s', event: { source: 'shop', detailType: 'Placed' } }];
  test('an event that reaches no target, and no dead-letter queue, is told; an entry of the timeline expects it', async () => {
    const result = await play(troubled, { inputs });
    expect(violationsOf(result, 'deliveries')).toEqual([expect.stringMatching(/^eventbridge delivery-failed at 0:00: .*Troubled\/Closed/)]);
    const timeline = [{ source: 'eventbridge', event: 'delivery-failed', detail: { target: 'Troubled/Closed' } }];
    expect(violationsOf(await play(troubled, { inputs, expect: { timeline } }), 'deliveries')).toEqual([]);
  });
});

describe('least-privilege', () => {
  const inputs = [{ at: '0s', invoke: { function: 'Writer' } }];
  test('a call that IAM denies is told with role, action, resource and time, unless it is expected', async () => {
    const result = await play(troubled, { inputs });
    expect(violationsOf(result, 'least-privilege')).toEqual([
      'Troubled/Writer/ServiceRole may not dynamodb:PutItem on Troubled/Table, at 0:00',
    ]);
    expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'iam', event: 'denied' }));
    const denied = [{ role: 'Writer', action: 'dynamodb:PutItem', resource: 'table/' }];
    const functions = [{ function: 'Writer', errors: 1 }];
    expect(broken(await play(troubled, { inputs, expect: { denied, functions } }))).toEqual([]);
    const another = [{ role: 'Reader', action: 'dynamodb:PutItem' }];
    expect(violationsOf(await play(troubled, { inputs, expect: { denied: another } }), 'least-privilege')).toHaveLength(1);
  });
});

describe('deployed', () => {
  test('a stack that fails is told with its reason; what comes after it is not deployed, and no input is sent', async () => {
    const assembly = synthesize((app) => {
      const first = new Stack(app, 'First');
      new events.EventBus(first, 'Bus', { eventBusName: 'same' });
      const second = new Stack(app, 'Second');
      second.addStackDependency(first);
      new events.EventBus(second, 'Bus', { eventBusName: 'same' });
      const third = new Stack(app, 'Third');
      third.addStackDependency(second);
      new sqs.Queue(third, 'Inbox');
    });
    const result = await play(assembly, { inputs: [{ at: '0s', message: { queue: 'Third/Inbox', body: 'x' } }] });
    expect(result.stacks.map(({ name, status }) => [name, status])).toEqual([
      ['First', 'CREATE_COMPLETE'],
      ['Second', expect.stringMatching(/ROLLBACK|DELETE/)],
      ['Third', 'NOT_DEPLOYED'],
    ]);
    expect(violationsOf(result, 'deployed')).toEqual([
      expect.stringMatching(/^stack Second: .*43201|^stack Second: /),
      'stack Third: NOT_DEPLOYED',
    ]);
    expect(result.inputs).toEqual([]);
  });
});

test('deleted: a stack that cannot be deleted is told with its reason, unless an entry of the timeline expects it', async () => {
  const inputs = [{ at: '0s', object: { bucket: 'Full', key: 'a', text: 'a' } }];
  const result = await play(troubled, { inputs });
  expect(broken(result)).toEqual([expect.stringMatching(/^deleted: stack Troubled cannot be deleted: .*not empty/i)]);
  expect(result.stacks).toEqual([
    expect.objectContaining({ deletion: 'DELETE_FAILED', deletionReason: expect.stringMatching(/not empty/i) as string }),
  ]);
  const timeline = [{ source: 'cloudformation', event: 'DELETE_FAILED', detail: { stack: 'Troubled' } }];
  expect(broken(await play(troubled, { inputs, expect: { timeline } }))).toEqual([]);
});

describe('what goes round in circles', () => {
  const again = (stack: Stack, code: string, environment: Record<string, string>): lambda.Function =>
    new lambda.Function(stack, 'Again', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(code),
      environment,
    });

  test('over a queue is given up, as Lambda does, and told', async () => {
    const looping = synthesize((app) => {
      const stack = new Stack(app, 'Circle');
      const queue = new sqs.Queue(stack, 'Queue');
      const code = `
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
exports.handler = () => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: 'again' })).then(() => undefined);`;
      const owner = again(stack, code, { QUEUE: queue.queueUrl });
      queue.grantSendMessages(owner);
      owner.addEventSource(new SqsEventSource(queue));
    });
    const inputs = [{ at: '0s', message: { queue: 'Queue', body: 'first' } }];
    expect(violationsOf(await play(looping, { inputs }), 'functions')).toEqual([
      expect.stringMatching(/^Circle\/Again: .*RecursiveInvocation/),
    ]);
  });

  describe('over an event bus', () => {
    let looping: string;
    const inputs = [{ at: '0s', event: { bus: 'Bus', source: 'shop', detailType: 'First' } }];

    beforeAll(() => {
      looping = synthesize((app) => {
        const stack = new Stack(app, 'Circle');
        const bus = new events.EventBus(stack, 'Bus');
        const code = `
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge');
exports.handler = () =>
  new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS, Source: 'shop', DetailType: 'Again', Detail: '{}' }] })).then(() => undefined);`;
        const owner = again(stack, code, { BUS: bus.eventBusName });
        bus.grantPutEventsTo(owner);
        new events.Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new targets.LambdaFunction(owner)] });
      });
    });

    test('is broken off after the end, and told', async () => {
      const result = await play(looping, { duration: '1s', inputs });
      expect(violationsOf(result, 'functions')).toContainEqual(expect.stringMatching(/again and again|RecursiveInvocation/));
      expect(result.drainedAtSeconds).toBeLessThan(6 * 3600);
    });

    test('is broken off before the end where there are too many', async () => {
      const result = await play(looping, { duration: '14d', mostInvocations: 100, inputs });
      expect(violationsOf(result, 'functions')).toContainEqual(
        expect.stringMatching(/breaks off after \d+ invocations in \d+ minutes: a loop\?/),
      );
      expect(result.drainedAtSeconds).toBeLessThan(3600);
    });
  });
});
