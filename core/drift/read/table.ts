import { timeOf } from '../../backtest/cells';
import { SkippedTally } from '../count/skipped';
import { type ByteSource, rowsOf, type TableFormat } from '../../tables';
import { type Cell, MISSING, type Row, type RowSink, type Skipped } from '../types';
import { createCaptureReader } from './capture-reader';
import { csvCell, jsonCell } from './cells';
import { type Find, findIn } from './path';
import type { ReadPolicy, TableRead, TableReadOptions } from './types';

const BLOCK_BYTES = 1 << 18;
/** Where a captured line names what it is. */
const RECOGNISED_BYTES = 4_096;
/** What is wrong with a row, and the start of it. */
const SHOWN_CHARACTERS = 80;

/** Rows of a table: training data, or a file of data capture, which is recognised by its first line. */
export async function readTable(
  format: TableFormat,
  bytes: ByteSource,
  policy: ReadPolicy,
  sink: RowSink,
  options: TableReadOptions = {},
): Promise<TableRead> {
  const hasValue = policy.features.map(() => false);
  const noting: RowSink = (row) => {
    for (let at = 0; at < hasValue.length; at += 1) if (row.cells[at] !== MISSING) hasValue[at] = true;
    sink(row);
  };
  const captured = format === 'jsonl' && (await holdsCapture(bytes));
  const read = captured ? readCapture : readRows;
  const outcome = await read(bytes, policy, noting, options, format);
  const absent = policy.features.flatMap(({ name }, at) => (hasValue[at] === true ? [] : [name]));
  return { ...outcome, captured, absent };
}

interface Outcome {
  rows: number;
  skipped: Skipped;
}

async function holdsCapture(bytes: ByteSource): Promise<boolean> {
  const start = await bytes.slice(0, Math.min(RECOGNISED_BYTES, bytes.byteLength));
  return /^\uFEFF?\s*\{\s*"captureData"\s*:/.test(Buffer.from(start).toString('utf8'));
}

async function readCapture(bytes: ByteSource, policy: ReadPolicy, sink: RowSink, options: TableReadOptions): Promise<Outcome> {
  const reader = createCaptureReader(policy, sink, options);
  reader.begin(options.place ?? '');
  for (let at = 0; at < bytes.byteLength;) {
    const block = await bytes.slice(at, Math.min(at + BLOCK_BYTES, bytes.byteLength));
    if (block.length === 0) break;
    reader.take(block);
    at += block.length;
  }
  return { skipped: reader.finish(), rows: reader.rows };
}

/** The id of a row is its line: the same however the file is read. */
async function readRows(
  bytes: ByteSource,
  policy: ReadPolicy,
  sink: RowSink,
  { timeColumn, fromMillis = Number.NEGATIVE_INFINITY, untilMillis = Number.POSITIVE_INFINITY, place = '' }: TableReadOptions,
  format: TableFormat,
): Promise<Outcome> {
  const skipped = new SkippedTally();
  const features = policy.features.map(({ name, path, kind }) => ({ name, path, kind, find: pathIn(path) }));
  const row: Row = { id: '', atMillis: undefined, cells: features.map(() => undefined) };
  let rows = 0;
  for await (const read of rowsOf(format, bytes)) {
    if (!('row' in read)) {
      skipped.add(
        place,
        read.line,
        format === 'parquet' ? 'rows cannot be decoded' : 'the row cannot be read',
        read.problem.slice(0, SHOWN_CHARACTERS),
      );
      continue;
    }
    if (timeColumn !== undefined) {
      row.atMillis = timeOf(read.row[timeColumn]);
      if (row.atMillis === undefined) {
        skipped.add(place, read.line, `the row has no time in ${timeColumn}`);
        continue;
      }
      if (row.atMillis < fromMillis || row.atMillis >= untilMillis) continue;
    }
    for (const [at, { name, path, kind, find }] of features.entries()) {
      const value = Object.hasOwn(read.row, name) ? read.row[name] : Object.hasOwn(read.row, path) ? read.row[path] : find(read.row);
      row.cells[at] = cellOf(value, kind, format);
    }
    row.id = String(read.line);
    rows += 1;
    sink(row);
  }
  return { rows, skipped: skipped.result() };
}

/** A path that is a column's number says nothing of a table with names. */
const pathIn = (path: string): Find => (/^\d+$/.test(path) ? () => undefined : findIn(path, true));

const cellOf = (value: unknown, kind: ReadPolicy['features'][number]['kind'], format: TableFormat): Cell =>
  format === 'csv' && typeof value === 'string' ? csvCell(value, kind) : jsonCell(value, kind);
