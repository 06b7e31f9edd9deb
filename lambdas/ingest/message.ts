import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { DecisionObserved } from '../../core/contracts';
import { KPI_BATCH_SCHEMA, readJson } from '../../core/observation';
import type { Rejection } from './work';

/** What a message holds, its form checked, its content not yet. */
export type Entry = DecisionEntry | EventEntry | Rejection;

export interface DecisionEntry {
  kind: 'decision';
  messageId: string;
  decision: DecisionObserved;
  body: string;
  arrivedAtMillis: number;
}

export interface EventEntry {
  kind: 'event';
  messageId: string;
  /** Stands for the event's own id where it has none. */
  fallbackId: string;
  event: unknown;
  body: string;
  arrivedAtMillis: number;
  /** Sent again, or only now, by somebody who knows: only when it was observed matters. */
  replay: boolean;
}

const decisionSchema = z.object({
  kind: z.literal('decision'),
  decisionId: z.string(),
  useCase: z.string(),
  releaseId: z.string(),
  arm: z.enum(['baseline', 'stable', 'candidate']),
  servedRelease: z.string(),
  fallback: z.boolean(),
  failed: z.boolean(),
  unitKey: z.string(),
  decidedAt: z.string(),
  latencyMillis: z.number(),
  firstByteMillis: z.number().optional(),
  controlVersion: z.number(),
  requestHash: z.string(),
  responseHash: z.string(),
}) satisfies z.ZodType<DecisionObserved>;

/** One message: a decision, an EventBridge event, a KPI event, or a batch of them. */
export function entriesOf({ messageId, body, attributes }: SQSRecord): Entry[] {
  const message = { messageId, arrivedAtMillis: Number(attributes.SentTimestamp) };
  const malformed = (detail: string): Entry[] => [{ kind: 'rejected', ...message, reason: 'malformed', detail, eventId: messageId, body }];
  const event = (given: unknown, text: string): EventEntry => ({
    kind: 'event',
    ...message,
    fallbackId: messageId,
    event: given,
    body: text,
    replay: false,
  });
  const json = readJson(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return malformed('Not a JSON object');
  }
  const members = json as Record<string, unknown>;
  if (members['kind'] === 'decision') {
    const decision = decisionSchema.safeParse(json);
    return decision.success
      ? [{ kind: 'decision', ...message, decision: decision.data, body }]
      : malformed(`Not a decision: ${z.prettifyError(decision.error)}`);
  }
  if (members['detail-type'] === 'KpiObserved') {
    // The envelope differs each time an event is sent: only what the producer sent is kept.
    return [event(members['detail'], JSON.stringify(members['detail']) ?? body)];
  }
  if (members['schema'] === KPI_BATCH_SCHEMA) {
    const { events, replay } = members;
    return Array.isArray(events)
      ? events.map((one: unknown, index) => ({
          ...event(one, JSON.stringify(one)),
          fallbackId: `${messageId}-${index}`,
          replay: replay === true,
        }))
      : malformed(`A batch has its KPI events in the list 'events'; it is ${events === undefined ? 'missing' : 'no list'}`);
  }
  if (members['schema'] === undefined && members['eventId'] === undefined) {
    return malformed(`Neither a decision, a KPI event, a batch of them (${KPI_BATCH_SCHEMA}), nor an EventBridge event KpiObserved`);
  }
  return [event(json, body)];
}
