import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Progress, Rehearsal, RehearsalJob, WorkerMessage } from '../../rehearsal';

/** Beside the command's own bundle. */
const WORKER = path.join(__dirname, 'rehearsal-worker.js');

/** Runs one scenario in a simulation thread of its own. */
export function simulate(job: RehearsalJob, onProgress: (progress: Progress) => void, workerFile: string = WORKER): Promise<Rehearsal> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: job });
    const end = (settle: () => void): void => {
      settle();
      void worker.terminate();
    };
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else if (message.kind === 'done') end(() => resolve(message.rehearsal));
      else end(() => reject(revive(message, job)));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', (code) => reject(new Error(`the simulation thread of ${job.scenarioName} ended early (exit code ${code})`)));
  });
}

/** Errors keep their name across threads: it decides the exit code. */
function revive(message: Extract<WorkerMessage, { kind: 'failed' }>, job: RehearsalJob): Error {
  const error = new Error(`scenario ${job.scenarioName}: ${message.message}`);
  error.name = message.name;
  if (message.stack !== undefined) error.stack = message.stack;
  return error;
}
