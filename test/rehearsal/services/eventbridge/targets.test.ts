import { Duration, Stack } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import {
  ApiDestination as ApiDestinationTarget,
  CloudWatchLogGroup,
  EventBus as BusTarget,
  SqsQueue,
} from 'aws-cdk-lib/aws-events-targets';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SecretValue } from 'aws-cdk-lib';
import type { EventBridge } from '../../../../rehearsal/services/eventbridge';
import type { Sqs } from '../../../../rehearsal/services/sqs';
import { rehearse, synthesize } from '../../assembly/synthesized';

test('a rule sends events on to another bus as its role, and to a FIFO queue in a group', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Buses');
      const [from, to] = ['From', 'To'].map((id) => new EventBus(stack, id)) as [EventBus, EventBus];
      const queue = new Queue(stack, 'Queue', { fifo: true, contentBasedDeduplication: true });
      new Rule(stack, 'Forward', { eventBus: from, eventPattern: { source: ['shop'] }, targets: [new BusTarget(to)] });
      new Rule(stack, 'Keep', {
        eventBus: to,
        eventPattern: { source: ['shop'] },
        targets: [new SqsQueue(queue, { messageGroupId: 'g' })],
      });
    }),
  );
  await rehearsed.deploy();
  const seen: string[] = [];
  rehearsed.cloud.double<EventBridge>('eventbridge').onEvent((bus) => seen.push(bus));
  const entry = { EventBusName: rehearsed.ref('From'), Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}' };
  const { Entries } = await rehearsed.call('eventbridge', 'PutEvents', { Entries: [entry] });
  await rehearsed.clock.drain(rehearsed.clock.now() + 60_000, () => rehearsed.cloud.idle());
  const [message, ...more] = rehearsed.cloud.double<Sqs>('sqs').queueByUrl(rehearsed.ref('Queue')).waitingMessages();
  expect(more).toEqual([]);
  expect(message?.fifo?.groupId).toBe('g');
  expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: Entries[0].EventId as string, source: 'shop', detail: { n: 1 } });
  expect(seen).toEqual([rehearsed.ref('From'), rehearsed.ref('To')]);
});

test('a schedule rule writes to a log group', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Scheduled');
      const rule = new Rule(stack, 'Rule', { schedule: Schedule.rate(Duration.minutes(5)) });
      rule.addTarget(new CloudWatchLogGroup(new LogGroup(stack, 'Group'), { installLatestAwsSdk: false }));
    }),
  );
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string, group: string): void };
  cloudwatch.ingestLogLine = (line, group) => void lines.push(`${group} ${line}`);
  await rehearsed.deploy();
  await rehearsed.clock.run(rehearsed.clock.now() + 11 * 60_000);
  const group = rehearsed.ref('Group');
  const events = lines.filter((line) => line.startsWith(`${group} `)).map((line) => JSON.parse(line.slice(group.length)) as object);
  expect(events).toMatchObject([{ 'detail-type': 'Scheduled Event' }, { 'detail-type': 'Scheduled Event' }]);
});

test('targets that the rehearsal lacks are named before anything is deployed', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Odd');
      const connection = new Connection(stack, 'Connection', {
        authorization: Authorization.apiKey('key', SecretValue.unsafePlainText('x')),
      });
      const destination = new ApiDestination(stack, 'Destination', { connection, endpoint: 'https://example.com' });
      new Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [new ApiDestinationTarget(destination)] });
      new EventBus(stack, 'Bus').archive('Archive', { eventPattern: { source: ['x'] } });
      new CfnRule(stack, 'Stream', {
        eventPattern: { source: ['x'] },
        targets: [{ id: 'a', arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/x', kinesisParameters: { partitionKeyPath: '$.id' } }],
      });
    }),
  );
  expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(
    [
      'The laptop cloud does not have all that this assembly needs:',
      '  the resource type AWS::Events::Connection: Odd/Connection/Connection',
      '  the resource type AWS::Events::ApiDestination: Odd/Destination/ApiDestination',
      '  the resource type AWS::Events::Archive: Odd/Bus/Archive/Archive',
      "  KinesisParameters of a rule's target: Odd/Stream",
      "  a rule's target of the service kinesis: Odd/Stream",
    ].join('\n'),
  );
});

test('an entry that PutEvents refuses is told, though the call succeeds', async () => {
  const rehearsed = rehearse(synthesize((app) => void new EventBus(new Stack(app, 'Buses'), 'Bus')));
  await rehearsed.deploy();
  const entries = [
    { Source: 'shop', DetailType: 'x', Detail: 'no JSON' },
    { Source: 'shop', DetailType: 'x', Detail: '{}' },
  ];
  const answer = await rehearsed.call('eventbridge', 'PutEvents', { Entries: entries });
  expect(answer).toMatchObject({ FailedEntryCount: 1 });
  const failed = rehearsed.cloud.log.filter(({ event }) => event === 'delivery-failed');
  expect(failed).toMatchObject([{ source: 'eventbridge', detail: { from: 'PutEvents of shop', error: 'MalformedDetail' } }]);
});
