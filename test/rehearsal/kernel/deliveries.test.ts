import type { Caller, DeliveryFault, Members } from '../../../rehearsal/cloud/types';
import { createDoubles, resourceTypes } from '../../../rehearsal/services';
import { createTestCloud, startMillis } from '../support/harness';
import { ResourceMaker } from '../support/resources';

const world: Caller = { kind: 'world', principalArn: 'ann' };

const fault = (some: Partial<DeliveryFault>): DeliveryFault => ({
  from: 'stack/Queue',
  deliver: 'duplicate',
  byMillis: 10_000,
  fromMillis: startMillis,
  untilMillis: Infinity,
  ...some,
});

/** A queue, a rule that sends every event to it, and what arrives in which order. */
async function bench(faults: DeliveryFault[], seed = 1) {
  const test = createTestCloud((cloud) => createDoubles(cloud), { seed });
  const { cloud, clock, run } = test;
  const resources = new ResourceMaker(cloud, resourceTypes);
  const queue = await resources.create('AWS::SQS::Queue', 'Queue', { VisibilityTimeout: 3600 });
  const Arn = queue.attributes['Arn'] as string;
  await resources.create('AWS::Events::Rule', 'Rule', { EventPattern: { source: ['s'] }, Targets: [{ Id: 'q', Arn }] });
  const PolicyDocument = { Statement: { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: '*' } };
  await resources.create('AWS::SQS::QueuePolicy', 'Policy', { Queues: [queue.ref], PolicyDocument });
  faults.forEach((one) => cloud.deliveries.add(one));
  const QueueUrl = queue.ref;
  const receive = async (): Promise<Members[]> => {
    await clock.run(clock.now() + 60_000);
    const messages: Members[] = [];
    for (;;) {
      const { Messages } = await run(() => cloud.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, world));
      if (Messages === undefined) return messages;
      messages.push(...(Messages as Members[]));
    }
  };
  return {
    ...test,
    QueueUrl,
    send: (MessageBody: string) => run(() => cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody }, world)),
    put: () => run(() => cloud.call('eventbridge', 'PutEvents', { Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] }, world)),
    receive,
  };
}

describe('faults on deliveries', () => {
  it('SQS delivers a message twice: the same id, each copy to be deleted on its own', async () => {
    const made = await bench([fault({ times: 1 })]);
    await made.send('a');
    await made.send('b');
    const messages = await made.receive();
    expect(messages.map(({ Body }) => Body as string).sort()).toEqual(['a', 'a', 'b']);
    const copies = messages.filter(({ Body }) => Body === 'a');
    expect(copies[0]!['MessageId']).toBe(copies[1]!['MessageId']);
    expect(copies[0]!['ReceiptHandle']).not.toBe(copies[1]!['ReceiptHandle']);
    const { QueueUrl } = made;
    await made.run(() =>
      made.cloud.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: copies[0]!['ReceiptHandle'] as string }, world),
    );
    await made.clock.run(made.clock.now() + 3_601_000);
    expect((await made.receive()).map(({ Body }) => Body as string).sort()).toEqual(['a', 'b']);
  });

  it('SQS delivers out of order, by chance and by the seed', async () => {
    const order = async (seed: number): Promise<string> => {
      const made = await bench([fault({ deliver: 'out-of-order', share: 0.5 })], seed);
      for (const body of ['a', 'b', 'c', 'd', 'e', 'f']) await made.send(body);
      return (await made.receive()).map(({ Body }) => Body as string).join('');
    };
    const seen = await order(1);
    expect(seen).not.toBe('abcdef');
    expect([...seen].sort().join('')).toBe('abcdef');
    expect(await order(1)).toBe(seen);
    expect(await order(2)).not.toBe(seen);
  });

  it('EventBridge delivers an event at least once: the same event again', async () => {
    const made = await bench([fault({ from: 'stack/Rule' })]);
    await made.put();
    const ids = (await made.receive()).map(({ Body }) => (JSON.parse(Body as string) as { id: string }).id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('strike in their time, and nothing else', async () => {
    const made = await bench([fault({ from: 'arn:aws:sqs:*:*:other' }), fault({ untilMillis: startMillis + 60_000 })]);
    await made.clock.run(startMillis + 60_000);
    await made.send('a');
    expect(await made.receive()).toHaveLength(1);
  });
});
