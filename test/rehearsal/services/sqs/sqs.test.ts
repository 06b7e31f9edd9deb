import { createHash } from 'node:crypto';
import type { Members } from '../../../../rehearsal/cloud/types';
import { createSqs, sqsResources } from '../../../../rehearsal/services/sqs';
import type { Sqs } from '../../../../rehearsal/services/sqs';
import { create, run, stubCloud, stubContext } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/work';
const arn = 'arn:aws:sqs:eu-central-1:123456789012:work';
const deadArn = 'arn:aws:sqs:eu-central-1:123456789012:dead';

let cloud: StubCloud;
let sqs: Sqs;
beforeEach(async () => {
  cloud = stubCloud();
  sqs = createSqs(cloud);
  cloud.add(sqs);
  await create(cloud, sqsResources, 'AWS::SQS::Queue', 'Dead', { QueueName: 'dead', MessageRetentionPeriod: 1_209_600 });
  await create(cloud, sqsResources, 'AWS::SQS::Queue', 'Work', {
    QueueName: 'work',
    VisibilityTimeout: 60,
    RedrivePolicy: { deadLetterTargetArn: deadArn, maxReceiveCount: 2 },
  });
});

const send = (operation: string, input: Members = {}): Promise<Members> => run(cloud, sqs, operation, { QueueUrl: url, ...input });
const bodies = (answer: Members): unknown[] => ((answer['Messages'] ?? []) as Members[]).map((message) => message['Body']);
const counts = (): object => sqs.queue(arn).counts();

test('a message is hidden when received, comes back unless deleted, and its digest is the body’s', async () => {
  const sent = await send('SendMessage', { MessageBody: 'hello' });
  expect(sent['MD5OfMessageBody']).toBe(createHash('md5').update('hello').digest('hex'));
  const first = (await send('ReceiveMessage'))['Messages'][0];
  expect(first).toMatchObject({ Body: 'hello', MD5OfBody: sent['MD5OfMessageBody'], MessageId: sent['MessageId'] });
  expect(await send('ReceiveMessage')).toEqual({});
  await cloud.clock.advance(59_000);
  expect(await send('ReceiveMessage')).toEqual({});
  await cloud.clock.advance(1_000);
  const again = (await send('ReceiveMessage', { MessageSystemAttributeNames: ['ApproximateReceiveCount'] }))['Messages'][0];
  expect(again.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  await send('DeleteMessage', { ReceiptHandle: first.ReceiptHandle });
  expect(counts()).toMatchObject({ inFlight: 1 });
  await send('DeleteMessage', { ReceiptHandle: again.ReceiptHandle });
  expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0, oldestAgeSeconds: 0 });
  await cloud.clock.advance(600_000);
  expect(await send('ReceiveMessage')).toEqual({});
});

test('what was received too often goes to the dead-letter queue', async () => {
  await send('SendMessage', { MessageBody: 'poison' });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(bodies(await send('ReceiveMessage'))).toEqual(['poison']);
    await cloud.clock.advance(60_000);
  }
  expect(await send('ReceiveMessage')).toEqual({});
  const dead = (await send('ReceiveMessage', { QueueUrl: sqs.queue(deadArn).url, MessageSystemAttributeNames: ['All'] }))['Messages'][0];
  expect(dead).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: arn, ApproximateReceiveCount: '1' } });
  expect(cloud.log).toMatchObject([
    { source: 'sqs', event: 'dead-letter', detail: { queue: 'work', deadLetterQueue: 'dead', receiveCount: 2 } },
  ]);
});

test('visibility is changed per message', async () => {
  await send('SendMessage', { MessageBody: 'a' });
  const handle = (await send('ReceiveMessage'))['Messages'][0].ReceiptHandle as string;
  await send('ChangeMessageVisibility', { ReceiptHandle: handle, VisibilityTimeout: 100 });
  await cloud.clock.advance(99_000);
  expect(counts()).toMatchObject({ inFlight: 1, visible: 0 });
  await send('ChangeMessageVisibility', { ReceiptHandle: handle, VisibilityTimeout: 0 });
  expect(counts()).toMatchObject({ inFlight: 0, visible: 1 });
  const late = send('ChangeMessageVisibility', { ReceiptHandle: handle, VisibilityTimeout: 5 });
  await expect(late).rejects.toMatchObject({ code: 'MessageNotInflight' });
  await expect(send('DeleteMessage', { ReceiptHandle: 'nonsense' })).rejects.toMatchObject({ code: 'ReceiptHandleIsInvalid' });
});

