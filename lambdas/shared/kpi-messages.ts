import { type BatchOptions, batchesOf } from '../../core/observation';

/** SQS bills by 64 KiB: larger messages would be no cheaper, and a failed one would send more events again. */
export const MESSAGE_BYTES = 65_536;
/** What SQS takes, with room for the batch's frame. */
export const LARGEST_EVENT_BYTES = 1_040_000;
export const LARGEST_MESSAGE_BYTES = 1_048_576;

/** Many events to a message; one that would fill more than half a message goes alone. */
export function messagesOf(events: unknown[], options?: BatchOptions): string[] {
  const usual: unknown[] = [];
  const large: unknown[] = [];
  for (const event of events) (bytesOf(event) > MESSAGE_BYTES / 2 ? large : usual).push(event);
  return [...batchesOf(usual, MESSAGE_BYTES, options), ...large.flatMap((event) => batchesOf([event], LARGEST_MESSAGE_BYTES, options))];
}

export const bytesOf = (event: unknown): number => Buffer.byteLength(JSON.stringify(event) ?? 'null');
