import type { RowSink } from '../types';
import { LinesReader } from './capture';
import { PlainReader } from './plain';
import { CaptureScanner } from './scan';
import type { CaptureOptions, CaptureReader, ReadPolicy } from './types';

/** Rows of data capture: cells in the order of the policy's features. */
export function createCaptureReader(policy: ReadPolicy, sink: RowSink, options: CaptureOptions = {}): CaptureReader {
  const plain = new PlainReader(policy, sink, options);
  const readLine = (text: string): string | undefined => plain.read(text);
  if (options.scanner === false) return new LinesReader(readLine, () => plain.rows, options);
  const scanner = new CaptureScanner(policy, sink, options);
  return new LinesReader(
    readLine,
    () => plain.rows + scanner.rows,
    options,
    (bytes, start) => scanner.scan(bytes, start),
  );
}
