import { parentPort, workerData } from 'node:worker_threads';
import type { RehearsalJob } from './world/job';
import type { WorkerMessage } from './world/messages';
import { rehearse } from './world/run';

/** The simulation thread: runs one scenario and tells how it goes. The command may end it at any time. */
const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);

const wallSecondsNow = (): number => performance.now() / 1000;

rehearse(workerData as RehearsalJob, (progress) => tell({ kind: 'progress', progress }), wallSecondsNow).then(
  (rehearsal) => tell({ kind: 'done', rehearsal }),
  (error: unknown) => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', name, message, ...(stack === undefined ? {} : { stack }) });
  },
);
