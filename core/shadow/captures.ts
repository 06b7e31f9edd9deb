/** An answer as SageMaker's data capture kept it. */
export interface CapturedAnswer {
  /** The inference id, else the event id. */
  id: string;
  atMillis: number;
  body: string;
}

export interface Captures {
  answers: CapturedAnswer[];
  /** Lines that are no capture record with an answer. */
  unreadable: number;
}

interface CaptureLine {
  captureData?: { endpointOutput?: { data?: unknown; encoding?: unknown } };
  eventMetadata?: { eventId?: unknown; inferenceId?: unknown; inferenceTime?: unknown };
}

/** Reads a capture file, a JSON object a line. */
export function readCaptures(text: string): Captures {
  const captures: Captures = { answers: [], unreadable: 0 };
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const answer = answerOf(line);
    if (answer === undefined) captures.unreadable += 1;
    else captures.answers.push(answer);
  }
  return captures;
}

function answerOf(line: string): CapturedAnswer | undefined {
  const record = parsed(line);
  const output = record?.captureData?.endpointOutput;
  const { inferenceId, eventId, inferenceTime } = record?.eventMetadata ?? {};
  const id = inferenceId ?? eventId;
  const atMillis = Date.parse(String(inferenceTime));
  if (typeof output?.data !== 'string' || typeof id !== 'string' || Number.isNaN(atMillis)) return undefined;
  const body = output.encoding === 'BASE64' ? Buffer.from(output.data, 'base64').toString('utf8') : output.data;
  return { id, atMillis, body };
}

function parsed(line: string): CaptureLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // A line that was cut off is counted as unreadable.
    return undefined;
  }
}

const HOUR_MILLIS = 3_600_000;

/** Where the captures of a variant lie: a folder for each hour (UTC) of the time asked about. */
export function captureFolders(root: string, endpointName: string, variantName: string, fromMillis: number, toMillis: number): string[] {
  const folders: string[] = [];
  for (let hour = Math.floor(fromMillis / HOUR_MILLIS) * HOUR_MILLIS; hour <= toMillis; hour += HOUR_MILLIS) {
    const path = new Date(hour).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    folders.push(`${root}/${endpointName}/${variantName}/${path}/`);
  }
  return folders;
}
