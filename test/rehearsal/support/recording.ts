import path from 'node:path';
import { simulate } from '../../../bin/rehearsal/simulation';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import type { Recording } from './recording-worker';
import { bundledWorker } from './worker-bundle';

export type { Recording };

/** Runs a job, and tells all that its thread saw. */
export async function recorded(job: RehearsalJob): Promise<Recording> {
  return (await simulate(job, () => undefined, bundledWorker(path.join(__dirname, 'recording-worker.ts')))) as Recording;
}
