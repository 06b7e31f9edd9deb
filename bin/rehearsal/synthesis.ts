import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SynthesizeOptions } from '../synthesize';
import type { Synthesize } from './assemblies';

/** Beside the command's own bundle. */
const WORKER = path.join(__dirname, 'synthesis-worker.js');

/** What the synthesis thread answers. */
export type Synthesized = { assemblyDir: string } | { failed: { name: string; message: string; stack?: string | undefined } };

/** Synthesizes in a thread of its own that ends with `use`: the CDK and its objects leave memory before anything is simulated. */
export async function withSynthesis<T>(use: (synthesize: Synthesize) => Promise<T>): Promise<T> {
  const worker = new Worker(WORKER);
  try {
    return await use((options) => synthesizeIn(worker, options));
  } finally {
    await worker.terminate();
  }
}

async function synthesizeIn(worker: Worker, options: SynthesizeOptions): Promise<{ assemblyDir: string }> {
  worker.postMessage(options);
  const [answer] = (await once(worker, 'message')) as [Synthesized];
  if ('assemblyDir' in answer) return answer;
  const { name, message, stack } = answer.failed;
  // Errors keep their name across threads: it decides the exit code.
  throw Object.assign(new Error(message), { name, ...(stack === undefined ? {} : { stack }) });
}
