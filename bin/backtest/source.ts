import { createReadStream, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { type BacktestPlan, checkColumns } from '../../core/backtest';
import { BadInputError } from '../../core/errors';
import { type ByteSource, formatOf, rowsOf, type TableFormat, type TableRow } from '../../core/tables';

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
    yield* rowsOf(file.format, unzipped(file, onBytes));
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

function onDisk(handle: FileHandle, byteLength: number, onBytes: (bytes: number) => void): ByteSource {
  return {
    byteLength,
    async slice(start, end) {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      onBytes(start + bytesRead);
      return bytes.subarray(0, bytesRead);
    },
  };
}

/** A compressed file is read from front to back alone, as text formats are. */
function unzipped(file: HistoryFile, onBytes: (bytes: number) => void): ByteSource {
  const packed = createReadStream(file.path);
  const plain = packed.pipe(createGunzip());
  packed.on('error', (error) => plain.destroy(error));
  const pieces = plain[Symbol.asyncIterator]();
  let kept: Buffer = Buffer.alloc(0);
  return {
    byteLength: Number.POSITIVE_INFINITY,
    async slice(start, end) {
      const parts = [kept];
      let have = kept.length;
      while (have < end - start) {
        const piece = await nextPiece(pieces, file.path);
        if (piece === undefined) break;
        parts.push(piece);
        have += piece.length;
      }
      onBytes(packed.bytesRead);
      const all = Buffer.concat(parts);
      kept = all.subarray(end - start);
      return all.subarray(0, end - start);
    },
  };
}

async function nextPiece(pieces: AsyncIterator<unknown>, file: string): Promise<Buffer | undefined> {
  try {
    const { value, done } = await pieces.next();
    return done === true ? undefined : (value as Buffer);
  } catch (error) {
    throw new BadInputError(`${file}: cannot be unzipped: ${(error as Error).message}\n  allowed: a complete gzip file`);
  }
}
