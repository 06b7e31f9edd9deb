import type { DriftPolicy } from '../../core/contracts';
import { mergeSkipped, nothingSkipped } from '../../core/drift/count';
import { readTable } from '../../core/drift/read';
import type { RowSink, Skipped } from '../../core/drift/types';
import { withBytes, type Place } from './files';
import type { DriftProgress } from './progress';
import { isCapture } from './survey';

/** What reading all files of a place gave, beside the rows. */
export interface Reading {
  rows: number;
  skipped: Skipped;
  /** Features for which no file has a value. */
  absent: string[];
  captured: boolean;
  fromMillis?: number;
  toMillis?: number;
}

/** Reads all files of a place; a table's rows are named by file and line, so that people find them. */
export async function readRows(
  place: Place,
  policy: DriftPolicy,
  sink: RowSink,
  options: { timeColumn?: string },
  progress: DriftProgress,
): Promise<Reading> {
  const reading: Reading = { rows: 0, skipped: nothingSkipped(), absent: policy.features.map(({ name }) => name), captured: false };
  for (const file of place.files) {
    const sunk = timed((await isCapture(file)) ? sink : named(file.name, sink), reading);
    const read = await withBytes(
      file,
      (bytes) => progress.show(place.given, bytes),
      (bytes) => readTable(file.format, bytes, policy, sunk, { ...options, place: file.name }),
    );
    progress.add(file.byteLength);
    reading.rows += read.rows;
    reading.skipped = mergeSkipped([reading.skipped, read.skipped]);
    reading.absent = reading.absent.filter((name) => read.absent.includes(name));
    reading.captured ||= read.captured;
  }
  return reading;
}

/** Line numbers alone would be the same in every file. */
const named =
  (file: string, sink: RowSink): RowSink =>
  (row) => {
    row.id = `${file}:${row.id}`;
    sink(row);
  };

const timed =
  (sink: RowSink, reading: Reading): RowSink =>
  (row) => {
    if (row.atMillis !== undefined) {
      reading.fromMillis = Math.min(reading.fromMillis ?? row.atMillis, row.atMillis);
      reading.toMillis = Math.max(reading.toMillis ?? row.atMillis, row.atMillis);
    }
    sink(row);
  };
