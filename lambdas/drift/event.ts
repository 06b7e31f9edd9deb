import type { JobPart } from '../../core/drift/look/due';
import type { Job } from './job';

/** What the job machine asks for. */
export type JobRequest =
  | { action: 'read'; job: Job; item: JobPart }
  | { action: 'merge'; job: Job; group: { group: number; from: number; to: number } }
  | { action: 'conclude'; job: Job };

export const isJobRequest = (event: unknown): event is JobRequest =>
  ['read', 'merge', 'conclude'].includes(String((event as { action?: unknown } | null)?.action));
