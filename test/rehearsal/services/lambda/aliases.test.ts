import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as Target } from 'aws-cdk-lib/aws-events-targets';
import type { CfnAlias } from 'aws-cdk-lib/aws-lambda';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EventBridgeDestination, LambdaDestination, SnsDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { EventBridge } from '../../../../rehearsal/services/eventbridge';
import type { Sns } from '../../../../rehearsal/services/sns';
import type { Sqs } from '../../../../rehearsal/services/sqs';
import { rehearse, synthesize, type Rehearsed } from '../../assembly/synthesized';

const inline = (stack: Stack, id: string, code: string): LambdaFunction =>
  new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) });

const settle = (rehearsed: Rehearsed): Promise<boolean> =>
  rehearsed.clock.drain(rehearsed.clock.now() + 3_600_000, () => rehearsed.cloud.idle());

test('a rule may invoke an alias that lets it in, and the function itself only where it lets it in', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Aliased');
      const handler = inline(stack, 'Handler', `exports.handler = async () => 1;`);
      const alias = new Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
      new Rule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets: [new Target(alias)] });
    }),
  );
  await rehearsed.deploy();
  await rehearsed.call('eventbridge', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'x', Detail: '{}' }] });
  await settle(rehearsed);
  expect(rehearsed.cloud.log.filter(({ event }) => event === 'delivery-failed')).toEqual([]);
  const rule = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: rehearsed.attribute('Rule', 'Arn') } as const;
  const invoke = (FunctionName: string) => rehearsed.run(() => rehearsed.cloud.call('lambda', 'Invoke', { FunctionName }, rule));
  await expect(invoke(rehearsed.ref('Live'))).resolves.toMatchObject({ StatusCode: 200 });
  await expect(invoke(rehearsed.attribute('Handler', 'Arn'))).rejects.toMatchObject({ code: 'AccessDeniedException' });
});

test('an alias that splits traffic is refused by name', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Split');
      const handler = inline(stack, 'Handler', `exports.handler = async () => 1;`);
      const alias = new Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
      (alias.node.defaultChild as CfnAlias).routingConfig = { additionalVersionWeights: [{ functionVersion: '1', functionWeight: 0.1 }] };
    }),
  );
  expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(/the RoutingConfig of an alias: Split\/Live/);
});

test('what became of an event goes to queues, topics, functions and buses', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Told');
      const fails = `exports.handler = async (event) => { if (event.fail) throw new Error('no'); return { done: event.n }; };`;
      const queue = new Queue(stack, 'Queue');
      const other = inline(
        stack,
        'Other',
        `exports.handler = async (event) => { console.log('other ' + event.requestContext.condition); };`,
      );
      const destinations = [new SqsDestination(queue), new SnsDestination(new Topic(stack, 'Topic')), new LambdaDestination(other)];
      destinations.push(new EventBridgeDestination(new EventBus(stack, 'Bus')) as never);
      destinations.forEach((onSuccess, index) =>
        inline(stack, `Handler${index}`, fails).configureAsyncInvoke({ onSuccess, onFailure: new SqsDestination(queue), retryAttempts: 0 }),
      );
    }),
  );
  await rehearsed.deploy();
  const seen: string[] = [];
  rehearsed.cloud
    .double<Sns>('sns')
    .onPublished(({ message }) =>
      seen.push(`topic ${(JSON.parse(message) as { responsePayload: { done: number } }).responsePayload.done}`),
    );
  rehearsed.cloud.double<EventBridge>('eventbridge').onEvent((bus, event) => {
    if (bus !== 'default') seen.push(`bus ${event['detail-type']}`);
  });
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string): void };
  cloudwatch.ingestLogLine = (line) => void (line.startsWith('other') && seen.push(line));
  const send = (index: number, event: object) =>
    rehearsed.call('lambda', 'Invoke', {
      FunctionName: rehearsed.ref(`Handler${index}`),
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    });
  for (const index of [0, 1, 2, 3]) await send(index, { n: index });
  await send(1, { fail: true });
  await settle(rehearsed);
  expect([...seen].sort()).toEqual(['bus Lambda Function Invocation Result - Success', 'other Success', 'topic 1']);
  const bodies = rehearsed.cloud
    .double<Sqs>('sqs')
    .queueByUrl(rehearsed.ref('Queue'))
    .waitingMessages()
    .map(({ body }) => JSON.parse(body) as object);
  expect(bodies).toMatchObject([
    { requestContext: { condition: 'Success' }, requestPayload: { n: 0 }, responsePayload: { done: 0 } },
    {
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { fail: true },
      responsePayload: { errorMessage: 'no' },
    },
  ]);
});
