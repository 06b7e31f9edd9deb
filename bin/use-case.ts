import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CharterResult } from '../core/charter';
import { parseCharter } from '../core/charter';
import { MAX_BYTES } from '../core/charter/yaml-text';
import { BadInputError } from '../core/errors';

export const CHARTER_FILE = 'usecase.yaml';

/** Reads and checks the charter of a use case's folder. */
export function readCharter(directory: string, profile?: string): { file: string; result: CharterResult } {
  const file = charterFile(directory);
  const exists = (relative: string): boolean => existsSync(path.resolve(directory, relative));
  const read = (relative: string): string => readFileSync(path.resolve(directory, relative), 'utf8');
  const result = parseCharter(readText(file), file, { exists, read, ...(profile === undefined ? {} : { profile }) });
  return { file, result };
}

function charterFile(directory: string): string {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new BadInputError(
      `${directory}: there is no such folder\n  allowed: a folder that holds ${CHARTER_FILE}; sluice init writes one`,
    );
  if (!stats.isDirectory()) throw new BadInputError(`${directory}: is no folder\n  allowed: a folder that holds ${CHARTER_FILE}`);
  const file = path.join(directory, CHARTER_FILE);
  if (!existsSync(file))
    throw new BadInputError(`${file}: there is no such file\n  allowed: a folder that holds ${CHARTER_FILE}; sluice init writes one`);
  return file;
}

function readText(file: string): string {
  const stats = statSync(file);
  if (!stats.isFile()) throw new BadInputError(`${file}: is no file\n  allowed: a charter as a file`);
  if (stats.size > MAX_BYTES)
    throw new BadInputError(`${file}: is too large\n  given:   ${stats.size} bytes\n  allowed: at most ${MAX_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch {
    throw new BadInputError(`${file}: is no UTF-8 text\n  allowed: a charter in UTF-8`);
  }
}
