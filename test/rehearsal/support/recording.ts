import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { simulate } from '../../../bin/rehearsal/simulation';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { Recording } from './recording-worker';

export type { Recording };

const ROOT = path.resolve(__dirname, '../../..');

/** Runs a job in a thread that is built from the sources as they are, and tells all that it saw. */
export async function recorded(job: RehearsalJob): Promise<Recording> {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-recording-')), 'worker.js');
  buildSync({
    entryPoints: [path.join(__dirname, 'recording-worker.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    outfile,
  });
  return (await simulate(job, () => undefined, outfile)) as Recording;
}
