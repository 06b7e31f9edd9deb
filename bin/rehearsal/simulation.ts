import { setFlagsFromString } from 'node:v8';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  watchHeartbeat,
  type ApplicationJob,
  type ApplicationProgress,
  type ApplicationRehearsal,
  type Progress,
  type Rehearsal,
  type RehearsalJob,
  type WorkerMessage,
} from '../../rehearsal';

/** Beside the command's own bundle. */
const WORKER = path.join(__dirname, 'rehearsal-worker.js');

/** Handlers leave little that lasts: a third of what V8 would let them fill before it cleans up costs no time, and saves 90 MB. */
const YOUNG_MEGABYTES = 48;

/** Wall time after which a handler that never parks is given up. */
const STUCK_MILLIS = 60_000;

/**
 * Applications bring modules of both kinds, and those of ECMAScript run in a sandbox by the first switch alone. What their libraries make
 * Node warn of is their authors' affair.
 */
const APPLICATION_SWITCHES = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--no-deprecation'];

/** Runs one scenario in a simulation thread of its own. */
export function simulate(job: RehearsalJob, onProgress: (progress: Progress) => void, workerFile?: string): Promise<Rehearsal>;
export function simulate(
  job: ApplicationJob,
  onProgress: (progress: ApplicationProgress) => void,
  workerFile?: string,
): Promise<ApplicationRehearsal>;
export function simulate(
  job: RehearsalJob | ApplicationJob,
  onProgress: (progress: never) => void,
  workerFile: string = WORKER,
): Promise<Rehearsal | ApplicationRehearsal> {
  return new Promise((resolve, reject) => {
    // A rehearsal is over before V8 finds most of the handlers' code worth its best compiler: it asks for 3 000 calls.
    setFlagsFromString('--invocation-count-for-turbofan=300');
    // Left alone, V8 lets garbage double the heap: cleaning up earlier takes 4 % longer and a sixth of the memory less.
    setFlagsFromString('--heap-growing-percent=40');
    const worker = new Worker(workerFile, {
      workerData: job,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
      ...('assembly' in job ? { execArgv: [...process.execArgv, ...APPLICATION_SWITCHES] } : {}),
    });
    let unwatch = (): void => undefined;
    const end = (settle: () => void): void => {
      unwatch();
      settle();
      void worker.terminate();
    };
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'started')
        unwatch = watchHeartbeat(message.heartbeat, STUCK_MILLIS, (handler) => end(() => reject(stuck(handler, job))));
      else if (message.kind === 'progress') onProgress(message.progress as never);
      else if (message.kind === 'done') end(() => resolve(message.rehearsal));
      else end(() => reject(revive(message, job)));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', (code) => reject(new Error(`the simulation thread of ${job.scenarioName} ended early (exit code ${code})`)));
  });
}

const stuck = (handler: string, job: RehearsalJob | ApplicationJob): Error =>
  new Error(
    `scenario ${job.scenarioName}: ${handler} has not moved for ${STUCK_MILLIS / 1000} s of wall time: it never waits and never ends`,
  );

/** Errors keep their name across threads: it decides the exit code. */
function revive(message: Extract<WorkerMessage, { kind: 'failed' }>, job: RehearsalJob | ApplicationJob): Error {
  // What is wrong with an application is the same in every scenario; what is wrong with the scenario names its file.
  const error = new Error('assembly' in job ? message.message : `scenario ${job.scenarioName}: ${message.message}`);
  error.name = message.name;
  if (message.stack !== undefined) error.stack = message.stack;
  return error;
}
