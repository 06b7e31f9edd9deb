import type { Sqs } from '../../services/sqs';
import { holds, textHolds } from '../partial';
import { DEFAULT_BUS } from '../references';
import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { counted, members } from './outcome';

export type ExpectedMessage = Sight['scenario']['expect']['messages'][number];

/** What waits in a queue. */
export function bodiesIn({ places, laptop }: Sight, path: string): string[] {
  const arn = places.at(path, 'queue')?.attributes['Arn'];
  return arn === undefined
    ? []
    : laptop.cloud
        .double<Sqs>('sqs')
        .queue(String(arn))
        .waitingMessages()
        .map(({ body }) => body);
}

export const isWantedBody = (body: string, wanted: ExpectedMessage): boolean => wanted.body === undefined || textHolds(body, wanted.body);

export const expectedMessages = (sight: Sight): ExpectationOutcome[] =>
  sight.scenario.expect.messages.map((wanted, index) => {
    const where = `expect.messages[${index}]`;
    if (wanted.queue !== undefined) return inQueue(sight, where, wanted, wanted.queue);
    return wanted.topic === undefined ? onBus(sight, where, wanted) : toTopic(sight, where, wanted, wanted.topic);
  });

function inQueue(sight: Sight, where: string, wanted: ExpectedMessage, queue: string): ExpectationOutcome {
  const what = [`messages in ${queue}`, members({ body: wanted.body })].filter(Boolean).join(', ');
  return counted(
    where,
    what,
    wanted.count,
    bodiesIn(sight, queue),
    (body) => isWantedBody(body, wanted),
    (body) => body,
  );
}

function toTopic({ places, watch }: Sight, where: string, wanted: ExpectedMessage, topic: string): ExpectationOutcome {
  const arn = places.at(topic, 'topic')?.ref;
  const what = [`messages to ${topic}`, members({ message: wanted.message, subject: wanted.subject })].filter(Boolean).join(', ');
  return counted(
    where,
    what,
    wanted.count,
    watch.notifications.filter(({ topicArn }) => topicArn === arn),
    ({ message, subject }) =>
      (wanted.message === undefined || textHolds(message, wanted.message)) &&
      (wanted.subject === undefined || subject?.includes(wanted.subject) === true),
    ({ message, subject }) => (subject === undefined ? message : `${subject}: ${message}`),
  );
}

function onBus({ places, watch }: Sight, where: string, wanted: ExpectedMessage): ExpectationOutcome {
  const { bus: path = DEFAULT_BUS, source, detailType, detail } = wanted;
  const name = path === DEFAULT_BUS ? DEFAULT_BUS : places.at(path, 'bus')?.ref;
  return counted(
    where,
    [`events on ${path}`, members({ source, detailType, detail })].filter(Boolean).join(', '),
    wanted.count,
    watch.events.filter((event) => event.bus === name),
    (event) =>
      (source === undefined || event.source === source) &&
      (detailType === undefined || event.detailType === detailType) &&
      (detail === undefined || holds(event.detail, detail)),
    (event) => `${event.source} ${event.detailType} ${JSON.stringify(event.detail)}`,
  );
}
