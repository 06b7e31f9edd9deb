import { parentPort } from 'node:worker_threads';
import { synthesize, type SynthesizeOptions } from '../synthesize';
import type { Synthesized } from './synthesis';

/** The synthesis thread: one assembly per message, until the command ends it. */
const tell = (message: Synthesized): void => parentPort?.postMessage(message);

parentPort?.on('message', (options: SynthesizeOptions) => {
  try {
    tell({ assemblyDir: synthesize(options).assemblyDir });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ failed: { name, message, stack } });
  }
});