test('delays, retention and long polls run on virtual time', async () => {
  await send('SendMessage', { MessageBody: 'later', DelaySeconds: 30 });
  expect(counts()).toMatchObject({ visible: 0, delayed: 1 });
  expect(cloud.underWay()).toEqual(['a delayed message in work']);
  let answer: Members | undefined;
  void send('ReceiveMessage', { WaitTimeSeconds: 20 }).then((empty) => (answer = empty));
  await cloud.clock.advance(20_000);
  expect(answer).toEqual({});
  void send('ReceiveMessage', { WaitTimeSeconds: 20 }).then((full) => (answer = full));
  await cloud.clock.advance(10_000);
  expect(bodies(answer as Members)).toEqual(['later']);
  expect(cloud.underWay()).toEqual([]);
  await cloud.clock.advance(4 * 86_400_000);
  expect(await send('ReceiveMessage')).toEqual({});
  expect(counts()).toMatchObject({ visible: 0 });
});

test('a poller hears of each message and takes batches in order', async () => {
  let heard = 0;
  const stop = sqs.onMessage(arn, () => (heard += 1));
  const entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
  const answer = await send('SendMessageBatch', { Entries: entries });
  expect(answer['Successful'].map((entry: Members) => entry['Id'])).toEqual(['a', 'b', 'c']);
  expect(heard).toBe(3);
  const batch = sqs.queue(arn).receive(2);
  expect(batch.map((message) => message.body)).toEqual(['a', 'b']);
  await send('DeleteMessage', { ReceiptHandle: batch[0]?.receiptHandle });
  await cloud.clock.advance(60_000);
  expect(heard).toBe(4);
  expect(
    sqs
      .queue(arn)
      .receive(10)
      .map((message) => message.body),
  ).toEqual(['c', 'b']);
  stop();
  await send('SendMessage', { MessageBody: 'd' });
  expect(heard).toBe(4);
});

test('a batch reports each entry, and refuses what is no batch', async () => {
  const mixed = await send('SendMessageBatch', {
    Entries: [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 },
    ],
  });
  expect(mixed).toMatchObject({ Successful: [{ Id: 'good' }], Failed: [{ Id: 'bad', Code: 'InvalidParameterValue', SenderFault: true }] });
  const deleted = await send('DeleteMessageBatch', { Entries: [{ Id: '1', ReceiptHandle: 'nonsense' }] });
  expect(deleted).toMatchObject({ Successful: [], Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid' }] });
  const entries = (count: number): Members[] => Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x' }));
  await expect(send('SendMessageBatch', { Entries: [] })).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
  await expect(send('SendMessageBatch', { Entries: entries(11) })).rejects.toMatchObject({ code: 'TooManyEntriesInBatchRequest' });
  const twice = send('SendMessageBatch', { Entries: [...entries(1), ...entries(1)] });
  await expect(twice).rejects.toMatchObject({ code: 'BatchEntryIdsNotDistinct', message: 'Id e0 repeated.' });
  const long = entries(2).map((entry) => ({ ...entry, MessageBody: 'x'.repeat(600_000) }));
  await expect(send('SendMessageBatch', { Entries: long })).rejects.toMatchObject({ code: 'BatchRequestTooLong' });
});

test('message attributes come with their digest, to who asks for them', async () => {
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'kpi' } };
  const sent = await send('SendMessage', { MessageBody: 'x', MessageAttributes });
  const length = (count: number): number[] => [0, 0, 0, count];
  const content = Buffer.concat([
    Uint8Array.from(length(4)),
    Buffer.from('kind'),
    Uint8Array.from(length(6)),
    Buffer.from('String'),
    Uint8Array.of(1),
    Uint8Array.from(length(3)),
    Buffer.from('kpi'),
  ]);
  expect(sent['MD5OfMessageAttributes']).toBe(createHash('md5').update(content).digest('hex'));
  const received = await send('ReceiveMessage', { MessageAttributeNames: ['All'], VisibilityTimeout: 0 });
  expect(received['Messages'][0]).toMatchObject({ MessageAttributes, MD5OfMessageAttributes: sent['MD5OfMessageAttributes'] });
  expect((await send('ReceiveMessage'))['Messages'][0]).not.toHaveProperty('MessageAttributes');
});

