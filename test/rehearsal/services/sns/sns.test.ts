import { createHash } from 'node:crypto';
import { AwsError } from '../../../../rehearsal/cloud/types';
import type { Members, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createSns, snsResources } from '../../../../rehearsal/services/sns';
import type { Sns } from '../../../../rehearsal/services/sns';
import { createTestCloud } from '../../support/harness';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

const topicArn = 'arn:aws:sns:eu-central-1:123456789012:owners';
const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:rollback';
const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:pages';
let cloud: StubCloud;
let sns: Sns;

beforeEach(async () => {
  cloud = stubCloud();
  sns = createSns(cloud);
  cloud.add(sns);
  const accept = { permissions: () => [], run: () => ({}) };
  cloud.add({ service: 'lambda', operations: { Invoke: accept } });
  cloud.add({ service: 'sqs', operations: { SendMessage: accept } });
  await create(cloud, snsResources, 'AWS::SNS::Topic', 'Topic', { TopicName: 'owners' });
});

const subscribe = (Protocol: string, Endpoint: string, more: Members = {}): Promise<unknown> =>
  create(cloud, snsResources, 'AWS::SNS::Subscription', 'Sub', { TopicArn: topicArn, Protocol, Endpoint, ...more });
const publish = (input: Members): Promise<Members> => run(cloud, sns, 'Publish', { TopicArn: topicArn, ...input });

