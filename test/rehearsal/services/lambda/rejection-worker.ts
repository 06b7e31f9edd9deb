import { parentPort, workerData } from 'node:worker_threads';
import { rehearse } from '../../assembly/rehearsed';

/** Deploys an assembly and calls its function as told. */
async function main({ directory, events }: { directory: string; events: unknown[] }): Promise<unknown[]> {
  const rehearsed = rehearse(directory);
  await rehearsed.deploy();
  const answers: unknown[] = [];
  for (const event of events) answers.push(await rehearsed.invoke('Handler', event));
  return answers;
}

main(workerData as { directory: string; events: unknown[] }).then(
  (answers) => parentPort?.postMessage({ answers }),
  (error: unknown) => parentPort?.postMessage({ error: String(error) }),
);
