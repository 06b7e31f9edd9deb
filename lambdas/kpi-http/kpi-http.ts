import { answering, type HttpAnswer, HttpError, type HttpEvent, jsonAnswer } from '../shared/http';
import { bytesOf, LARGEST_EVENT_BYTES } from '../shared/kpi-messages';
import { eventsOf, judge } from './events';

export interface KpiHttpParts {
  useCase: string;
  send(events: unknown[]): Promise<void>;
  warn(message: string, error: Error): void;
}

/**
 * Takes a batch and says of each event what became of it. Refused ones go to the queue too: there they are kept with the reason, counted
 * and alarmed, whether or not the producer reads the answer.
 */
export function takeKpis(parts: KpiHttpParts, event: HttpEvent): Promise<HttpAnswer> {
  return answering(async () => {
    const events = eventsOf(event);
    const answers = events.map((one, index) => judge(one, index, parts.useCase));
    await send(
      parts,
      events.filter((one) => bytesOf(one) <= LARGEST_EVENT_BYTES),
    );
    const refused = answers.filter(({ status }) => status === 'refused').length;
    const accepted = answers.length - refused;
    return jsonAnswer(accepted === 0 ? 400 : 202, { accepted, refused, events: answers });
  });
}

async function send(parts: KpiHttpParts, events: unknown[]): Promise<void> {
  try {
    await parts.send(events);
  } catch (error) {
    parts.warn('The observation queue does not take events', error as Error);
    throw new HttpError(
      503,
      'The events could not be handed on',
      'The same request once more',
      'Send it again in some seconds: an event with the same eventId is counted once',
    );
  }
}
