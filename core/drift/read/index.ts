import type { ByteSource, TableFormat } from '../../tables';
import type { RowSink } from '../types';
import type { CapturedRecord, CaptureOptions, CaptureReader, ReadPolicy, TableRead, TableReadOptions } from './types';

export type * from './types';

/** Rows of data capture: cells in the order of the policy's features. */
export function createCaptureReader(policy: ReadPolicy, sink: RowSink, options: CaptureOptions = {}): CaptureReader {
  throw new Error(`not yet ${String([policy, sink, options])}`);
}

/** Captured records as a whole, for joins with truth and for data sets of retraining. */
export function createRecordReader(sink: (record: CapturedRecord) => void, options: Omit<CaptureOptions, 'scanner'> = {}): CaptureReader {
  throw new Error(`not yet ${String([sink, options])}`);
}

/** The value of one feature in a captured body, as `createCaptureReader` reads it: for joins with truth. */
export function createCellReader(policy: ReadPolicy, feature: string): (record: CapturedRecord) => number | string | undefined {
  throw new Error(`not yet ${String([policy, feature])}`);
}

/** Rows of a table: training data, or a file of data capture, which is recognised by its first line. */
export function readTable(
  format: TableFormat,
  bytes: ByteSource,
  policy: ReadPolicy,
  sink: RowSink,
  options: TableReadOptions = {},
): Promise<TableRead> {
  throw new Error(`not yet ${String([format, bytes, policy, sink, options])}`);
}
