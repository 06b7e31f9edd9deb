import * as path from 'node:path';

/** A path as a charter in the working directory would write it. */
export function writtenPath(file: string): string {
  return path.relative(process.cwd(), path.resolve(file)).split(path.sep).join('/');
}
