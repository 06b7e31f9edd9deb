import type { RejectionReason } from '../../core/contracts';
import { checkEvent, readJson } from '../../core/observation';
import { bodyBytes, HttpError, type HttpEvent } from '../shared/http';
import { bytesOf } from '../shared/kpi-messages';

export const MOST_EVENTS = 1_000;
const EXAMPLE =
  '{"events": [{"schema": "sluice.kpi/v1", "useCase": "…", "eventId": "…", "kpi": "…", "decisionId": "…", "value": 1, "observedAt": "…"}]}';

/** What became of one event of the request, by its place in it. */
export interface EventAnswer {
  index: number;
  eventId?: string;
  status: 'accepted' | 'refused';
  reason?: RejectionReason;
  detail?: string;
}

/** `{"events": […]}`, a bare array, or one event. */
export function eventsOf(event: HttpEvent): unknown[] {
  const { method, path } = event.requestContext.http;
  if (method !== 'POST' || path !== '/') {
    throw new HttpError(404, `There is no ${method} ${path}`, 'POST /', `POST up to ${MOST_EVENTS} KPI events as JSON`);
  }
  const events = listOf(readJson(bodyBytes(event).toString('utf8')));
  if (events.length === 0) throw new HttpError(400, 'The request holds no event', `1 to ${MOST_EVENTS} events`, `Send ${EXAMPLE}`);
  if (events.length > MOST_EVENTS) {
    throw new HttpError(413, `The request holds ${events.length} events`, `1 to ${MOST_EVENTS} events`, 'Send them in several requests');
  }
  return events;
}

function listOf(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null) {
    throw new HttpError(
      400,
      'The body is no JSON object and no array',
      EXAMPLE,
      'Send one KPI event, an array of them, or {"events": […]}',
    );
  }
  const { events } = body as { events?: unknown };
  if (events === undefined) return [body];
  if (Array.isArray(events)) return events;
  throw new HttpError(400, `"events" is no array but ${events === null ? 'null' : typeof events}`, EXAMPLE, 'Send {"events": […]}');
}

/** What can be told of an event without the charter: the rest is judged where events are counted. */
export function judge(event: unknown, index: number, useCase: string): EventAnswer {
  const { eventId: given } = (event ?? {}) as { eventId?: unknown };
  const eventId = typeof given === 'string' ? { eventId: given.slice(0, 128) } : {};
  const refused = (reason: RejectionReason, detail: string): EventAnswer => ({ index, ...eventId, status: 'refused', reason, detail });
  const checked = checkEvent(event, bytesOf(event));
  if (!checked.ok) return refused(checked.reason, checked.detail);
  if (checked.event.useCase !== useCase) {
    return refused('wrong-use-case', `Belongs to '${checked.event.useCase}', this is '${useCase}': send it to the URL of its own use case`);
  }
  return { index, ...eventId, status: 'accepted' };
}
