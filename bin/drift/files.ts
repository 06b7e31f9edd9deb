import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { BadInputError } from '../../core/errors';
import type { ByteSource, TableFormat } from '../../core/tables';
import { formatOf } from '../../core/tables';
import { onDisk, unzipped } from '../byte-source';

/** A file of rows that can be read several times. */
export interface RowFile {
  path: string;
  /** As it is shown. */
  name: string;
  format: TableFormat;
  compressed: boolean;
  /** On disk. */
  byteLength: number;
}

/** What a positional argument stands for. */
export interface Place {
  /** As it was given. */
  given: string;
  files: RowFile[];
  /** Files of a folder whose names do not say what is in them. */
  passedOver: string[];
}

const ALLOWED = '.csv, .jsonl (or .ndjson) and .parquet; .csv and .jsonl may end in .gz; or a folder of such files';
const FIRST_BYTES = 4096;

export function placeAt(given: string): Place {
  const stats = statSync(given, { throwIfNoEntry: false });
  if (stats === undefined) throw new BadInputError(`${given}: there is no such file or folder\n  allowed: ${ALLOWED}`);
  if (stats.isDirectory()) return folderAt(given);
  if (!stats.isFile()) throw new BadInputError(`${given}: is no file\n  allowed: ${ALLOWED}`);
  const kind = kindOf(given);
  if (kind === undefined) throw new BadInputError(`${given}: the name does not say what is in it\n  allowed: ${ALLOWED}`);
  return { given, files: [{ path: given, name: path.basename(given), ...kind, byteLength: stats.size }], passedOver: [] };
}

/** All files below it, by name: what is read does not depend on the disk. */
function folderAt(folder: string): Place {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^[._]/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const place: Place = { given: folder, files: [], passedOver: [] };
  for (const name of names) {
    const file = path.join(folder, name);
    const kind = kindOf(file);
    if (kind === undefined) place.passedOver.push(name);
    else place.files.push({ path: file, name, ...kind, byteLength: statSync(file).size });
  }
  return place;
}

/** Without an ending that says it, a first line of JSON does: that is how capture looks. */
function kindOf(file: string): { format: TableFormat; compressed: boolean } | undefined {
  const kind = formatOf(file);
  if (kind !== undefined || path.extname(file) !== '') return kind;
  return firstBytes(file).startsWith('{') ? { format: 'jsonl', compressed: false } : undefined;
}

function firstBytes(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(FIRST_BYTES);
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, FIRST_BYTES, 0)).trimStart();
  } finally {
    closeSync(handle);
  }
}

/** Opens the file, lets it be read, and closes it. */
export async function withBytes<T>(file: RowFile, onBytes: (bytes: number) => void, read: (bytes: ByteSource) => Promise<T>): Promise<T> {
  if (file.compressed) {
    const bytes = unzipped(file.path, onBytes);
    return read(bytes).finally(() => bytes.close());
  }
  const handle = await open(file.path);
  try {
    return await read(onDisk(handle, file.byteLength, onBytes));
  } finally {
    await handle.close();
  }
}

export const bytesOf = ({ files }: Place): number => files.reduce((sum, { byteLength }) => sum + byteLength, 0);
