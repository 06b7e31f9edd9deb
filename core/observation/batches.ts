import { KPI_BATCH_SCHEMA } from './schema';

const TAIL = ']}';

export interface BatchOptions {
  /** Somebody sends again, or only now, what was observed long ago: that it arrives after its window does not matter. Default: false. */
  replay?: boolean;
}

/** Message bodies of at most that many bytes in UTF-8, each with as many events as fit, in order. */
export function batchesOf(events: unknown[], maxBytes: number, { replay = false }: BatchOptions = {}): string[] {
  const head = `{"schema":"${KPI_BATCH_SCHEMA}",${replay ? '"replay":true,' : ''}"events":[`;
  const frame = head.length + TAIL.length;
  const bodies: string[] = [];
  let texts: string[] = [];
  let bytes = frame;
  const close = (): void => {
    if (texts.length > 0) bodies.push(`${head}${texts.join(',')}${TAIL}`);
    texts = [];
    bytes = frame;
  };
  events.forEach((event, index) => {
    const text = JSON.stringify(event) ?? 'null';
    const size = Buffer.byteLength(text);
    if (frame + size > maxBytes) {
      throw new Error(
        `Event ${index} has ${size} bytes: a message holds at most ${maxBytes} bytes; leave out what is no part of a KPI event`,
      );
    }
    if (bytes + size + texts.length > maxBytes) close();
    bytes += size;
    // As many commas as there are texts before it.
    texts.push(text);
  });
  close();
  return bodies;
}
