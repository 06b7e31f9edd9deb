import type { FeaturePolicy } from '../../../../core/contracts/drift';
import { createCaptureReader, type CaptureOptions, type ReadPolicy } from '../../../../core/drift/read';
import type { Row, Skipped } from '../../../../core/drift/types';

export interface Line {
  request?: string;
  answer?: string;
  requestType?: string;
  answerType?: string;
  requestEncoding?: string;
  answerEncoding?: string;
  eventId?: string;
  inferenceId?: string;
  time?: string;
}

/** A line as SageMaker writes it. */
export const lineOf = ({
  request = '{}',
  answer = '{}',
  requestType = 'application/json',
  answerType = 'application/json',
  requestEncoding = requestType.includes('csv') ? 'CSV' : 'JSON',
  answerEncoding = answerType.includes('csv') ? 'CSV' : 'JSON',
  eventId = 'event-1',
  inferenceId,
  time = '2026-03-02T09:05:07Z',
}: Line): string =>
  JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: requestType, mode: 'INPUT', data: request, encoding: requestEncoding },
      endpointOutput: { observedContentType: answerType, mode: 'OUTPUT', data: answer, encoding: answerEncoding },
    },
    eventMetadata: { eventId, ...(inferenceId === undefined ? {} : { inferenceId }), inferenceTime: time },
    eventVersion: '0',
  });

export const numeric = (name: string, path: string, side: FeaturePolicy['side'] = 'input'): FeaturePolicy => ({
  name,
  side,
  path,
  kind: 'numeric',
});
export const categorical = (name: string, path: string, side: FeaturePolicy['side'] = 'input'): FeaturePolicy => ({
  name,
  side,
  path,
  kind: 'categorical',
});
export const text = (name: string, path: string, side: FeaturePolicy['side'] = 'input'): FeaturePolicy => ({
  name,
  side,
  path,
  kind: 'text',
});

export interface Outcome {
  rows: Row[];
  skipped: Skipped;
  fallbacks: number;
}

/** All rows of a file that comes in blocks of a size. */
export function readAll(policy: ReadPolicy, file: string | Uint8Array, options: CaptureOptions = {}, blockBytes = 1_000): Outcome {
  const rows: Row[] = [];
  const reader = createCaptureReader(policy, (row) => rows.push({ ...row, cells: [...row.cells] }), options);
  reader.begin('f.jsonl');
  const bytes = Buffer.from(file as string);
  for (let at = 0; at < bytes.length; at += blockBytes) reader.take(Buffer.from(bytes.subarray(at, at + blockBytes)));
  const skipped = reader.finish();
  expect(reader.rows).toBe(rows.length);
  return { rows, skipped, fallbacks: reader.fallbacks };
}
