import { parentPort, workerData } from 'node:worker_threads';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';

/** Loads a handler of a folder, twice in environments of their own, and calls it in each. */
async function main({ directory, file }: { directory: string; file: string }): Promise<unknown[]> {
  const results: unknown[] = [];
  for (let environment = 0; environment < 2; environment += 1) {
    const clock = new VirtualClock({ startMillis: 0 });
    const sandbox = new Sandbox({
      name: 'tested',
      assetDirectory: directory,
      env: { GREETING: 'hello' },
      clock,
      random: createRandom(1),
      transport: () => Promise.reject(new Error('no transport in this test')),
      print: () => undefined,
      crash: () => undefined,
      unsupported: (what) => new Error(`unsupported: ${what}`),
    });
    const run = async (): Promise<unknown> => ((await sandbox.loadHandler(file))['handler'] as () => unknown)();
    results.push(await clock.complete(run()));
  }
  return results;
}

main(workerData as { directory: string; file: string }).then(
  (results) => parentPort?.postMessage({ results }),
  (error: unknown) => parentPort?.postMessage({ error: String(error) }),
);
