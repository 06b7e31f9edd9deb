import type { ContainerAnswer } from '../../cloud/types';

/** How long a streamed answer may take. */
const MAX_STREAM_MILLIS = 8 * 60_000;

/** A streamed answer in virtual time. */
export interface Stream {
  parts: { dueMillis: number; body: Uint8Array }[];
  endMillis: number;
  error?: { Message: string; ErrorCode: 'ModelInvocationTimeExceeded' | 'StreamBroken' };
}

/** When each part comes; one part, for a container that does not stream. */
export function scheduleOf(answer: ContainerAnswer, startedAtMillis: number): Stream {
  const lastMillis = startedAtMillis + MAX_STREAM_MILLIS;
  const parts: Stream['parts'] = [];
  let dueMillis = startedAtMillis + answer.latencyMillis;
  for (const { afterMillis, body } of answer.chunks ?? [{ afterMillis: 0, body: answer.body }]) {
    dueMillis += afterMillis;
    if (dueMillis > lastMillis) {
      const Message = 'The model failed to finish sending the response within the timeout period.';
      return { parts, endMillis: lastMillis, error: { Message, ErrorCode: 'ModelInvocationTimeExceeded' } };
    }
    parts.push({ dueMillis, body });
  }
  if (answer.brokenBy === undefined) return { parts, endMillis: dueMillis };
  return { parts, endMillis: dueMillis, error: { Message: answer.brokenBy, ErrorCode: 'StreamBroken' } };
}

/** A streamed answer as one that comes at once, when its last part is there. */
export function whole(answer: ContainerAnswer): ContainerAnswer {
  if (answer.chunks === undefined) return answer;
  const latencyMillis = answer.chunks.reduce((sum, { afterMillis }) => sum + afterMillis, answer.latencyMillis);
  if (answer.brokenBy === undefined) return { ...answer, latencyMillis };
  return { status: 500, body: new TextEncoder().encode(answer.brokenBy), contentType: 'text/plain', latencyMillis };
}
