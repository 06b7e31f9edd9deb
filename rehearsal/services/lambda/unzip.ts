import path from 'node:path';
import { unzipSync } from 'fflate';

export interface ZippedFile {
  name: string;
  content: Uint8Array;
}

/** The files of a ZIP archive. */
export function unzip(archive: Uint8Array): ZippedFile[] {
  return Object.entries(entriesOf(archive))
    .filter(([name]) => !name.endsWith('/'))
    .map(([name, content]) => ({ name: inside(name), content }));
}

function entriesOf(archive: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(archive);
  } catch (error) {
    throw new Error(`no ZIP archive that can be read: ${(error as Error).message}`, { cause: error });
  }
}

function inside(name: string): string {
  const normal = path.posix.normalize(name);
  if (normal.startsWith('..') || path.posix.isAbsolute(normal)) throw new Error(`the ZIP archive has a file outside of itself: ${name}`);
  return normal;
}
