import type { Json } from './definition';
import { PAYLOAD_LIMIT_BYTES, tooLarge } from './errors';
import type { Visit } from './visit';

/** What one child execution of a Map Run gets. */
export interface ChildInput {
  /** JSON text. */
  input: string;
  itemCount: number;
}

export interface Batching {
  mostItems: number;
  mostBytes: number;
  batchInput: Json | undefined;
}

/** The evaluated ItemBatcher; undefined: each item goes to a child of its own. */
export async function batchingOf(visit: Visit): Promise<Batching | undefined> {
  const { ItemBatcher: batcher } = visit.state;
  if (batcher === undefined) return undefined;
  const items = await visit.positiveInteger(batcher, 'MaxItemsPerBatch', 'ItemBatcher/');
  const bytes = await visit.positiveInteger(batcher, 'MaxInputBytesPerBatch', 'ItemBatcher/');
  if (bytes !== undefined && bytes > PAYLOAD_LIMIT_BYTES)
    throw visit.failure(
      `The MaxInputBytesPerBatch field must be at most ${PAYLOAD_LIMIT_BYTES} but was: ${bytes}`,
      'ItemBatcher/MaxInputBytesPerBatch',
    );
  return {
    mostItems: items ?? Number.POSITIVE_INFINITY,
    mostBytes: bytes ?? PAYLOAD_LIMIT_BYTES,
    batchInput:
      batcher.BatchInput === undefined ? undefined : await visit.language.template(visit, batcher.BatchInput, 'ItemBatcher/BatchInput'),
  };
}

/** Puts items together, in order, into inputs for child executions. */
export function childInputs(stateName: string, items: readonly Json[], batching: Batching | undefined): ChildInput[] {
  const texts = items.map((item) => JSON.stringify(item));
  const inputs = batching === undefined ? texts.map((input) => ({ input, itemCount: 1 })) : batches(texts, batching);
  const mostBytes = batching?.mostBytes ?? PAYLOAD_LIMIT_BYTES;
  for (const { input } of inputs) if (Buffer.byteLength(input) > mostBytes) throw tooLarge(stateName, false);
  return inputs;
}

function batches(texts: readonly string[], { mostItems, mostBytes, batchInput }: Batching): ChildInput[] {
  const shared = batchInput === undefined ? '' : `"BatchInput":${JSON.stringify(batchInput)},`;
  const frameBytes = Buffer.byteLength(`{${shared}"Items":[]}`);
  const inputs: ChildInput[] = [];
  let batch: string[] = [];
  let bytes = frameBytes;
  const close = (): void => {
    if (batch.length > 0) inputs.push({ input: `{${shared}"Items":[${batch.join(',')}]}`, itemCount: batch.length });
    batch = [];
    bytes = frameBytes;
  };
  for (const text of texts) {
    const added = Buffer.byteLength(text) + 1;
    // One comma less than there are items.
    if (batch.length >= mostItems || (batch.length > 0 && bytes + added - 1 > mostBytes)) close();
    batch.push(text);
    bytes += added;
  }
  close();
  return inputs;
}
