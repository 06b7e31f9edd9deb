import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type BacktestPlan, checkColumns } from '../../core/backtest';
import { BadInputError } from '../../core/errors';
import { formatOf, rowsOf, type TableFormat, type TableRow } from '../../core/tables';
import { onDisk, unzipped } from '../byte-source';

/** A file of rows that can be read several times. */
export interface HistoryFile {
  path: string;
  format: TableFormat;
  compressed: boolean;
  /** On disk. */
  byteLength: number;
}

const ALLOWED = '.csv, .jsonl (or .ndjson) and .parquet; .csv and .jsonl may end in .gz';

export function historyFile(file: string): HistoryFile {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new BadInputError(`${file}: there is no such file\n  allowed: a file of recorded outcomes: ${ALLOWED}`);
  if (!stats.isFile()) throw new BadInputError(`${file}: is no file\n  allowed: a file of recorded outcomes: ${ALLOWED}`);
  const kind = formatOf(file);
  if (kind === undefined) throw new BadInputError(`${file}: the name does not say what is in it\n  allowed: ${ALLOWED}`);
  if (stats.size === 0) throw new BadInputError(`${file}: is empty\n  allowed: rows of two arms`);
  return { path: file, ...kind, byteLength: stats.size };
}

/** All rows from the beginning; `onBytes` hears how many bytes on disk were read so far. */
export async function* readHistory(file: HistoryFile, columns: string[], onBytes: (bytes: number) => void): AsyncGenerator<TableRow> {
  if (file.compressed) {
    const bytes = unzipped(file.path, onBytes);
    try {
      yield* rowsOf(file.format, bytes);
    } finally {
      bytes.close();
    }
    return;
  }
  const handle = await open(file.path);
  try {
    yield* rowsOf(file.format, onDisk(handle, file.byteLength, onBytes), file.format === 'parquet' ? { columns } : {});
  } finally {
    await handle.close();
  }
}

/** Of a Parquet file only the columns asked for are read: first see whether they are there. */
export async function checkParquet(file: HistoryFile, plan: BacktestPlan): Promise<void> {
  if (file.format !== 'parquet') return;
  const handle = await open(file.path);
  try {
    const first = await rowsOf(
      'parquet',
      onDisk(handle, file.byteLength, () => undefined),
    ).next();
    if (first.done !== true && 'row' in first.value) checkColumns(plan, Object.keys(first.value.row));
  } finally {
    await handle.close();
  }
}