test('functions and queues get the message from SNS, acting for the topic', async () => {
  await subscribe('lambda', functionArn);
  await subscribe('sqs', queueArn);
  await subscribe('sqs', queueArn, { RawMessageDelivery: true });
  const { MessageId } = await publish({
    Message: 'rolled back',
    Subject: 'Release r1',
    MessageAttributes: { a: { DataType: 'String', StringValue: '1' } },
  });
  expect(cloud.calls).toEqual([]);
  await cloud.clock.advance(1000);
  const caller = { kind: 'service', principal: 'sns.amazonaws.com', sourceArn: topicArn };
  expect(cloud.calls).toMatchObject([
    { service: 'lambda', operation: 'Invoke', input: { FunctionName: functionArn, InvocationType: 'Event' }, caller },
    { service: 'sqs', operation: 'SendMessage', input: { QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/pages' }, caller },
    { service: 'sqs', input: { MessageBody: 'rolled back', MessageAttributes: { a: { StringValue: '1' } } } },
  ]);
  const payload = JSON.parse(Buffer.from(cloud.calls[0]?.input['Payload'] as Uint8Array).toString()) as { Records: Members[] };
  expect(payload.Records[0]).toMatchObject({
    EventSource: 'aws:sns',
    Sns: { MessageId, TopicArn: topicArn, Message: 'rolled back', Subject: 'Release r1', Timestamp: '2026-03-02T09:00:00.000Z' },
  });
  const envelope = JSON.parse(cloud.calls[1]?.input['MessageBody'] as string) as Members;
  expect(envelope).toMatchObject({
    Type: 'Notification',
    Message: 'rolled back',
    MessageAttributes: { a: { Type: 'String', Value: '1' } },
  });
});

test('mail is counted, not sent, and addresses and text stay out of the log', async () => {
  await subscribe('email', 'ada@example.org');
  await subscribe('email', 'bob@example.org');
  await publish({ Message: 'Grüße', Subject: 'Approval' });
  expect(cloud.log).toMatchObject([
    { source: 'sns', event: 'email', detail: { topic: 'owners', subject: 'Approval', bytes: 7, addresses: 2 } },
  ]);
  expect(JSON.stringify(cloud.log)).not.toMatch(/ada|Grüße/);
});

test('a delivery that is refused is recorded and does not stop the others', async () => {
  const refuse = (): never => {
    throw new AwsError('AccessDenied', 'not allowed', 403);
  };
  cloud.add({ service: 'lambda', operations: { Invoke: { permissions: () => [], run: refuse } } });
  await subscribe('lambda', functionArn);
  await subscribe('sqs', queueArn);
  await publish({ Message: 'x' });
  await cloud.clock.advance(1000);
  expect(cloud.log).toMatchObject([
    { event: 'delivery-failed', detail: { topic: 'owners', endpoint: functionArn, error: 'AccessDenied' } },
  ]);
  expect(cloud.calls.map(({ service }) => service)).toEqual(['lambda', 'sqs']);
});

test('a message may differ by protocol', async () => {
  await subscribe('sqs', queueArn, { RawMessageDelivery: true });
  const structured = (texts: object): Promise<Members> => publish({ Message: JSON.stringify(texts), MessageStructure: 'json' });
  await structured({ default: 'all', sqs: 'queues' });
  await cloud.clock.advance(1000);
  expect(cloud.calls[0]?.input['MessageBody']).toBe('queues');
  await expect(structured({ sqs: 'queues' })).rejects.toThrow(/No default entry/);
  await expect(publish({ Message: '{', MessageStructure: 'json' })).rejects.toThrow(/failed to parse/);
});

test('refuses what SNS refuses', async () => {
  await expect(publish({ TopicArn: `${topicArn}s`, Message: 'x' })).rejects.toMatchObject({ code: 'NotFoundException', statusCode: 404 });
  await expect(publish({ Message: '' })).rejects.toThrow('Invalid parameter: Empty message');
  await expect(publish({ Message: 'x'.repeat(262_145) })).rejects.toThrow('Invalid parameter: Message too long');
  await expect(publish({ Message: 'x', Subject: 'y'.repeat(101) })).rejects.toThrow('Invalid parameter: Subject');
  await expect(subscribe('firehose', 'arn:aws:firehose:x')).rejects.toThrow(/subscriptions by firehose are not supported/);
  await expect(subscribe('sqs', queueArn, { ReplayPolicy: {} })).rejects.toThrow(/Sub: property ReplayPolicy is not supported/);
});

test('alarms of the account are let in until a policy takes the place of the default', async () => {
  expect(sns.resourcePolicy(topicArn)).toMatchObject({ Statement: { Principal: { Service: 'cloudwatch.amazonaws.com' } } });
  const PolicyDocument = { Statement: [] };
  await create(cloud, snsResources, 'AWS::SNS::TopicPolicy', 'Policy', { Topics: [topicArn], PolicyDocument });
  expect(sns.resourcePolicy(topicArn)).toBe(PolicyDocument);
  expect(sns.resourcePolicy(`${topicArn}s`)).toBeUndefined();
  expect(sns.operations['Publish']?.permissions({ TopicArn: topicArn }, cloud)).toEqual([{ action: 'sns:Publish', resource: topicArn }]);
});

test('lists subscriptions; an update replaces one', async () => {
  await subscribe('lambda', functionArn);
  const type = snsResources.find((candidate) => candidate.type === 'AWS::SNS::Subscription');
  const list = async (): Promise<Members[]> => (await run(cloud, sns, 'ListSubscriptionsByTopic', { TopicArn: topicArn }))['Subscriptions'];
  const [before] = await list();
  const created = { ref: before?.['SubscriptionArn'] as string, attributes: {} };
  const context = { cloud, logicalId: 'Sub' } as never;
  const after = await type?.update?.({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }, {}, created, context);
  expect(await list()).toMatchObject([{ SubscriptionArn: after?.ref, Protocol: 'sqs', Endpoint: queueArn }]);
  await type?.remove(after as typeof created, {}, context);
  expect(await list()).toEqual([]);
});

describe('a filter policy', () => {
  const text = (value: string): Members => ({ DataType: 'String', StringValue: value });
  const list = (...values: string[]): Members => ({ DataType: 'String.Array', StringValue: JSON.stringify(values) });
  const reaches = async (FilterPolicy: unknown, MessageAttributes?: Members): Promise<boolean> => {
    await subscribe('lambda', functionArn, { FilterPolicy });
    await publish({ Message: 'x', ...(MessageAttributes === undefined ? {} : { MessageAttributes }) });
    await cloud.clock.advance(1000);
    return cloud.calls.length > 0;
  };

  test.each<[string, unknown, Members | undefined, boolean]>([
    ['a value that is there', { roles: ['risk'] }, { roles: text('risk') }, true],
    ['one of a list', { roles: ['all', 'risk'] }, { roles: list('quality', 'risk') }, true],
    ['none of a list', { roles: ['all', 'risk'] }, { roles: list('quality') }, false],
    ['a policy as text', '{"roles":["risk"]}', { roles: list('risk') }, true],
    ['all attributes of the policy', { roles: ['risk'], severity: ['page'] }, { roles: text('risk'), severity: text('info') }, false],
    ['a number', { n: [2] }, { n: { DataType: 'Number', StringValue: '2.0' } }, true],
    ['an attribute that is missing', { roles: ['risk'] }, { severity: text('page') }, false],
    ['an attribute that may be missing', { roles: ['risk', { exists: false }] }, { severity: text('page') }, true],
    ['an attribute that must be there', { roles: [{ exists: true }] }, { severity: text('page') }, false],
    ['no attribute at all, whatever the policy says of missing ones', { roles: [{ exists: false }] }, undefined, false],
  ])('%s', async (_, policy, attributes, expected) => {
    expect(await reaches(policy, attributes)).toBe(expected);
  });

  test('counts the mails of those whom it lets through', async () => {
    await subscribe('email', 'ada@example.org', { FilterPolicy: { roles: ['risk'] } });
    await subscribe('email', 'bob@example.org');
    await publish({ Message: 'x', MessageAttributes: { roles: list('quality') } });
    expect(cloud.log.at(-1)).toMatchObject({ event: 'email', detail: { addresses: 1 } });
  });

  test.each<[string, unknown, boolean]>([
    ['a prefix', { kind: [{ prefix: 'or' }] }, true],
    ['anything but', { kind: [{ 'anything-but': ['order'] }] }, false],
    ['a range', { total: [{ numeric: ['>', 100] }] }, true],
    ['one of two', { $or: [{ kind: ['x'] }, { nested: { deep: ['yes'] } }] }, true],
    ['what lies deeper', { nested: { deep: ['no'] } }, false],
  ])('over the message: %s', async (_, FilterPolicy, expected) => {
    await subscribe('lambda', functionArn, { FilterPolicy, FilterPolicyScope: 'MessageBody' });
    await publish({ Message: JSON.stringify({ kind: 'order', total: 120, nested: { deep: 'yes' } }) });
    await publish({ Message: 'no JSON' });
    await cloud.clock.advance(1000);
    expect(cloud.calls).toHaveLength(expected ? 1 : 0);
  });

  test.each([
    ['an operator of event patterns alone', { FilterPolicy: { roles: [{ wildcard: 'a*' }] } }, /Unrecognized match type wildcard/],
    ['no list', { FilterPolicy: { roles: 'risk' } }, /FilterPolicy: .*must be an object or an array/],
  ])('is refused as SNS refuses it: %s', async (_, properties, message) => {
    await expect(subscribe('lambda', functionArn, properties)).rejects.toThrow(message);
  });
});

describe('FIFO topics', () => {
  const fifoArn = 'arn:aws:sns:eu-central-1:123456789012:orders.fifo';
  const make = (more: Members = {}): Promise<unknown> =>
    create(cloud, snsResources, 'AWS::SNS::Topic', 'Fifo', { TopicName: 'orders.fifo', FifoTopic: true, ...more });
  const order = (input: Members): Promise<Members> => publish({ TopicArn: fifoArn, Message: 'x', ...input });

  test('hand group and id to FIFO queues, and take each message once in five minutes', async () => {
    await make({ ContentBasedDeduplication: true });
    await subscribe('sqs', `${queueArn}.fifo`, { TopicArn: fifoArn });
    await subscribe('sqs', queueArn, { TopicArn: fifoArn });
    const first = await order({ MessageGroupId: 'g' });
    expect(await order({ MessageGroupId: 'g' })).toEqual(first);
    await cloud.clock.advance(300_001);
    expect((await order({ MessageGroupId: 'g' }))['MessageId']).not.toBe(first['MessageId']);
    await cloud.clock.advance(1000);
    const [toFifo, toStandard, ...rest] = cloud.calls.map(({ input }) => input);
    expect(toFifo).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: createHash('sha256').update('x').digest('hex') });
    expect(toStandard).not.toHaveProperty('MessageGroupId');
    expect(rest).toHaveLength(2);
  });

  test('refuse what SNS refuses', async () => {
    await make();
    await expect(order({})).rejects.toThrow(/MessageGroupId parameter is required/);
    await expect(order({ MessageGroupId: 'g' })).rejects.toThrow(/ContentBasedDeduplication/);
    await expect(create(cloud, snsResources, 'AWS::SNS::Topic', 'Bad', { TopicName: 'x', FifoTopic: true })).rejects.toThrow(
      /end with .fifo/,
    );
    await expect(publish({ Message: 'x', MessageDeduplicationId: 'd' })).rejects.toThrow(/not valid for this topic type/);
  });
});

