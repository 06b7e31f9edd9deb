import { LinesReader } from './capture';
import { bodyOf, envelopeOf, type RawBody } from './record';
import type { CapturedBody, CapturedRecord, CaptureOptions, CaptureReader } from './types';

/** Captured records as a whole, for joins with truth and for data sets of retraining. */
export function createRecordReader(sink: (record: CapturedRecord) => void, options: Omit<CaptureOptions, 'scanner'> = {}): CaptureReader {
  const { fromMillis = Number.NEGATIVE_INFINITY, untilMillis = Number.POSITIVE_INFINITY } = options;
  let rows = 0;
  const read = (text: string): string | undefined => {
    const envelope = envelopeOf(text);
    if (typeof envelope === 'string') return envelope;
    const { id, atMillis, input, output } = envelope;
    if (atMillis < fromMillis || atMillis >= untilMillis) return undefined;
    const request = decoded(input, 'request');
    if (typeof request === 'string') return request;
    const answer = decoded(output, 'answer');
    if (typeof answer === 'string') return answer;
    rows += 1;
    sink({ id, atMillis, ...(request === undefined ? {} : { request }), ...(answer === undefined ? {} : { answer }) });
    return undefined;
  };
  return new LinesReader(read, () => rows, options);
}

const decoded = (raw: RawBody | undefined, words: string): CapturedBody | string | undefined =>
  raw === undefined ? undefined : bodyOf(raw, words);
