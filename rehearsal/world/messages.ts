import type { ApplicationProgress } from '../application/job';
import type { ApplicationRehearsal } from '../application/result';
import type { Progress } from './job';
import type { Rehearsal } from './run';

/** Of a use case, or of any application. */
export type AnyProgress = Progress | ApplicationProgress;

/** What the simulation thread tells the command. */
export type WorkerMessage =
  | { kind: 'started'; heartbeat: SharedArrayBuffer }
  | { kind: 'progress'; progress: AnyProgress }
  | { kind: 'done'; rehearsal: Rehearsal | ApplicationRehearsal }
  | { kind: 'failed'; name: string; message: string; stack?: string };
