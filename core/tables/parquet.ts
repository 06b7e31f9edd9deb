import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet/src/index.js';
import { compressors } from 'hyparquet-compressors';
import type { ByteSource, TableOptions, TablePlace, TableRow } from './types';

/** Rows that are held at a time. */
const SLICE_ROWS = 20_000;
/** Compressed bytes of a row group that are kept between its slices. */
const KEPT_BYTES = 1 << 26;

/** Row group by row group, a slice at a time. What cannot be decoded costs that slice alone. */
export async function* parquetRows(bytes: ByteSource, from: TablePlace, options: TableOptions): AsyncGenerator<TableRow> {
  const file = new Pieces(bytes);
  const metadata = await metadataOf(file);
  if (typeof metadata === 'string') {
    yield { problem: metadata, line: from.line, next: from };
    return;
  }
  const columns = presentColumns(metadata, options.columns);
  for (const [start, end] of slicesOf(metadata, from.offset)) {
    yield* sliceRows(file, metadata, columns, start, end);
  }
}

async function* sliceRows(
  file: Pieces,
  metadata: FileMetaData,
  columns: string[] | undefined,
  rowStart: number,
  rowEnd: number,
): AsyncGenerator<TableRow> {
  const place = (row: number): TablePlace => ({ offset: row, line: row + 1 });
  let rows: Record<string, unknown>[];
  try {
    const which = columns === undefined ? {} : { columns };
    rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, useOffsetIndex: true, geoparquet: false, ...which });
  } catch (error) {
    file.throwIfUnreadable();
    const problem = `rows ${rowStart + 1} to ${rowEnd} cannot be decoded: ${(error as Error).message}`;
    yield { problem, line: rowStart + 1, next: place(rowEnd) };
    return;
  }
  for (const [index, row] of rows.entries()) {
    const at = rowStart + index;
    yield { row: plain(row) as Record<string, unknown>, line: at + 1, next: place(at + 1) };
  }
}

async function metadataOf(file: Pieces): Promise<FileMetaData | string> {
  try {
    return await parquetMetadataAsync(file, { geoparquet: false });
  } catch (error) {
    file.throwIfUnreadable();
    return `the file is no complete Parquet file: ${(error as Error).message}`;
  }
}

function presentColumns(metadata: FileMetaData, wanted: string[] | undefined): string[] | undefined {
  if (wanted === undefined) return undefined;
  const present = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
  return wanted.filter((name) => present.has(name));
}

/** Ranges of rows that never cross a row group. */
function* slicesOf(metadata: FileMetaData, from: number): Generator<[number, number]> {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    for (let start = Math.max(groupStart, from); start < groupEnd; start += SLICE_ROWS) {
      yield [start, Math.min(start + SLICE_ROWS, groupEnd)];
    }
    groupStart = groupEnd;
  }
}

/** The file as hyparquet reads it. Slices of a row group ask for the same bytes again: a few are kept. */
class Pieces implements AsyncBuffer {
  readonly byteLength: number;
  private readonly kept = new Map<string, ArrayBuffer>();
  private keptBytes = 0;
  private unreadable: Error | undefined;

  constructor(private readonly bytes: ByteSource) {
    this.byteLength = bytes.byteLength;
  }

  async slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const name = `${start}-${end}`;
    const known = this.kept.get(name);
    if (known !== undefined) return known;
    const read = await this.read(start, end);
    for (const [oldest, { byteLength }] of this.kept) {
      if (this.keptBytes + read.byteLength <= KEPT_BYTES) break;
      this.kept.delete(oldest);
      this.keptBytes -= byteLength;
    }
    if (read.byteLength <= KEPT_BYTES) {
      this.kept.set(name, read);
      this.keptBytes += read.byteLength;
    }
    return read;
  }

  /** A source that fails is not a file that is broken. */
  throwIfUnreadable(): void {
    if (this.unreadable !== undefined) throw this.unreadable;
  }

  private async read(start: number, end: number): Promise<ArrayBuffer> {
    try {
      const bytes = await this.bytes.slice(start, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    } catch (error) {
      this.unreadable = error as Error;
      throw error;
    }
  }
}

/** Values as JSON has them: times as ISO 8601, whole numbers as numbers while they are exact. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}
