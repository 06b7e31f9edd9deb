import { Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Lambda } from '../../../../rehearsal/services/lambda';
import { rehearse, synthesize, type Rehearsed } from '../../assembly/synthesized';

const handler = (stack: Stack, code: string): LambdaFunction =>
  new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    initialPolicy: [new PolicyStatement({ actions: ['lambda:InvokeFunction', 'sns:Publish', 'sqs:SendMessage'], resources: ['*'] })],
  });

/** Calls the function once; gives how often it ran, and what was dropped. */
async function loops(build: (stack: Stack) => void, event: object = {}): Promise<{ ran: number; dropped: unknown[] }> {
  const rehearsed: Rehearsed = rehearse(synthesize((app) => build(new Stack(app, 'Loop'))));
  await rehearsed.deploy();
  let ran = 0;
  rehearsed.cloud.double<Lambda>('lambda').onInvoked(() => (ran += 1));
  const Payload = new TextEncoder().encode(JSON.stringify(event));
  await rehearsed.call('lambda', 'Invoke', { FunctionName: rehearsed.ref('Handler'), InvocationType: 'Event', Payload });
  expect(await rehearsed.clock.drain(rehearsed.clock.now() + 3_600_000, () => rehearsed.cloud.idle())).toBe(true);
  return {
    ran,
    dropped: rehearsed.cloud.log.filter(({ event: name }) => name === 'event-dropped').map(({ detail }) => detail['condition']),
  };
}

const invokeSelf = (type: string): string => `
  const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
  exports.handler = async (event, context) => {
    await new LambdaClient({}).send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: '${type}' }));
  };`;

test('a function that invokes itself by events is stopped after sixteen times', async () => {
  expect(await loops((stack) => void handler(stack, invokeSelf('Event')))).toEqual({ ran: 16, dropped: ['RecursiveInvocation'] });
});

test('a queue whose function sends each message back is stopped', async () => {
  const { ran, dropped } = await loops((stack) => {
    const queue = new Queue(stack, 'Queue');
    const code = `
      const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
      exports.handler = async () => { await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: 'again' })); };`;
    handler(stack, code).addEnvironment('QUEUE', queue.queueUrl).addEventSource(new SqsEventSource(queue));
  });
  expect([ran, dropped]).toEqual([16, ['RecursiveInvocation']]);
});

test('a topic whose function publishes to it again is stopped', async () => {
  const { ran, dropped } = await loops((stack) => {
    const topic = new Topic(stack, 'Topic');
    const code = `
      const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
      exports.handler = async () => { await new SNSClient({}).send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: 'again' })); };`;
    topic.addSubscription(new LambdaSubscription(handler(stack, code).addEnvironment('TOPIC', topic.topicArn)));
  });
  expect([ran, dropped]).toEqual([16, ['RecursiveInvocation']]);
});

test('messages that a function sends on to others are no loop', async () => {
  const { ran, dropped } = await loops((stack) => {
    const code = `
      const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
      const client = new LambdaClient({});
      exports.handler = async (event, context) => {
        if (event.leaf) return;
        const Payload = JSON.stringify({ leaf: true });
        for (let n = 0; n < 20; n += 1) await client.send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: 'Event', Payload }));
      };`;
    handler(stack, code);
  });
  expect([ran, dropped]).toEqual([21, []]);
});
