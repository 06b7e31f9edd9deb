import { fakeClient } from '../support';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { LARGEST_EVENT_BYTES, messagesOf } from '../../../lambdas/shared/kpi-messages';
import { KpiQueue } from '../../../lambdas/shared/kpi-queue';

interface Entry {
  Id: string;
  MessageBody: string;
}

const event = (id: number, bytes = 250): object => ({ eventId: `e${id}`, pad: 'x'.repeat(bytes) });
const eventsIn = (bodies: string[]): unknown[] => bodies.flatMap((body) => (JSON.parse(body) as { events: unknown[] }).events);

function queueOver(answer: (entries: Entry[]) => object) {
  const requests: Entry[][] = [];
  const { client } = fakeClient<SQSClient>({
    SendMessageBatch: (input) => {
      requests.push(input['Entries'] as Entry[]);
      return answer(input['Entries'] as Entry[]);
    },
  });
  return { queue: new KpiQueue(client, 'https://queue'), requests };
}

test('many events share a message of at most 64 KiB; every event is in one of them', () => {
  const events = Array.from({ length: 2_000 }, (_, id) => event(id));
  const bodies = messagesOf(events);
  expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(65_536);
  expect(bodies.length).toBeLessThan(12);
  expect(eventsIn(bodies)).toEqual(events);
});

test('a large event goes alone', () => {
  const bodies = messagesOf([event(1), event(2, 300_000), event(3)]);
  expect(bodies.map((body) => eventsIn([body]).length)).toEqual([2, 1]);
});

test('a request has at most ten messages and one MiB, whatever is in it', async () => {
  const { queue, requests } = queueOver(() => ({}));
  const events = [...Array.from({ length: 4_000 }, (_, id) => event(id)), event(4_001, LARGEST_EVENT_BYTES - 100), event(4_002, 500_000)];
  await queue.send(events);
  for (const entries of requests) {
    expect(entries.length).toBeLessThanOrEqual(10);
    expect(entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0)).toBeLessThanOrEqual(1_048_576);
  }
  expect(eventsIn(requests.flat().map(({ MessageBody }) => MessageBody))).toHaveLength(events.length);
});

test('what SQS could not take is sent again, and only that', async () => {
  let first = true;
  const { queue, requests } = queueOver(() => {
    const Failed = first ? [{ Id: '1', SenderFault: false, Code: 'ServiceUnavailable' }] : [];
    first = false;
    return { Failed };
  });
  await queue.sendBodies(['a', 'b', 'c']);
  expect(requests.map((entries) => entries.map(({ MessageBody }) => MessageBody))).toEqual([['a', 'b', 'c'], ['b']]);
});

test('what SQS never takes is an error that says so', async () => {
  const { queue, requests } = queueOver(() => ({
    Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'no' }],
  }));
  await expect(queue.sendBodies(['a', 'b'])).rejects.toThrow('did not take 1 of 2 messages: InvalidMessageContents no');
  expect(requests).toHaveLength(1);
});
