import { parentPort, workerData } from 'node:worker_threads';
import type { ApplicationJob } from './application/job';
import { rehearseApplication } from './application/run';
import { removeUnpackedCode } from './services/lambda';
import type { RehearsalJob } from './world/job';
import type { AnyProgress, WorkerMessage } from './world/messages';
import { rehearse } from './world/run';

// The SDK makes an error for every call, just in case: where nobody reads stacks, nobody pays for them.
if (process.env['SLUICE_DEBUG'] !== '1') Error.stackTraceLimit = 0;

/** The simulation thread: runs one scenario and tells how it goes. The command may end it at any time. */
const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);

const wallSecondsNow = (): number => performance.now() / 1000;

const observer = {
  started: (heartbeat: SharedArrayBuffer): void => tell({ kind: 'started', heartbeat }),
  progressed: (progress: AnyProgress): void => tell({ kind: 'progress', progress }),
};

const job = workerData as RehearsalJob | ApplicationJob;
const rehearsal = 'assembly' in job ? rehearseApplication(job, observer, wallSecondsNow) : rehearse(job, observer, wallSecondsNow);

rehearsal.finally(removeUnpackedCode).then(
  (done) => tell({ kind: 'done', rehearsal: done }),
  (error: unknown) => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', name, message, ...(stack === undefined ? {} : { stack }) });
  },
);
