import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createSqs, sqsResources, type Sqs } from '../../../../rehearsal/services/sqs';
import type { CloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { rehearse, synthesize } from '../../assembly/synthesized';
import { create, run, stubCloud, type StubCloud } from '../cloud-stub';

const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/work.fifo';
const deadArn = 'arn:aws:sqs:eu-central-1:123456789012:dead.fifo';
let cloud: StubCloud;
let sqs: Sqs;

beforeEach(async () => {
  cloud = stubCloud();
  sqs = createSqs(cloud);
  cloud.add(sqs);
});

const make = (more: Members = {}): Promise<unknown> =>
  create(cloud, sqsResources, 'AWS::SQS::Queue', 'Work', { QueueName: 'work.fifo', FifoQueue: true, VisibilityTimeout: 60, ...more });
const call = (operation: string, input: Members = {}): Promise<Members> => run(cloud, sqs, operation, { QueueUrl: url, ...input });
const send = (body: string, group: string, more: Members = {}): Promise<Members> =>
  call('SendMessage', { MessageBody: body, MessageGroupId: group, MessageDeduplicationId: body, ...more });
const receive = async (max = 10): Promise<Members[]> =>
  ((await call('ReceiveMessage', { MaxNumberOfMessages: max, MessageSystemAttributeNames: ['All'] }))['Messages'] ?? []) as Members[];
const bodies = (messages: Members[]): unknown[] => messages.map(({ Body }) => Body as unknown);

test('a group comes in order, and waits while one of its messages is in flight', async () => {
  await make();
  for (const [body, group] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
    ['a3', 'a'],
  ] as const)
    await send(body, group);
  const [first] = await receive(1);
  expect(first).toMatchObject({ Body: 'a1', Attributes: { MessageGroupId: 'a', MessageDeduplicationId: 'a1' } });
  expect(bodies(await receive())).toEqual(['b1']);
  expect(await receive()).toEqual([]);
  await call('DeleteMessage', { ReceiptHandle: first?.['ReceiptHandle'] });
  expect(bodies(await receive())).toEqual(['a2', 'a3']);
});

test('what is not deleted comes back to its old place', async () => {
  await make();
  for (const body of ['1', '2', '3']) await send(body, 'g');
  expect(bodies(await receive(2))).toEqual(['1', '2']);
  await cloud.clock.advance(60_000);
  const again = await receive();
  expect(bodies(again)).toEqual(['1', '2', '3']);
  const numbers = again.map(({ Attributes }) => BigInt((Attributes as { SequenceNumber: string }).SequenceNumber));
  expect(numbers).toEqual([...numbers].sort((left, right) => (left < right ? -1 : 1)));
  expect(new Set(numbers).size).toBe(3);
});

test('a message is accepted once in five minutes, by its id or by its content', async () => {
  await make({ ContentBasedDeduplication: true });
  const sent = await call('SendMessage', { MessageBody: 'same', MessageGroupId: 'g' });
  expect(await call('SendMessage', { MessageBody: 'same', MessageGroupId: 'h' })).toEqual(sent);
  expect(bodies(await receive())).toEqual(['same']);
  await cloud.clock.advance(300_001);
  expect((await call('SendMessage', { MessageBody: 'same', MessageGroupId: 'g' }))['MessageId']).not.toBe(sent['MessageId']);
});

test('ids may count by group', async () => {
  await make({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
  await send('x', 'g', { MessageDeduplicationId: 'same' });
  await send('y', 'h', { MessageDeduplicationId: 'same' });
  expect(bodies(await receive())).toEqual(['x', 'y']);
  const { Attributes } = await call('GetQueueAttributes', { AttributeNames: ['All'] });
  expect(Attributes).toMatchObject({ FifoQueue: 'true', DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
});

test('what was received too often goes to the FIFO dead-letter queue, and lets its group go on', async () => {
  await create(cloud, sqsResources, 'AWS::SQS::Queue', 'Dead', { QueueName: 'dead.fifo', FifoQueue: true });
  await make({ RedrivePolicy: { deadLetterTargetArn: deadArn, maxReceiveCount: 1 } });
  await send('poison', 'g');
  await send('fine', 'g');
  expect(bodies(await receive(1))).toEqual(['poison']);
  await cloud.clock.advance(60_000);
  expect(bodies(await receive())).toEqual(['fine']);
  expect(sqs.queue(deadArn).waitingMessages()).toMatchObject([{ body: 'poison', fifo: { groupId: 'g' } }]);
});

test.each<[string, Members, RegExp]>([
  ['no group', { MessageGroupId: undefined }, /must contain the parameter MessageGroupId/],
  ['no id', { MessageDeduplicationId: undefined }, /ContentBasedDeduplication enabled or MessageDeduplicationId/],
  ['a delay of its own', { DelaySeconds: 5 }, /DelaySeconds is invalid/],
  ['a group with a space', { MessageGroupId: 'a b' }, /MessageGroupId can only include alphanumeric/],
])('%s is refused', async (_, more, message) => {
  await make();
  await expect(send('x', 'g', more)).rejects.toThrow(message);
});

test('alarms see how many messages wait in a queue', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Watched');
      const queue = new Queue(stack, 'Dead');
      new Alarm(stack, 'Alarm', {
        metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(1) }),
        threshold: 1,
        evaluationPeriods: 1,
      });
    }),
  );
  await rehearsed.deploy();
  const states = (): unknown[] =>
    rehearsed.cloud
      .double<CloudWatch>('cloudwatch')
      .alarms()
      .map(({ state }) => state);
  await rehearsed.call('sqs', 'SendMessage', { QueueUrl: rehearsed.ref('Dead'), MessageBody: 'lost' });
  await rehearsed.clock.run(rehearsed.clock.now() + 5 * 60_000);
  expect(states()).toEqual(['ALARM']);
  await rehearsed.call('sqs', 'PurgeQueue', { QueueUrl: rehearsed.ref('Dead') });
  await rehearsed.clock.run(rehearsed.clock.now() + 10 * 60_000);
  expect(states()).toEqual(['OK']);
});
