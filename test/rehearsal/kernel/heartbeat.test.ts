import { Worker } from 'node:worker_threads';
import { Heartbeat, watchHeartbeat } from '../../../rehearsal/kernel/heartbeat';

/** A thread that counts turns as `Heartbeat` does, for ever or until it is stuck in a loop. */
function simulation(buffer: SharedArrayBuffer, stuck: boolean): Worker {
  const code = `
    const { workerData } = require('node:worker_threads');
    const counters = new Int32Array(workerData, 0, 4);
    ${stuck ? 'for (;;);' : 'setInterval(() => Atomics.add(counters, 0, 1), 5);'}`;
  return new Worker(code, { eval: true, workerData: buffer });
}

describe('watchHeartbeat', () => {
  async function observe(stuck: boolean, running: boolean): Promise<string | undefined> {
    const heartbeat = new Heartbeat();
    heartbeat.running(running);
    heartbeat.working('stack/Gateway/Handler');
    const worker = simulation(heartbeat.buffer, stuck);
    let stop = (): void => undefined;
    const named = await new Promise<string | undefined>((resolve) => {
      const patience = setTimeout(() => resolve(undefined), 600);
      stop = watchHeartbeat(heartbeat.buffer, 200, (name) => {
        clearTimeout(patience);
        resolve(name);
      });
    });
    stop();
    await worker.terminate();
    return named;
  }

  it('names the handler that never parks', async () => {
    expect(await observe(true, true)).toBe('stack/Gateway/Handler');
  });

  it('leaves a simulation alone that moves, or that waits for real work', async () => {
    expect(await observe(false, true)).toBeUndefined();
    expect(await observe(true, false)).toBeUndefined();
  });
});