test('a batch publishes entry by entry', async () => {
  const entries = [
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: '' },
  ];
  const answer = await run(cloud, sns, 'PublishBatch', { TopicArn: topicArn, PublishBatchRequestEntries: entries });
  expect(answer).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', Code: 'InvalidParameterException', SenderFault: true }] });
  const batch = (PublishBatchRequestEntries: Members[]): Promise<Members> =>
    run(cloud, sns, 'PublishBatch', { TopicArn: topicArn, PublishBatchRequestEntries });
  await expect(batch([])).rejects.toMatchObject({ code: 'EmptyBatchRequestException' });
  await expect(batch([entries[0]!, entries[0]!])).rejects.toMatchObject({ code: 'BatchEntryIdsNotDistinctException' });
});

test('what cannot be delivered is tried again while the other side has trouble, else goes to the dead-letter queue', async () => {
  const calls: string[] = [];
  const lost: Members[] = [];
  const stumble = (): Members => {
    calls.push('lambda');
    if (calls.length < 3) throw new AwsError('ServiceException', 'busy', 503);
    throw new AwsError('ResourceNotFoundException', 'no such function', 404);
  };
  const permissions = (): [] => [];
  const real = createTestCloud((made): ServiceDouble[] => [
    createSns(made),
    { service: 'lambda', operations: { Invoke: { permissions, run: stumble } } },
    {
      service: 'sqs',
      operations: { SendMessage: { permissions, run: (input) => (lost.push(input), { MessageId: 'm', MD5OfMessageBody: '' }) } },
    },
  ]);
  const topic = real.cloud.double<Sns>('sns').createTopic('owners', '');
  real.cloud.double<Sns>('sns').subscribe(topic.arn, 'lambda', functionArn, { deadLetterArn: queueArn });
  const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/ann' } as const;
  await real.run(() => real.cloud.call('sns', 'Publish', { TopicArn: topic.arn, Message: 'lost' }, world));
  await real.clock.drain();
  expect(calls).toEqual(['lambda', 'lambda', 'lambda']);
  expect(lost.map(({ MessageBody }) => JSON.parse(MessageBody as string) as unknown)).toMatchObject([{ Message: 'lost' }]);
  const failed = real.cloud.log.filter(({ event }) => event === 'delivery-failed');
  expect(failed).toMatchObject([{ detail: { deadLetterArn: queueArn, error: 'ResourceNotFoundException' } }]);
});

test('subscriptions by web hook and text message are told in the log', async () => {
  await subscribe('https', 'https://example.org/hook');
  await subscribe('sms', '+49');
  await publish({ Message: 'x' });
  expect(cloud.log).toMatchObject([
    { event: 'http', detail: { addresses: 1 } },
    { event: 'sms', detail: { addresses: 1 } },
  ]);
  const refuse = snsResources.find(({ type }) => type === 'AWS::SNS::Subscription')?.refuse;
  expect(refuse?.({ Protocol: 'firehose', ReplayPolicy: {} }, {} as never)).toEqual([
    'the property ReplayPolicy of a subscription',
    'subscriptions by firehose',
  ]);
});
