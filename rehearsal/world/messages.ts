import type { Progress } from './job';
import type { Rehearsal } from './run';

/** What the simulation thread tells the command. */
export type WorkerMessage =
  | { kind: 'started'; heartbeat: SharedArrayBuffer }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'done'; rehearsal: Rehearsal }
  | { kind: 'failed'; name: string; message: string; stack?: string };
