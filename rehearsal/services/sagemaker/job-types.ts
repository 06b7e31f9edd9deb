import type { Members } from '../../cloud/types';

export type JobKind = 'training' | 'processing' | 'transform';
export type JobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

export interface JobFault {
  kind: JobKind | 'pipeline';
  /** How many jobs it strikes. @default 1 */
  times?: number;
  /** @default - every job of the kind; for pipelines: the name of the pipeline */
  jobName?: string;
  /** @default - the container exits with an error */
  reason?: string;
}

/** What a user's code made of a job. */
export interface JobResult {
  /** By path below the job's output. */
  files: Record<string, Uint8Array>;
  /** How long it ran in virtual time. @default - drawn by seed */
  runMinutes?: number;
  /** Metrics of a training job. */
  metrics?: Record<string, number>;
}

/** Plays a job's container: gets the request as it came, with all its data still in S3. An error it throws fails the job. */
export type JobRunner = (request: Members) => JobResult | Promise<JobResult>;

export interface JobRecord {
  kind: JobKind;
  name: string;
  arn: string;
  tags: Map<string, string>;
  status: JobStatus;
  /** Training jobs only. */
  secondary: string;
  transitions: { status: string; startedAtMillis: number; endedAtMillis?: number; message: string }[];
  createdAtMillis: number;
  modifiedAtMillis: number;
  startedAtMillis?: number;
  endedAtMillis?: number;
  failureReason?: string;
  metrics: Record<string, number>;
  definition: Members;
  roleArn: string;
  /** Told when it has ended, however it did. */
  ended?: () => void;
  /** Counts its states: a step that is no longer the latest does nothing. */
  change: number;
}

/** Faults wait here for the next job that they apply to. */
export class JobFaults {
  private readonly waiting: (JobFault & { left: number })[] = [];

  add(fault: JobFault): void {
    const left = fault.times ?? 1;
    if (!Number.isInteger(left) || left < 1) throw new RangeError(`A job fault strikes at least once, got times: ${left}.`);
    this.waiting.push({ ...fault, left });
  }

  /** Why this job fails; undefined: it does not. */
  strike(kind: JobFault['kind'], name: string): string | undefined {
    const fault = this.waiting.find((one) => one.left > 0 && one.kind === kind && (one.jobName ?? name) === name);
    if (fault === undefined) return undefined;
    fault.left -= 1;
    return fault.reason ?? 'AlgorithmError: , exit code: 1';
  }
}
