import type { CapturedRecord } from '../drift/read/types';

/** A line of a data set, as it was written. */
export interface DataRow {
  id: string;
  at: string;
  request: unknown;
  answer?: unknown;
  truth: string | number | boolean;
}

export function readDataRows(text: string): DataRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DataRow);
}

export class AnswersDoNotFit extends Error {
  override readonly name = 'AnswersDoNotFit';
}

/** The answers of a transform job, one to each row, in their order. */
export function answersOf(output: string, rows: number): string[] {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === rows) return lines;
  throw new AnswersDoNotFit(
    `the new model answered ${rows} requests with ${lines.length} lines: an answer must be one line, and every request must have one`,
  );
}

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** The row with another answer, as data capture would have kept it. */
export const answeredBy = ({ id, at, request }: DataRow, answer: string, contentType: string): CapturedRecord => ({
  id,
  atMillis: Date.parse(at),
  request: { text: asText(request), contentType },
  answer: { text: answer, contentType },
});

/** As it was answered then. */
export const asAnswered = (row: DataRow, contentType: string): CapturedRecord => answeredBy(row, asText(row.answer), contentType);

/** A line of data capture. */
export const captureLine = ({ id, atMillis, request, answer }: CapturedRecord): string => {
  const side = (body: CapturedRecord['request'], mode: string): object =>
    body === undefined
      ? {}
      : { observedContentType: body.contentType, mode, data: body.text, encoding: /json/i.test(body.contentType) ? 'JSON' : 'CSV' };
  return JSON.stringify({
    captureData: { endpointInput: side(request, 'INPUT'), endpointOutput: side(answer, 'OUTPUT') },
    eventMetadata: { eventId: id, inferenceId: id, inferenceTime: new Date(atMillis).toISOString() },
    eventVersion: '0',
  });
};
