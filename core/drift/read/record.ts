import { isUtf8 } from 'node:buffer';
import type { CapturedBody } from './types';
import { captureTime } from './time';

/** Problems are counted by these names. */
export const PROBLEMS = {
  noUtf8: 'the line is no UTF-8 text',
  tooLong: 'the line is too long',
  noJson: 'the line is no JSON',
  noRecord: 'the line is no capture record',
  noId: 'the record has no id',
  noTime: 'the record has no time',
} as const;

/** What stands in a line of data capture, bodies not yet decoded. */
export interface Envelope {
  id: string;
  atMillis: number;
  input: RawBody | undefined;
  output: RawBody | undefined;
}

export interface RawBody {
  data: string;
  encoding: unknown;
  contentType: string;
}

interface Line {
  captureData?: { endpointInput?: RawPart; endpointOutput?: RawPart };
  eventMetadata?: { eventId?: unknown; inferenceId?: unknown; inferenceTime?: unknown };
}

interface RawPart {
  data?: unknown;
  encoding?: unknown;
  observedContentType?: unknown;
}

/** Or what is wrong with the line. */
export function envelopeOf(text: string): Envelope | string {
  let line: Line | null;
  try {
    line = JSON.parse(text) as Line | null;
  } catch {
    return PROBLEMS.noJson;
  }
  const { captureData, eventMetadata } = line ?? {};
  if (typeof captureData !== 'object' || captureData === null) return PROBLEMS.noRecord;
  const id = textOf(eventMetadata?.inferenceId) ?? textOf(eventMetadata?.eventId);
  if (id === undefined) return PROBLEMS.noId;
  const time = eventMetadata?.inferenceTime;
  const atMillis = typeof time === 'string' ? captureTime(time) : Number.NaN;
  if (Number.isNaN(atMillis)) return PROBLEMS.noTime;
  return { id, atMillis, input: rawBody(captureData.endpointInput), output: rawBody(captureData.endpointOutput) };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function rawBody(part: RawPart | null | undefined): RawBody | undefined {
  if (typeof part?.data !== 'string') return undefined;
  const { data, encoding, observedContentType } = part;
  return { data, encoding, contentType: typeof observedContentType === 'string' ? observedContentType : '' };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Text of a body; `words` is what it is called. Content types that the capture does not declare come as BASE64. */
export function bodyOf({ data, encoding, contentType }: RawBody, words: string): CapturedBody | string {
  if (encoding !== 'BASE64') return { text: data, contentType };
  if (!BASE64.test(data)) return `the ${words} is no BASE64`;
  const bytes = Buffer.from(data, 'base64');
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), contentType } : `the ${words} is no UTF-8 text`;
}
