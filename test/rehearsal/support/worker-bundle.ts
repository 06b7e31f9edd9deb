import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../../..');

/** A simulation thread that is built from the sources as they are. */
export function bundledWorker(entry: string): string {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-worker-')), 'worker.js');
  buildSync({
    entryPoints: [entry],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    outfile,
  });
  return outfile;
}
