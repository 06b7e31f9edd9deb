import * as z from 'zod';
import type { KpiObserved, RejectionReason } from '../contracts';
import { kpiEventSchema } from './schema';

/** An event is some hundred bytes; what is this large is none. */
export const MAX_EVENT_BYTES = 16_384;

const MAX_QUOTED_CHARACTERS = 80;

export type EventCheck = { ok: true; event: KpiObserved } | { ok: false; reason: RejectionReason; detail: string };

/** What can be told of an event without the charter and the keys. `bytes`: as it was sent. */
export function checkEvent(given: unknown, bytes: number): EventCheck {
  if (bytes > MAX_EVENT_BYTES) {
    return { ok: false, reason: 'too-large', detail: `The event has ${bytes} bytes: at most ${MAX_EVENT_BYTES} are taken` };
  }
  const result = kpiEventSchema.safeParse(given);
  if (result.success) {
    return { ok: true, event: result.data };
  }
  const value = (given as { value?: unknown } | null)?.value;
  if (value !== undefined && result.error.issues.every(({ path }) => path[0] === 'value')) {
    const text = typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? String(value) : JSON.stringify(value);
    const detail = `value is ${text.slice(0, MAX_QUOTED_CHARACTERS)}: a number from 0, true or false is expected`;
    return { ok: false, reason: 'bad-value', detail };
  }
  return { ok: false, reason: 'malformed', detail: z.prettifyError(result.error) };
}
