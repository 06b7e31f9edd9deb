import { parentPort, workerData } from 'node:worker_threads';
import type { History, Look } from '../../../rehearsal/world/history';
import type { RehearsalJob } from '../../../rehearsal/world/job';
import { rehearse, type Rehearsal } from '../../../rehearsal/world/run';

/** What callers and producers did, and each look of the verdict. */
export interface Recording extends Rehearsal {
  answers: History['answers'];
  kpiSent: History['kpiSent'];
  releases: History['releases'];
  looks: Look[];
}

/** The simulation thread, which also tells what it saw. */
async function record(): Promise<Recording> {
  const looks: Look[] = [];
  let seen: History | undefined;
  const observer = {
    started: (heartbeat: SharedArrayBuffer) => parentPort?.postMessage({ kind: 'started', heartbeat }),
    progressed: () => undefined,
    looked: (look: Look) => looks.push(look),
    ended: (history: History) => (seen = history),
  };
  const rehearsal = await rehearse(workerData as RehearsalJob, observer, () => performance.now() / 1000);
  const { answers, kpiSent, releases } = seen!;
  return { ...rehearsal, answers, kpiSent, releases, looks };
}

record().then(
  (rehearsal) => parentPort?.postMessage({ kind: 'done', rehearsal }),
  (error: Error) => parentPort?.postMessage({ kind: 'failed', name: error.name, message: error.message, stack: error.stack }),
);
