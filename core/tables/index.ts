import { csvRows } from './csv';
import { jsonlRows } from './jsonl';
import { parquetRows } from './parquet';
import { BEGINNING, type ByteSource, type TableFormat, type TableOptions, type TableRow } from './types';

export type { ByteSource, TableFormat, TableOptions, TablePlace, TableRow } from './types';

/**
 * The rows of a file, in order, in little memory. A bad row is a row with a problem, and reading goes on; only a source that fails throws.
 * CSV gives texts; JSONL and Parquet give values.
 */
export function rowsOf(format: TableFormat, bytes: ByteSource, options: TableOptions = {}): AsyncGenerator<TableRow> {
  const from = options.from ?? BEGINNING;
  if (format === 'parquet') return parquetRows(bytes, from, options);
  return format === 'csv' ? csvRows(bytes, from) : jsonlRows(bytes, from);
}

const FORMATS: Record<string, TableFormat> = { csv: 'csv', jsonl: 'jsonl', ndjson: 'jsonl', parquet: 'parquet' };

/** By the file name's extension; `compressed` where `.gz` follows it, which only text may be. */
export function formatOf(fileName: string): { format: TableFormat; compressed: boolean } | undefined {
  const match = /\.([a-z]+)(\.gz)?$/i.exec(fileName);
  const format = FORMATS[match?.[1]?.toLowerCase() ?? ''];
  const compressed = match?.[2] !== undefined;
  return format === undefined || (format === 'parquet' && compressed) ? undefined : { format, compressed };
}

/** A file that is in memory already. */
export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  byteLength: bytes.length,
  slice: (start, end) => Promise.resolve(bytes.subarray(start, end)),
});