test('describes queues, finds them by name, purges them', async () => {
  await send('SendMessage', { MessageBody: 'x' });
  const { Attributes: attributes } = await send('GetQueueAttributes', { AttributeNames: ['All'] });
  expect(attributes).toMatchObject({ QueueArn: arn, ApproximateNumberOfMessages: '1', VisibilityTimeout: '60' });
  expect(JSON.parse(attributes['RedrivePolicy'])).toEqual({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 });
  await expect(send('GetQueueAttributes', { AttributeNames: ['Colour'] })).rejects.toMatchObject({ code: 'InvalidAttributeName' });
  expect(await send('GetQueueUrl', { QueueName: 'work' })).toEqual({ QueueUrl: url });
  await expect(send('GetQueueUrl', { QueueName: 'other' })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  await send('PurgeQueue');
  expect(await send('ReceiveMessage')).toEqual({});
});

test('too long and empty messages, foreign addresses', async () => {
  await expect(send('SendMessage', { MessageBody: 'x'.repeat(1_048_577) })).rejects.toThrow(/must be shorter than 1048576 bytes/);
  await expect(send('SendMessage', { MessageBody: '' })).rejects.toMatchObject({ code: 'MissingParameter' });
  await expect(send('SendMessage', { MessageBody: 'a\u0000b' })).rejects.toMatchObject({ code: 'InvalidMessageContents' });
  const elsewhere = url.replace('123456789012', '999999999999');
  await expect(send('SendMessage', { QueueUrl: elsewhere, MessageBody: 'x' })).rejects.toMatchObject({ code: 'InvalidAddress' });
});

test('IAM is asked on the queue’s ARN, batches under the single action', () => {
  const ask = (operation: string): unknown => sqs.operations[operation]?.permissions({ QueueUrl: url }, cloud);
  expect(ask('SendMessageBatch')).toEqual([{ action: 'sqs:SendMessage', resource: arn }]);
  expect(ask('ChangeMessageVisibilityBatch')).toEqual([{ action: 'sqs:ChangeMessageVisibility', resource: arn }]);
});

test('resources: policy, update, refusals', async () => {
  const PolicyDocument = {
    Statement: { Effect: 'Allow' as const, Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } },
  };
  await create(cloud, sqsResources, 'AWS::SQS::QueuePolicy', 'Policy', { Queues: [url], PolicyDocument });
  expect(sqs.resourcePolicy(arn)).toEqual(PolicyDocument);
  expect(sqs.resourcePolicy(deadArn)).toBeUndefined();
  const type = sqsResources.find((candidate) => candidate.type === 'AWS::SQS::Queue');
  const created = { ref: url, attributes: { Arn: arn } };
  await type?.update?.({ QueueName: 'work', VisibilityTimeout: 90 }, { QueueName: 'work' }, created, stubContext(cloud, 'Work'));
  expect(sqs.queue(arn).settings).toMatchObject({ visibilityTimeoutSeconds: 90 });
  await type?.remove(created, {}, stubContext(cloud, 'Work'));
  await expect(send('SendMessage', { MessageBody: 'x' })).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
  const unknown = create(cloud, sqsResources, 'AWS::SQS::Queue', 'Odd', { QueueName: 'q', Colour: 'blue' });
  await expect(unknown).rejects.toThrow('AWS::SQS::Queue Odd: property Colour is not supported');
  const misnamed = create(cloud, sqsResources, 'AWS::SQS::Queue', 'Fifo', { QueueName: 'q', FifoQueue: true });
  await expect(misnamed).rejects.toThrow('must end with .fifo');
});

test.each([
  [
    'ReceiveMessage',
    { MaxNumberOfMessages: 11 },
    'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10',
  ],
  ['ReceiveMessage', { WaitTimeSeconds: 21 }, 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be between 0 and 20'],
  ['ReceiveMessage', { VisibilityTimeout: -1 }, 'Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200'],
  ['SendMessage', { MessageBody: 'x', MessageDeduplicationId: 'd' }, 'Value d for parameter MessageDeduplicationId is invalid'],
])('%s with %j is refused', async (operation, input, message) => {
  await expect(send(operation, input)).rejects.toMatchObject({ code: 'InvalidParameterValue', message: expect.stringContaining(message) });
});
